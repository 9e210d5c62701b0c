//! What we write for people stays true: links lead somewhere, and commands named exist.

use std::path::Path;

use super::source::{File, files, root};

fn documents() -> Vec<File> {
    let mut all = files("src-tauri", &["md"]);
    all.extend(files("ui", &["md"]));
    for name in ["README.md", "CHANGELOG.md"] {
        let text = std::fs::read_to_string(root().join(name)).unwrap();
        all.push(File {
            path: name.to_owned(),
            text,
        });
    }
    all
}

/// Targets of `[text](target)` and `![text](target)` that are files of ours.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.split('#').next().unwrap_or(target))
        .filter(|target| {
            !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")
        })
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for document in documents() {
        let from = root().join(&document.path);
        let from = from.parent().unwrap_or(Path::new("."));
        broken.extend(
            links(&document.text)
                .filter(|target| !from.join(target).exists())
                .map(|target| format!("{}: {target}", document.path)),
        );
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn make_targets_named_in_documents_exist() {
    let makefile = std::fs::read_to_string(root().join("Makefile")).unwrap();
    let targets: Vec<&str> = makefile
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name)
        .filter(|name| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        })
        .collect();
    for document in documents() {
        for named in document
            .text
            .split("`make ")
            .skip(1)
            .filter_map(|rest| rest.split(['`', ' ']).next())
        {
            assert!(
                targets.contains(&named),
                "{} names `make {named}`",
                document.path
            );
        }
    }
}

#[test]
fn the_architecture_page_stays_a_page() {
    let text = std::fs::read_to_string(root().join("src-tauri/docs/ARCHITECTURE.md")).unwrap();
    assert!(
        text.lines().count() <= 200,
        "ARCHITECTURE.md is longer than 200 lines"
    );
    for decision in files("src-tauri/docs/adr", &["md"]) {
        assert!(
            decision.text.lines().count() <= 50,
            "{} is longer than a page",
            decision.path
        );
    }
}
