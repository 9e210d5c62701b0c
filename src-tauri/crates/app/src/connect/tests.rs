//! The whole mechanism on real files, a real store and a real keychain daemon; only the network is not there, so a stowed key is
//! put in by hand.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use keystow_core::clients::Mode;
use keystow_core::key::{ApiKey, KeyStatus, UnixMs};
use keystow_core::keychain::Item;
use keystow_core::{
    ClientId, Clock, KeyId, Paths, ProviderId, Secret, ServerId, System, WorkspaceId,
};
use keystow_keychain::OsKeychain;
use keystow_testkit::World;

mod several;
mod undoing;

use super::{After, Plan, Wish, apply, connect, disconnect, recover, undo};
use crate::app::{App, Doors};
use crate::error::AppError;
use crate::files::FileError;
use crate::store::{ChangeState, Workspace};
use crate::testing::Nowhere;

const CURSOR: &str = "{\n   \"mcpServers\": {\n      \"other\": {\"command\": \"x\", \"env\": {\"TOKEN\": \"hunter2hunter2\"}}\n   }\n}\n";
const VSCODE: &str =
    "// mine\r\n{\r\n\t\"servers\": {}, /* none yet */\r\n\t\"inputs\": [],\r\n}\r\n";
const CLAUDE: &str = "{\n  \"numStartups\": 12,\n  \"projects\": {}\n}\n";
/// Claude Code takes a lock of its own when it writes.
const ALL: [&str; 4] = ["claude-desktop", "cursor", "vscode", "claude-code"];

struct Fixed;

impl Clock for Fixed {
    fn now_ms(&self) -> UnixMs {
        1_700_000_000_000
    }
}

/// A home with settings files, and the application on it.
pub(crate) struct Bench {
    pub home: PathBuf,
    bus: String,
}

impl Bench {
    pub fn in_world(world: &World) -> Self {
        let bench = Self {
            home: world.home().to_owned(),
            bus: world.bus_address().to_owned(),
        };
        bench.lay_files();
        let program = bench.home.join("keystow-program");
        put(&program, "#!/bin/sh\n");
        let app = bench.app();
        let workspace = WorkspaceId::new("local");
        app.store
            .put_workspace(&Workspace {
                id: workspace.clone(),
                provider: ProviderId::new("local"),
                name: "Local workspace".into(),
                login: "owner@keystow.local".into(),
                organization: None,
                url: "http://127.0.0.1:1/api".into(),
                signed_in: true,
                current: true,
                created_at: 0,
                headers: Default::default(),
                expires_at: None,
            })
            .unwrap();
        let key = ApiKey {
            id: KeyId::new("k-1"),
            name: "shared".into(),
            masked: "ksl_••••••••abcd".into(),
            status: KeyStatus::Enabled,
            scopes: vec![],
            read_only: false,
            preset: None,
            tools: vec![],
            created_at: None,
            expires_at: None,
            last_used_at: None,
            requests: None,
            mcp_permissions: vec![],
            projects: vec![],
            instances: vec![],
            reconnect: None,
            owner: None,
            budget: None,
        };
        app.store.put_key(&workspace, &key, true, false).unwrap();
        let item = Item::Key(workspace, key.id);
        app.doors
            .keychain
            .set(&item, &Secret::new("ksl_secret".into()))
            .unwrap();
        bench
    }

    pub fn path(&self, client: &str) -> PathBuf {
        self.home.join(match client {
            "claude-desktop" => ".config/Claude/claude_desktop_config.json",
            "cursor" => ".cursor/mcp.json",
            "claude-code" => ".claude.json",
            _ => ".config/Code/User/mcp.json",
        })
    }

    /// Cursor and VS Code have settings; Claude Desktop has none yet.
    fn lay_files(&self) {
        for (client, text) in [
            ("cursor", CURSOR),
            ("vscode", VSCODE),
            ("claude-code", CLAUDE),
        ] {
            let path = self.path(client);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            put(&path, text);
        }
        let claude = self.path("claude-desktop");
        let _ = fs::remove_file(&claude);
        let _ = fs::remove_dir(claude.parent().unwrap());
    }

    pub fn app(&self) -> App {
        let home = self.home.to_string_lossy().into_owned();
        let paths = Paths::from_vars(System::Linux, &|name| {
            (name == "HOME").then(|| home.clone())
        })
        .unwrap();
        let nowhere = Arc::new(Nowhere);
        let doors = Doors {
            keychain: Arc::new(OsKeychain::on_bus(&self.bus)),
            dialects: nowhere.clone(),
            server_sign_in: nowhere.clone(),
            proof: nowhere.clone(),
            opener: nowhere.clone(),
            local: nowhere.clone(),
            prober: nowhere.clone(),
            clipboard: nowhere,
            clock: Arc::new(Fixed),
            program: self.home.join("keystow-program"),
            host_name: "mira".into(),
        };
        App::open(paths, doors).unwrap()
    }

    pub fn files(&self) -> Vec<Option<String>> {
        ALL.iter()
            .map(|client| fs::read_to_string(self.path(client)).ok())
            .collect()
    }

    fn plan(&self, app: &App, clients: &[&str]) -> Plan {
        connect(app, app.current().unwrap(), &wish(clients)).unwrap()
    }

    pub fn connect(&self, app: &App, clients: &[&str]) {
        let plan = self.plan(app, clients);
        apply(app, plan).unwrap().unwrap();
    }
}

pub(crate) fn wish(clients: &[&str]) -> Wish {
    Wish {
        clients: clients.iter().map(|id| ClientId::new(*id)).collect(),
        server: ServerId::new("local/tools"),
        key: Some(KeyId::new("k-1")),
        replace: false,
        target: None,
        mode: Mode::Bridge,
        name: None,
        exec: None,
    }
}

pub(crate) fn put(path: &Path, text: &str) {
    use std::io::Write;
    fs::File::create(path)
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
}

fn original() -> Vec<Option<String>> {
    vec![
        None,
        Some(CURSOR.into()),
        Some(VSCODE.into()),
        Some(CLAUDE.into()),
    ]
}

fn refusal(plan: Plan) -> AppError {
    plan.files
        .into_iter()
        .find_map(|file| file.edit.err())
        .expect("a refusal")
}

#[test]
fn connect_then_disconnect_gives_every_byte_back() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    bench.connect(&app, &ALL);
    let connected = bench.files();
    assert!(connected.iter().all(|text| {
        text.as_ref()
            .is_some_and(|text| text.contains("\"bridge\""))
    }));
    assert_eq!(app.store.connections().unwrap().len(), ALL.len());
    let plan = disconnect(&app, &wish(&ALL).clients).unwrap();
    apply(&app, plan).unwrap();
    assert_eq!(bench.files(), original());
    assert!(app.store.connections().unwrap().is_empty());
    assert!(!bench.home.join(".config/Claude").exists());
}

#[test]
fn a_file_with_servers_at_two_places_holds_one_entry_at_each() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    let local = Wish {
        target: Some(format!("local={}", bench.home.display())),
        ..wish(&["claude-code"])
    };
    let file = bench.path("claude-code");
    for (first, second) in [
        (&wish(&["claude-code"]), &local),
        (&local, &wish(&["claude-code"])),
    ] {
        for existing in [Some(CLAUDE), None] {
            match existing {
                Some(text) => put(&file, text),
                None => fs::remove_file(&file).unwrap(),
            }
            for wish in [first, second] {
                let plan = connect(&app, app.current().unwrap(), wish).unwrap();
                apply(&app, plan).unwrap().unwrap();
            }
            assert_eq!(app.store.connections().unwrap().len(), 2);
            assert_eq!(
                fs::read_to_string(&file).unwrap().matches("bridge").count(),
                2
            );
            let plan = disconnect(&app, &[ClientId::new("claude-code")]).unwrap();
            apply(&app, plan).unwrap().unwrap();
            assert_eq!(fs::read_to_string(&file).ok().as_deref(), existing);
        }
    }
}

#[test]
fn undo_gives_back_exact_bytes_and_connections_both_ways() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    bench.connect(&app, &ALL);
    let connected = bench.files();
    let ids: Vec<_> = app.store.connections().unwrap();
    let plan = disconnect(&app, &wish(&ALL).clients).unwrap();
    apply(&app, plan).unwrap();
    undo(&app, None).unwrap();
    assert_eq!(bench.files(), connected);
    assert_eq!(app.store.connections().unwrap(), ids);
    undo(&app, None).unwrap();
    assert_eq!(bench.files(), original());
    assert!(app.store.connections().unwrap().is_empty());
    assert!(matches!(
        undo(&app, None).unwrap_err(),
        AppError::NothingToUndo
    ));
}

#[test]
fn undo_refuses_when_file_changed_since() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    bench.connect(&app, &["cursor", "vscode"]);
    let theirs = format!("{}\n", bench.files()[1].clone().unwrap());
    put(&bench.path("cursor"), &theirs);
    let before = bench.files();
    assert!(
        matches!(undo(&app, None).unwrap_err(), AppError::UndoChanged { path } if path.ends_with("mcp.json"))
    );
    assert_eq!(bench.files(), before);
}

#[test]
fn writes_nothing_when_one_of_several_files_changed_since_the_preview() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    let plan = bench.plan(&app, &ALL);
    put(&bench.path("vscode"), "{}");
    let error = apply(&app, plan).unwrap_err();
    assert!(matches!(
        error,
        AppError::File(FileError::ChangedOnDisk { .. })
    ));
    assert_eq!(
        bench.files(),
        [
            None,
            Some(CURSOR.into()),
            Some("{}".into()),
            Some(CLAUDE.into())
        ]
    );
    assert!(app.store.connections().unwrap().is_empty());
}

#[test]
fn refuses_what_it_cannot_parse_with_its_place() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    let broken = "{\n  \"mcpServers\": {\n    \"a\": }\n}\n";
    put(&bench.path("cursor"), broken);
    let error = refusal(bench.plan(&app, &["cursor"]));
    assert!(error.to_string().contains("line 3"), "{error}");
    let error = apply(&app, bench.plan(&app, &["vscode", "cursor"])).unwrap_err();
    assert!(matches!(error, AppError::Edit { .. }));
    assert_eq!(
        bench.files(),
        [
            None,
            Some(broken.into()),
            Some(VSCODE.into()),
            Some(CLAUDE.into())
        ]
    );
}

#[test]
fn never_overwrites_an_entry_that_is_not_ours_without_consent() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    let theirs = "{\"mcpServers\": {\"keystow\": {\"command\": \"mine\"}}}";
    put(&bench.path("cursor"), theirs);
    assert!(matches!(
        refusal(bench.plan(&app, &["cursor"])),
        AppError::EntryTaken { .. }
    ));
    let consent = Wish {
        replace: true,
        ..wish(&["cursor"])
    };
    let plan = connect(&app, app.current().unwrap(), &consent).unwrap();
    assert_eq!(plan.files[0].warnings[0].code, "plan.replaces_entry");
    apply(&app, plan).unwrap();
    undo(&app, None).unwrap();
    assert_eq!(bench.files()[1].as_deref(), Some(theirs));
}

#[test]
fn connecting_twice_changes_nothing_the_second_time() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    bench.connect(&app, &["cursor"]);
    let plan = bench.plan(&app, &["cursor"]);
    assert_eq!(plan.files[0].edit.as_ref().unwrap().after, After::Same);
    assert!(apply(&app, plan).unwrap().is_none());
}

#[test]
fn before_images_are_unreadable_without_the_keychain() {
    let world = World::new();
    let bench = Bench::in_world(&world);
    let app = bench.app();
    bench.connect(&app, &["cursor"]);
    let mut bytes = fs::read(bench.home.join(".local/share/keystow/keystow.db")).unwrap();
    bytes.extend(
        fs::read(bench.home.join(".local/share/keystow/keystow.db-wal")).unwrap_or_default(),
    );
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains("hunter2") && !text.contains("ksl_secret"));
    app.doors.keychain.delete(&Item::Seal(1)).unwrap();
    let connected = bench.files();
    assert!(matches!(
        undo(&app, None).unwrap_err(),
        AppError::Keychain(_)
    ));
    assert_eq!(bench.files(), connected);
}

#[test]
fn a_kill_anywhere_leaves_all_old_or_all_new() {
    for work in ["connect", "disconnect", "undo"] {
        let mut kills = 0;
        for step in 0.. {
            let world = World::new();
            let bench = Bench::in_world(&world);
            if work != "connect" {
                bench.connect(&bench.app(), &ALL);
            }
            let old = bench.files();
            if !killed(&bench, work, step) {
                break;
            }
            kills += 1;
            // A second crash, this time in the middle of the recovery.
            killed(&bench, "recover", step % 7);
            let app = bench.app();
            assert!(
                app.store.unsettled().unwrap().is_empty(),
                "{work} killed at step {step}"
            );
            let now = bench.files();
            let count = app.store.connections().unwrap().len();
            let new = now != old;
            let connected = if new {
                work == "connect"
            } else {
                work != "connect"
            };
            assert_eq!(
                count,
                if connected { ALL.len() } else { 0 },
                "{work} killed at step {step}"
            );
            let wanted = if connected { None } else { Some(original()) };
            assert!(
                wanted.is_none_or(|wanted| wanted == now),
                "{work} killed at step {step}: {now:?}"
            );
            if connected {
                let whole = |text: &Option<String>| {
                    text.as_ref()
                        .is_some_and(|text| text.contains("\"bridge\""))
                };
                assert!(now.iter().all(whole), "{work} killed at step {step}");
            }
            assert_eq!(
                leftovers(&bench.home),
                Vec::<PathBuf>::new(),
                "{work} killed at step {step}"
            );
        }
        assert!(
            kills >= 8,
            "{work} has only {kills} steps at which it was killed"
        );
    }
}

fn leftovers(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.ends_with(".claude.json.lock") {
            found.push(path);
        } else if path.is_dir() && !path.is_symlink() {
            found.extend(leftovers(&path));
        } else if [".keystow-", ".json.lock", "taken-from"]
            .iter()
            .any(|mark| entry.file_name().to_string_lossy().contains(mark))
        {
            found.push(path);
        }
    }
    found
}

/// Runs `work` in a process of its own that ends at a step, as `kill -9` would end it. `false`: it came to its end.
fn killed(bench: &Bench, work: &str, step: usize) -> bool {
    let status = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "connect::tests::process_that_is_killed",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("KEYSTOW_TEST_WORK", work)
        .env("KEYSTOW_TEST_HOME", &bench.home)
        .env("KEYSTOW_TEST_BUS", &bench.bus)
        .env("KEYSTOW_TEST_STEP", step.to_string())
        .output()
        .unwrap()
        .status;
    assert!(
        status.success() || status.code().is_none(),
        "{work} failed by itself at step {step}"
    );
    !status.success()
}

#[allow(clippy::disallowed_methods)] // how a test process tells its child what to do
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// At which step this process ends; asked for by [`crate::steps::reached`].
pub(crate) fn kill_after() -> Option<usize> {
    told("KEYSTOW_TEST_STEP")?.parse().ok()
}

#[test]
fn process_that_is_killed() {
    let Some(work) = told("KEYSTOW_TEST_WORK") else {
        return;
    };
    let bench = Bench {
        home: told("KEYSTOW_TEST_HOME").unwrap().into(),
        bus: told("KEYSTOW_TEST_BUS").unwrap(),
    };
    // Opening recovers, which is the whole work of "recover".
    let app = bench.app();
    match work.as_str() {
        "connect" => bench.connect(&app, &ALL),
        "disconnect" => {
            let plan = disconnect(&app, &wish(&ALL).clients).unwrap();
            apply(&app, plan).unwrap();
        }
        "undo" => assert_eq!(undo(&app, None).unwrap().state, ChangeState::Undone),
        _ => recover(&app).unwrap(),
    }
}
