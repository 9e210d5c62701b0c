//! Starts the window.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

fn main() {
    keystow_desktop::choose_renderer();
    keystow_app::share_one_heap();
    keystow_desktop::run();
}
