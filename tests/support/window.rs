//! The real window, driven through WebDriver as a person would: by names of buttons and by what is to be read.

#[path = "keyboard.rs"]
mod keyboard;
#[path = "looks.rs"]
mod looks;

use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use keystow_testkit::World;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

/// How long anything on the screen may take to appear. A limit for a broken test, not a promise.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open window.
pub struct Window {
    runtime: Runtime,
    client: Client,
}

impl Window {
    /// Starts the app in a world that has a display and a web driver, at a size that pictures and lists can count on.
    pub fn open(world: &World) -> Self {
        let window = Self::open_as_left(world);
        window.resize(1200, 800);
        window
    }

    /// Starts the app with the size that its window had last.
    pub fn open_as_left(world: &World) -> Self {
        let runtime = Runtime::new().expect("a runtime can be made");
        let mut capabilities = Map::new();
        capabilities.insert(
            "webkitgtk:browserOptions".into(),
            json!({ "binary": env!("CARGO_BIN_EXE_keystow-desktop"), "args": [] }),
        );
        let client = runtime
            .block_on(
                ClientBuilder::new(HttpConnector::new())
                    .capabilities(capabilities)
                    .connect(&world.web_driver_url()),
            )
            .expect("the app starts under the web driver");
        Self { runtime, client }
    }

    /// Loads the page anew, as if the window had just been opened on it.
    pub fn reload(&self, page: &str) {
        self.load(&format!("location.hash = '#/{page}'; location.reload()"));
    }

    /// The same, but the other pages are not made ready: they will ask when they are opened.
    pub fn reload_unprepared(&self, page: &str) {
        self.load(&format!(
            "location.href = `${{location.pathname}}?unprepared=${{Date.now()}}#/{page}`"
        ));
    }

    fn load(&self, how: &str) {
        self.script(&format!("window.__leaving = true; {how}"));
        self.until("the page is loaded anew", || {
            self.script(
                "return window.__leaving === undefined && document.readyState === 'complete' && document.getElementById('root').childElementCount > 0",
            ) == Value::Bool(true)
        });
    }

    /// Gives the window another size.
    pub fn resize(&self, width: u32, height: u32) {
        self.runtime
            .block_on(self.client.set_window_size(width, height))
            .expect("the window can be resized");
    }

    /// Presses the button, link, tab or menu item of this name as soon as it can be pressed.
    pub fn press(&self, name: &str) {
        self.press_nth(name, 0);
    }

    /// The same, where several have the name.
    pub fn press_nth(&self, name: &str, nth: usize) {
        let quoted = quoted(name);
        let path = format!(
            "//*[self::button or self::a or self::label or self::input[@type='checkbox'] or @role='menuitem' or @role='tab' or @role='radio' or @role='option']\
             [normalize-space(.)={quoted} or @aria-label={quoted}]"
        );
        self.until(&format!("{name:?} can be pressed"), || {
            let mut shown = self.all(&path).into_iter().filter(|each| self.shown(each));
            shown
                .nth(nth)
                .is_some_and(|element| self.enabled(&element) && self.click(&element))
        });
    }

    /// Presses what ends the program: it may be gone before it was told that it was pressed.
    pub fn press_last(&self, name: &str) {
        let path = format!("//button[normalize-space(.)={}]", quoted(name));
        self.until(&format!("{name:?} can be pressed"), || {
            let found = self.all(&path);
            let ready = found.first().filter(|button| self.enabled(button));
            ready.map(|button| self.click(button)).is_some()
        });
    }

    /// Presses the first button whose name begins so.
    pub fn press_starting(&self, name: &str) {
        let path = format!(
            "//*[self::button or self::input[@type='checkbox']][starts-with(@aria-label, {0}) or starts-with(normalize-space(.), {0})]",
            quoted(name)
        );
        self.until(&format!("{name:?}… can be pressed"), || {
            self.all(&path)
                .first()
                .is_some_and(|element| self.enabled(element) && self.click(element))
        });
    }

    /// Presses the button of this name in the line, card or dialog in which this can be read.
    pub fn press_beside(&self, text: &str, name: &str) {
        let path = format!(
            "//*[self::li or self::article or @role='row' or @role='dialog'][.//text()[contains(., {0})]]\
             //*[self::button or self::a][normalize-space(.)={1} or @aria-label={1}]",
            quoted(text),
            quoted(name)
        );
        self.until(&format!("{name:?} beside {text:?} can be pressed"), || {
            self.all(&path)
                .first()
                .is_some_and(|element| self.enabled(element) && self.click(element))
        });
    }

    /// Types into the field of this label or placeholder, after what is in it is taken out.
    pub fn fill(&self, field: &str, text: &str) {
        let quoted = quoted(field);
        let path = format!(
            "//input[@aria-label={quoted} or @placeholder={quoted} or @id=//label[starts-with(normalize-space(.), {quoted})]/@for]"
        );
        self.until(&format!("{field:?} can be filled in"), || {
            self.all(&path).first().is_some_and(|element| {
                self.enabled(element)
                    && self.runtime.block_on(element.clear()).is_ok()
                    && self.runtime.block_on(element.send_keys(text)).is_ok()
            })
        });
    }

    /// Waits until this can be read nowhere any more.
    pub fn reads_no_more(&self, text: &str) {
        self.until(&format!("{text:?} can be read no more"), || {
            !self.text().contains(text)
        });
    }

    /// Waits until this can be read so many times.
    pub fn reads_times(&self, text: &str, times: usize) {
        self.until(&format!("{text:?} can be read {times} times"), || {
            self.text().matches(text).count() >= times
        });
    }

    /// Goes to a page by its name in the rail, and waits until its title says so.
    pub fn press_page(&self, page: &str) {
        let path = format!(
            "//nav//*[self::button or self::a][.//text()[normalize-space(.)={}]]",
            quoted(page)
        );
        self.until(&format!("the page {page} can be opened"), || {
            self.all(&path)
                .first()
                .is_some_and(|element| self.click(element))
        });
        let title = format!("//h1[normalize-space(.)={}]", quoted(page));
        self.until(&format!("the page {page} is open"), || {
            self.all(&title).iter().any(|title| self.shown(title))
        });
    }

    /// Waits until this can be read somewhere.
    pub fn reads(&self, text: &str) {
        self.until(&format!("{text:?} can be read"), || {
            self.text().contains(text)
        });
    }

    /// Waits until a script in the page gives `true`.
    pub fn holds(&self, what: &str, script: &str) {
        self.until(what, || self.script(script) == Value::Bool(true));
    }

    /// Everything that can be read now.
    pub fn text(&self) -> String {
        match self.script("return document.body.innerText") {
            Value::String(text) => text,
            _ => String::new(),
        }
    }

    /// Runs a script in the page that gives its answer to `done`, its last argument.
    pub fn later(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        self.runtime
            .block_on(self.client.execute_async(&script, vec![]))
            .unwrap_or_else(|error| panic!("a script failed: {error}\n{script:.400}"))
    }

    /// Runs a script in the page; `null` where it failed, such as while the page changes.
    pub fn script(&self, script: &str) -> Value {
        self.runtime
            .block_on(self.client.execute(script, vec![]))
            .unwrap_or(Value::Null)
    }

    /// Keeps what the window looks like.
    pub fn picture(&self, file: &Path) {
        let png = self
            .runtime
            .block_on(self.client.screenshot())
            .expect("the window can be pictured");
        if let Some(dir) = file.parent() {
            std::fs::create_dir_all(dir).expect("the folder for pictures can be made");
        }
        #[allow(clippy::disallowed_methods)] // a picture for people to look at
        std::fs::write(file, png).expect("a picture can be kept");
    }

    /// Closes the window.
    pub fn close(self) {
        let _ = self.runtime.block_on(self.client.close());
    }

    fn all(&self, path: &str) -> Vec<Element> {
        self.runtime
            .block_on(self.client.find_all(Locator::XPath(path)))
            .unwrap_or_default()
    }

    fn shown(&self, element: &Element) -> bool {
        self.runtime
            .block_on(element.is_displayed())
            .unwrap_or_default()
    }

    fn enabled(&self, element: &Element) -> bool {
        let shown = self.shown(element);
        let enabled = self
            .runtime
            .block_on(element.is_enabled())
            .unwrap_or_default();
        let held = self
            .runtime
            .block_on(element.attr("data-disabled"))
            .ok()
            .flatten();
        shown && enabled && held.is_none()
    }

    fn click(&self, element: &Element) -> bool {
        self.runtime.block_on(element.click()).is_ok()
    }

    /// Waits for something, with what the window reads in the words of a failure.
    pub fn until(&self, what: &str, mut done: impl FnMut() -> bool) {
        let started = Instant::now();
        while !done() {
            assert!(
                started.elapsed() < PATIENCE,
                "gave up waiting until {what}. The window reads:\n{}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// A string in XPath, whatever quotes are in it.
fn quoted(text: &str) -> String {
    if text.contains('"') {
        format!("'{text}'")
    } else {
        format!("\"{text}\"")
    }
}
