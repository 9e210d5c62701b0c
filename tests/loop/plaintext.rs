//! Promise P1: plaintext lives in the keychain and nowhere else. Everything the product does is done once, and then every byte it
//! could have written, sent to the web view or put on a command line is searched.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use keystow_testkit::{Canary, Leak, World};
use serde_json::json;

use crate::{cli, mcp::Entry, settings, stowed, window::Window};

const PASSWORD: &str = "canary-password-7c41e0b95d2f4a86";

/// Records every answer that the web view gets from now on.
const RECORD: &str = "
    if (!window.__heard) {
        window.__heard = [];
        const fetched = window.fetch;
        window.fetch = async (...asked) => {
            window.__heard.push(String(asked[0]) + ' ' + String((asked[1] || {}).body || ''));
            const answer = await fetched(...asked);
            answer.clone().text().then(text => window.__heard.push(text));
            return answer;
        };
    }
    return true;
";
/// Everything in reach of the web view.
const SEEN: &str = "
    const stored = [];
    for (const store of [localStorage, sessionStorage]) {
        for (let at = 0; at < store.length; at++) stored.push(store.key(at) + '=' + store.getItem(store.key(at)));
    }
    return [document.documentElement.outerHTML, document.body.innerText, location.href, ...stored, ...window.__heard].join('\\n');
";

/// An MCP server that takes its key in a variable, and waits for the end of its input.
const SERVER: &str = r#"
read -r hello
echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","serverInfo":{"name":"acme","version":"1"}}}'
read -r initialized
read -r list
echo '{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"a"}]}}'
read -r end
"#;

/// One connection of each mode that hands its key on by design.
struct Modes {
    helper: Connection,
    exec: Connection,
}

struct Connection {
    id: String,
    plaintext: String,
}

impl Modes {
    fn connect(world: &World) -> Self {
        let helper = ["connect", "claude-code", "--mode", "helper", "--yes"];
        cli::run(world, &helper);
        cli::run(
            world,
            &[
                "connect",
                "amp",
                "--mode",
                "exec",
                "--env",
                "ACME_API_KEY",
                "--yes",
                "--",
                "sh",
                "-c",
                SERVER,
            ],
        );
        cli::run(world, &["link", "cursor"]);
        let status = cli::json(world, &["status", "--no-probe", "--json"]);
        let of = |mode: &str| {
            let lines = status.as_array().unwrap().iter();
            let connection = { lines }
                .map(|line| &line["connection"])
                .find(|connection| connection["mode"] == mode)
                .unwrap();
            let account = format!("key/local/{}", connection["key"].as_str().unwrap());
            Connection {
                id: connection["id"].as_str().unwrap().to_owned(),
                plaintext: stowed::read(world, &account).unwrap(),
            }
        };
        Self {
            helper: of("helper"),
            exec: of("exec"),
        }
    }

    /// On the output of `headers`, and in the environment of the one program that `exec` became.
    fn assert_plaintext_where_it_belongs(&self, world: &World) {
        let said = cli::run(world, &["headers", &self.helper.id]);
        let headers: serde_json::Value = serde_json::from_str(&said).unwrap();
        let bearer = format!("Bearer {}", self.helper.plaintext);
        assert_eq!(headers, json!({ "Authorization": bearer }));

        let mut server = world
            .command(cli::program())
            .args([
                "exec",
                &self.exec.id,
                "--",
                "sh",
                "-c",
                "echo up; read -r end",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut up = String::new();
        BufReader::new(server.stdout.take().unwrap())
            .read_line(&mut up)
            .unwrap();
        let environment = PathBuf::from(format!("/proc/{}/environ", server.id()));
        let found = Canary::new(&self.exec.plaintext).search_processes(&world.processes());
        assert!(!found.is_empty(), "the program was given no key");
        for leak in &found {
            assert_eq!(leak.path, environment, "{found:?}");
        }
        drop(server.stdin.take());
        assert!(server.wait().is_ok());
    }
}

#[test]
fn plaintext_is_in_the_keychain_and_nowhere_else() {
    let world = World::new().with_display().with_web_driver();
    settings::lay(&world);
    // A password that is known beforehand can be looked for from the first moment.
    stowed::put(&world, "password/local", PASSWORD);
    let password = Arc::new(Canary::new(PASSWORD));
    let watched = Arc::clone(&password).watch(&world);

    cli::run(&world, &["sign-in", "--provider", "local"]);
    let modes = Modes::connect(&world);
    cli::run(
        &world,
        &["connect", "claude-desktop", "cursor", "vscode", "--yes"],
    );
    let keys = cli::json(&world, &["keys", "list", "--json"]);
    let ids: Vec<String> = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 6);
    let mut canaries = vec![Arc::clone(&password)];
    let mut plaintexts: Vec<String> = ids
        .iter()
        .map(|id| stowed::read(&world, &format!("key/local/{id}")).unwrap())
        .collect();
    let session: serde_json::Value =
        serde_json::from_str(&stowed::read(&world, "session/local").unwrap()).unwrap();
    plaintexts.push(session["access"].as_str().unwrap().to_owned());
    plaintexts.push(session["refresh"].as_str().unwrap().to_owned());
    plaintexts.push(stowed::read(&world, "seal/1").unwrap());
    canaries.extend(
        plaintexts
            .iter()
            .map(|plaintext| Arc::new(Canary::new(plaintext))),
    );
    // All of them are searched for at the end; one key and the password are also watched for, in processes that live briefly.
    // (The environment of a program that `exec` started holds its own.)
    let bridged = plaintexts
        .iter()
        .position(|plaintext| *plaintext != modes.exec.plaintext)
        .unwrap();
    let key_watched = Arc::clone(&canaries[1 + bridged]).watch(&world);

    modes.assert_plaintext_where_it_belongs(&world);
    // The command line, once through.
    let key = ids[0].as_str();
    for args in [
        &["status", "--json"] as &[&str],
        &["clients", "--json"],
        &["workspaces", "--json"],
        &["keys", "show", key, "--json"],
        &["keys", "copy", key],
        &["keys", "rename", key, "Renamed"],
        &["keys", "pause", key],
        &["keys", "resume", key],
        &["history", "--json"],
        &["link", "cursor", "--json"],
        &["link", "cursor", "--expose-key", "--json"],
        &["doctor"],
    ] {
        cli::run(&world, args);
    }
    // A bridge at work.
    let cursor = &settings::ALL[1];
    let mut bridge = Entry::start(&world, &cursor.place(&world), cursor.pointer);
    bridge.call("whoami", json!({})).unwrap();
    bridge.call("list_keys", json!({})).unwrap();

    // The window, page by page.
    let window = Window::open(&world);
    window.reads("Keys");
    // Every page asks when it is opened, and is heard.
    window.reload_unprepared("activity");
    window.reads("Keychain unlocked");
    window.script(RECORD);
    for page in ["Connect", "Rotations", "Settings", "Activity", "Keys"] {
        window.press_page(page);
    }
    window.reads("Renamed");
    let seen = window.script(SEEN);
    let seen = seen.as_str().expect("the page can be read");
    assert!(seen.contains("keys_list"), "the recording recorded nothing");

    let pids = world.processes();
    assert!(pids.len() > 5, "only {} processes to look at", pids.len());
    let mut leaks: Vec<Leak> = Vec::new();
    for canary in &canaries {
        leaks.extend(canary.search_bytes("the web view", seen.as_bytes()));
        leaks.extend(canary.search_processes(&pids));
    }
    window.close();
    bridge.end();
    cli::run(&world, &["undo", "--yes"]);
    settings::assert_untouched(&world);
    cli::run(&world, &["keys", "delete", key, "--yes"]);
    cli::run(&world, &["sign-out"]);
    for canary in &canaries {
        leaks.extend(canary.search_files(world.root()));
    }
    for watch in [watched, key_watched] {
        let (processes, found) = watch.finish();
        assert!(processes > 5, "only {processes} processes were looked at");
        leaks.extend(found);
    }
    assert_eq!(leaks, [], "plaintext where it must not be");

    // The search itself: a leak planted on purpose is found.
    let leak = world.home().join(".local/share/keystow/logs/planted.log");
    std::fs::create_dir_all(leak.parent().unwrap()).unwrap();
    #[allow(clippy::disallowed_methods)] // the leak
    std::fs::write(
        &leak,
        format!("POST /api/auth/login {{\"password\":\"{PASSWORD}\"}}"),
    )
    .unwrap();
    let found = password.search_files(world.root());
    assert!(
        found
            .iter()
            .any(|found| found.path.ends_with("planted.log")),
        "a planted leak was not found: {found:?}"
    );
}
