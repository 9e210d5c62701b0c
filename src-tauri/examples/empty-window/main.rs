//! An empty Tauri window, for `make bench` to measure ours against: one page without a script, drawn by the renderer we choose.

fn main() {
    keystow_desktop::choose_renderer();
    tauri::Builder::default()
        .run(tauri::generate_context!(
            "src-tauri/examples/empty-window/tauri.conf.json"
        ))
        .expect("a window can be opened");
}
