//! An empty Tauri window, for `make bench` to measure ours against: one page without a script. Which renderer draws it is said by the
//! environment.

fn main() {
    tauri::Builder::default()
        .run(tauri::generate_context!(
            "src-tauri/examples/empty-window/tauri.conf.json"
        ))
        .expect("a window can be opened");
}
