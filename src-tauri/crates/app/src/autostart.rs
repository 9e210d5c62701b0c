//! Starting with the computer: one small file (on Windows, one value of the registry) that the system reads when the person signs in.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use keystow_core::{Paths, System};

use crate::app::App;
use crate::error::AppError;
use crate::files::FileError;

/// Tells the window that nobody asked for it just now.
pub const AT_LOGIN: &str = "--at-login";

impl App {
    /// Whether the window's program is started when the person signs in to the computer.
    pub(crate) fn starts_at_login(&self) -> bool {
        match self.paths.system {
            System::Windows => registry(&["query", RUN, "/v", NAME]).is_ok(),
            System::Linux | System::Macos => place(&self.paths).is_some_and(|path| path.exists()),
        }
    }

    /// Lets it be started then, or not.
    ///
    /// # Errors
    /// `input.invalid` where the window's program is not beside this one; `file.*`.
    pub(crate) fn start_at_login(&self, wanted: bool) -> Result<(), AppError> {
        if wanted == self.starts_at_login() {
            return Ok(());
        }
        let program = self.window_program();
        if wanted && !program.exists() {
            return Err(AppError::Invalid {
                reason: format!(
                    "the window's program is not at {}",
                    self.paths.shown(&program)
                ),
            });
        }
        let Some(path) = place(&self.paths) else {
            return match wanted {
                true => {
                    let line = format!("\"{}\" {AT_LOGIN}", program.display());
                    registry(&["add", RUN, "/v", NAME, "/t", "REG_SZ", "/d", &line, "/f"])
                }
                false => registry(&["delete", RUN, "/v", NAME, "/f"]),
            };
        };
        let done = match wanted {
            true => write(&path, &text(self.paths.system, &program)),
            false => remove(&path),
        };
        done.map_err(|error| FileError::at(&path, error).into())
    }

    fn window_program(&self) -> PathBuf {
        let name = match self.paths.system {
            System::Windows => "keystow-desktop.exe",
            System::Linux | System::Macos => "keystow-desktop",
        };
        self.doors.program.with_file_name(name)
    }
}

/// The file; none on Windows.
pub(crate) fn place(paths: &Paths) -> Option<PathBuf> {
    match paths.system {
        System::Linux => Some(
            paths
                .vars
                .get("XDG_CONFIG_HOME")?
                .join("autostart/keystow.desktop"),
        ),
        System::Macos => Some(
            paths
                .home
                .join("Library/LaunchAgents/dev.keystow.desktop.plist"),
        ),
        System::Windows => None,
    }
}

/// What the system reads. Sources: Desktop Application Autostart Specification 0.5 and Desktop Entry Specification 1.5,
/// specifications.freedesktop.org; launchd.plist(5), checked 2026-11-21.
fn text(system: System, program: &Path) -> String {
    let program = program.to_string_lossy();
    match system {
        System::Macos => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n<dict>\n<key>Label</key><string>dev.keystow.desktop</string>\n\
             <key>ProgramArguments</key><array><string>{}</string><string>{AT_LOGIN}</string></array>\n<key>RunAtLoad</key><true/>\n</dict>\n</plist>\n",
            program.replace('&', "&amp;").replace('<', "&lt;")
        ),
        System::Linux | System::Windows => format!(
            "[Desktop Entry]\nType=Application\nName=Keystow\nComment=A key vault and MCP configurator\nExec=\"{}\" {AT_LOGIN}\nIcon=keystow\n\
             X-GNOME-Autostart-enabled=true\n",
            quoted(&program)
        ),
    }
}

/// Within the quotes of an `Exec` line, whose backslashes are read twice.
fn quoted(program: &str) -> String {
    let mut text = String::new();
    for letter in program.chars() {
        match letter {
            '"' | '`' | '$' => text.push_str("\\\\"),
            '\\' => text.push_str("\\\\\\"),
            '%' => text.push('%'),
            _ => {}
        }
        text.push(letter);
    }
    text
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)?;
    file.write_all(text.as_bytes())
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

const RUN: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run";
const NAME: &str = "Keystow";

/// Asks Windows' own program for the registry.
fn registry(arguments: &[&str]) -> Result<(), AppError> {
    let asked = std::process::Command::new("reg").args(arguments).output();
    match asked {
        Ok(answer) if answer.status.success() => Ok(()),
        _ => Err(AppError::Invalid {
            reason: "the registry of Windows does not take it".to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_with_an_odd_name_is_quoted_as_the_specification_has_it() {
        assert_eq!(quoted("/opt/key stow/a"), "/opt/key stow/a");
        assert_eq!(quoted("a$b"), r"a\\$b");
        assert_eq!(quoted("100%"), "100%%");
        let text = text(System::Linux, Path::new("/opt/key stow/keystow-desktop"));
        assert!(text.contains("\nExec=\"/opt/key stow/keystow-desktop\" --at-login\n"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn it_is_one_file_that_comes_and_goes() {
        let world = keystow_testkit::World::new();
        let app = crate::testing::app(&world);
        let file = world.home().join(".config/autostart/keystow.desktop");
        let refused = app.start_at_login(true).unwrap_err();
        assert!(refused.to_string().contains("keystow-desktop"), "{refused}");
        assert!(!file.exists());
        std::fs::File::create(world.home().join("keystow-desktop")).unwrap();
        for _ in 0..2 {
            app.start_at_login(true).unwrap();
            assert!(app.starts_at_login() && file.exists());
        }
        for _ in 0..2 {
            app.start_at_login(false).unwrap();
            assert!(!app.starts_at_login() && !file.exists());
        }
    }
}
