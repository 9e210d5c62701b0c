//! Previews as people know them: a unified diff for each file.

use keystow_app::contract::{DiffLineView, FileAction, FilePlanView, LineKind, PlanView, Severity};

use super::words::{clean, list, problem};

/// What stands for a file that is not there.
const NOTHING: &str = "/dev/null";

/// The whole preview.
pub(crate) fn preview(plan: &PlanView, colour: bool) -> String {
    let mut text: String = plan
        .files
        .iter()
        .map(|file| of_file(file, colour))
        .collect();
    if !plan.creates_keys.is_empty() {
        let names: Vec<String> = plan
            .creates_keys
            .iter()
            .map(|name| format!("“{}”", clean(name)))
            .collect();
        let word = if names.len() == 1 { "key" } else { "keys" };
        text.push_str(&format!("New {word}: {}\n", list(&names)));
    }
    text
}

/// What undoing would do.
pub(crate) fn of_undo(files: &[FilePlanView], colour: bool) -> String {
    files.iter().map(|file| of_file(file, colour)).collect()
}

fn of_file(file: &FilePlanView, colour: bool) -> String {
    let what = match (&file.problem, file.action) {
        (Some(_), _) => "cannot be written",
        (None, FileAction::Create) => "new file",
        (None, FileAction::Change) => "changed",
        (None, FileAction::Delete) => "deleted, as Keystow made it",
        (None, FileAction::Keep) => "stays as it is",
    };
    let path = clean(&file.path);
    let mut text = match path.is_empty() {
        true => format!("{}: {what}\n", file.client_name),
        false => format!("{}: {path} ({what})\n", file.client_name),
    };
    for warning in &file.warnings {
        let word = match warning.severity {
            Severity::Note => "note",
            Severity::Caution => "warning",
        };
        text.push_str(&format!("{word}: {}\n", clean(&warning.text)));
    }
    if let Some(found) = &file.problem {
        text.push_str(&problem("error", found));
        text.push('\n');
    }
    if !file.diff.is_empty() {
        let (before, after) = match file.action {
            FileAction::Create => (NOTHING, path.as_str()),
            FileAction::Delete => (path.as_str(), NOTHING),
            FileAction::Change | FileAction::Keep => (path.as_str(), path.as_str()),
        };
        text.push_str(&format!("--- {before}\n+++ {after}\n"));
    }
    text.push_str(&lines(&file.diff, colour));
    text.push('\n');
    text
}

/// The lines of a diff.
pub(crate) fn lines(diff: &[DiffLineView], colour: bool) -> String {
    let mut text = String::new();
    for line in diff {
        // Tabs stay: they are what many of these files are indented with.
        let shown: Vec<String> = line.text.split('\t').map(clean).collect();
        let (mark, code) = match line.kind {
            LineKind::Context => (" ", ""),
            LineKind::Added => ("+", "32"),
            LineKind::Removed => ("-", "31"),
            LineKind::Gap => ("", "36"),
        };
        let shown = format!("{mark}{}", shown.join("\t"));
        if colour && !code.is_empty() {
            text.push_str(&format!("\u{1b}[{code}m{shown}\u{1b}[0m\n"));
        } else {
            text.push_str(&shown);
            text.push('\n');
        }
    }
    text
}
