use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use keystow_testkit::{World, eventually};

fn alive(pid: u32) -> bool {
    // A zombie is not alive.
    std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().unwrap().starts_with(" Z"))
}

#[test]
fn keeps_a_secret_in_its_own_keychain_only() {
    let (one, two) = (World::new(), World::new());
    let mut store = one
        .command("secret-tool")
        .args(["store", "--label=x", "service", "testkit"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut store.stdin.take().unwrap(), b"canary").unwrap();
    assert!(store.wait().unwrap().success());
    let lookup = |world: &World| {
        let output = world
            .command("secret-tool")
            .args(["lookup", "service", "testkit"])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(lookup(&one), "canary");
    assert_eq!(lookup(&two), "");
    one.kill_keychain();
    one.start_keychain();
    assert_eq!(lookup(&one), "canary");
}

#[test]
fn gives_programs_its_environment_and_nothing_else() {
    let world = World::without_bus();
    let output = world.command("env").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut names: Vec<&str> = text
        .lines()
        .map(|line| line.split_once('=').unwrap().0)
        .collect();
    let mut expected: Vec<&str> = world.env().iter().map(|(key, _)| key.as_str()).collect();
    names.sort_unstable();
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert!(text.contains(&format!("HOME={}", world.home().display())));
}

#[test]
fn a_world_without_keychain_has_a_bus_where_nothing_starts_by_itself() {
    let world = World::without_keychain();
    let output = world
        .command("secret-tool")
        .args(["lookup", "a", "b"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(!world.has_keychain());
    let run = Path::new(world.var("XDG_RUNTIME_DIR").unwrap());
    let mode = std::fs::metadata(run).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn ends_processes_that_programs_left_behind_and_removes_its_home() {
    let world = World::without_bus();
    let output = world
        .command("sh")
        .args(["-c", "setsid sleep 600 >/dev/null 2>&1 & echo $!"])
        .output()
        .unwrap();
    let pid: u32 = String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    // Between a fork and the program that it becomes a process shows no environment.
    eventually("the sleeper runs", || world.processes().contains(&pid));
    let home = world.home().to_owned();
    drop(world);
    assert!(!alive(pid));
    assert!(!home.exists());
}

#[test]
fn ends_with_a_panicking_test() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let panicked = std::thread::spawn(move || {
        let world = World::new();
        sender
            .send((world.keychain_pid(), world.home().to_owned()))
            .unwrap();
        std::panic::resume_unwind(Box::new("as a failed assertion would"));
    })
    .join();
    assert!(panicked.is_err());
    let (pid, home) = receiver.recv().unwrap();
    assert!(!alive(pid));
    assert!(!home.exists());
}

#[test]
fn ends_with_a_test_process_that_was_killed() {
    // This binary again, holding a world until it is killed.
    let mut other = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "world::holds_a_world_when_told_to",
            "--exact",
            "--nocapture",
        ])
        .env("KEYSTOW_TESTKIT_HOLD", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = other.stdout.take().unwrap();
    let told = std::io::BufRead::lines(std::io::BufReader::new(stdout))
        .map_while(Result::ok)
        .find_map(|line| Some(line.split_once("HOLDS ")?.1.to_owned()))
        .unwrap();
    let (pid, home) = told.split_once(' ').unwrap();
    let pid: u32 = pid.parse().unwrap();
    assert!(alive(pid));
    other.kill().unwrap();
    other.wait().unwrap();
    eventually("the keychain daemon of the killed process ends", || {
        !alive(pid)
    });
    eventually("its home is removed", || !Path::new(home).exists());
}

/// The other half of the test above; by itself it proves nothing and takes no time.
#[test]
#[allow(clippy::print_stdout)]
fn holds_a_world_when_told_to() {
    if std::env::var_os("KEYSTOW_TESTKIT_HOLD").is_none() {
        return;
    }
    let world = World::new();
    println!("HOLDS {} {}", world.keychain_pid(), world.home().display());
    let mut line = String::new();
    let _ = std::io::stdin().read_line(&mut line);
}

#[test]
fn a_display_is_there_when_asked_for() {
    let world = World::without_bus().with_display();
    let display = world.var("DISPLAY").unwrap();
    assert!(display.starts_with(':'));
    let socket = format!("/tmp/.X11-unix/X{}", display.trim_start_matches(':'));
    assert!(Path::new(&socket).exists());
}

#[test]
fn a_locked_keychain_is_locked() {
    let world = World::new();
    world.lock_keychain();
    world.kill_keychain();
    world.start_keychain_locked();
    world.kill_keychain();
    world.start_keychain();
    world.stop_keychain();
    world.continue_keychain();
    assert!(world.has_keychain());
}
