use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use keystow_core::Secret;

use super::*;

const LIMIT: Duration = Duration::from_millis(100);

/// Knows how often it was opened; all else is up to the work it is given.
struct Blank;

impl Store for Blank {
    fn set(&mut self, _: &str, _: &Secret, _: Until) -> Result<(), KeychainError> {
        Ok(())
    }
    fn get(&mut self, _: &str, _: Until) -> Result<Option<Secret>, KeychainError> {
        Ok(None)
    }
    fn delete(&mut self, _: &str, _: Until) -> Result<(), KeychainError> {
        Ok(())
    }
    fn check(&mut self, _: Until) -> Result<(), KeychainError> {
        Ok(())
    }
}

fn attendant() -> (Attendant, Arc<AtomicUsize>) {
    attendant_with(None)
}

fn attendant_with(rest: Option<Duration>) -> (Attendant, Arc<AtomicUsize>) {
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let attendant = Attendant::new(LIMIT, rest, move || {
        count.fetch_add(1, Ordering::SeqCst);
        Box::new(Blank)
    });
    (attendant, opened)
}

fn timed_out() -> KeychainError {
    KeychainError::TimedOut { limit_ms: 100 }
}

/// Work that hangs until its sender is dropped.
fn hang(attendant: &Attendant) -> (Sender<()>, Result<(), KeychainError>) {
    let (release, released): (Sender<()>, Receiver<()>) = channel();
    let outcome = attendant.ask(move |_, _| {
        let _ = released.recv();
        Ok(())
    });
    (release, outcome)
}

fn threads(attendant: &Attendant) -> usize {
    attendant.0.lock().threads
}

#[test]
fn all_calls_share_one_thread_and_one_handle() {
    let (attendant, opened) = attendant();
    let ask = || {
        attendant
            .ask(|_, _| Ok(std::thread::current().id()))
            .unwrap()
    };
    let first = ask();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(ask(), first));
        }
    });
    assert_eq!((opened.load(Ordering::SeqCst), threads(&attendant)), (1, 1));
}

#[test]
fn one_that_rests_lets_its_thread_and_its_handle_go_after_a_call_and_has_new_ones_for_the_next() {
    let (attendant, opened) = attendant_with(Some(Duration::from_millis(20)));
    for call in 1..=3 {
        assert_eq!(attendant.ask(move |_, _| Ok(call)), Ok(call));
        keystow_testkit::eventually("the thread ends", || threads(&attendant) == 0);
        assert_eq!(opened.load(Ordering::SeqCst), call);
    }
}

#[test]
fn one_that_rests_keeps_what_was_only_begun_for_the_call_that_follows() {
    let (attendant, opened) = attendant_with(Some(Duration::ZERO));
    attendant.begin(|_, _| {});
    keystow_testkit::eventually("it is opened", || opened.load(Ordering::SeqCst) == 1);
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(attendant.ask(|_, _| Ok(())), Ok(()));
    assert_eq!(opened.load(Ordering::SeqCst), 1);
}

#[test]
fn a_call_that_hangs_fails_in_time_and_the_next_one_is_served() {
    let (attendant, _) = attendant();
    let began = Instant::now();
    let (release, outcome) = hang(&attendant);
    assert_eq!(outcome, Err(timed_out()));
    assert!(began.elapsed() < LIMIT * 3);
    assert_eq!(attendant.ask(|_, _| Ok(7)), Ok(7));
    drop(release);
    keystow_testkit::eventually("the lost thread ends", || threads(&attendant) == 1);
}

#[test]
fn work_that_was_only_begun_and_hangs_holds_nobody_up_for_longer_than_a_call_of_their_own() {
    let (attendant, _) = attendant();
    let (release, released): (Sender<()>, Receiver<()>) = channel();
    attendant.begin(move |_, _| {
        let _ = released.recv();
    });
    assert_eq!(attendant.ask(|_, _| Ok(())), Err(timed_out()));
    assert_eq!(attendant.ask(|_, _| Ok(1)), Ok(1));
    drop(release);
}

#[test]
fn hanging_for_ever_costs_no_more_than_a_few_threads() {
    let (attendant, _) = attendant();
    let mut held = Vec::new();
    for _ in 0..MAX_THREADS + 3 {
        let began = Instant::now();
        let (release, outcome) = hang(&attendant);
        assert_eq!(outcome, Err(timed_out()));
        assert!(began.elapsed() < LIMIT * 3);
        held.push(release);
    }
    assert_eq!(threads(&attendant), MAX_THREADS);
    drop(held);
    keystow_testkit::eventually("it is served again", || {
        attendant.ask(|_, _| Ok(())).is_ok()
    });
    keystow_testkit::eventually("one thread is left", || threads(&attendant) == 1);
}

#[test]
fn work_whose_caller_gave_up_before_its_turn_is_never_done() {
    let (attendant, _) = attendant();
    let done = Arc::new(AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let held = scope.spawn(|| hang(&attendant));
        keystow_testkit::eventually("the thread is busy", || {
            attendant.0.lock().at_work.is_some()
        });
        let mark = Arc::clone(&done);
        // Waits behind the one that hangs, and its own time is up at about the same moment.
        let behind = attendant.ask(move |_, until| {
            until.check()?;
            mark.fetch_add(1, Ordering::SeqCst);
            Ok(())
        });
        let (release, _) = held.join().unwrap();
        drop(release);
        assert_eq!(attendant.ask(|_, _| Ok(())), Ok(()));
        let expected = usize::from(behind.is_ok());
        assert_eq!(done.load(Ordering::SeqCst), expected);
    });
}

#[test]
fn a_library_that_panics_is_an_error_and_is_opened_anew() {
    let (attendant, opened) = attendant();
    let outcome: Result<(), _> =
        attendant.ask(|_, _| std::panic::resume_unwind(Box::new("a bug in a library")));
    assert!(matches!(outcome, Err(KeychainError::Failed { .. })));
    assert_eq!(attendant.ask(|_, _| Ok(1)), Ok(1));
    assert_eq!((opened.load(Ordering::SeqCst), threads(&attendant)), (2, 1));
}

#[test]
fn its_thread_ends_with_it() {
    let (attendant, _) = attendant();
    assert_eq!(attendant.ask(|_, _| Ok(())), Ok(()));
    let desk = Arc::clone(&attendant.0);
    drop(attendant);
    keystow_testkit::eventually("the thread ends", || desk.lock().threads == 0);
}
