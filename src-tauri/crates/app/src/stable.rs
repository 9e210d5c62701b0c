//! The stable path: settings files name one fixed per-user place of the `keystow` binary, and this keeps a good copy there.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::AppError;
use crate::files::{FileError, private_dir};

/// How the stable copy compares to the program that came with this host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stable {
    /// The same bytes.
    Current,
    /// Other bytes.
    Outdated,
    /// Nothing there.
    Absent,
}

/// Compares by content.
pub(crate) fn state(program: &Path, stable: &Path) -> Result<Stable, AppError> {
    if same_file(program, stable) {
        return Ok(Stable::Current);
    }
    match same_bytes(program, stable)? {
        None => Ok(Stable::Absent),
        Some(true) => Ok(Stable::Current),
        Some(false) => Ok(Stable::Outdated),
    }
}

/// Puts a copy of `program` at `stable`, atomically, if what is there is something else. Bridges that run from the old copy keep it.
///
/// That both are the same is remembered beside the copy, so that they are not read each time.
pub(crate) fn install(program: &Path, stable: &Path) -> Result<Stable, AppError> {
    let stamp = stable.with_extension("seen");
    let seen = looks(program, stable);
    if seen.is_some() && fs::read_to_string(&stamp).ok() == seen {
        return Ok(Stable::Current);
    }
    let before = state(program, stable)?;
    if before != Stable::Current {
        copy(program, stable, before)?;
    }
    let remembered = looks(program, stable)
        .ok_or(ErrorKind::NotFound.into())
        .and_then(|seen| File::create(&stamp)?.write_all(seen.as_bytes()));
    if let Err(error) = remembered {
        tracing::debug!(%error, "the next connect compares the program anew");
    }
    Ok(before)
}

/// Size, times and numbers of both files: with the same, they hold what they held.
fn looks(program: &Path, stable: &Path) -> Option<String> {
    let of = |path: &Path| {
        let found = fs::metadata(path).ok()?;
        let time = found.modified().ok()?;
        #[cfg(unix)]
        let more = {
            use std::os::unix::fs::MetadataExt;
            (found.dev(), found.ino(), found.ctime(), found.ctime_nsec())
        };
        #[cfg(not(unix))]
        let more = found.created().ok();
        Some(format!("{} {time:?} {more:?}\n", found.len()))
    };
    Some(of(program)? + &of(stable)?)
}

fn copy(program: &Path, stable: &Path, before: Stable) -> Result<(), AppError> {
    let dir = stable.parent().unwrap_or(stable);
    let failed = |source| FileError::at(stable, source);
    private_dir(dir).map_err(failed)?;
    let mut temp = tempfile::Builder::new()
        .prefix(".keystow-")
        .suffix(".tmp")
        .tempfile_in(dir)
        .map_err(failed)?;
    let mut from = File::open(program).map_err(|source| FileError::at(program, source))?;
    io::copy(&mut from, temp.as_file_mut()).map_err(failed)?;
    temp.flush().map_err(failed)?;
    executable(temp.as_file()).map_err(failed)?;
    temp.as_file().sync_all().map_err(failed)?;
    // Windows does not replace a program that runs, but lets it be renamed.
    let aside = cfg!(windows).then(|| dir.join(format!("keystow.old-{}.exe", std::process::id())));
    if let Some(aside) = aside.as_ref().filter(|_| before == Stable::Outdated) {
        move_aside(stable, aside).map_err(failed)?;
    }
    temp.persist(stable).map_err(|error| failed(error.error))?;
    sweep_old(dir);
    Ok(())
}

#[allow(clippy::disallowed_methods)] // our own binary, not a person's file
fn move_aside(from: &Path, to: &PathBuf) -> io::Result<()> {
    fs::rename(from, to)
}

/// Old copies that nobody runs any more.
fn sweep_old(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with("keystow.old-")
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

/// `None`: the second is not there.
fn same_bytes(one: &Path, other: &Path) -> Result<Option<bool>, AppError> {
    let other_file = match File::open(other) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(FileError::at(other, error).into()),
    };
    let one_file = File::open(one).map_err(|source| FileError::at(one, source))?;
    let same = same_content(one_file, other_file).map_err(|source| FileError::at(other, source))?;
    Ok(Some(same))
}

fn same_content(one: File, other: File) -> io::Result<bool> {
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (
        BufReader::with_capacity(1 << 16, one),
        BufReader::with_capacity(1 << 16, other),
    );
    loop {
        let (a, b) = (one.fill_buf()?, other.fill_buf()?);
        let len = a.len().min(b.len());
        if len == 0 {
            return Ok(a.len() == b.len());
        }
        if a.get(..len) != b.get(..len) {
            return Ok(false);
        }
        one.consume(len);
        other.consume(len);
    }
}

#[cfg(unix)]
fn executable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)] // the same shape as on Unix
fn executable(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installs_once_and_replaces_what_is_outdated() {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("keystow-new");
        File::create(&program).unwrap().write_all(b"one").unwrap();
        let stable = dir.path().join("data/bin/keystow");
        assert_eq!(install(&program, &stable).unwrap(), Stable::Absent);
        assert_eq!(install(&program, &stable).unwrap(), Stable::Current);
        File::create(&program).unwrap().write_all(b"two").unwrap();
        assert_eq!(install(&program, &stable).unwrap(), Stable::Outdated);
        assert_eq!(fs::read(&stable).unwrap(), b"two");
        let names = fs::read_dir(stable.parent().unwrap()).unwrap();
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["keystow", "keystow.seen"]);
    }

    #[test]
    fn a_copy_that_was_damaged_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("keystow-new");
        File::create(&program).unwrap().write_all(b"one").unwrap();
        let stable = dir.path().join("data/bin/keystow");
        install(&program, &stable).unwrap();
        assert_eq!(install(&program, &stable).unwrap(), Stable::Current);
        fs::remove_file(&stable).unwrap();
        File::create(&stable).unwrap().write_all(b"eno").unwrap();
        assert_eq!(install(&program, &stable).unwrap(), Stable::Outdated);
        assert_eq!(fs::read(&stable).unwrap(), b"one");
    }

    #[test]
    fn a_program_that_is_the_stable_copy_is_current() {
        let dir = tempfile::tempdir().unwrap();
        let stable = dir.path().join("keystow");
        File::create(&stable).unwrap().write_all(b"one").unwrap();
        assert_eq!(install(&stable, &stable).unwrap(), Stable::Current);
    }
}
