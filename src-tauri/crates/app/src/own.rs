//! A person's own client and provider files: `clients/*.toml` and `providers/*.toml` in the configuration directory, beside those
//! that come with Keystow.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use keystow_core::clients::{Client, ClientFileError, Clients};
use keystow_core::provider::{Provider, Providers, Server};
use keystow_core::{ClientId, ProviderId, ServerId};

use crate::files::FileError;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 256 * 1024;
/// As many are read; more is a mistake.
const MOST: usize = 200;

/// Every client there is, those of the person last.
#[derive(Debug)]
pub(crate) struct KnownClients {
    clients: Clients,
    /// Where the person's own files are looked for.
    pub directory: PathBuf,
    /// The person's own files that are not used, by name, and why.
    pub broken: Vec<(String, String)>,
}

impl KnownClients {
    /// Reads the person's own files. Whatever is wrong with them, all others are there.
    pub fn read(directory: PathBuf) -> Self {
        let (texts, mut broken) = files(&directory);
        let (clients, errors) = Clients::built_in().with_own(&texts);
        broken.extend(errors.into_iter().map(said));
        broken.sort();
        Self {
            clients,
            directory,
            broken,
        }
    }

    /// All of them, in the order they are offered.
    pub fn iter(&self) -> impl Iterator<Item = &Client> {
        self.clients.iter()
    }

    /// The client with an id.
    pub fn get(&self, id: &ClientId) -> Option<&Client> {
        self.clients.get(id)
    }
}

/// Every provider there is, those of the person last.
#[derive(Debug)]
pub(crate) struct KnownProviders {
    providers: Providers,
    /// Where the person's own files are looked for.
    pub directory: PathBuf,
    /// The person's own files that are not used, by name, and why.
    pub broken: Vec<(String, String)>,
}

impl KnownProviders {
    /// Reads the person's own files. Whatever is wrong with them, all others are there.
    pub fn read(directory: PathBuf) -> Self {
        let (texts, mut broken) = files(&directory);
        let (providers, errors) = Providers::built_in().with_own(&texts);
        broken.extend(errors.into_iter().map(|error| (error.file, error.reason)));
        broken.sort();
        Self {
            providers,
            directory,
            broken,
        }
    }

    /// All of them, in the order they are offered.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.providers.iter()
    }

    /// The provider with an id.
    pub fn get(&self, id: &ProviderId) -> Option<&Provider> {
        self.providers.get(id)
    }

    /// The provider and server behind a server id.
    pub fn server(&self, id: &ServerId) -> Option<(&Provider, &Server)> {
        self.providers.server(id)
    }
}

/// Names of files, and what is in them or wrong with them.
type Pairs = Vec<(String, String)>;

/// The person's own files of one kind, as names and texts; also those that cannot be read, and why.
fn files(directory: &Path) -> (Pairs, Pairs) {
    let (mut texts, mut broken) = (Vec::new(), Vec::new());
    match names(directory) {
        Ok(mut names) => {
            if names.len() > MOST {
                broken.push((
                    "*.toml".to_owned(),
                    format!("there are {} files; the first {MOST} are used", names.len()),
                ));
                names.truncate(MOST);
            }
            for name in names {
                match text(&directory.join(&name)) {
                    Ok(text) => texts.push((name, text)),
                    Err(reason) => broken.push((name, reason)),
                }
            }
        }
        Err(error) => broken.push(("*.toml".to_owned(), error.to_string())),
    }
    (texts, broken)
}

fn said(error: ClientFileError) -> (String, String) {
    let place = error
        .place
        .map(|place| format!("{place}: "))
        .unwrap_or_default();
    (error.file, format!("{place}{}", error.reason))
}

/// The names of the files, in order.
fn names(directory: &Path) -> Result<Vec<String>, FileError> {
    let failed = |source| FileError::at(directory, source);
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        let name = name.to_string_lossy();
        // Hidden ones are what editors leave beside a file.
        if name.ends_with(".toml") && !name.starts_with('.') {
            names.push(name.into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// A file, or why it cannot be read.
fn text(path: &Path) -> Result<String, String> {
    let found = std::fs::metadata(path).map_err(|error| error.to_string())?;
    // Before it is opened: a pipe would wait for its writer.
    if !found.is_file() {
        return Err("not a regular file".to_owned());
    }
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut text = String::new();
    file.take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    match text.len() as u64 > LARGEST {
        true => Err(format!("larger than {} KiB", LARGEST / 1024)),
        false => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const MINE: &str = r#"
id = "my-editor"
name = "My Editor"
[[target]]
kind = "user"
syntax = "json"
servers_at = ["servers"]
entry.stdio = { command = "$command", args = "$args" }
reload = "restart"
path = { everywhere = ["${HOME}/.my-editor.json"] }
"#;

    fn put(path: &Path, text: &str) {
        let mut file = std::fs::File::create(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    #[test]
    fn no_directory_is_no_own_clients() {
        let known = KnownClients::read(PathBuf::from("/nowhere/at/all"));
        assert!(known.broken.is_empty());
        assert_eq!(known.iter().count(), Clients::built_in().iter().count());
    }

    #[test]
    fn a_broken_file_is_named_and_the_others_work() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        put(&at("mine.toml"), MINE);
        put(&at("again.toml"), &MINE.replace("my-editor", "cursor"));
        put(&at("bad.toml"), "id = \"bad\"\nname = 7\n");
        put(&at("large.toml"), &" ".repeat(300 * 1024));
        put(&at(".mine.toml"), "an editor's own");
        put(&at("notes.txt"), "not a client");
        std::fs::create_dir(at("dir.toml")).unwrap();
        let known = KnownClients::read(dir.path().to_owned());
        let mine = known.get(&ClientId::new("my-editor")).unwrap();
        assert_eq!(mine.own_file.as_deref(), Some("mine.toml"));
        let broken: Vec<&str> = known.broken.iter().map(|(file, _)| file.as_str()).collect();
        assert_eq!(broken, ["again.toml", "bad.toml", "dir.toml", "large.toml"]);
        let reason = |at: usize| known.broken[at].1.as_str();
        assert!(reason(0).contains("Cursor"), "{}", reason(0));
        assert!(reason(1).contains("line 2"), "{}", reason(1));
        assert!(reason(2).contains("not a regular file"), "{}", reason(2));
        assert!(reason(3).contains("larger"), "{}", reason(3));
        assert!(known.get(&ClientId::new("vscode")).is_some());
    }
}
