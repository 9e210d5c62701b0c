//! Writes the README's tables of AI clients and of providers from their files. A test fails while the README shows others.
//!
//! `cargo run -p keystow-core --example readme-tables`
#![allow(clippy::disallowed_methods)] // the README is ours, and under version control

use std::path::{Path, PathBuf};

mod clients;
mod providers;

/// The README with both tables as the files have them now; none where it has lost a mark.
pub fn with_tables(readme: &str) -> Option<String> {
    let readme = between(readme, "clients", &clients::table())?;
    between(&readme, "providers", &providers::table())
}

fn between(readme: &str, name: &str, table: &str) -> Option<String> {
    let (begin, end) = (
        format!("<!-- {name}:begin -->\n"),
        format!("<!-- {name}:end -->"),
    );
    let (before, rest) = readme.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}{table}{end}{after}"))
}

/// Where the README is.
pub fn readme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../README.md")
}

fn main() -> std::io::Result<()> {
    let path = readme();
    let text = std::fs::read_to_string(&path)?;
    match with_tables(&text) {
        Some(text) => std::fs::write(path, text),
        None => Err(std::io::Error::other("the README has lost its marks")),
    }
}
