use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::views;
use crate::app::App;
use crate::contract::*;
use crate::error::AppError;
use crate::files::FileError;

/// The most entries in one answer.
const MOST: u32 = 200;
/// The most words that are looked for, and how long each may be.
const WORDS: usize = 16;
const LONGEST_WORD: usize = 200;
/// As many files of one name, and no more.
const TRIES: u32 = 1000;

/// The trail, newest first.
pub fn activity_list(app: &App, request: ActivityRequest) -> Result<Vec<ActivityView>, AppError> {
    let limit = request.limit.unwrap_or(50).clamp(1, MOST);
    let request = checked(request)?;
    Ok(app.store.activity(&request, limit as usize)?)
}

/// All that was asked for, oldest first: what is printed or written as JSON Lines.
pub fn activity_all(app: &App, request: ActivityRequest) -> Result<Vec<ActivityView>, AppError> {
    let request = ActivityRequest {
        before: None,
        ..checked(request)?
    };
    let mut trail = app.store.activity(&request, usize::MAX)?;
    trail.reverse();
    Ok(trail)
}

/// Writes the trail as JSON Lines, oldest first, into a new file of the person's: in their downloads, or else at home.
pub fn activity_export(app: &App, request: ActivityRequest) -> Result<ExportView, AppError> {
    let trail = activity_all(app, request)?;
    let downloads = app.paths.home.join("Downloads");
    let dir = match downloads.is_dir() {
        true => downloads,
        false => app.paths.home.clone(),
    };
    let (path, file) = new_file(&dir)?;
    let failed = |source| AppError::File(FileError::at(&path, source));
    let mut out = BufWriter::new(file);
    for entry in &trail {
        let line = serde_json::to_string(entry).expect("an entry is plain data");
        writeln!(out, "{line}").map_err(failed)?;
    }
    let file = out
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    Ok(ExportView {
        path: app.paths.shown(&path),
        lines: views::count(trail.len()),
    })
}

/// A file that was not there: nobody's is replaced.
fn new_file(dir: &Path) -> Result<(PathBuf, File), AppError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut number = 1;
    loop {
        let path = dir.join(match number {
            1 => "keystow-activity.jsonl".to_owned(),
            number => format!("keystow-activity-{number}.jsonl"),
        });
        match options.open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && number < TRIES => number += 1,
            Err(error) => return Err(FileError::at(&path, error).into()),
        }
    }
}

fn checked(mut request: ActivityRequest) -> Result<ActivityRequest, AppError> {
    request.about.retain(|word| !word.trim().is_empty());
    let long = |word: &String| word.len() > LONGEST_WORD;
    if request.about.len() > WORDS || request.about.iter().any(long) {
        return Err(AppError::Invalid {
            reason: format!("at most {WORDS} words of {LONGEST_WORD} characters are looked for"),
        });
    }
    Ok(request)
}
