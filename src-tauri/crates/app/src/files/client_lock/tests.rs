use std::io::Write;
use std::thread;

use super::*;

const STALE: Duration = Duration::from_millis(300);

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn lock(&self) -> PathBuf {
        self.0.path().join(".claude.json.lock")
    }

    fn take(&self, lock: ClientLock) -> Result<Held, FileError> {
        let locks = ClientLocks {
            data: &self.0.path().join("data"),
            client: "Claude Code",
            locks: vec![lock],
        };
        locks.take()
    }

    fn directory(&self) -> ClientLock {
        ClientLock::Directory {
            path: self.lock(),
            stale_after: STALE,
        }
    }

    fn flock(&self) -> ClientLock {
        ClientLock::Flock { path: self.lock() }
    }

    fn nothing_is_left(&self) {
        assert!(!self.lock().exists());
        assert!(!locks_left_over(&self.0.path().join("data")));
    }
}

#[test]
fn a_lock_is_there_while_it_is_held_and_gone_afterwards() {
    let place = Place::new();
    for lock in [place.directory(), place.flock()] {
        let held = place.take(lock).unwrap();
        assert!(place.lock().exists());
        drop(held);
        place.nothing_is_left();
    }
}

#[test]
fn waits_for_a_client_that_writes_just_now() {
    let place = Place::new();
    fs::create_dir(place.lock()).unwrap();
    let path = place.lock();
    // As proper-lockfile does: the time of a live lock moves on.
    let client = thread::spawn(move || {
        for _ in 0..8 {
            thread::sleep(STALE / 4);
            File::open(&path)
                .unwrap()
                .set_modified(SystemTime::now())
                .unwrap();
        }
        fs::remove_dir(&path).unwrap();
        Instant::now()
    });
    let held = place.take(place.directory()).unwrap();
    let ours = Instant::now();
    assert!(ours >= client.join().unwrap());
    drop(held);
    place.nothing_is_left();
}

#[test]
fn a_lock_whose_time_has_not_moved_is_left_over() {
    let place = Place::new();
    fs::create_dir(place.lock()).unwrap();
    let started = Instant::now();
    drop(place.take(place.directory()).unwrap());
    assert!(started.elapsed() >= STALE / 2, "a young lock is waited for");
    place.nothing_is_left();
    // Also where the clock was put back since.
    fs::create_dir(place.lock()).unwrap();
    let later = SystemTime::now() + Duration::from_secs(3600);
    File::open(place.lock())
        .unwrap()
        .set_modified(later)
        .unwrap();
    drop(place.take(place.directory()).unwrap());
    place.nothing_is_left();
}

#[test]
fn names_the_client_and_the_lock_it_does_not_let_go_of() {
    let place = Place::new();
    // Not one that can be taken away.
    File::create(place.lock()).unwrap().write_all(b"x").unwrap();
    let error = place.take(place.directory()).unwrap_err();
    assert!(
        matches!(&error, FileError::ClientBusy { client, lock }
            if client == "Claude Code" && *lock == place.lock()),
        "{error}"
    );
    assert!(!locks_left_over(&place.0.path().join("data")));
}

#[test]
fn a_lock_that_was_there_before_stays() {
    let place = Place::new();
    File::create(place.lock()).unwrap();
    drop(place.take(place.flock()).unwrap());
    assert!(place.lock().exists());
    let theirs = File::open(place.lock()).unwrap();
    theirs.lock().unwrap();
    let path = place.lock();
    let (sent, seen) = std::sync::mpsc::channel();
    let client = thread::spawn(move || {
        seen.recv().unwrap();
        thread::sleep(Duration::from_millis(50));
        drop(theirs);
        path
    });
    sent.send(()).unwrap();
    drop(place.take(place.flock()).unwrap());
    assert!(client.join().unwrap().exists());
}

#[test]
fn where_there_is_no_directory_there_is_no_lock() {
    let place = Place::new();
    let path = place.0.path().join("none/here.lock");
    for lock in [
        ClientLock::Flock { path: path.clone() },
        ClientLock::Directory {
            path: path.clone(),
            stale_after: STALE,
        },
    ] {
        let held = place.take(lock).unwrap();
        assert!(held.locks.is_empty());
    }
    place.nothing_is_left();
}

#[test]
fn a_lock_that_a_killed_process_of_ours_left_goes_and_a_clients_stays() {
    let place = Place::new();
    let data = place.0.path().join("data");
    for is_directory in [true, false] {
        Note::of(&data, &place.lock()).write().unwrap();
        match is_directory {
            true => fs::create_dir(place.lock()).unwrap(),
            false => drop(File::create(place.lock()).unwrap()),
        }
        assert!(locks_left_over(&data));
        clear_locks_left_over(&data);
        place.nothing_is_left();
    }
    // Killed after the note and before the lock; meanwhile the client took it.
    let note = Note::of(&data, &place.lock());
    note.write().unwrap();
    fs::create_dir(place.lock()).unwrap();
    let later = SystemTime::now() + RIGHT_AFTER * 2;
    File::open(place.lock())
        .unwrap()
        .set_modified(later)
        .unwrap();
    clear_locks_left_over(&data);
    assert!(place.lock().exists() && !locks_left_over(&data));
}
