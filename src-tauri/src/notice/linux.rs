//! The notifications of Linux desktops.
//! Source: Desktop Notifications Specification 1.3, specifications.freedesktop.org/notification, checked 2026-11-21.

use std::collections::HashMap;
use std::time::Duration;

use zbus::blocking::proxy::SignalIterator;
use zbus::blocking::{Connection, Proxy, connection};
use zbus::zvariant::Value;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// A desktop that does not answer shows nothing.
const LIMIT: Duration = Duration::from_secs(3);
/// What a click on the notification itself is called.
const CLICK: &str = "default";

/// Shows a notification on the bus of this session, or on `bus`; runs `clicked` when the person clicks on it.
pub(super) fn show(
    bus: Option<&str>,
    title: &str,
    text: &str,
    action: &str,
    clicked: impl FnOnce() + Send + 'static,
) -> zbus::Result<()> {
    let builder = match bus {
        Some(address) => connection::Builder::address(address)?,
        None => connection::Builder::session()?,
    };
    let connection = builder.method_timeout(LIMIT).build()?;
    let proxy = Proxy::new(&connection, NAME, PATH, NAME)?;
    // Before it is shown, so that no click is missed.
    let signals = proxy.receive_all_signals()?;
    let hints = HashMap::from([("desktop-entry", Value::from("keystow"))]);
    let actions = [CLICK, action];
    let said = (
        "Keystow",
        0_u32,
        "keystow",
        title,
        escaped(text),
        actions.as_slice(),
        hints,
        // For as long as the desktop thinks right.
        -1_i32,
    );
    let id: u32 = proxy.call("Notify", &said)?;
    let wait = move || {
        if is_clicked(&connection, signals, id) {
            clicked();
        }
    };
    std::thread::Builder::new()
        .name("keystow-notice".to_owned())
        .spawn(wait)
        .map(drop)
        .map_err(|error| zbus::Error::InputOutput(error.into()))
}

/// Waits until the notification is clicked or gone. The connection is the notification's: it lives as long.
fn is_clicked(_: &Connection, signals: SignalIterator<'_>, id: u32) -> bool {
    for signal in signals {
        let member = signal.header().member().map(ToString::to_string);
        let body = signal.body();
        match member.as_deref() {
            Some("ActionInvoked")
                if body
                    .deserialize::<(u32, String)>()
                    .is_ok_and(|(of, action)| of == id && action == CLICK) =>
            {
                return true;
            }
            Some("NotificationClosed")
                if body
                    .deserialize::<(u32, u32)>()
                    .is_ok_and(|(of, _)| of == id) =>
            {
                return false;
            }
            _ => {}
        }
    }
    false
}

/// The text may have markup in it; names of keys have none.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use keystow_testkit::World;
    use zbus::zvariant::OwnedValue;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    /// A desktop that tells what it was asked to show.
    struct Desktop(Sender<(String, String, Vec<String>)>);

    #[zbus::interface(name = "org.freedesktop.Notifications")]
    impl Desktop {
        #[allow(clippy::too_many_arguments)] // the specification's
        fn notify(
            &self,
            _app: String,
            _replaces: u32,
            _icon: String,
            title: String,
            text: String,
            actions: Vec<String>,
            _hints: HashMap<String, OwnedValue>,
            _ends_ms: i32,
        ) -> u32 {
            self.0.send((title, text, actions)).unwrap();
            7
        }
    }

    fn desktop(world: &World) -> (Connection, Receiver<(String, String, Vec<String>)>) {
        let (told, shown) = channel();
        let connection = connection::Builder::address(world.bus_address())
            .unwrap()
            .serve_at(PATH, Desktop(told))
            .unwrap()
            .name(NAME)
            .unwrap()
            .build()
            .unwrap();
        (connection, shown)
    }

    fn say(desktop: &Connection, signal: &str, of: u32, what: &str) {
        desktop
            .emit_signal(None::<&str>, PATH, NAME, signal, &(of, what))
            .unwrap();
    }

    #[test]
    fn a_click_on_the_notification_is_told_once() {
        let world = World::new();
        let (desktop, shown) = desktop(&world);
        let (click, clicks) = channel();
        show(
            Some(world.bus_address()),
            "laptop expires",
            "of <b>Acme & Co</b>",
            "Show the key",
            move || click.send(()).unwrap(),
        )
        .unwrap();
        let (title, text, actions) = shown.recv_timeout(PATIENCE).unwrap();
        assert_eq!(title, "laptop expires");
        assert_eq!(text, "of &lt;b&gt;Acme &amp; Co&lt;/b&gt;");
        assert_eq!(actions, ["default", "Show the key"]);
        say(&desktop, "ActionInvoked", 6, "default");
        say(&desktop, "ActionInvoked", 7, "other");
        say(&desktop, "ActionInvoked", 7, "default");
        clicks.recv_timeout(PATIENCE).unwrap();
        // Whoever could click again is gone.
        assert!(clicks.recv_timeout(PATIENCE).is_err());
    }

    #[test]
    fn one_that_is_closed_leads_nowhere() {
        let world = World::new();
        let (desktop, _shown) = desktop(&world);
        let (click, clicks) = channel::<()>();
        show(Some(world.bus_address()), "a", "b", "c", move || {
            click.send(()).unwrap();
        })
        .unwrap();
        desktop
            .emit_signal(
                None::<&str>,
                PATH,
                NAME,
                "NotificationClosed",
                &(7_u32, 2_u32),
            )
            .unwrap();
        assert!(clicks.recv_timeout(PATIENCE).is_err());
    }

    #[test]
    fn a_session_without_notifications_says_so() {
        let world = World::new();
        assert!(show(Some(world.bus_address()), "a", "b", "c", || {}).is_err());
    }
}
