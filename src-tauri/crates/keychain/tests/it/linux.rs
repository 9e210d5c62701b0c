use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keystow_core::keychain::{Item, Keychain, KeychainError, KeychainState};
use keystow_core::{KeyId, Secret, WorkspaceId};
use keystow_keychain::{MAX_BYTES, OsKeychain, SERVICE};
use keystow_testkit::{Canary, World, eventually};

fn key(id: &str) -> Item {
    Item::Key(WorkspaceId::new("local"), KeyId::new(id))
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn world() -> (World, OsKeychain) {
    let world = World::new();
    let keychain = OsKeychain::on_bus(world.bus_address());
    (world, keychain)
}

/// What another program of the person reads.
fn lookup(world: &World, item: &Item) -> Option<String> {
    let output = world
        .command("secret-tool")
        .args(["lookup", "service", SERVICE, "username", &item.to_string()])
        .output()
        .unwrap();
    output
        .status
        .success()
        .then(|| String::from_utf8(output.stdout).unwrap())
}

/// Fails within the limit of three seconds and some time to notice.
fn in_time<T>(call: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = call();
    let took = began.elapsed();
    assert!(took < Duration::from_millis(3500), "took {took:?}");
    result
}

const TIMED_OUT: KeychainError = KeychainError::TimedOut { limit_ms: 3000 };

#[test]
fn what_was_stowed_is_read_replaced_and_deleted() {
    let (_world, keychain) = world();
    let item = key("k-1");
    assert_eq!(keychain.state(), KeychainState::Unlocked);
    assert_eq!(keychain.get(&item), Ok(None));
    for text in ["first", "second", "", "grüße ✓\n"] {
        keychain.set(&item, &secret(text)).unwrap();
        assert_eq!(keychain.get(&item), Ok(Some(secret(text))));
    }
    keychain.delete(&item).unwrap();
    assert_eq!(keychain.get(&item), Ok(None));
    keychain.delete(&item).unwrap();
}

#[test]
fn an_item_that_was_stowed_and_is_not_there_is_missing() {
    let (_world, keychain) = world();
    let expected = KeychainError::Missing {
        item: "key/local/k-1".to_owned(),
    };
    assert_eq!(keychain.get_stowed(&key("k-1")), Err(expected));
}

#[test]
fn another_process_sees_the_same_single_item() {
    let (world, keychain) = world();
    let item = key("k-1");
    keychain.set(&item, &secret("one")).unwrap();
    assert_eq!(lookup(&world, &item).as_deref(), Some("one"));
    let second = OsKeychain::on_bus(world.bus_address());
    second.set(&item, &secret("two")).unwrap();
    assert_eq!(keychain.get(&item), Ok(Some(secret("two"))));
    second.delete(&item).unwrap();
    assert_eq!(lookup(&world, &item), None);
    assert_eq!(keychain.get(&item), Ok(None));
}

#[test]
fn another_process_finds_the_bus_although_its_environment_was_scrubbed() {
    // This binary again, as an AI client would start it: with the runtime directory and no bus address.
    let (world, keychain) = world();
    keychain.set(&key("k-1"), &secret("found")).unwrap();
    let output = world
        .command(std::env::current_exe().unwrap())
        .args([
            "linux::reads_an_item_when_told_to",
            "--exact",
            "--nocapture",
        ])
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env("KEYSTOW_TEST_READ", "1")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("READ 5 bytes"), "{text}");
}

/// The other half of the test above; by itself it proves nothing and takes no time.
#[test]
#[allow(clippy::print_stdout)]
#[allow(clippy::disallowed_methods, reason = "how the test above tells it")]
fn reads_an_item_when_told_to() {
    if std::env::var_os("KEYSTOW_TEST_READ").is_some() {
        let read = OsKeychain::new().get_stowed(&key("k-1")).unwrap();
        println!("READ {} bytes", read.len());
    }
}

#[test]
fn values_up_to_the_limit_are_kept_and_larger_ones_refused() {
    let (_world, keychain) = world();
    let item = key("k-1");
    let largest = "x".repeat(MAX_BYTES);
    keychain.set(&item, &secret(&largest)).unwrap();
    assert_eq!(keychain.get(&item), Ok(Some(secret(&largest))));
    let expected = KeychainError::TooLarge {
        bytes: MAX_BYTES + 1,
        limit: MAX_BYTES,
    };
    let larger = secret(&format!("{largest}x"));
    assert_eq!(keychain.set(&item, &larger), Err(expected));
    assert_eq!(keychain.get(&item), Ok(Some(secret(&largest))));
}

#[test]
fn without_a_bus_every_call_says_so() {
    let world = World::without_bus();
    let nowhere = format!("unix:path={}/bus", world.root().display());
    for address in [nowhere.as_str(), "", "garbage", "unix:path="] {
        let keychain = OsKeychain::on_bus(address);
        let no_bus = |error| matches!(error, KeychainError::NoBus { .. });
        assert!(no_bus(keychain.set(&key("k-1"), &secret("x")).unwrap_err()));
        assert!(no_bus(keychain.get(&key("k-1")).unwrap_err()));
        assert!(no_bus(keychain.delete(&key("k-1")).unwrap_err()));
        assert!(no_bus(keychain.unlock(1000).unwrap_err()));
        let state = keychain.state();
        assert!(matches!(state, KeychainState::Absent(error) if no_bus(error.clone())));
    }
}

#[test]
fn a_bus_without_a_daemon_is_another_error_and_heals_when_one_comes() {
    let world = World::without_keychain();
    let keychain = OsKeychain::on_bus(world.bus_address());
    let no_daemon = |error| matches!(error, KeychainError::NoDaemon { .. });
    assert!(no_daemon(
        keychain.set(&key("k-1"), &secret("x")).unwrap_err()
    ));
    assert!(no_daemon(keychain.get(&key("k-1")).unwrap_err()));
    assert!(no_daemon(keychain.delete(&key("k-1")).unwrap_err()));
    assert!(no_daemon(keychain.unlock(1000).unwrap_err()));
    let state = keychain.state();
    assert!(matches!(state, KeychainState::Absent(error) if no_daemon(error.clone())));
    world.start_keychain();
    keychain.set(&key("k-1"), &secret("x")).unwrap();
}

#[test]
fn a_locked_collection_is_locked_and_never_empty() {
    let (world, keychain) = world();
    keychain.set(&key("k-1"), &secret("x")).unwrap();
    world.lock_keychain();
    assert_locked(&keychain);
    // And once more with a daemon that never had it open.
    world.kill_keychain();
    world.start_keychain_locked();
    assert_locked(&keychain);
    assert_locked(&OsKeychain::on_bus(world.bus_address()));
    world.kill_keychain();
    world.start_keychain();
    assert_eq!(keychain.get(&key("k-1")), Ok(Some(secret("x"))));
}

#[test]
fn a_keychain_nobody_ever_set_up_counts_as_locked() {
    let world = World::without_keychain();
    world.start_keychain_locked();
    assert_locked(&OsKeychain::on_bus(world.bus_address()));
}

fn assert_locked(keychain: &OsKeychain) {
    let locked = KeychainError::Locked;
    assert_eq!(keychain.state(), KeychainState::Locked);
    assert_eq!(keychain.get(&key("k-1")), Err(locked.clone()));
    assert_eq!(keychain.get(&key("k-2")), Err(locked.clone()));
    assert_eq!(keychain.set(&key("k-1"), &secret("y")), Err(locked.clone()));
    assert_eq!(keychain.set(&key("k-2"), &secret("y")), Err(locked.clone()));
    assert_eq!(keychain.delete(&key("k-1")), Err(locked));
}

#[test]
fn a_daemon_that_hangs_costs_three_seconds_and_works_again_when_it_goes_on() {
    let (world, keychain) = world();
    keychain.set(&key("k-1"), &secret("old")).unwrap();
    world.stop_keychain();
    assert_eq!(in_time(|| keychain.get(&key("k-1"))), Err(TIMED_OUT));
    assert_eq!(
        in_time(|| keychain.set(&key("k-2"), &secret("new"))),
        Err(TIMED_OUT)
    );
    assert_eq!(
        in_time(|| keychain.state()),
        KeychainState::Absent(TIMED_OUT)
    );
    world.continue_keychain();
    assert_eq!(keychain.get(&key("k-1")), Ok(Some(secret("old"))));
    // What was given up before it changed anything does not happen behind anybody's back.
    assert_eq!(keychain.get(&key("k-2")), Ok(None));
}

#[test]
fn many_callers_of_a_hanging_daemon_all_fail_in_time() {
    let (world, keychain) = world();
    keychain.set(&key("k-1"), &secret("x")).unwrap();
    world.stop_keychain();
    std::thread::scope(|scope| {
        for _ in 0..24 {
            scope.spawn(|| assert_eq!(in_time(|| keychain.get(&key("k-1"))), Err(TIMED_OUT)));
        }
    });
    world.continue_keychain();
    assert_eq!(keychain.get(&key("k-1")), Ok(Some(secret("x"))));
}

#[test]
fn a_daemon_that_was_restarted_is_found_again() {
    let (world, keychain) = world();
    keychain.set(&key("k-1"), &secret("x")).unwrap();
    world.kill_keychain();
    let gone = keychain.get(&key("k-1"));
    assert!(
        matches!(gone, Err(KeychainError::NoDaemon { .. })),
        "{gone:?}"
    );
    world.start_keychain();
    assert_eq!(keychain.get(&key("k-1")), Ok(Some(secret("x"))));
    // Without a call in between: the connection is stale and does not know it.
    world.kill_keychain();
    world.start_keychain();
    keychain.set(&key("k-1"), &secret("y")).unwrap();
    assert_eq!(keychain.get(&key("k-1")), Ok(Some(secret("y"))));
}

#[test]
fn a_bus_that_hangs_costs_three_seconds_and_works_again_when_it_goes_on() {
    let (world, keychain) = world();
    world.stop_bus();
    // Beyond the number of threads there are for the purpose.
    for _ in 0..3 {
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| assert_eq!(in_time(|| keychain.get(&key("k-1"))), Err(TIMED_OUT)));
            }
        });
    }
    world.continue_bus();
    assert_eq!(keychain.get(&key("k-1")), Ok(None));
}

#[test]
fn many_threads_at_once_each_get_their_own() {
    let (_world, keychain) = world();
    std::thread::scope(|scope| {
        for number in 0..16 {
            let keychain = &keychain;
            scope.spawn(move || {
                let item = key(&format!("k-{number}"));
                for round in 0..4 {
                    let text = format!("{number}/{round}");
                    keychain.set(&item, &secret(&text)).unwrap();
                    assert_eq!(keychain.get(&item), Ok(Some(secret(&text))));
                }
            });
        }
    });
}

#[test]
fn many_processes_writing_one_item_leave_one_item() {
    let (world, keychain) = world();
    let writers: Vec<OsKeychain> = (0..6)
        .map(|_| OsKeychain::on_bus(world.bus_address()))
        .collect();
    std::thread::scope(|scope| {
        for (number, writer) in writers.iter().enumerate() {
            scope.spawn(move || {
                writer
                    .set(&key("k-1"), &secret(&format!("v{number}")))
                    .unwrap()
            });
        }
    });
    keychain.delete(&key("k-1")).unwrap();
    assert_eq!(keychain.get(&key("k-1")), Ok(None));
}

#[tokio::test(flavor = "multi_thread")]
async fn works_from_the_blocking_threads_of_an_async_runtime() {
    let world = tokio::task::spawn_blocking(World::new).await.unwrap();
    let keychain = Arc::new(OsKeychain::on_bus(world.bus_address()));
    let calls = (0..8).map(|number| {
        let keychain = Arc::clone(&keychain);
        tokio::task::spawn_blocking(move || {
            let item = key(&format!("k-{number}"));
            keychain.set(&item, &secret("x"))?;
            keychain.get_stowed(&item).map(drop)
        })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), Ok(()));
    }
}

#[test]
fn even_a_call_from_inside_a_runtime_does_no_lasting_harm() {
    let (_world, keychain) = world();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { keychain.set(&key("k-1"), &secret("x")).unwrap() });
    assert_eq!(keychain.get(&key("k-1")), Ok(Some(secret("x"))));
}

#[test]
fn items_of_other_programs_are_not_ours() {
    let (world, keychain) = world();
    let mut store = world
        .command("secret-tool")
        .args([
            "store",
            "--label=x",
            "service",
            "other",
            "username",
            "key/local/k-1",
        ])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut store.stdin.take().unwrap(), b"theirs").unwrap();
    assert!(store.wait().unwrap().success());
    assert_eq!(keychain.get(&key("k-1")), Ok(None));
    keychain.delete(&key("k-1")).unwrap();
}

#[test]
fn nothing_of_a_stowed_secret_is_readable_on_disk_or_in_any_process() {
    let (world, keychain) = world();
    let text = "sk_live_0123456789abcdefghij";
    keychain.set(&key("k-1"), &secret(text)).unwrap();
    keychain.set(&key("k-1"), &secret(text)).unwrap();
    let canary = Canary::new(text);
    assert_eq!(canary.search_files(world.root()), []);
    assert_eq!(canary.search_processes(&world.processes()), []);
}

mod prompt {
    use super::*;

    fn locked_world() -> (World, OsKeychain) {
        let world = World::new().with_display().with_prompter();
        let keychain = OsKeychain::on_bus(world.bus_address());
        keychain.set(&key("k-1"), &secret("x")).unwrap();
        world.lock_keychain();
        (world, keychain)
    }

    #[test]
    fn no_call_makes_one_appear_but_unlock() {
        let (world, keychain) = locked_world();
        assert_locked(&keychain);
        assert!(!world.has_prompt());
    }

    #[test]
    fn an_answer_unlocks() {
        let (world, keychain) = locked_world();
        std::thread::scope(|scope| {
            let asked = scope.spawn(|| keychain.unlock(60_000));
            eventually("the prompt shows up", || world.has_prompt());
            // All else goes on meanwhile, and says what it is that everybody waits for.
            let waiting = KeychainError::PromptWaiting;
            assert_eq!(in_time(|| keychain.get(&key("k-1"))), Err(waiting.clone()));
            assert_eq!(keychain.state(), KeychainState::Locked);
            assert_eq!(keychain.unlock(60_000), Err(waiting));
            world.answer_prompt();
            assert_eq!(asked.join().unwrap(), Ok(()));
        });
        assert_eq!(keychain.state(), KeychainState::Unlocked);
        assert_eq!(keychain.get(&key("k-1")), Ok(Some(secret("x"))));
        assert_eq!(keychain.unlock(1000), Ok(()));
    }

    #[test]
    fn one_that_is_dismissed_leaves_it_locked_and_can_be_shown_again() {
        let (world, keychain) = locked_world();
        std::thread::scope(|scope| {
            let asked = scope.spawn(|| keychain.unlock(60_000));
            world.dismiss_prompt();
            assert_eq!(asked.join().unwrap(), Err(KeychainError::PromptWaiting));
            assert_locked(&keychain);
            let asked = scope.spawn(|| keychain.unlock(60_000));
            world.answer_prompt();
            assert_eq!(asked.join().unwrap(), Ok(()));
        });
    }

    #[test]
    fn one_that_is_answered_too_late_still_unlocks() {
        let (world, keychain) = locked_world();
        let expected = KeychainError::TimedOut { limit_ms: 1500 };
        assert_eq!(keychain.unlock(1500), Err(expected));
        let waiting = Err(KeychainError::PromptWaiting);
        assert_eq!(keychain.get(&key("k-1")), waiting);
        world.answer_prompt();
        eventually("it is unlocked", || {
            keychain.get(&key("k-1")) == Ok(Some(secret("x")))
        });
        assert_eq!(keychain.unlock(1000), Ok(()));
    }

    #[test]
    fn a_daemon_that_goes_away_meanwhile_is_an_error_at_once() {
        let (world, keychain) = locked_world();
        std::thread::scope(|scope| {
            let asked = scope.spawn(|| keychain.unlock(60_000));
            eventually("the prompt shows up", || world.has_prompt());
            world.kill_keychain();
            let gone = in_time(|| asked.join().unwrap());
            assert!(matches!(gone, Err(KeychainError::NoDaemon { .. })));
        });
        world.start_keychain();
        assert_eq!(keychain.unlock(1000), Ok(()));
    }

    #[test]
    fn one_asks_for_a_password_where_there_is_no_keychain_yet() {
        let world = World::without_keychain().with_display().with_prompter();
        world.start_keychain_locked();
        let keychain = OsKeychain::on_bus(world.bus_address());
        std::thread::scope(|scope| {
            let asked = scope.spawn(|| keychain.unlock(60_000));
            world.dismiss_prompt();
            assert_eq!(asked.join().unwrap(), Err(KeychainError::PromptWaiting));
        });
    }

    #[test]
    fn one_that_cannot_be_shown_is_an_error_at_once() {
        let (world, keychain) = super::world();
        world.lock_keychain();
        let waiting = Err(KeychainError::PromptWaiting);
        assert_eq!(in_time(|| keychain.unlock(60_000)), waiting);
        assert_locked(&keychain);
    }
}

#[test]
fn a_lock_an_unlock_and_an_end_are_told_and_items_are_not() {
    let (world, keychain) = world();
    keychain.set(&key("k-1"), &secret("first")).unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    assert!(keychain.on_change(move || tell.send(()).unwrap_or_default()));
    let states = |wanted: fn(&KeychainState) -> bool| {
        told.recv_timeout(Duration::from_secs(60)).unwrap();
        eventually("the keychain is in the state that was told", || {
            wanted(&keychain.state())
        });
        while told.try_recv().is_ok() {}
    };
    world.lock_keychain();
    states(|state| *state == KeychainState::Locked);
    world.kill_keychain();
    states(|state| matches!(state, KeychainState::Absent(_) | KeychainState::Locked));
    world.start_keychain();
    states(|state| *state == KeychainState::Unlocked);
    // Signals come in order: had items been told of, that would be heard before the lock.
    while told.recv_timeout(Duration::from_millis(500)).is_ok() {}
    keychain.set(&key("k-2"), &secret("second")).unwrap();
    keychain.delete(&key("k-1")).unwrap();
    assert!(told.try_recv().is_err(), "an item was told of");
    world.lock_keychain();
    states(|state| *state == KeychainState::Locked);
}

#[test]
fn where_there_is_no_bus_nothing_is_told() {
    let keychain = OsKeychain::on_bus("unix:path=/nowhere/bus");
    assert!(!keychain.on_change(|| ()));
}

#[test]
fn a_new_connection_asks_for_something_harmless_first() {
    let (world, keychain) = world();
    let mut monitor = world
        .command("dbus-monitor")
        .args(["--address", world.bus_address(), "--profile"])
        .arg("type='method_call',destination='org.freedesktop.secrets'")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(monitor.stdout.take().unwrap()).lines();
    // It listens once it has heard of itself.
    while !lines.next().unwrap().unwrap().contains("NameLost") {}
    keychain.get(&key("k-1")).unwrap();
    keychain.unlock(1000).unwrap();
    let mut first = HashMap::new();
    while first.len() < 2 {
        let line = lines.next().unwrap().unwrap();
        let [kind, _, _, sender, .., member] = *line.split('\t').collect::<Vec<_>>() else {
            continue;
        };
        if kind == "mc" {
            first
                .entry(sender.to_owned())
                .or_insert_with(|| member.to_owned());
        }
    }
    assert!(
        first.values().all(|member| member == "ReadAlias"),
        "{first:?}"
    );
    monitor.kill().unwrap();
    monitor.wait().unwrap();
}
