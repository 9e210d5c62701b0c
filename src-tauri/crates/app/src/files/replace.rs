use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::{
    ClientLocks, FileError, Snapshot, attributes, check_writable, remove_made_dirs, unchanged,
};
use crate::steps;

/// Replaces, makes or (with `None`) deletes the file of a snapshot, if it still is what the snapshot saw. The client's own locks are
/// held from that last look until the file is in its place.
///
/// # Errors
/// Whatever goes wrong, the file is the old one or the new one, and nothing is left beside it.
pub(crate) fn replace(
    snapshot: &Snapshot,
    after: Option<&[u8]>,
    made_dirs: &[PathBuf],
    locks: &ClientLocks<'_>,
) -> Result<(), FileError> {
    let real = snapshot.real.as_path();
    let failed = |source| FileError::at(real, source);
    check_writable(snapshot)?;
    let Some(after) = after else {
        {
            let _held = locks.take()?;
            steps::reached("locked");
            unchanged(snapshot)?;
            fs::remove_file(real).map_err(failed)?;
            steps::reached("removed");
        }
        remove_made_dirs(snapshot, made_dirs);
        flush_dir(real);
        return Ok(());
    };
    let dir = real.parent().ok_or_else(|| FileError::NotAFile {
        path: real.to_owned(),
    })?;
    fs::create_dir_all(dir).map_err(|source| FileError::at(dir, source))?;
    steps::reached("dirs made");
    let mut temp = tempfile::Builder::new()
        .prefix(&temp_prefix(real))
        .suffix(".tmp")
        .tempfile_in(dir)
        .map_err(|source| FileError::at(dir, source))?;
    steps::reached("temp made");
    temp.write_all(after).map_err(failed)?;
    match fs::metadata(real) {
        Ok(old) => attributes::keep(real, &old, temp.as_file()).map_err(failed)?,
        Err(_) => attributes::of_a_new_file(temp.as_file()).map_err(failed)?,
    }
    temp.as_file().sync_all().map_err(failed)?;
    steps::reached("temp flushed");
    {
        let _held = locks.take()?;
        steps::reached("locked");
        unchanged(snapshot)?;
        put(temp, snapshot)?;
        steps::reached("renamed");
    }
    steps::reached("unlocked");
    flush_dir(real);
    Ok(())
}

fn put(temp: tempfile::NamedTempFile, snapshot: &Snapshot) -> Result<(), FileError> {
    let real = snapshot.real.as_path();
    let placed = match snapshot.bytes {
        Some(_) => place(temp, real),
        None => temp
            .persist_noclobber(real)
            .map(drop)
            .map_err(|error| error.error),
    };
    placed.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => FileError::ChangedOnDisk {
            path: snapshot.path.clone(),
        },
        _ => FileError::at(real, error),
    })
}

/// Renames over the old file. Where another program has it open without sharing (Windows), tries again for a moment.
fn place(mut temp: tempfile::NamedTempFile, real: &Path) -> io::Result<()> {
    for wait_ms in [5, 10, 20, 40, 80, 160, 320] {
        match temp.persist(real) {
            Ok(_) => return Ok(()),
            Err(error)
                if cfg!(windows) && matches!(error.error.raw_os_error(), Some(5 | 32 | 33)) =>
            {
                temp = error.file;
                std::thread::sleep(std::time::Duration::from_millis(wait_ms));
            }
            Err(error) => return Err(error.error),
        }
    }
    temp.persist(real).map(drop).map_err(|error| error.error)
}

/// What the temporary files beside `real` start with.
fn temp_prefix(real: &Path) -> String {
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    // A name has 255 bytes at most.
    let name: String = name.chars().take(50).collect();
    format!(".{name}.keystow-")
}

/// Clears away temporary files that a killed process left beside `real`.
pub(crate) fn sweep(real: &Path) {
    let prefix = temp_prefix(real);
    let Some(entries) = real.parent().and_then(|dir| fs::read_dir(dir).ok()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(&prefix) && name.to_string_lossy().ends_with(".tmp") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes a rename durable. Windows has no such call for directories.
fn flush_dir(file: &Path) {
    if cfg!(unix)
        && let Some(dir) = file.parent().and_then(|dir| File::open(dir).ok())
    {
        let _ = dir.sync_all();
    }
}
