//! Looking at a screen: its pictures for people, and what programs find wrong with it.

use std::path::{Path, PathBuf};

use crate::window::Window;

const SMALL: (u32, u32) = (900, 600);
const LARGE: (u32, u32) = (1440, 900);
const THEMES: [&str; 2] = ["light", "dark"];

/// Goes through screens, keeps pictures of each in `target/screens/`, and what is wrong with any of them.
pub struct Screens<'a> {
    window: &'a Window,
    pictures: PathBuf,
    faults: Vec<String>,
}

impl<'a> Screens<'a> {
    /// Pictures go into a folder of this name.
    pub fn of(window: &'a Window, name: &str) -> Self {
        let pictures = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("target/screens")
            .join(name);
        let _ = std::fs::remove_dir_all(&pictures);
        window.patient();
        Self {
            window,
            pictures,
            faults: Vec::new(),
        }
    }

    /// What is on the screen now is looked at: in both themes and sizes, and at twice the size in the small window.
    pub fn look(&mut self, name: &str) {
        self.look_when(name, |_| {}, Window::settles);
    }

    /// The same with something that is opened anew in each size, because it closes when the window gets another one.
    pub fn look_opened(&mut self, name: &str, open: impl Fn(&Window)) {
        self.look_when(name, open, Window::settles);
    }

    /// The same while something loads.
    pub fn look_loading(&mut self, name: &str) {
        self.look_when(name, |_| {}, Window::settles_loading);
    }

    fn look_when(&mut self, name: &str, open: impl Fn(&Window), settles: impl Fn(&Window)) {
        let window = self.window;
        let keep = |what: &str| {
            settles(window);
            window.picture(&self.pictures.join(format!("{name}.{what}.png")));
        };
        let mut faults = Vec::new();
        window.resize(SMALL.0, SMALL.1);
        open(window);
        for theme in THEMES {
            window.theme(theme);
            keep(&format!("small-{theme}"));
            faults.extend(
                window
                    .audit()
                    .into_iter()
                    .map(|fault| format!("{name}, {theme}: {fault}")),
            );
        }
        faults.extend(
            window
                .cut_off()
                .into_iter()
                .map(|fault| format!("{name}: {fault}")),
        );
        window.zoom(2.0);
        open(window);
        keep("twice");
        faults.extend(
            window
                .cut_off()
                .into_iter()
                .map(|fault| format!("{name}, twice the size: {fault}")),
        );
        window.zoom(1.0);
        window.resize(LARGE.0, LARGE.1);
        open(window);
        for theme in THEMES {
            window.theme(theme);
            keep(&format!("large-{theme}"));
        }
        self.faults.extend(faults);
    }

    /// Fails where anything was wrong.
    pub fn done(self) {
        sheet(self.pictures.parent().expect("a folder of folders"));
        assert!(
            self.faults.is_empty(),
            "{} faults:\n{}",
            self.faults.len(),
            self.faults.join("\n")
        );
    }
}

/// All pictures on one page, for people.
fn sheet(root: &Path) {
    let mut pictures = Vec::new();
    for folder in names(root) {
        for file in names(&root.join(&folder)) {
            if file.ends_with(".png") {
                pictures.push(format!("{folder}/{file}"));
            }
        }
    }
    let figures: String = pictures
        .iter()
        .map(|file| format!("<figure><a href='{file}'><img loading=lazy src='{file}'></a><figcaption>{file}</figcaption></figure>\n"))
        .collect();
    let page = format!(
        "<!doctype html><meta charset=utf-8><title>Screens</title>\n<style>body {{ display: grid; \
         grid-template-columns: repeat(auto-fill, minmax(420px, 1fr)); gap: 16px; font: 12px sans-serif; background: #888 }} \
         img {{ width: 100% }} figure {{ margin: 0 }}</style>\n{figures}"
    );
    #[allow(clippy::disallowed_methods)] // for people to look at
    std::fs::write(root.join("index.html"), page).expect("the sheet can be kept");
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}
