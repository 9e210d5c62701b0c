//! Drift: what became of the entries that the ledger knows.
//!
//! Three sides of each entry are compared: *base*, what the ledger has; *theirs*, what stands in the file; *ours*, what would be
//! written today. Values count, not bytes: a file that was only reformatted is fine. Nothing is started and nothing is written.

mod launched;
pub(crate) mod words;

use std::collections::HashMap;
use std::path::Path;

use keystow_core::clients::{Client, Mode, Target};
use keystow_core::edit::{self, Servers};
use keystow_core::provider::Base;
use keystow_core::{ConnectionId, ServerId};
use serde_json::Value;
use url::Url;

use crate::app::App;
use crate::contract::ProblemView;
use crate::describe::describe;
use crate::error::AppError;
use crate::store::Connected;
use crate::{connect, files};

pub(crate) use launched::Shape;

/// What became of an entry whose file can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// As it would be written today.
    Fine,
    /// Changed by hand.
    Changed,
    /// As we wrote it, but Keystow or the server is somewhere else today; or it leads nowhere.
    Stale,
    /// Not in the file, while other servers are.
    Gone,
    /// The file is gone, or has no servers at all.
    Wiped,
}

/// An entry as it was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub state: State,
    /// What stands in the file.
    pub theirs: Option<Value>,
    /// What would be written today.
    pub ours: Value,
    /// Whether there is a file.
    pub has_file: bool,
}

/// Compares entries with their files; knows where things are today.
pub(crate) struct Comparer<'a> {
    app: &'a App,
    program: String,
    /// URLs by server, asked for once.
    urls: HashMap<ServerId, Option<Url>>,
}

impl<'a> Comparer<'a> {
    pub fn new(app: &'a App) -> Self {
        Self {
            program: app.paths.stable_binary().to_string_lossy().into_owned(),
            app,
            urls: HashMap::new(),
        }
    }

    /// The entry of a connection in its file, whose bytes are given (`None`: there is no file).
    pub fn compare(
        &mut self,
        connected: &Connected,
        bytes: Option<&[u8]>,
    ) -> Result<Found, AppError> {
        if connected.path.as_os_str().is_empty() {
            return Ok(handed_over(connected));
        }
        let (client, target, servers) = target_of(self.app, connected)?;
        let in_file = |error| AppError::Edit {
            path: connected.path.clone(),
            error,
        };
        let theirs = match bytes {
            Some(bytes) => edit::read_entry(bytes, &servers, &connected.name).map_err(in_file)?,
            None => None,
        };
        let shape = Shape::of(target, connected.mode).ok_or_else(|| AppError::NoMode {
            client: client.name.clone(),
            mode: connected.mode.as_str(),
        })?;
        let url = self.url_today(connected);
        let ours = shape.moved(&connected.ledger.entry, &self.program, url.as_ref());
        let state = match (&theirs, bytes) {
            (Some(theirs), _) => {
                let moved = shape.moved(theirs, &self.program, url.as_ref());
                self.standing(connected, theirs, &ours, &moved, &shape)
            }
            (None, None) => State::Wiped,
            (None, Some(bytes)) => match edit::read_names(bytes, &servers).map_err(in_file)? {
                Some(names) if !names.is_empty() => State::Gone,
                _ => State::Wiped,
            },
        };
        Ok(Found {
            state,
            theirs,
            ours,
            has_file: bytes.is_some(),
        })
    }

    /// The state of an entry that is there. One that differs from today's in its program only is out of date where we wrote it so,
    /// or where that program is not there; otherwise somebody chose another one.
    fn standing(
        &self,
        connected: &Connected,
        theirs: &Value,
        ours: &Value,
        moved: &Value,
        shape: &Shape,
    ) -> State {
        let untouched = *theirs == connected.ledger.entry;
        let nowhere = || {
            shape
                .launched(theirs)
                .is_some_and(|launched| launched.leads_nowhere())
        };
        if theirs == ours {
            State::Fine
        } else if untouched || (moved == ours && nowhere()) {
            State::Stale
        } else {
            State::Changed
        }
    }

    /// Where a server is today, as far as that can be told without starting anything. Only a native HTTP entry names it.
    fn url_today(&mut self, connected: &Connected) -> Option<Url> {
        if connected.mode != Mode::Helper {
            return None;
        }
        let app = self.app;
        let find = || {
            let (provider, server) = app.providers().server(&connected.server)?;
            let workspace = app.store.workspace(&connected.workspace).ok().flatten()?;
            match provider.base {
                Base::Local => {
                    let base = app.doors.local.running().ok().flatten()?;
                    provider.address(&server.url, &base, None).ok()
                }
                Base::Fixed { .. } | Base::Asked { .. } => app.endpoint(&workspace, server).ok(),
            }
        };
        self.urls
            .entry(connected.server.clone())
            .or_insert_with(find)
            .clone()
    }

    /// Why an entry cannot become ours as it stands. It must still start Keystow's own copy, which is kept up to date, for this very
    /// connection: anything else would be called ours and not work, or not work for long.
    pub fn adoptable(&self, connected: &Connected, found: &Found) -> Result<(), AppError> {
        let Some(theirs) = &found.theirs else {
            return Err(AppError::EntryGone {
                path: connected.path.clone(),
                name: connected.name.clone(),
            });
        };
        let (_, target, _) = target_of(self.app, connected)?;
        let ours = Shape::of(target, connected.mode)
            .and_then(|shape| shape.launched(theirs))
            .is_some_and(|launched| {
                launched.is_ours(&self.app.paths) && launched.serves(connected.mode, &connected.id)
            });
        match ours {
            true => Ok(()),
            false => Err(AppError::NotOurs {
                path: connected.path.clone(),
                name: connected.name.clone(),
            }),
        }
    }
}

/// A connection that the person handed to the client: no file of ours holds it, so nothing can drift.
fn handed_over(connected: &Connected) -> Found {
    Found {
        state: State::Fine,
        theirs: None,
        ours: connected.ledger.entry.clone(),
        has_file: false,
    }
}

/// The client, target and place of a connection.
pub(crate) fn target_of<'a>(
    app: &'a App,
    connected: &Connected,
) -> Result<(&'a Client, &'a Target, Servers), AppError> {
    let client = app
        .clients
        .get(&connected.client)
        .ok_or_else(|| AppError::Unknown {
            what: "client",
            id: connected.client.to_string(),
        })?;
    let servers = connect::servers_of(client, connected)?;
    let (target, _) = client
        .target(&connected.target)
        .ok_or_else(|| AppError::NoTarget {
            client: client.name.clone(),
        })?;
    Ok((client, target, servers))
}

/// Looks at connections, each file once, one in memory at a time; the answers come in the order of the connections.
pub(crate) fn look_at(
    app: &App,
    connections: &[Connected],
) -> Vec<Result<Found, Box<ProblemView>>> {
    let mut comparer = Comparer::new(app);
    let mut found: HashMap<&ConnectionId, Result<Found, Box<ProblemView>>> = HashMap::new();
    for path in paths_of(connections) {
        let read = match path.as_os_str().is_empty() {
            true => Ok(None),
            false => files::read(path).map(|snapshot| snapshot.bytes),
        };
        let read = read.map_err(AppError::from);
        let in_file = connections
            .iter()
            .filter(|connected| connected.path == path);
        for connected in in_file {
            let one = match &read {
                Ok(bytes) => comparer
                    .compare(connected, bytes.as_deref())
                    .map_err(|error| Box::new(describe(&error))),
                Err(error) => Err(Box::new(describe(error))),
            };
            found.insert(&connected.id, one);
        }
    }
    connections
        .iter()
        .map(|connected| {
            found
                .remove(&connected.id)
                .expect("each connection has a path, and each path was looked at")
        })
        .collect()
}

/// The files of connections, each once.
pub(crate) fn paths_of(connections: &[Connected]) -> Vec<&Path> {
    let mut paths: Vec<&Path> = Vec::new();
    for connected in connections {
        if !paths.contains(&connected.path.as_path()) {
            paths.push(&connected.path);
        }
    }
    paths
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests;
