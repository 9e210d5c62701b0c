//! Keystow's window: a shell around the command table.
//!
//! Opens the window, wires the application to the real keychain, network and files, and hands every call of the web view to the
//! handler of that name. There are no rules in here, and no secret ever enters the web view: copying is the `keystow` program's
//! work. Only the binary of this package and its tests call it.

mod ipc;
mod leave;
mod links;
mod notice;
mod renderer;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use keystow_app::handlers;
use tauri::{Manager, Runtime};

pub use ipc::Host;
pub use renderer::choose_renderer;

/// Between two looks at rotations: one question to the store, where there are none.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Opens the window and returns when it is closed. A second start raises the first one's window and ends.
pub fn run() {
    wire::log();
    let host = Arc::new(wire::host());
    let (watched, focused, linked) = (host.clone(), host.clone(), host.clone());
    let leaving = host.clone();
    links::keep(&host, wire::arguments());
    carry_rotations_on(host.clone());
    builder(tauri::Builder::default())
        .plugin(tauri_plugin_single_instance::init(
            move |app, args, _cwd| {
                raise(app);
                links::arrived(app, &linked, args);
            },
        ))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .manage(host)
        .setup(move |app| {
            leave::offer(app.handle().clone(), &watched);
            notice::watch(app.handle().clone(), watched);
            Ok(())
        })
        .on_window_event(move |_, event| {
            if matches!(event, tauri::WindowEvent::Focused(true)) {
                notice::look_again(&focused);
            }
        })
        .build(context())
        .expect("the window can be opened")
        .run(move |handle, event| {
            leave::sweep(&leaving, &event);
            links::on_event(handle, event);
        });
}

/// Rotations are carried on by whoever runs: the window looks after them now and then.
fn carry_rotations_on(host: Arc<Host>) {
    std::thread::spawn(move || {
        while let Some(app) = host.app() {
            if let Err(error) = handlers::rotations_carry_on(app) {
                tracing::warn!(%error, "rotations were not carried on");
            }
            std::thread::sleep(LOOK_AGAIN);
        }
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

fn raise<R: Runtime>(app: &tauri::AppHandle<R>) {
    if let Some(window) = app.get_webview_window("main") {
        // Whatever a window manager refuses, the others still help.
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}
