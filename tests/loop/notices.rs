//! What the desktop tells of while nobody looks at the window, and where a click leads.

use std::collections::HashMap;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use keystow_testkit::World;
use zbus::blocking::connection;
use zbus::zvariant::OwnedValue;

use crate::settings::{self, ALL};
use crate::{cli, window::Window};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
const PATIENCE: Duration = Duration::from_secs(60);

/// A desktop that tells what it was asked to show.
struct Desktop(Sender<String>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Desktop {
    #[allow(clippy::too_many_arguments)] // the specification's
    fn notify(
        &self,
        _app: String,
        _replaces: u32,
        _icon: String,
        title: String,
        _text: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _ends_ms: i32,
    ) -> u32 {
        self.0.send(title).unwrap();
        7
    }
}

#[test]
fn an_entry_that_somebody_took_out_is_told_of_and_a_click_leads_there() {
    let world = World::new().with_display().with_web_driver();
    settings::lay(&world);
    cli::run(&world, &["sign-in", "--provider", "local"]);
    cli::run(&world, &["connect", "cursor", "vscode", "--yes"]);
    let (tell, told) = channel();
    let desktop = connection::Builder::address(world.bus_address())
        .unwrap()
        .serve_at(PATH, Desktop(tell))
        .unwrap()
        .name(NAME)
        .unwrap()
        .build()
        .unwrap();
    let window = Window::open(&world);
    window.reads("2 connections");
    // What Keystow does itself is no news.
    cli::run(&world, &["disconnect", "vscode", "--yes"]);
    window.reads("1 connection");
    #[allow(clippy::disallowed_methods)] // the person's editor
    std::fs::write(ALL[1].place(&world), ALL[1].text).unwrap();
    let title = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!(title, "Cursor: the entry is gone");
    desktop
        .emit_signal(
            None::<&str>,
            PATH,
            NAME,
            "ActionInvoked",
            &(7_u32, "default"),
        )
        .unwrap();
    window.reads("entry is gone");
    assert_eq!(told.try_iter().count(), 0, "it was told of once");
    window.close();
}
