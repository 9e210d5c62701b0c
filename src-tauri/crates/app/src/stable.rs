//! The stable path: settings files name one fixed per-user place of the `keystow` binary, and this keeps a good copy there.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

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
    let Some(there) = digest(stable)? else {
        return Ok(Stable::Absent);
    };
    Ok(if digest(program)? == Some(there) {
        Stable::Current
    } else {
        Stable::Outdated
    })
}

/// Puts a copy of `program` at `stable`, atomically, if what is there is something else. Bridges that run from the old copy keep it.
pub(crate) fn install(program: &Path, stable: &Path) -> Result<Stable, AppError> {
    let before = state(program, stable)?;
    if before == Stable::Current {
        return Ok(before);
    }
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
    Ok(before)
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

fn digest(path: &Path) -> Result<Option<Vec<u8>>, AppError> {
    let failed = |source| FileError::at(path, source);
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error).into()),
    };
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(failed)? {
            0 => return Ok(Some(hash.finalize().to_vec())),
            read => hash.update(buffer.get(..read).unwrap_or_default()),
        }
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
        assert_eq!(fs::read_dir(stable.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_program_that_is_the_stable_copy_is_current() {
        let dir = tempfile::tempdir().unwrap();
        let stable = dir.path().join("keystow");
        File::create(&stable).unwrap().write_all(b"one").unwrap();
        assert_eq!(install(&stable, &stable).unwrap(), Stable::Current);
    }
}
