//! What cannot be written: links, commands and addresses that a person hands to a client, which then writes its own settings.

use std::time::Duration;

use keystow_core::clients::{Client, Launch, Link, LinkFill, LinkKind, Mode};
use keystow_core::edit::Receipt;
use keystow_core::key::NewKey;
use keystow_core::keychain::Item;
use keystow_core::provider::Server;
use keystow_core::{ConnectionId, KeyId, Secret, ServerId, System};
use serde_json::json;
use url::Url;

use crate::app::App;
use crate::error::AppError;
use crate::keys::{self, Choice};
use crate::look::Disk;
use crate::store::{Connected, LedgerEntry, Workspace};
use crate::{lock, random, stable};

/// Two processes that are asked for the same links at once make one connection.
const LOCK: &str = "links";
const PATIENCE: Duration = Duration::from_secs(30);

/// What stands for the key where a link with it is only looked at.
const NO_KEY: &str = "key";

/// A client and a server to be brought together by hand.
pub(crate) struct Pair<'a> {
    pub client: &'a Client,
    pub workspace: &'a Workspace,
    pub server: &'a Server,
    pub server_id: &'a ServerId,
    /// The key wished for; `None`: one of its own.
    pub key: Option<KeyId>,
}

/// All ways there are, numbered from 1: first those without the key.
pub(crate) struct Ways {
    /// The connection they stand for; `None` where none of them needs one.
    pub connected: Option<Connected>,
    /// Ready to be used.
    pub free: Vec<Link>,
    /// Those with the key in them, without it: kind and title.
    pub exposing: Vec<Link>,
}

/// Finds the ways to bring a pair together; makes their connection, once.
///
/// # Errors
/// `client.no_mode` where there is none. What keeps a key from being made, or a server's URL from being told.
pub(crate) fn ways(app: &App, pair: &Pair<'_>, expose_key: bool) -> Result<Ways, AppError> {
    let no_way = || AppError::NoMode {
        client: pair.client.name.clone(),
        mode: Mode::Link.as_str(),
    };
    if !pair.client.has_links() {
        return Err(no_way());
    }
    let url = app.endpoint(pair.workspace, pair.server)?;
    // A URL alone is of use where the client can sign in by itself, or can be told nothing else.
    let alone = pair.server.takes_oauth() || pair.client.targets.is_empty();
    let free = |id: &ConnectionId| {
        let program = Program::of(app, pair.client, pair.server, id);
        let url = Some(url.as_str()).filter(|_| alone);
        pair.client.links(&program.fill(url))
    };
    let exposing = match expose_key {
        true => {
            let style = &app.provider_of(pair.workspace)?.key;
            let program = Program::of(app, pair.client, pair.server, &ConnectionId::new(""));
            let seen = Insisted {
                client: pair.client.clone(),
                program,
                header: style.header.clone(),
                scheme: style.scheme.clone(),
                query: style.query.clone(),
                url: url.clone(),
                key: Secret::new(NO_KEY.to_owned()),
            };
            seen.links(NO_KEY)
        }
        false => Vec::new(),
    };
    // Links that are the same for every connection need none.
    let starts_us = free(&ConnectionId::new("a")) != free(&ConnectionId::new("b"));
    let connected = match starts_us || !exposing.is_empty() {
        true => Some(connection(app, pair)?),
        false => None,
    };
    let free = match &connected {
        Some(connected) => free(&connected.id),
        None => free(&ConnectionId::new("")),
    };
    if free.is_empty() && exposing.is_empty() && !expose_key {
        return Err(no_way());
    }
    Ok(Ways {
        connected,
        free,
        exposing,
    })
}

/// The connection that links of a client for a server stand for: the one that is there, or a new one with a key of its own.
fn connection(app: &App, pair: &Pair<'_>) -> Result<Connected, AppError> {
    let _lock = lock::take(&app.paths.data, LOCK, PATIENCE)?;
    let connections = app.store.connections()?;
    let stowed = app.store.keys(&pair.workspace.id)?;
    let is_good = |key: &KeyId| stowed.get(key).is_some_and(|key| key.stowed);
    let there = connections.iter().find(|connected| {
        connected.mode == Mode::Link
            && connected.client == pair.client.id
            && connected.server == *pair.server_id
            && connected.workspace == pair.workspace.id
    });
    if let Some(connected) = there
        && is_good(&connected.key)
        && pair.key.as_ref().is_none_or(|key| *key == connected.key)
    {
        return Ok(connected.clone());
    }
    stable::install(&app.doors.program, &app.paths.stable_binary())?;
    let taken = connections
        .iter()
        .map(|connected| connected.key.clone())
        .collect();
    let client = &pair.client.name;
    let wished = pair.key.as_ref();
    let (key, made) = match keys::choice(app, pair.workspace, pair.server, client, wished, &taken)?
    {
        Choice::Stowed(key) => (key, None),
        Choice::Token => (KeyId::new(""), None),
        Choice::New(name) => {
            let new = NewKey {
                name,
                ..Default::default()
            };
            let made = keys::make(app, pair.workspace, &new)?;
            (made.key.id.clone(), Some(made))
        }
    };
    let connected = Connected {
        id: there.map_or_else(
            || ConnectionId::new(random::id("c")),
            |connected| connected.id.clone(),
        ),
        client: pair.client.id.clone(),
        target: String::new(),
        path: Default::default(),
        mode: Mode::Link,
        variable: None,
        name: pair.server.entry.clone(),
        server: pair.server_id.clone(),
        workspace: pair.workspace.id.clone(),
        key,
        created_at: there.map_or_else(|| app.now(), |connected| connected.created_at),
        ledger: LedgerEntry {
            entry: json!({}),
            receipt: Receipt::default(),
            made_dirs: Vec::new(),
        },
    };
    if let Err(error) = app.store.put_connection(&connected) {
        if let Some(made) = &made {
            keys::take_back(app, made);
        }
        return Err(error.into());
    }
    app.store.note(
        app.now(),
        "connection.linked",
        &format!("Made links for {}.", pair.client.name),
    )?;
    Ok(connected)
}

/// How a link starts our program.
struct Program {
    name: String,
    command: String,
    args: Vec<String>,
    system: System,
}

impl Program {
    fn of(app: &App, client: &Client, server: &Server, id: &ConnectionId) -> Self {
        let stable = app.paths.stable_binary();
        let args = ["bridge".to_owned(), id.to_string()];
        // A client that is only on the Windows around us starts us through it.
        let located = client.locate(&app.paths, &Disk, None).targets;
        let launch = located
            .iter()
            .find(|target| target.found)
            .map_or(&Launch::Direct, |target| &target.launch);
        let (command, args) = launch.command(&stable.to_string_lossy(), &args);
        Self {
            name: server.entry.clone(),
            command,
            args,
            system: app.paths.system,
        }
    }

    fn fill<'a>(&'a self, url: Option<&'a str>) -> LinkFill<'a> {
        LinkFill {
            name: &self.name,
            command: &self.command,
            args: &self.args,
            url,
            key_in_url: false,
            header: None,
            system: self.system,
        }
    }
}

/// Links with the key in them, for a person who insists. Only the process that puts one on the clipboard makes them.
pub struct Insisted {
    client: Client,
    program: Program,
    header: String,
    scheme: String,
    query: Option<String>,
    url: Url,
    key: Secret,
}

/// Looks up what is needed for links with the key of a connection in them.
///
/// # Errors
/// `input.unknown` when there is no such connection; `keychain.*`, `local.*`, `store.*`.
pub fn insisted(app: &App, connection: &str) -> Result<Insisted, AppError> {
    let unknown = |what, id: String| AppError::Unknown { what, id };
    let connected = app
        .store
        .connection(&ConnectionId::new(connection))?
        .ok_or_else(|| unknown("connection", crate::handlers::shown(connection)))?;
    let client = app
        .clients
        .get(&connected.client)
        .ok_or_else(|| unknown("client", connected.client.to_string()))?;
    let (provider, server) = app
        .providers()
        .server(&connected.server)
        .ok_or_else(|| unknown("server", connected.server.to_string()))?;
    let workspace = app
        .store
        .workspace(&connected.workspace)?
        .ok_or_else(|| unknown("workspace", connected.workspace.to_string()))?;
    Ok(Insisted {
        client: client.clone(),
        program: Program::of(app, client, server, &connected.id),
        header: provider.key.header.clone(),
        scheme: provider.key.scheme.clone(),
        query: provider.key.query.clone(),
        url: app.endpoint(&workspace, server)?,
        key: match connected.sends_token() {
            // A token is over within the hour: a link with one in it would be of no use.
            true => {
                return Err(AppError::NoMode {
                    client: client.name.clone(),
                    mode: "link with a key",
                });
            }
            false => app
                .doors
                .keychain
                .get_stowed(&Item::Key(connected.workspace, connected.key))?,
        },
    })
}

impl Insisted {
    /// The key that goes into them.
    pub fn key(&self) -> &Secret {
        &self.key
    }

    /// The links, with the plaintext given.
    pub fn links(&self, plaintext: &str) -> Vec<Link> {
        let value = match self.scheme.as_str() {
            "" => plaintext.to_owned(),
            scheme => format!("{scheme} {plaintext}"),
        };
        let with_header = LinkFill {
            header: Some((&self.header, &value)),
            ..self.program.fill(Some(self.url.as_str()))
        };
        let mut links = self.client.links(&with_header);
        if let Some(query) = &self.query {
            let mut url = self.url.clone();
            url.query_pairs_mut().append_pair(query, plaintext);
            let in_url = LinkFill {
                key_in_url: true,
                ..self.program.fill(Some(url.as_str()))
            };
            links.extend(self.client.links(&in_url));
        }
        links.retain(|link| link.exposes_key);
        links
    }
}

/// Whether a link is one that the system can open.
pub(crate) fn opens(link: &Link) -> bool {
    matches!(link.kind, LinkKind::DeepLink | LinkKind::Page)
}
