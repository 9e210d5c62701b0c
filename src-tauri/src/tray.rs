//! The menu beside the clock, where the desktop has a place for one: how things are, keys to copy, the window.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use keystow_app::contract::KeyRequest;
use keystow_app::{App, Notice, TrayLines, describe, handlers};
use tauri::menu::{Menu, MenuBuilder, MenuItemBuilder};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Runtime};

use crate::ipc::Host;
use crate::{notice, window};

const TRAY: &str = "keystow";
const OPEN: &str = "open";
const QUIT: &str = "quit";
/// Before the id of a key.
const COPY: &str = "copy/";

/// Puts the icon there, beside whatever else happens. A desktop without a place for it, or without the library that draws it, has
/// none. A window that nobody asked for just now stays out of sight where there is the icon and the person wants that; otherwise it
/// is shown then.
pub(crate) fn put<R: Runtime>(handle: AppHandle<R>, host: Arc<Host>, unasked: bool) {
    std::thread::spawn(move || {
        let lines = host.app().and_then(lines).filter(|_| has_place());
        let on_main = handle.clone();
        let shown = handle.run_on_main_thread(move || {
            // The library is looked for by a crate that panics where it finds none.
            let built = lines
                .map(|lines| catch_unwind(AssertUnwindSafe(|| build(&on_main, &host, &lines))));
            match built {
                None | Some(Ok(Ok(()))) => {}
                Some(Ok(Err(error))) => {
                    tracing::warn!(%error, "there is no icon beside the clock")
                }
                Some(Err(_)) => {
                    tracing::warn!("there is no icon beside the clock: no library draws it")
                }
            }
            if unasked && !takes_over(&on_main, &host) {
                window::show(&on_main);
            }
        });
        if let Err(error) = shown {
            tracing::warn!(%error, "there is no icon beside the clock");
        }
    });
}

fn build<R: Runtime>(
    handle: &AppHandle<R>,
    host: &Arc<Host>,
    lines: &TrayLines,
) -> tauri::Result<()> {
    let host = host.clone();
    let mut tray = TrayIconBuilder::with_id(TRAY)
        .tooltip("Keystow")
        .menu(&menu(handle, lines)?)
        .on_menu_event(move |handle, event| follow(handle, &host, event.id().as_ref()));
    if let Some(icon) = handle.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(handle).map(drop)
}

/// Whether the icon is there.
fn is_there<R: Runtime>(handle: &AppHandle<R>) -> bool {
    handle.tray_by_id(TRAY).is_some()
}

/// Whether the program stays there when the window is closed: the person wants that, and the icon brings the window back.
pub(crate) fn takes_over<R: Runtime>(handle: &AppHandle<R>, host: &Host) -> bool {
    is_there(handle) && host.app().is_some_and(App::stays_in_tray)
}

/// Says how things are now.
pub(crate) fn refresh<R: Runtime>(handle: &AppHandle<R>, app: &App) {
    if !is_there(handle) {
        return;
    }
    let Some(lines) = lines(app) else { return };
    let on_main = handle.clone();
    let shown = handle.run_on_main_thread(move || {
        let Some(tray) = on_main.tray_by_id(TRAY) else {
            return;
        };
        let set = menu(&on_main, &lines).and_then(|menu| tray.set_menu(Some(menu)));
        if let Err(error) = set {
            tracing::warn!(%error, "the menu beside the clock is out of date");
        }
    });
    if let Err(error) = shown {
        tracing::warn!(%error, "the menu beside the clock is out of date");
    }
}

fn lines(app: &App) -> Option<TrayLines> {
    app.tray()
        .inspect_err(|error| tracing::warn!(%error, "the menu beside the clock is not known"))
        .ok()
}

fn menu<R: Runtime>(handle: &AppHandle<R>, lines: &TrayLines) -> tauri::Result<Menu<R>> {
    let state = MenuItemBuilder::new(&lines.state)
        .enabled(false)
        .build(handle)?;
    let mut menu = MenuBuilder::new(handle).item(&state).separator();
    for (id, line) in &lines.keys {
        menu = menu.text(format!("{COPY}{id}"), line);
    }
    if !lines.keys.is_empty() {
        menu = menu.separator();
    }
    menu.text(OPEN, lines.open).text(QUIT, lines.quit).build()
}

fn follow<R: Runtime>(handle: &AppHandle<R>, host: &Arc<Host>, wanted: &str) {
    match wanted {
        OPEN => window::raise(handle),
        QUIT => handle.exit(0),
        _ => {
            if let Some(key) = wanted.strip_prefix(COPY) {
                copy(handle.clone(), host.clone(), key.to_owned());
            }
        }
    }
}

/// Natively, on a thread of its own: the keychain may take its time. The person is told what came of it.
fn copy<R: Runtime>(handle: AppHandle<R>, host: Arc<Host>, key: String) {
    std::thread::spawn(move || {
        let Some(app) = host.app() else { return };
        let told: Notice = match handlers::keys_copy(app, KeyRequest { key }) {
            Ok(copied) => app.notice_of_copy(&copied),
            Err(error) => app.notice_of_problem(&describe(&error)),
        };
        notice::tell(&handle, app, &told);
    });
}

/// Whether the desktop shows icons beside its clock.
#[cfg(target_os = "linux")]
fn has_place() -> bool {
    let has = || -> zbus::Result<bool> {
        let bus = zbus::blocking::Connection::session()?;
        let watcher = zbus::names::BusName::try_from("org.kde.StatusNotifierWatcher")?;
        let proxy = zbus::blocking::fdo::DBusProxy::new(&bus)?;
        Ok(proxy.name_has_owner(watcher)?)
    };
    has().unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn has_place() -> bool {
    true
}
