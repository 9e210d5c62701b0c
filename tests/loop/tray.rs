//! The menu beside the clock: says how things are, and ends the program.

use std::collections::HashMap;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use keystow_testkit::{World, eventually};
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, Proxy, connection};
use zbus::names::BusName;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use crate::{cli, settings, window::Window};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";
const PATIENCE: Duration = Duration::from_secs(60);

/// A desktop that has a place for icons, and tells whose came: the program's name on the bus, and the icon's place there.
struct Clock(Sender<(String, String)>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Clock {
    fn register_status_notifier_item(
        &self,
        item: String,
        #[zbus(header)] header: zbus::message::Header<'_>,
    ) {
        let sender = header.sender().unwrap().to_string();
        self.0.send((sender, item)).unwrap();
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// The menu of a program, as the desktop sees it.
struct Menu<'a>(Proxy<'a>);

impl<'a> Menu<'a> {
    fn of(bus: &'a Connection, sender: &str, item: &str) -> Self {
        let item = Proxy::new(bus, sender.to_owned(), item.to_owned(), ITEM).unwrap();
        let place: OwnedObjectPath = item.get_property("Menu").unwrap();
        Self(Proxy::new(bus, sender.to_owned(), place, MENU).unwrap())
    }

    /// The lines, with their numbers.
    fn lines(&self) -> Vec<(i32, String)> {
        type Layout = (u32, (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>));
        let asked = (0_i32, -1_i32, Vec::<String>::new());
        let (_, (_, _, children)): Layout = self.0.call("GetLayout", &asked).unwrap();
        let line = |child: OwnedValue| {
            let Value::Structure(line) = Value::from(child) else {
                panic!("no line of a menu");
            };
            let [Value::I32(id), Value::Dict(facts), ..] = line.fields() else {
                panic!("no line of a menu: {line:?}");
            };
            let name = Value::from("label");
            let (_, label) = facts.iter().find(|(of, _)| **of == name)?;
            Some((*id, label.downcast_ref::<String>().unwrap()))
        };
        children.into_iter().filter_map(line).collect()
    }

    fn says(&self, wanted: &str) -> bool {
        self.lines().iter().any(|(_, line)| line == wanted)
    }

    fn click(&self, wanted: &str) {
        let lines = self.lines();
        let (id, _) = lines.iter().find(|(_, line)| line == wanted).unwrap();
        let event = (*id, "clicked", Value::from(0_i32), 0_u32);
        let _: () = self.0.call("Event", &event).unwrap();
    }
}

#[test]
fn the_menu_says_how_things_are_and_ends_the_program_which_opens_again_as_it_was() {
    let world = World::new().with_display().with_web_driver();
    settings::lay(&world);
    cli::run(&world, &["sign-in", "--provider", "local"]);
    cli::run(&world, &["keys", "create", "Laptop"]);
    let (tell, told) = channel();
    let bus = connection::Builder::address(world.bus_address())
        .unwrap()
        .serve_at("/StatusNotifierWatcher", Clock(tell))
        .unwrap()
        .name(WATCHER)
        .unwrap()
        .build()
        .unwrap();
    let window = Window::open(&world);
    window.reads("Laptop");
    let (sender, item) = told.recv_timeout(PATIENCE).unwrap();
    let menu = Menu::of(&bus, &sender, &item);
    eventually("the menu says how things are", || {
        menu.says("Local workspace: 0 connections")
    });
    for line in ["Copy Laptop", "Open Keystow"] {
        assert!(menu.says(line), "{line}: {:?}", menu.lines());
    }
    cli::run(&world, &["connect", "cursor", "--yes"]);
    eventually("the menu says what is so now", || {
        menu.says("Local workspace: 1 connection")
    });
    window.resize(1010, 710);
    menu.click("Quit");
    let names = DBusProxy::new(&bus).unwrap();
    let name = BusName::try_from(sender).unwrap();
    eventually("the program ends", || {
        !names.name_has_owner(name.clone()).unwrap()
    });
    window.close();

    let again = Window::open_as_left(&world);
    again.reads("Laptop");
    again.holds(
        "the window is as large as it was",
        "return innerWidth === 1010 && innerHeight === 710",
    );
    again.close();
}
