#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods)] // plays the editors of settings files
use std::fs;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use keystow_testkit::{World, eventually};

use super::*;
use crate::testing;

const PATIENCE: Duration = Duration::from_secs(60);

/// A window that watches, and another process that changes things.
struct Bench {
    other: App,
    told: Receiver<Topics>,
    notices: Receiver<Notice>,
    nudge: Nudge,
    watching: Option<JoinHandle<()>>,
    world: World,
}

impl Bench {
    fn new() -> Self {
        Self::of(World::new())
    }

    fn of(world: World) -> Self {
        let window = testing::app(&world);
        let watch = Watch::default();
        let nudge = watch.nudge();
        let ((tell, told), (notify, notices)) = (channel(), channel());
        let watching = thread::spawn(move || {
            watch.run(&window, |news| {
                for notice in &news.notices {
                    notify.send(notice.clone()).unwrap();
                }
                tell.send(news.topics.clone()).unwrap();
            });
        });
        let mut bench = Self {
            other: testing::app(&world),
            told,
            notices,
            nudge,
            watching: Some(watching),
            world,
        };
        // It has its eyes open when it tells of something.
        eventually("it watches", || {
            bench.mark();
            bench.told.recv_timeout(Duration::from_millis(200)).is_ok()
        });
        bench.quiet();
        bench
    }

    /// A change that is told of as `settings`, and as nothing else.
    fn mark(&mut self) {
        let value = self
            .other
            .store
            .setting("mark")
            .unwrap()
            .unwrap_or_default();
        self.other
            .store
            .set_setting("mark", &format!("{value}."))
            .unwrap();
    }

    /// All that was told before a mark that is set now.
    fn told(&mut self) -> Topics {
        self.mark();
        let mut all = Topics::new();
        loop {
            let topics = self.told.recv_timeout(PATIENCE).unwrap();
            let marked = topics.contains("settings");
            all.extend(topics);
            if marked {
                all.remove("settings");
                all.remove("desktop");
                return all;
            }
        }
    }

    /// Waits until all that happened so far has been told of.
    fn quiet(&mut self) {
        while !self.told().is_empty() {}
        while self.told.recv_timeout(Duration::from_millis(300)).is_ok() {}
    }

    /// What is told of next.
    fn next(&self) -> Vec<&'static str> {
        let topics = self.told.recv_timeout(PATIENCE).unwrap();
        topics.into_iter().collect()
    }

    fn write(&self, place: &str, text: &str) {
        let path = self.world.home().join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.nudge.stop();
        let ended = self.watching.take().unwrap().join();
        if !thread::panicking() {
            ended.unwrap();
        }
    }
}

#[test]
fn what_another_process_writes_is_told_by_the_answers_it_changes() {
    let bench = Bench::new();
    bench
        .other
        .store
        .note(1, "key.created", "Made a key.")
        .unwrap();
    assert_eq!(bench.next(), ["activity"]);
    bench
        .other
        .store
        .set_setting("keys_total/local", "7")
        .unwrap();
    assert_eq!(bench.next(), ["app"]);
    bench
        .other
        .store
        .set_setting("oauth/local/tools", "stowed")
        .unwrap();
    assert_eq!(bench.next(), ["servers"]);
}

#[test]
fn looking_is_no_change_and_neither_is_writing_the_same_again() {
    let mut bench = Bench::new();
    for _ in 0..3 {
        bench.nudge.everything();
        bench.nudge.keychain();
    }
    assert_eq!(bench.told(), Topics::new());
    bench
        .other
        .store
        .set_setting("keys_total/local", "7")
        .unwrap();
    assert_eq!(bench.next(), ["app"]);
    bench
        .other
        .store
        .set_setting("keys_total/local", "7")
        .unwrap();
    // Opening a store in a process of its own touches its files.
    drop(testing::app(&bench.world));
    assert_eq!(bench.told(), Topics::new());
}

#[test]
fn a_client_that_comes_and_goes_is_told_of_and_a_file_of_its_own_is_not() {
    let mut bench = Bench::new();
    let file = ".cursor/mcp.json";
    for _ in 0..2 {
        bench.write(file, "{}");
        assert_eq!(bench.next(), ["clients", "connections"]);
        bench.quiet();
        bench.write(".cursor/other.json", "{}");
        bench.write(file, "{ \"mcpServers\": {} }");
        assert_eq!(bench.told(), Topics::new());
        fs::remove_dir_all(bench.world.home().join(".cursor")).unwrap();
        assert_eq!(bench.next(), ["clients", "connections"]);
        bench.quiet();
    }
}

#[test]
fn a_lock_of_the_keychain_is_told_of_when_it_is_looked_at() {
    let bench = Bench::new();
    bench.world.lock_keychain();
    bench.nudge.keychain();
    assert!(bench.next().contains(&"app"));
}

#[test]
fn a_provider_file_of_ones_own_counts_as_soon_as_it_is_there() {
    let bench = Bench::new();
    let dir = bench.world.paths().own_providers();
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("mine.toml"), "id = 7").unwrap();
    let told = bench.next();
    assert!(told.contains(&"providers"), "{told:?}");
}

#[test]
fn a_key_that_a_server_refuses_is_told_of_once() {
    let mut bench = Bench::new();
    let workspace = keystow_core::WorkspaceId::new("w");
    let key = keystow_core::KeyId::new("k");
    let stored = testing::workspace("w");
    bench.other.store.put_workspace(&stored).unwrap();
    let facts = testing::key("k", "laptop");
    bench
        .other
        .store
        .put_key(&workspace, &facts, true, false)
        .unwrap();
    bench.quiet();
    for _ in 0..2 {
        bench.other.store.set_setting("refused/w/k", "7").unwrap();
        bench.quiet();
    }
    let told: Vec<Notice> = bench.notices.try_iter().collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].title, "laptop was refused");
    assert_eq!(told[0].lead, crate::Lead::Key { workspace, key });
    assert!(bench.other.wants(&told[0]));
    bench
        .other
        .store
        .set_setting("notifications", "off")
        .unwrap();
    assert!(!bench.other.wants(&told[0]));
}

#[test]
fn what_a_slow_disk_keeps_others_from_reading_is_told_of_when_it_is_there() {
    let mut bench = Bench::new();
    // The same files under other names: what is written there is told of there, as a commit is before its disk is done.
    let elsewhere = bench.world.home().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let data = &bench.other.paths.data;
    for name in ["keystow.db", "keystow.db-wal", "keystow.db-shm"] {
        fs::hard_link(data.join(name), elsewhere.join(name)).unwrap();
    }
    let slow = rusqlite::Connection::open(elsewhere.join("keystow.db")).unwrap();
    slow.execute_batch("BEGIN IMMEDIATE; INSERT INTO settings VALUES ('slow', 'yes')")
        .unwrap();
    let log = fs::File::open(data.join("keystow.db-wal")).unwrap();
    log.set_modified(std::time::SystemTime::now()).unwrap();
    // It has looked, and seen nothing.
    thread::sleep(3 * SETTLE);
    slow.execute_batch("COMMIT").unwrap();
    assert_eq!(bench.next(), ["desktop", "settings"]);
    drop(slow);
    assert!(!bench.other.store.is_being_written().unwrap());
    bench.quiet();
}
