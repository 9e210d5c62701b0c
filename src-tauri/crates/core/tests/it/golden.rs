//! Golden trees: for each client, real shapes of its settings files before and after our entry comes in.
//!
//! `fixtures/clients/<id>/<case>/` holds `in.<syntax>` (none: there is no file) and either `out.<syntax>` or `refused` (the code,
//! and the place where there is one). `out.helper.<syntax>` is the file with an entry that has a helper. `notices` lists what the
//! client's quirks say of the file as it is. A case is about the client's first target, or about the one that stands behind an `@`
//! in its name: `other-servers@project`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use keystow_core::ClientId;
use keystow_core::clients::{Client, Clients, Fill, Mode, Seen, Target};
use keystow_core::edit::{EditError, Receipt, Servers, read_entry, remove_entry, set_entry};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clients")
}

fn names_in(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap_or_else(|error| panic!("{}: {error}", dir.display()))
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn refusal(error: &EditError) -> String {
    match error.place() {
        Some(place) => format!("{} at {place}", error.code()),
        None => error.code().to_owned(),
    }
}

/// One case of a client.
struct Case<'a> {
    client: &'a Client,
    target: &'a Target,
    servers: Servers,
    dir: PathBuf,
}

impl<'a> Case<'a> {
    fn new(client: &'a Client, name: &str) -> Self {
        let dir = fixtures().join(client.id.as_str()).join(name);
        let target = match name.split_once('@') {
            Some((_, kind)) => client.targets.iter().find(|target| target.kind == kind),
            None => client.targets.first(),
        };
        let target = target.unwrap_or_else(|| panic!("{}: no such target", dir.display()));
        Self {
            client,
            target,
            servers: target.servers(Some(Path::new("/home/ada/work"))),
            dir,
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        let syntax = self.target.syntax.as_str();
        self.dir.join(format!("{name}.{syntax}"))
    }

    fn seen<'b>(&self, before: Option<&'b [u8]>, mode: Mode) -> Seen<'b> {
        Seen {
            bytes: before,
            is_link: false,
            mode,
        }
    }

    /// The file with our entry and its receipt, or the code of the refusal.
    fn connect(&self, mode: Mode, before: Option<&[u8]>) -> Result<(Vec<u8>, Receipt), String> {
        let notices = self.client.notices(self.target, &self.seen(before, mode));
        if let Some(notice) = notices.iter().find(|notice| notice.refuses) {
            return Err(notice.code.to_owned());
        }
        let keystow = "/home/ada/.local/share/keystow/bin/keystow";
        let fill = Fill {
            name: "keystow",
            command: keystow,
            args: &["bridge".to_owned(), "c-a1b2c3d4".to_owned()],
            url: "https://keys.example/mcp",
            helper: &format!("{keystow} headers c-a1b2c3d4"),
        };
        let entry = self.target.entry(mode, &fill).unwrap();
        let edited =
            set_entry(before, &self.servers, "keystow", &entry).map_err(|error| refusal(&error))?;
        assert_eq!(
            read_entry(&edited.after, &self.servers, "keystow").unwrap(),
            Some(entry)
        );
        Ok((edited.after, edited.receipt))
    }

    /// Connects, compares with the expected file and disconnects.
    fn check(&self, mode: Mode, expected: &Path) {
        let case = expected.display();
        let before = fs::read(self.file("in")).ok();
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match (
            self.connect(mode, before.as_deref()),
            fs::read_to_string(self.dir.join("refused")),
        ) {
            (Err(refused), Ok(expected)) => assert_eq!(refused, expected.trim_end(), "{case}"),
            (Ok((after, receipt)), Err(_)) => {
                let expected = fs::read(expected).unwrap_or_default();
                assert_eq!(shown(&after), shown(&expected), "{case}");
                // The receipt lives in the ledger as text.
                let receipt = serde_json::to_string(&receipt).unwrap();
                let receipt: Receipt = serde_json::from_str(&receipt).unwrap();
                let removed =
                    remove_entry(&after, &self.servers, "keystow", Some(&receipt)).unwrap();
                assert_eq!(
                    removed.after.as_deref().map(shown),
                    before.as_deref().map(shown),
                    "{case}"
                );
            }
            (Ok((after, _)), Ok(expected)) => {
                panic!("{case}: not {expected} but\n{}", shown(&after))
            }
            (Err(refused), Err(_)) => panic!("{case}: refused, {refused}"),
        }
    }

    fn check_notices(&self) {
        let before = fs::read(self.file("in")).ok();
        let seen = self.seen(before.as_deref(), Mode::Bridge);
        let notices: Vec<&str> = self
            .client
            .notices(self.target, &seen)
            .iter()
            .filter(|notice| !notice.refuses && !notice.quirk.only_while_running())
            .map(|notice| notice.code)
            .collect();
        let expected = fs::read_to_string(self.dir.join("notices")).unwrap_or_default();
        let expected: Vec<&str> = expected.lines().collect();
        assert_eq!(notices, expected, "{}", self.dir.display());
    }
}

/// All that tells how an entry gets into a target's file.
fn shape(target: &Target) -> String {
    let fill = Fill {
        name: "$name",
        command: "$command",
        args: &[],
        url: "$url",
        helper: "$helper",
    };
    let entries = [Mode::Bridge, Mode::Helper].map(|mode| target.entry(mode, &fill));
    format!("{:?} {entries:?}", target.servers(None))
}

fn cases(client: &Client) -> Vec<Case<'_>> {
    if client.targets.is_empty() {
        return Vec::new();
    }
    names_in(&fixtures().join(client.id.as_str()))
        .iter()
        .map(|name| Case::new(client, name))
        .collect()
}

#[test]
fn every_client_edits_its_files_as_the_golden_trees_show() {
    for client in Clients::built_in().iter() {
        for case in cases(client) {
            case.check(Mode::Bridge, &case.file("out"));
            let helper = case.file("out.helper");
            if helper.exists() {
                case.check(Mode::Helper, &helper);
            }
            case.check_notices();
        }
    }
}

#[test]
fn every_shape_of_every_client_has_golden_trees() {
    for client in Clients::built_in().iter() {
        let cases = cases(client);
        let with = |file: &str| -> BTreeSet<String> {
            let with = cases.iter().filter(|case| case.file(file).exists());
            with.map(|case| shape(case.target)).collect()
        };
        let (given, written, helped) = (with("in"), with("out"), with("out.helper"));
        for target in &client.targets {
            let (id, kind, shape) = (&client.id, &target.kind, shape(target));
            assert!(written.contains(&shape), "{id} {kind} needs a golden tree");
            assert!(
                given.contains(&shape),
                "{id} {kind} needs one with a file before"
            );
            assert!(
                helped.contains(&shape) || !target.modes().contains(&Mode::Helper),
                "{id} {kind} needs one with a helper"
            );
        }
        let from_nothing = cases
            .iter()
            .any(|case| case.file("out").exists() && !case.file("in").exists());
        assert!(
            from_nothing || client.targets.is_empty(),
            "{} needs one with no file before",
            client.id
        );
    }
}

#[test]
fn every_golden_tree_has_its_client() {
    for id in names_in(&fixtures()) {
        assert!(
            Clients::built_in()
                .get(&ClientId::new(id.clone()))
                .is_some(),
            "{id}"
        );
    }
}
