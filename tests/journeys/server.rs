//! A workspace that goes away and comes back, while the window and a bridge are open.

use std::io::Write;
use std::process::{Child, Stdio};

use keystow_testkit::{World, eventually};
use serde_json::{Value, json};

use crate::{cli, mcp::Entry, settings, stowed, window::Window};

/// Somebody else's oCore: the local workspace of another computer, so to speak.
struct Server {
    world: World,
    /// Where its API is.
    base: String,
    process: Child,
}

impl Server {
    fn start() -> Self {
        let world = World::new();
        cli::run(&world, &["sign-in", "--provider", "local"]);
        let workspaces = cli::json(&world, &["workspaces", "--json"]);
        let base = workspaces[0]["url"]
            .as_str()
            .unwrap()
            .trim_end_matches('/')
            .to_owned();
        // The one that signing in started would end by itself some day.
        world.kill_workspace();
        let process = serve(&world);
        Self {
            world,
            base,
            process,
        }
    }

    fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    fn go_on(&mut self) {
        self.process = serve(&self.world);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Serves at the place it had before, until it is ended.
fn serve(world: &World) -> Child {
    let process = world
        .command(cli::program())
        .args(["workspace", "serve"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let note = world.paths().data.join("workspace/server.json");
    eventually("the workspace serves", || {
        std::fs::read_to_string(&note).is_ok_and(|note| {
            serde_json::from_str::<Value>(&note).is_ok_and(|note| note["pid"] == process.id())
        })
    });
    process
}

#[test]
fn a_workspace_that_goes_away_is_said_and_work_goes_on_when_it_is_back() {
    let mut server = Server::start();
    let world = World::new().with_display().with_web_driver();
    settings::lay(&world);
    sign_in(&world, &server);
    cli::run(&world, &["keys", "create", "Reports"]);
    cli::run(&world, &["connect", "cursor", "--no-probe", "--yes"]);
    let cursor = &settings::ALL[1];
    let mut bridge = Entry::start(&world, &cursor.place(&world), "/mcpServers/ocore");
    bridge.call("echo", json!({ "text": "before" })).unwrap();
    let window = Window::open(&world);
    window.reads("Reports");

    server.stop();
    window.fill("Filter by name or last characters", "Repo");
    window.reads("This is what was known before.");
    assert!(
        window.text().contains("Reports"),
        "what is known stays in sight"
    );
    let refused = bridge
        .call("echo", json!({ "text": "meanwhile" }))
        .unwrap_err();
    assert!(!refused.is_empty());
    window.press("New key");
    window.fill("Name", "Not now");
    window.press("Create key");
    window.reads("Connection refused");
    window.press("Cancel");

    server.go_on();
    window.press("Try again");
    window.reads_no_more("This is what was known before.");
    assert!(
        !window.text().contains("Not now"),
        "what was refused was not made"
    );
    bridge
        .call("echo", json!({ "text": "after" }))
        .expect("the bridge goes on by itself");
    bridge.end();
    window.close();
}

fn sign_in(world: &World, server: &Server) {
    let password = stowed::read(&server.world, "password/local").unwrap();
    let mut command = world
        .command(cli::program())
        .args(["sign-in", "--provider", "ocore", "--url", &server.base])
        .args(["--method", "password", "--login", "owner@keystow.local"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(command.stdin.take().unwrap(), "{password}").unwrap();
    assert!(command.wait().unwrap().success());
}
