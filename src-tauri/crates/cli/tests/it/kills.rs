//! `keystow` is killed at system calls that change something, one after the other, with the settings of people in all states.
//!
//! Whatever was under way, each file then is what it was or what it was to be, the next command settles the rest, and the store
//! agrees with the files. Calls that make, move or remove a name are all tried; of those there are many of, a sample.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;

use keystow_testkit::World;
use serde_json::Value;

use crate::support::*;

/// Calls that are tried at every place; those of other architectures do not count.
const EACH: &[&str] = &[
    "?rename,?renameat,?renameat2",
    "?unlink,?unlinkat,?rmdir",
    "?mkdir,?mkdirat",
    "?link,?linkat",
    "fchmod,?fchown",
];
/// Calls that are tried here and there.
const SOME: &[&str] = &[
    "fsync",
    "fdatasync",
    "ftruncate",
    "fsetxattr",
    "write",
    "pwrite64",
    "openat",
];
/// Where the latter are tried: at their first, second, …
const AT: &[usize] = &[1, 2, 4, 8, 16, 32, 64, 128];

const CLIENTS: [&str; 3] = ["vscode", "claude-desktop", "claude-code"];
const FILES: [&str; 3] = [
    ".config/Code/User/mcp.json",
    ".config/Claude/claude_desktop_config.json",
    ".claude.json",
];

/// A home in which VS Code and Claude Code have settings and Claude Desktop has none.
struct Home {
    world: World,
    before: Vec<Option<String>>,
    names: BTreeSet<String>,
}

impl Home {
    fn new() -> Self {
        let world = signed_in();
        let vscode = &SETTINGS[1];
        std::fs::create_dir_all(vscode.place(&world).parent().unwrap()).unwrap();
        std::fs::write(vscode.place(&world), vscode.text).unwrap();
        let claude = "{\n  \"numStartups\": 12,\n  \"projects\": {}\n}\n";
        std::fs::write(world.home().join(".claude.json"), claude).unwrap();
        let mut home = Self {
            world,
            before: Vec::new(),
            names: BTreeSet::new(),
        };
        home.before = home.files();
        home.names = home.names();
        home
    }

    fn files(&self) -> Vec<Option<String>> {
        FILES
            .iter()
            .map(|file| std::fs::read_to_string(self.world.home().join(file)).ok())
            .collect()
    }

    /// Everything in the home but what is Keystow's own.
    fn names(&self) -> BTreeSet<String> {
        fn walk(root: &Path, dir: &Path, names: &mut BTreeSet<String>) {
            for entry in std::fs::read_dir(dir).unwrap().flatten() {
                let name = entry.path().strip_prefix(root).unwrap().to_owned();
                let name = name.to_str().unwrap().to_owned();
                if name == ".local" || name == ".cache" {
                    continue;
                }
                if entry.file_type().unwrap().is_dir() {
                    walk(root, &entry.path(), names);
                }
                names.insert(name);
            }
        }
        let mut names = BTreeSet::new();
        walk(self.world.home(), self.world.home(), &mut names);
        names
    }

    fn run(&self, args: &[&str]) -> Value {
        keystow(&self.world, args).ok().json()
    }

    fn connect(&self) {
        let args = [&["connect"], &CLIENTS[..], &["--yes", "--no-probe"]].concat();
        keystow(&self.world, &args).ok();
    }

    fn disconnect(&self) {
        keystow(
            &self.world,
            &[&["disconnect"], &CLIENTS[..], &["--yes"]].concat(),
        )
        .ok();
    }

    fn connections(&self) -> Vec<Value> {
        let status = self.run(&["status", "--no-probe", "--json"]);
        status.as_array().unwrap().clone()
    }

    /// Runs a command until its `number`th such call. `false`: it came to its end before that.
    fn killed(&self, args: &[&str], calls: &str, number: usize) -> bool {
        let inject = format!("inject={calls}:signal=KILL:when={number}");
        let status = self
            .world
            .command("strace")
            .args([
                "--quiet=all",
                "-f",
                "--seccomp-bpf",
                "-o",
                "/dev/null",
                "-e",
            ])
            .args([&inject, KEYSTOW])
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("strace is installed");
        // strace ends as the traced program did.
        let killed = status.signal() == Some(9);
        assert!(
            killed || status.success(),
            "{args:?} failed by itself at {calls} {number}: {status}"
        );
        killed
    }

    /// Right after the kill, before anything is settled: no file is half written.
    fn each_is_old_or_new(&self, at: &str) {
        for (before, now) in self.before.iter().zip(self.files()) {
            let whole = match (before, &now) {
                (Some(before), Some(now)) => {
                    // The first and the last line are not ours.
                    let ends = |text: &str| {
                        let line = |line: Option<&str>| line.unwrap_or_default().to_owned();
                        (line(text.lines().next()), line(text.lines().last()))
                    };
                    now == before || now.contains("\"bridge\"") && ends(now) == ends(before)
                }
                (None, Some(now)) => serde_json::from_str::<Value>(now).is_ok(),
                (None, None) => true,
                (Some(_), None) => false,
            };
            assert!(whole, "{at}: {now:?}");
        }
    }

    /// After the next command: all is done or nothing is, and the store knows which. Tells which.
    fn settled(&self, at: &str) -> bool {
        self.run(&["history", "--json"]);
        let connections = self.connections();
        let connected = !connections.is_empty();
        for (before, now) in self.before.iter().zip(self.files()) {
            let wanted = match connected {
                true => now.is_some_and(|now| now.contains("\"bridge\"")),
                false => now == *before,
            };
            assert!(wanted, "{at}: connected is {connected}");
        }
        let mut wanted = self.names.clone();
        if connected {
            assert_eq!(connections.len(), CLIENTS.len(), "{at}");
            wanted.insert(".config/Claude".to_owned());
            wanted.insert(FILES[1].to_owned());
        }
        assert_eq!(self.names(), wanted, "{at}");
        for line in &connections {
            assert_eq!(line["connection"]["entry"], "fine", "{at}");
        }
        self.every_key_is_accounted_for(&connections, at);
        connected
    }

    /// Keys in use are stowed, and of others the list says whether they are.
    fn every_key_is_accounted_for(&self, connections: &[Value], at: &str) {
        let keys = self.run(&["keys", "list", "--all", "--json"]);
        let keys = keys["keys"].as_array().unwrap();
        for line in connections {
            let used = &line["connection"]["key"];
            let key = keys.iter().find(|key| key["id"] == *used);
            assert_eq!(key.unwrap()["stowed"], true, "{at}");
        }
        for key in keys {
            let id = key["id"].as_str().unwrap();
            let there = stowed(&self.world, &format!("key/local/{id}")).is_some();
            assert!(there || key["stowed"] == false, "{at}: {key}");
        }
    }

    /// Kills the command wherever it can be; `connected` says where it starts from.
    fn kill_everywhere(&self, args: &[&str], connected: bool) {
        let each = EACH.iter().map(|calls| (*calls, true));
        let some = SOME.iter().map(|calls| (*calls, false));
        let mut kills = 0;
        for (calls, all) in each.chain(some) {
            let places: Box<dyn Iterator<Item = usize>> = match all {
                true => Box::new(1..),
                false => Box::new(AT.iter().copied()),
            };
            for number in places {
                if self.connections().is_empty() == connected {
                    match connected {
                        true => self.connect(),
                        false => self.disconnect(),
                    }
                }
                let killed = self.killed(args, calls, number);
                if !killed {
                    break;
                }
                kills += 1;
                let at = format!("{args:?} killed at {calls} {number}");
                self.each_is_old_or_new(&at);
                if self.settled(&at) {
                    continue;
                }
                assert_eq!(self.files(), self.before, "{at}");
            }
        }
        assert!(kills >= 25, "{args:?} was killed at {kills} places only");
    }
}

#[test]
fn connecting_can_be_killed_anywhere() {
    let home = Home::new();
    let args = [&["connect"], &CLIENTS[..], &["--yes", "--no-probe"]].concat();
    home.kill_everywhere(&args, false);
}

#[test]
fn disconnecting_can_be_killed_anywhere() {
    let home = Home::new();
    let args = [&["disconnect"], &CLIENTS[..], &["--yes"]].concat();
    home.kill_everywhere(&args, true);
}

#[test]
fn undoing_can_be_killed_anywhere() {
    let home = Home::new();
    home.kill_everywhere(&["undo", "--yes"], true);
}
