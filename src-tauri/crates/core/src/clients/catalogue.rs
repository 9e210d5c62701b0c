use std::collections::HashSet;

use serde::Deserialize;
use serde_json::Value;

use crate::ClientId;
use crate::edit::Place;

use super::Client;
use super::target::places_in;

/// Why a client file is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("client file {file}{}: {reason}", place.map(|place| format!(", {place}")).unwrap_or_default())]
pub struct ClientFileError {
    /// Its name.
    pub file: String,
    /// Where, if it is anywhere.
    pub place: Option<Place>,
    /// What is wrong there and what to do, without a full stop.
    pub reason: String,
}

/// All clients.
#[derive(Clone, Debug)]
pub struct Clients(Vec<Client>);

macro_rules! files {
    ($($name:literal)*) => {
        &[$((concat!($name, ".toml"), include_str!(concat!("../../clients/", $name, ".toml")))),*]
    };
}

/// The client files that come with Keystow, in the order they are offered.
const BUILT_IN: &[(&str, &str)] = files! {
    "claude-desktop" "claude-code" "codex" "cursor" "vscode" "windsurf" "devin" "zed" "gemini" "qwen" "copilot-cli" "opencode"
    "antigravity" "kiro" "lm-studio" "goose" "cline" "continue" "crush" "amp" "warp" "trae" "junie" "copilot-jetbrains" "kilo"
    "kimi" "factory" "qoder" "grok" "vibe" "chatgpt"
};

impl Clients {
    /// The ones that come with Keystow.
    pub fn built_in() -> Self {
        Self(
            BUILT_IN
                .iter()
                .map(|(file, text)| {
                    parse(file, text).expect("the built-in client files are tested")
                })
                .collect(),
        )
    }

    /// These clients and those a person's own files tell of, given by name and text. A file with a mistake is left out and named;
    /// the others still count.
    pub fn with_own(mut self, files: &[(String, String)]) -> (Self, Vec<ClientFileError>) {
        let mut errors = Vec::new();
        for (file, text) in files {
            match self.own(file, text) {
                Ok(client) => self.0.push(client),
                Err(error) => errors.push(error),
            }
        }
        (self, errors)
    }

    fn own(&self, file: &str, text: &str) -> Result<Client, ClientFileError> {
        let mut client = parse(file, text)?;
        if let Some(other) = self.get(&client.id) {
            let whose = match &other.own_file {
                Some(other) => format!("that of the client in {other}"),
                None => format!("that of {}, which comes with Keystow", other.name),
            };
            return Err(ClientFileError {
                file: file.to_owned(),
                place: id_in(text),
                reason: format!(
                    "the id {:?} is {whose}; give yours another",
                    client.id.as_str()
                ),
            });
        }
        client.own_file = Some(file.to_owned());
        Ok(client)
    }

    /// All of them, in the order they are offered.
    pub fn iter(&self) -> impl Iterator<Item = &Client> {
        self.0.iter()
    }

    /// The client with an id.
    pub fn get(&self, id: &ClientId) -> Option<&Client> {
        self.0.iter().find(|client| client.id == *id)
    }
}

/// Reads one client file.
///
/// # Errors
/// [`ClientFileError`], with the place.
pub fn parse(file: &str, text: &str) -> Result<Client, ClientFileError> {
    let refused = |place: Option<Place>, reason: String| ClientFileError {
        file: file.to_owned(),
        place,
        reason,
    };
    let client: Client = toml::from_str(text).map_err(|error| {
        let place = error.span().map(|span| place_at(text, span.start));
        refused(place, error.message().trim_end_matches('.').to_owned())
    })?;
    match fault(&client) {
        Some(Fault::Id(reason)) => Err(refused(id_in(text), reason)),
        Some(Fault::Rest(reason)) => Err(refused(None, reason)),
        None => Ok(client),
    }
}

/// What the shape of a client file does not tell.
enum Fault {
    Id(String),
    Rest(String),
}

fn fault(client: &Client) -> Option<Fault> {
    if !is_word(client.id.as_str()) {
        return Some(Fault::Id(format!(
            "{:?} is not an id; use up to 32 of a-z, 0-9 and -, a letter first",
            client.id.as_str()
        )));
    }
    if client.targets.is_empty() && client.link_rules.is_empty() {
        return Some(Fault::Rest(
            "a client needs at least one [[target]] or [[link]]".to_owned(),
        ));
    }
    if let Some(place) = client
        .link_rules
        .iter()
        .find_map(|rule| rule.unknown_place())
    {
        return Some(Fault::Rest(format!("nothing fills in {place} in a link")));
    }
    let mut kinds = HashSet::new();
    client.targets.iter().find_map(|target| {
        let kind = &target.kind;
        let reason = if !is_word(kind) {
            format!("{kind:?} is not a kind of target; use up to 32 of a-z, 0-9 and -")
        } else if !kinds.insert(kind) {
            format!("two targets are of the kind {kind:?}; name them apart")
        } else if target.each
            && (target.needs_project() || !target.path.all().all(|p| p.has_glob()))
        {
            format!("the target {kind:?} has `each`, so its paths need a * and no project")
        } else {
            let stdio = Value::Object(target.entry.stdio.clone());
            let helper = Value::Object(target.entry.helper.clone().unwrap_or_default());
            let known = ["$command", "$args", "$argv", "$name", "$url", "$helper"];
            let places = [places_in(&stdio), places_in(&helper)].concat();
            let starts = places_in(&stdio)
                .iter()
                .any(|place| ["$command", "$argv"].contains(place));
            match places.iter().find(|place| !known.contains(place)) {
                Some(place) => format!("nothing fills in {place} in an entry of {kind:?}"),
                None if !starts => {
                    format!("the stdio entry of {kind:?} needs \"$command\" or \"$argv\"")
                }
                None => return None,
            }
        };
        Some(Fault::Rest(reason))
    })
}

fn is_word(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Where a client file tells its id.
fn id_in(text: &str) -> Option<Place> {
    #[derive(Deserialize)]
    struct Head {
        id: toml::Spanned<String>,
    }
    let head: Head = toml::from_str(text).ok()?;
    Some(place_at(text, head.id.span().start))
}

fn place_at(text: &str, at: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Place {
        line: count(before.matches('\n').count() + 1),
        column: count(line.chars().count() + 1),
    }
}
