//! An empty Tauri window, for `make bench` to measure ours against: one page without a script. Which renderer draws it is said by the
//! environment; a file named on the command line is shown instead of the page.

use std::borrow::Cow;

use tauri::WebviewWindowBuilder;

fn main() {
    let page = std::env::args_os()
        .nth(1)
        .map(|path| std::fs::read(path).expect("the page can be read"));
    tauri::Builder::default()
        .setup(move |app| {
            let config = &app.config().app.windows[0];
            WebviewWindowBuilder::from_config(app.handle(), config)?
                .on_web_resource_request(move |_, response| {
                    if let Some(page) = &page {
                        *response.body_mut() = Cow::Owned(page.clone());
                    }
                })
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!(
            "src-tauri/examples/empty-window/tauri.conf.json"
        ))
        .expect("a window can be opened");
}
