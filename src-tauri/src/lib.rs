//! Keystow's window: a shell around the command table.
//!
//! Opens the window, wires the application to the real keychain, network and files, and hands every call of the web view to the
//! handler of that name. There are no rules in here, and no secret ever enters the web view: copying is the `keystow` program's
//! work. Only the binary of this package and its tests call it.

mod ipc;
mod leave;
mod links;
mod live;
mod notice;
mod opening;
mod renderer;
mod tray;
mod window;
mod wire;

use std::sync::{Arc, OnceLock};

use keystow_app::{AT_LOGIN, Nudge};
use tauri::webview::PageLoadEvent;
use tauri::{Manager, Runtime};
use tauri_plugin_window_state::StateFlags;

pub use ipc::Host;
use opening::Opening;
pub use renderer::choose_renderer;

/// Opens the window and returns when it is closed. A second start raises the first one's window and ends.
pub fn run() {
    wire::log();
    let host = Arc::new(wire::host());
    let (watched, focused, linked) = (host.clone(), host.clone(), host.clone());
    let leaving = host.clone();
    let nudge = Arc::new(OnceLock::<Nudge>::new());
    let nudged = nudge.clone();
    let unasked = wire::arguments().iter().any(|word| word == AT_LOGIN);
    let opening = Opening::new(host.clone(), unasked);
    let opens = opening.clone();
    links::keep(&host, wire::arguments());
    builder(tauri::Builder::default())
        .plugin(tauri_plugin_single_instance::init(
            move |app, args, _cwd| {
                window::raise(app);
                links::arrived(app, &linked, args);
            },
        ))
        .plugin(
            tauri_plugin_window_state::Builder::default()
                .with_state_flags(StateFlags::all().difference(StateFlags::VISIBLE))
                .build(),
        )
        .manage(host)
        .setup(move |app| {
            leave::offer(app.handle().clone(), &watched);
            let _ = nudge.set(live::start(app.handle().clone(), &watched));
            opening.soon(app.handle());
            Ok(())
        })
        .on_page_load(move |view, load| {
            if load.event() == PageLoadEvent::Finished {
                opens.now(view.app_handle());
            }
        })
        .on_window_event(move |window, event| match event {
            tauri::WindowEvent::Focused(true) => {
                notice::look_again(&focused);
                // A computer that slept did not notice what happened, and not every keychain tells of its lock.
                if let Some(nudge) = nudged.get() {
                    nudge.everything();
                }
            }
            tauri::WindowEvent::CloseRequested { api, .. }
                if tray::takes_over(window.app_handle(), &focused) =>
            {
                api.prevent_close();
                // One that cannot be hidden stays where it is.
                let _ = window.hide();
            }
            _ => {}
        })
        .build(context())
        .expect("the window can be opened")
        .run(move |handle, event| {
            leave::sweep(&leaving, &event);
            links::on_event(handle, event);
        });
}

/// What the window and its tests share: the commands. A [`Host`] must be managed beside.
pub fn builder<R: Runtime>(builder: tauri::Builder<R>) -> tauri::Builder<R> {
    builder
        .plugin(tauri_plugin_clipboard_manager::init())
        .invoke_handler(ipc::handler())
}

/// The configuration, the capabilities and the built UI.
pub fn context<R: Runtime>() -> tauri::Context<R> {
    tauri::generate_context!()
}
