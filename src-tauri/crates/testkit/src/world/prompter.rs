//! The dialog in which the system asks for the keychain's password, and somebody who answers it.

use super::session::PASSWORD;
use super::{World, eventually};

const SERVICE: &str = "[D-BUS Service]
Name=org.gnome.keyring.SystemPrompter
Exec=/usr/libexec/gcr-prompter
";

impl World {
    /// Lets the keychain daemon show its real prompt. Needs [`World::with_display`] before.
    ///
    /// # Panics
    /// In a world without a display or a bus.
    #[must_use]
    pub fn with_prompter(self) -> Self {
        let display = self.var("DISPLAY").expect("a prompt needs a display");
        let file = self
            .services()
            .join("org.gnome.keyring.SystemPrompter.service");
        std::fs::write(file, SERVICE).expect("the world is ours");
        let told = self
            .command("dbus-update-activation-environment")
            .arg(format!("DISPLAY={display}"))
            .status();
        assert!(told.is_ok_and(|status| status.success()));
        self.ask_bus("ReloadConfig", &())
            .expect("the bus reads its configuration again");
        self
    }

    /// Whether a prompt is on the screen.
    pub fn has_prompt(&self) -> bool {
        self.prompt().is_some()
    }

    /// Waits for the prompt and gives the right password.
    pub fn answer_prompt(&self) {
        let prompt = self.wait_for_prompt();
        self.press(&["windowfocus", "--sync", &prompt]);
        self.press(&["type", PASSWORD]);
        self.press(&["key", "Return"]);
        eventually("the prompt goes away", || !self.has_prompt());
    }

    /// Waits for the prompt and closes it unanswered.
    pub fn dismiss_prompt(&self) {
        let prompt = self.wait_for_prompt();
        self.press(&["windowfocus", "--sync", &prompt]);
        self.press(&["key", "Escape"]);
        eventually("the prompt goes away", || !self.has_prompt());
    }

    fn wait_for_prompt(&self) -> String {
        let mut found = None;
        eventually("the prompt shows up", || {
            found = self.prompt();
            found.is_some()
        });
        found.expect("waited for above")
    }

    /// The prompt's window; in these worlds no other program asks for passwords.
    fn prompt(&self) -> Option<String> {
        let output = self
            .command("xdotool")
            .args(["search", "--onlyvisible", "--class", "gcr-prompter"])
            .output()
            .expect("xdotool is installed");
        let text = String::from_utf8_lossy(&output.stdout);
        text.lines().next().map(str::to_owned)
    }

    fn press(&self, arguments: &[&str]) {
        // A window may go between two keys, and then the keys have done their work.
        let _ = self.command("xdotool").args(arguments).status();
    }
}
