#![allow(clippy::unwrap_used)]
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use keystow_core::key::ApiKey;
use keystow_core::{Clock, ProviderId};
use keystow_keychain::OsKeychain;
use keystow_testkit::World;

use super::*;
use crate::app::Doors;
use crate::store::Workspace;
use crate::testing::Nowhere;

const NOW: UnixMs = 1_800_000_000_000;
/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

struct Hand(AtomicI64);

impl Clock for Hand {
    fn now_ms(&self) -> UnixMs {
        self.0.load(Ordering::SeqCst)
    }
}

struct Bench {
    app: App,
    clock: Arc<Hand>,
    world: World,
}

impl Bench {
    fn new() -> Self {
        let world = World::new();
        let clock = Arc::new(Hand(AtomicI64::new(NOW)));
        let app = open(&world, clock.clone());
        let workspace = Workspace {
            id: WorkspaceId::new("w"),
            provider: ProviderId::new("adlyse"),
            name: "Acme".into(),
            login: String::new(),
            organization: None,
            url: "https://example.com/".into(),
            signed_in: true,
            current: true,
            created_at: NOW,
            headers: BTreeMap::new(),
            expires_at: None,
        };
        app.store.put_workspace(&workspace).unwrap();
        Self { app, clock, world }
    }

    /// The window is started anew.
    fn again(self) -> Self {
        let app = open(&self.world, self.clock.clone());
        Self { app, ..self }
    }

    fn put(&self, name: &str, expires_at: Option<UnixMs>) {
        let workspace = WorkspaceId::new("w");
        let key = key(name, expires_at);
        self.app
            .store
            .put_key(&workspace, &key, true, false)
            .unwrap();
    }

    fn at(&self, days_before: f64, end: UnixMs) {
        let at = end - (days_before * DAY_MS as f64) as i64;
        self.clock.0.store(at, Ordering::SeqCst);
    }

    /// What is told now, and when to look again.
    fn told(&self) -> (Vec<(String, u32)>, Option<UnixMs>) {
        let mut told = Vec::new();
        let mut tell = |notice: &ExpiryNotice| {
            told.push((notice.name.clone(), notice.days));
            true
        };
        let next = self.app.tell_of_expiry(&mut tell).unwrap();
        (told, next)
    }
}

fn open(world: &World, clock: Arc<Hand>) -> App {
    let nowhere = Arc::new(Nowhere);
    let doors = Doors {
        keychain: Arc::new(OsKeychain::on_bus(world.bus_address())),
        dialects: nowhere.clone(),
        server_sign_in: nowhere.clone(),
        proof: nowhere.clone(),
        opener: nowhere.clone(),
        local: nowhere.clone(),
        prober: nowhere.clone(),
        clipboard: nowhere,
        clock,
        program: world.home().join("keystow-program"),
        host_name: "mira".into(),
    };
    App::open_without_recovery(world.paths(), doors).unwrap()
}

fn key(name: &str, expires_at: Option<UnixMs>) -> ApiKey {
    ApiKey {
        id: KeyId::new(name),
        name: name.into(),
        masked: "••••".into(),
        status: KeyStatus::Enabled,
        scopes: vec![],
        read_only: false,
        preset: None,
        tools: vec![],
        created_at: None,
        expires_at,
        last_used_at: None,
        requests: None,
        mcp_permissions: vec![],
        projects: vec![],
        instances: vec![],
        reconnect: None,
        owner: None,
        budget: None,
    }
}

fn day(name: &str, days: u32) -> Vec<(String, u32)> {
    vec![(name.to_owned(), days)]
}

#[test]
fn each_step_is_told_once_and_a_restart_repeats_none() {
    let mut bench = Bench::new();
    let end = NOW + 30 * DAY_MS;
    bench.put("a", Some(end));
    bench.put("for ever", None);
    assert_eq!(bench.told(), (vec![], Some(end - 14 * DAY_MS)));
    for (before, days, next) in [
        (14.0, 14, Some(end - 7 * DAY_MS)),
        (6.5, 7, Some(end - DAY_MS)),
        (0.5, 1, None),
    ] {
        bench.at(before, end);
        assert_eq!(bench.told(), (day("a", days), next));
        assert_eq!(bench.told(), (vec![], next));
        bench = bench.again();
        assert_eq!(bench.told(), (vec![], next));
    }
    bench.at(0.0, end);
    assert_eq!(bench.told(), (vec![], None), "what is over is not to come");
}

#[test]
fn steps_that_were_slept_through_are_told_as_one() {
    let bench = Bench::new();
    let end = NOW + 30 * DAY_MS;
    bench.put("a", Some(end));
    bench.at(0.9, end);
    assert_eq!(bench.told(), (day("a", 1), None));
    assert_eq!(bench.told(), (vec![], None));
}

#[test]
fn another_expiry_is_told_anew() {
    let bench = Bench::new();
    bench.put("a", Some(NOW + 5 * DAY_MS));
    assert_eq!(bench.told().0, day("a", 7));
    bench.put("a", Some(NOW + 6 * DAY_MS));
    assert_eq!(bench.told().0, day("a", 7));
}

#[test]
fn what_nobody_could_be_told_is_told_at_the_next_look() {
    let bench = Bench::new();
    bench.put("a", Some(NOW + 5 * DAY_MS));
    bench.app.tell_of_expiry(&mut |_| false).unwrap();
    assert_eq!(bench.told().0, day("a", 7));
}

#[test]
fn the_watch_wakes_when_keys_are_read_and_ends_when_asked() {
    let bench = Bench::new();
    let stop = Cancel::default();
    let (said, heard) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            bench
                .app
                .watch_expiry(&stop, |notice| said.send(notice.clone()).is_ok());
        });
        bench.put("a", Some(NOW + 3 * DAY_MS));
        let told = heard.recv_timeout(PATIENCE).unwrap();
        let notice = bench.app.notice_of_expiry(&told);
        assert_eq!(notice.title, "a expires within 7 days");
        stop.cancel();
        bench.app.look_at_expiry();
    });
}

#[test]
fn the_watch_wakes_at_the_due_moment() {
    let bench = Bench::new();
    let end = NOW + 30 * DAY_MS;
    bench.put("a", Some(end));
    // The first look is a moment before the step; the clock moves on while it is waited for.
    bench.clock.0.store(end - 7 * DAY_MS - 50, Ordering::SeqCst);
    let stop = Cancel::default();
    let (said, heard) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            bench
                .app
                .watch_expiry(&stop, |notice| said.send(notice.days).is_ok());
        });
        assert_eq!(heard.recv_timeout(PATIENCE).unwrap(), 14);
        bench.clock.0.store(end - 7 * DAY_MS, Ordering::SeqCst);
        assert_eq!(heard.recv_timeout(PATIENCE).unwrap(), 7);
        stop.cancel();
        bench.app.look_at_expiry();
    });
}
