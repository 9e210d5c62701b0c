//! Rotations of a connected key at the real local workspace, with the real keychain; the process that rotates is killed at each step.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use keystow_core::clients::Mode;
use keystow_core::key::{KeyFacts, UnixMs};
use keystow_core::keychain::Item;
use keystow_core::local::{LocalError, LocalWorkspace};
use keystow_core::remote::{KeyProof, Proof, ProofKind, RemoteError, RemoteErrorKind};
use keystow_core::{Clock, KeyId, WorkspaceId};
use keystow_keychain::OsKeychain;
use keystow_remote::Remote;
use keystow_testkit::World;
use keystow_workspace::{Config, serve};
use url::Url;

use super::live::{Live, Record};
use super::switched;
use crate::app::{App, Doors};
use crate::contract::*;
use crate::store::Connected;
use crate::testing::Nowhere;
use crate::{handlers, local_owner_password};

const NAME: &str = "Cursor on mira";

/// A home in which Cursor is connected with a key of its own.
struct Bench {
    place: Place,
    world: World,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
}

/// What a second process needs to know of it.
struct Place {
    home: PathBuf,
    bus: String,
    url: Url,
}

struct At(Url);

impl LocalWorkspace for At {
    fn ensure_running(&self) -> Result<Url, LocalError> {
        Ok(self.0.clone())
    }
    fn running(&self) -> Result<Option<Url>, LocalError> {
        Ok(Some(self.0.clone()))
    }
    fn stop(&self) -> Result<(), LocalError> {
        Ok(())
    }
}

struct Wall;

impl Clock for Wall {
    fn now_ms(&self) -> UnixMs {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        UnixMs::try_from(now.as_millis()).unwrap()
    }
}

/// A product that takes no new key.
struct Refusing;

impl KeyProof for Refusing {
    fn prove(&self, _: &Proof<'_>, _: &keystow_core::Secret) -> Result<KeyFacts, RemoteError> {
        Err(RemoteError {
            host: "127.0.0.1".into(),
            kind: RemoteErrorKind::Unauthorised,
            request_id: None,
            code: None,
        })
    }
}

impl Place {
    fn app(&self) -> App {
        self.app_with(None)
    }

    fn app_with(&self, proof: Option<Arc<dyn KeyProof>>) -> App {
        let remote = Arc::new(Remote::new("keystow-test").unwrap());
        let home = self.home.to_string_lossy().into_owned();
        let paths = keystow_core::Paths::from_vars(keystow_core::System::Linux, &|name| {
            (name == "HOME").then(|| home.clone())
        });
        let program = self.home.join("keystow-program");
        std::fs::File::create(&program).unwrap();
        let nowhere = Arc::new(Nowhere);
        let doors = Doors {
            keychain: Arc::new(OsKeychain::on_bus(&self.bus)),
            dialects: remote.clone(),
            server_sign_in: remote.clone(),
            proof: proof.unwrap_or(remote.clone()),
            opener: remote,
            local: Arc::new(At(self.url.clone())),
            prober: nowhere.clone(),
            clipboard: nowhere,
            clock: Arc::new(Wall),
            program,
            host_name: "mira".into(),
        };
        App::open(paths.unwrap(), doors).unwrap()
    }
}

impl Bench {
    fn connected() -> Self {
        let world = World::new();
        let keychain = OsKeychain::on_bus(world.bus_address());
        let password = local_owner_password(&keychain, false).unwrap();
        let config = Config {
            data: world.paths().data,
            listen: None,
            idle_exit: None,
            window_lock: false,
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (up, running) = channel();
        let server = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            let stop = async {
                let _ = stopped.await;
            };
            runtime
                .block_on(serve(config, Some(password), stop, move |running| {
                    up.send(running.url.clone()).unwrap();
                }))
                .unwrap();
        });
        let bench = Self {
            place: Place {
                home: world.home().to_owned(),
                bus: world.bus_address().to_owned(),
                url: running.recv().unwrap(),
            },
            world,
            stop: Some(stop),
            server: Some(server),
        };
        let app = bench.place.app();
        let request = SignInRequest {
            provider: "local".into(),
            method: Some(Method::Password),
            url: None,
            login: None,
            from_clipboard: false,
        };
        handlers::sessions_sign_in(&app, request).unwrap();
        std::fs::create_dir_all(bench.world.home().join(".cursor")).unwrap();
        let request = ConnectRequest {
            workspace: None,
            clients: vec!["cursor".into()],
            server: None,
            key: None,
            replace: false,
            target: None,
            mode: None,
            name: None,
            exec: None,
        };
        let plan = handlers::connections_plan(&app, request).unwrap();
        handlers::connections_apply(&app, PlanRequest { plan: plan.id }).unwrap();
        bench
    }

    /// Runs `work` in a process of its own that is killed at a step. `false`: it came to its end.
    fn killed(&self, work: &str, step: usize) -> bool {
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "rotation::tests::process_that_is_killed"])
            .args(["--nocapture", "--test-threads=1"])
            .env("KEYSTOW_TEST_WORK", work)
            .env("KEYSTOW_TEST_HOME", &self.place.home)
            .env("KEYSTOW_TEST_BUS", &self.place.bus)
            .env("KEYSTOW_TEST_URL", self.place.url.as_str())
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

    /// Everything is as after one rotation, or none: one key, stowed and used.
    fn has_one_key(&self, app: &App, at: &str) -> KeyId {
        assert!(app.store.rotations_under_way().unwrap().is_empty(), "{at}");
        let request = KeysListRequest {
            search: None,
            page: None,
            limit: None,
            everybody: false,
            order: None,
        };
        let page = handlers::keys_list(app, request).unwrap();
        let names: Vec<&str> = page.keys.iter().map(|key| key.name.as_str()).collect();
        assert_eq!(names, [NAME], "{at}");
        let key = &page.keys[0];
        assert!(key.stowed && key.used_by.len() == 1, "{at}: {key:?}");
        let known = app.store.keys(&WorkspaceId::new("local")).unwrap();
        assert_eq!(known.len(), 1, "{at}: {known:?}");
        assert!(takes(app, &KeyId::new(&key.id)), "{at}");
        KeyId::new(&key.id)
    }

    /// Its secret is nowhere.
    fn is_gone(&self, app: &App, key: &KeyId, at: &str) {
        let item = Item::Key(WorkspaceId::new("local"), key.clone());
        assert!(app.doors.keychain.get(&item).unwrap().is_none(), "{at}");
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}

/// Whether the server takes a stowed key.
fn takes(app: &App, key: &KeyId) -> bool {
    let item = Item::Key(WorkspaceId::new("local"), key.clone());
    let secret = app.doors.keychain.get_stowed(&item).unwrap();
    let connected = connection(app);
    let (provider, server) = app.providers().server(&connected.server).unwrap();
    let workspace = app.store.workspace(&connected.workspace).unwrap().unwrap();
    let proof = Proof {
        url: &app.endpoint(&workspace, server).unwrap(),
        kind: ProofKind::Mcp,
        header: &provider.key.header,
        scheme: &provider.key.scheme,
        headers: &[],
        tells: &keystow_core::provider::Tells::default(),
    };
    Remote::new("keystow-test")
        .unwrap()
        .prove(&proof, &secret)
        .is_ok()
}

fn connection(app: &App) -> Connected {
    app.store.connections().unwrap().remove(0)
}

fn rotate(app: &App, grace: GraceView) -> Result<RotationView, crate::AppError> {
    let request = RotateRequest {
        key: NAME.into(),
        grace,
    };
    handlers::rotations_start(app, request)
}

fn named(view: &RotationView) -> RotationRequest {
    RotationRequest {
        rotation: view.id.clone(),
    }
}

/// A program that carries the connection, as it would tell of itself.
fn says(record: &mut Record, app: &App, key: &KeyId, accepted: bool, behind: bool) {
    let live = Live {
        pid: 0,
        began: 0,
        connection: connection(app).id,
        mode: Mode::Bridge,
        key: key.clone(),
        accepted_at: accepted.then_some(1),
        behind,
    };
    record.write(live).unwrap();
}

#[test]
fn a_kill_at_any_step_is_gone_on_from() {
    let bench = Bench::connected();
    let app = bench.place.app();
    let mut key = bench.has_one_key(&app, "at first");
    for step in 0.. {
        let at = format!("killed at step {step}");
        let killed = bench.killed("rotate", step);
        // A second crash, this time of whoever goes on with it.
        bench.killed("carry on", step % 5);
        handlers::rotations_carry_on(&app).unwrap();
        let new = bench.has_one_key(&app, &at);
        assert_ne!(new, key, "{at}");
        bench.is_gone(&app, &key, &at);
        key = new;
        if !killed {
            assert!(step >= 12, "there are only {step} steps");
            break;
        }
    }
}

#[test]
fn a_kill_while_it_is_called_off_is_gone_on_from() {
    let bench = Bench::connected();
    let app = bench.place.app();
    let old = bench.has_one_key(&app, "at first");
    for step in 0.. {
        let at = format!("killed at step {step}");
        let view = rotate(&app, GraceView::Day).unwrap();
        assert_eq!(view.stage, RotationStage::Observed, "{at}");
        let new = KeyId::new(view.new_key.clone().unwrap());
        assert_eq!(connection(&app).key, new, "{at}");
        let killed = bench.killed("cancel", step);
        handlers::rotations_carry_on(&app).unwrap();
        assert_eq!(bench.has_one_key(&app, &at), old, "{at}");
        bench.is_gone(&app, &new, &at);
        if !killed {
            assert!(step >= 4, "there are only {step} steps");
            break;
        }
    }
}

#[test]
fn the_old_key_stays_until_every_program_has_gone_over_and_finished() {
    let bench = Bench::connected();
    let app = bench.place.app();
    let old = connection(&app).key;
    let mut record = Record::open(&app.paths.data).unwrap();
    says(&mut record, &app, &old, true, false);
    let before = switched::count(&app.paths.data);
    let view = rotate(&app, GraceView::Now).unwrap();
    assert_eq!(view.stage, RotationStage::Switched);
    assert_eq!(view.clients[0].state, RotationClientState::Waiting);
    assert!(
        view.waits_for.as_ref().unwrap().contains("Cursor"),
        "{view:?}"
    );
    assert!(switched::count(&app.paths.data) > before);
    assert!(takes(&app, &old));
    let new = KeyId::new(view.new_key.clone().unwrap());
    let look = |wanted: RotationStage| {
        let view = handlers::rotations_advance(&app, named(&view)).unwrap();
        assert_eq!(view.stage, wanted, "{view:?}");
        view
    };
    // It has the new key, and no call was made with it.
    says(&mut record, &app, &new, false, false);
    look(RotationStage::Switched);
    // A call with the old key is still under way.
    says(&mut record, &app, &new, true, true);
    let waiting = look(RotationStage::Switched);
    assert_eq!(waiting.clients[0].state, RotationClientState::Finishing);
    assert!(takes(&app, &old));
    says(&mut record, &app, &new, true, false);
    look(RotationStage::Retired);
    bench.is_gone(&app, &old, "retired");
    assert_eq!(bench.has_one_key(&app, "retired"), new);
    let error = handlers::rotations_cancel(&app, named(&view)).unwrap_err();
    assert_eq!(crate::describe(&error).code, "rotation.over");
}

#[test]
fn what_an_undo_connects_again_uses_the_key_that_is_there_now() {
    let bench = Bench::connected();
    let app = bench.place.app();
    let request = DisconnectRequest {
        clients: vec!["cursor".into()],
    };
    let plan = handlers::connections_plan_removal(&app, request).unwrap();
    handlers::connections_apply(&app, PlanRequest { plan: plan.id }).unwrap();
    rotate(&app, GraceView::Now).unwrap();
    let last = rotate(&app, GraceView::Now).unwrap();
    assert_eq!(last.stage, RotationStage::Retired);
    handlers::changes_undo(&app, ChangeRequest { change: None }).unwrap();
    assert_eq!(connection(&app).key.to_string(), last.new_key.unwrap());
    bench.has_one_key(&app, "undone");
}

#[test]
fn a_program_that_ended_is_not_waited_for() {
    let bench = Bench::connected();
    let app = bench.place.app();
    let mut record = Record::open(&app.paths.data).unwrap();
    says(&mut record, &app, &connection(&app).key, true, false);
    let view = rotate(&app, GraceView::Now).unwrap();
    assert_eq!(view.stage, RotationStage::Switched);
    drop(record);
    handlers::rotations_carry_on(&app).unwrap();
    bench.has_one_key(&app, "carried on");
}

#[test]
fn a_new_key_that_is_not_taken_is_revoked_and_the_old_one_stays() {
    let bench = Bench::connected();
    let app = bench.place.app_with(Some(Arc::new(Refusing)));
    let old = connection(&app).key;
    let view = rotate(&app, GraceView::Now).unwrap();
    assert_eq!(view.stage, RotationStage::Failed);
    assert!(view.failed.unwrap().contains("401"));
    bench.is_gone(&app, &KeyId::new(view.new_key.unwrap()), "failed");
    assert_eq!(bench.has_one_key(&app, "failed"), old);
}

#[test]
fn a_grace_is_kept_and_can_be_cut_short() {
    let bench = Bench::connected();
    let app = bench.place.app();
    let old = connection(&app).key;
    let view = rotate(&app, GraceView::Hour).unwrap();
    assert_eq!(view.stage, RotationStage::Observed);
    let grace = view.retires_at.unwrap() - view.switched_at.unwrap();
    assert_eq!(grace, 60 * 60 * 1000);
    handlers::rotations_carry_on(&app).unwrap();
    assert!(takes(&app, &old));
    // The list tells the two of the same name apart.
    let shown = |key: &str| {
        let key = key.to_owned();
        handlers::keys_show(&app, KeyRequest { key }).unwrap()
    };
    assert_eq!(shown(old.as_str()).retires_at, view.retires_at);
    assert_eq!(shown(view.new_key.as_ref().unwrap()).retires_at, None);
    let unused = handlers::keys_hygiene(&app, Empty {}).unwrap().unused;
    assert!(unused.iter().all(|key| key.id != old.as_str()));
    // The same key again goes on with the same rotation; the new one has to wait.
    assert_eq!(rotate(&app, GraceView::Now).unwrap().id, view.id);
    let request = RotateRequest {
        key: view.new_key.clone().unwrap(),
        grace: GraceView::Now,
    };
    assert!(handlers::rotations_start(&app, request).is_err());
    let view = handlers::rotations_retire(&app, named(&view)).unwrap();
    assert_eq!(view.stage, RotationStage::Retired);
    bench.is_gone(&app, &old, "retired");
}

#[test]
fn a_leaked_key_is_dead_before_the_new_one_is_made_and_a_kill_changes_nothing() {
    let bench = Bench::connected();
    let app = bench.place.app();
    let mut key = connection(&app).key;
    for step in 0.. {
        let at = format!("killed at step {step}");
        let killed = bench.killed("revoke", step);
        handlers::rotations_carry_on(&app).unwrap();
        let new = bench.has_one_key(&app, &at);
        assert_ne!(new, key, "{at}");
        bench.is_gone(&app, &key, &at);
        key = new;
        if !killed {
            break;
        }
    }
    let trail = handlers::activity_list(
        &app,
        ActivityRequest {
            before: None,
            limit: None,
            kinds: Vec::new(),
            about: Vec::new(),
            since: None,
            until: None,
        },
    )
    .unwrap();
    let at = |kind: &str| trail.iter().position(|line| line.kind == kind).unwrap();
    // The newest stands first.
    assert!(at("rotation.switched") < at("key.revoked"));
}

#[allow(clippy::disallowed_methods)] // how a test process tells its child what to do
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[test]
fn process_that_is_killed() {
    let (Some(work), Some(url)) = (told("KEYSTOW_TEST_WORK"), told("KEYSTOW_TEST_URL")) else {
        return;
    };
    let place = Place {
        home: told("KEYSTOW_TEST_HOME").unwrap().into(),
        bus: told("KEYSTOW_TEST_BUS").unwrap(),
        url: Url::parse(&url).unwrap(),
    };
    let app = place.app();
    match work.as_str() {
        "rotate" => {
            rotate(&app, GraceView::Now).unwrap();
        }
        "revoke" => {
            handlers::keys_revoke(&app, KeyRequest { key: NAME.into() }).unwrap();
        }
        "cancel" => {
            let view = handlers::rotations_list(&app, Empty {}).unwrap().remove(0);
            handlers::rotations_cancel(&app, named(&view)).unwrap();
        }
        _ => {
            handlers::rotations_carry_on(&app).unwrap();
        }
    }
}
