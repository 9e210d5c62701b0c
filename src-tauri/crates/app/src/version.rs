//! Which version of an AI client is installed.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use keystow_core::clients::Version;
use keystow_core::{Paths, System};

/// How long a program may take to tell its version.
const PATIENCE: Duration = Duration::from_secs(5);
/// More than that is not read of what it says, in bytes.
const ENOUGH: u64 = 16 * 1024;
/// How often a program that should end is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Runs the command that tells a client's version; `None` where it is not installed, does not end in time, or tells none.
pub(crate) fn told(command: &[String], paths: &Paths) -> Option<Version> {
    told_within(command, paths, PATIENCE)
}

fn told_within(command: &[String], paths: &Paths, patience: Duration) -> Option<Version> {
    let (program, args) = command.split_first()?;
    let until = Instant::now() + patience;
    let mut command = Command::new(find(program, paths)?);
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    #[cfg(windows)]
    {
        // CREATE_NO_WINDOW: no console flashes up.
        std::os::windows::process::CommandExt::creation_flags(&mut command, 0x0800_0000);
    }
    let mut child = Ended(command.spawn().ok()?);
    let stdout = child.0.stdout.take()?;
    let (done, said) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stdout.take(ENOUGH).read_to_end(&mut bytes);
        // Nobody may wait any more.
        let _ = done.send(bytes);
    });
    let said = said
        .recv_timeout(until.saturating_duration_since(Instant::now()))
        .ok()?;
    loop {
        match child.0.try_wait() {
            Ok(Some(status)) if status.success() => break,
            Ok(None) if Instant::now() < until => thread::sleep(LOOK),
            _ => return None,
        }
    }
    Version::told_in(&String::from_utf8_lossy(&said))
}

/// Where a program is; on Windows it may be a script such as `codex.cmd`.
fn find(program: &str, paths: &Paths) -> Option<PathBuf> {
    let names: Vec<String> = match paths.system {
        System::Windows => ["exe", "cmd", "bat"]
            .map(|end| format!("{program}.{end}"))
            .into(),
        System::Linux | System::Macos => vec![program.to_owned()],
    };
    paths
        .search
        .iter()
        .flat_map(|dir| names.iter().map(move |name| dir.join(name)))
        .find(|place| place.is_file())
}

/// A child that is killed, where it still runs, when it is not looked at any more.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    /// What a program says that is a shell script of that text.
    fn told_by(script: &str, patience: Duration) -> Option<String> {
        let var = |name: &str| match name {
            "HOME" => Some("/home/ada".to_owned()),
            "PATH" => Some("/nowhere:/usr/bin:/bin".to_owned()),
            _ => None,
        };
        let paths = Paths::from_vars(System::here(), &var).unwrap();
        let command = ["sh", "-c", script].map(str::to_owned);
        told_within(&command, &paths, patience).map(|version| version.to_string())
    }

    #[test]
    fn a_program_tells_its_version_or_nothing() {
        let told = |script: &str| told_by(script, PATIENCE);
        assert_eq!(told("echo codex-cli 0.147.0").as_deref(), Some("0.147.0"));
        assert_eq!(told("cat; echo 2.0.1").as_deref(), Some("2.0.1"));
        assert_eq!(told("echo 1.2.3; exit 1"), None);
        assert_eq!(told("echo soon"), None);
    }

    #[test]
    fn a_program_that_is_not_there_tells_nothing() {
        let paths = Paths::from_vars(System::here(), &|_| Some("/nowhere".to_owned())).unwrap();
        assert_eq!(told(&["no-such-client".to_owned()], &paths), None);
        assert_eq!(told(&[], &paths), None);
    }

    #[test]
    fn a_program_that_hangs_is_given_up_on() {
        let started = Instant::now();
        assert_eq!(told_by("exec sleep 600", Duration::from_millis(200)), None);
        assert!(started.elapsed() < Duration::from_secs(60));
    }
}
