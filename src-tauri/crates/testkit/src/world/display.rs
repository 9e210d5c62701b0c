//! A virtual screen and a driver for web views on it.

use std::net::TcpStream;
use std::process::Stdio;

use super::session::first_line;
use super::{World, eventually};

impl World {
    /// Adds a virtual screen of 1600 x 1000 (`DISPLAY`), and what makes GTK and WebKit behave there.
    ///
    /// # Panics
    /// Where Xvfb is not installed.
    #[must_use]
    pub fn with_display(mut self) -> Self {
        let mut server = self
            .command("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1600x1000x24"])
            // Without -noreset it starts over whenever its last client leaves, and turns new ones away meanwhile.
            .args(["-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(self.log("display"))
            .spawn()
            .expect("Xvfb is installed");
        let number = first_line(&mut server);
        self.kids.push(server);
        assert!(!number.is_empty(), "Xvfb did not start");
        for (key, value) in [
            ("DISPLAY", format!(":{number}").as_str()),
            // WebDriver screenshots hang with the other software renderers.
            ("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1"),
            ("NO_AT_BRIDGE", "1"),
            ("GTK_A11Y", "none"),
        ] {
            self.env.push((key.to_owned(), value.to_owned()));
        }
        self
    }

    /// Adds a WebDriver for WebKitGTK; programs it starts are in automation mode. Needs [`World::with_display`] before.
    ///
    /// # Panics
    /// Where WebKitWebDriver is not installed.
    #[must_use]
    pub fn with_web_driver(mut self) -> Self {
        let port = free_port();
        let driver = self
            .command("WebKitWebDriver")
            .args([&format!("--port={port}"), "--host=127.0.0.1"])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(self.log("web-driver"))
            .spawn()
            .expect("WebKitWebDriver is installed");
        self.kids.push(driver);
        eventually("the web driver listens", || {
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        self.web_driver = Some(port);
        self
    }

    /// Where the WebDriver listens, such as `http://127.0.0.1:41234`.
    ///
    /// # Panics
    /// In a world without one.
    pub fn web_driver_url(&self) -> String {
        let port = self.web_driver.expect("this world has a web driver");
        format!("http://127.0.0.1:{port}")
    }
}

fn free_port() -> u16 {
    let probe = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
    probe.local_addr().expect("bound above").port()
}
