//! Entries that come in.

use std::path::{Path, PathBuf};

use keystow_core::clients::{Client, Launch, LocatedTarget};
use keystow_core::edit;
use keystow_core::key::UnixMs;
use keystow_core::provider::Server;
use keystow_core::{ConnectionId, KeyId};

use super::mode::Asked;
use super::{After, FileEdit, FilePlan, Planner, Warning, Wish, servers_of};
use crate::error::AppError;
use crate::files;
use crate::keys::{self, Choice};
use crate::look::Disk;
use crate::random;
use crate::store::{Connected, ConnectionOp, LedgerEntry, Workspace};

impl Planner<'_> {
    /// Now, but later for each connection of a plan, so that they are listed in the order they were asked for.
    fn next_moment(&mut self) -> UnixMs {
        self.moment += 1;
        self.moment
    }

    pub(super) fn connect_one(
        &mut self,
        client: &Client,
        workspace: &Workspace,
        server: &Server,
        wish: &Wish,
    ) -> Result<FilePlan, AppError> {
        let refused = |edit: AppError| FilePlan {
            client: client.id.clone(),
            client_name: client.name.clone(),
            path: PathBuf::new(),
            edit: Err(edit),
            warnings: Vec::new(),
        };
        let Some(place) = self.place(client, wish)? else {
            return Ok(refused(AppError::NoTarget {
                client: client.name.clone(),
            }));
        };
        let (target, path) = (&client.targets[place.index], &place.path);
        let name = wish.name.as_deref().unwrap_or(&server.entry);
        if let Err(error) = client.check_name(name) {
            return Ok(FilePlan {
                path: path.clone(),
                ..refused(AppError::EntryName(error))
            });
        }
        let ours = self
            .connections
            .iter()
            .find(|connected| {
                connected.path == *path
                    && connected.name == name
                    && self.stands_at(connected, &place.servers)
            })
            .cloned();
        let id = ours.as_ref().map_or_else(
            || ConnectionId::new(random::id("c")),
            |connected| connected.id.clone(),
        );
        let mut warnings = Vec::new();
        let asked = Asked {
            client,
            target,
            launch: &place.launch,
            id: &id,
            name,
            workspace,
            server,
        };
        let entry = match self.entry(&asked, wish, &mut warnings) {
            Ok(entry) => entry,
            Err(error) => return Ok(refused(error)),
        };
        let (key, new_key) = self.key_for(client, workspace, server, ours.as_ref(), wish)?;
        let connected = Connected {
            id,
            client: client.id.clone(),
            target: place.id.clone(),
            path: path.clone(),
            mode: wish.mode,
            variable: wish.exec.as_ref().map(|exec| exec.variable.clone()),
            name: name.to_owned(),
            server: wish.server.clone(),
            workspace: workspace.id.clone(),
            key,
            created_at: self.next_moment(),
            ledger: LedgerEntry {
                entry,
                receipt: edit::Receipt::default(),
                made_dirs: Vec::new(),
            },
        };
        for other in &place.other_candidates {
            warnings.push(Warning {
                code: "plan.two_places",
                text: format!(
                    "{} also has settings at {}; this build is expected to read the file named here.",
                    client.name,
                    self.app.paths.shown(other)
                ),
            });
        }
        let edit = self.set(
            client,
            (path, &place.servers),
            ours.as_ref(),
            connected,
            new_key,
            wish.replace,
            &mut warnings,
        );
        if target.reload == keystow_core::clients::Reload::Restart
            && edit.as_ref().is_ok_and(|e| e.after != After::Same)
        {
            warnings.push(Warning {
                code: "plan.restart",
                text: format!(
                    "{} takes this up when it is started the next time.",
                    client.name
                ),
            });
        }
        Ok(FilePlan {
            client: client.id.clone(),
            client_name: client.name.clone(),
            path: path.clone(),
            edit,
            warnings,
        })
    }

    /// Whether a connection stands at this place of its file: one file may hold servers for everywhere and for single projects.
    fn stands_at(&self, connected: &Connected, servers: &edit::Servers) -> bool {
        self.app
            .clients
            .get(&connected.client)
            .and_then(|client| servers_of(client, connected).ok())
            .is_some_and(|stands| stands == *servers)
    }

    /// The settings file that is written: the one wished for, or the client's first. `None`: it has none on this system.
    fn place(&self, client: &Client, wish: &Wish) -> Result<Option<Place>, AppError> {
        let located =
            |project: Option<&Path>| client.locate(&self.app.paths, &Disk, project).targets;
        let Some(address) = &wish.target else {
            return Ok(located(None).into_iter().find_map(Place::of));
        };
        let project = match address.split_once('=') {
            Some((kind, dir))
                if client
                    .target(kind)
                    .is_some_and(|(target, _)| target.needs_project()) =>
            {
                Some(project_dir(dir)?)
            }
            _ => None,
        };
        let wanted = match (&project, address.split_once('=')) {
            (Some(project), Some((kind, _))) => format!("{kind}={}", project.display()),
            _ => address.clone(),
        };
        let targets = located(project.as_deref());
        let known: Vec<String> = targets.iter().map(|target| target.id.clone()).collect();
        let found = targets.into_iter().find(|target| target.id == wanted);
        match found {
            Some(target) if target.path.is_none() => Err(AppError::Invalid {
                reason: format!("say which project: {address}=DIR"),
            }),
            Some(target) => Ok(Place::of(target)),
            None => Err(AppError::Invalid {
                reason: format!(
                    "{} has no target {:?}; it has {}",
                    client.name,
                    crate::handlers::shown(address),
                    known.join(", ")
                ),
            }),
        }
    }

    /// The key of a connection: the one wished for, the one it has, one left over from an earlier connection of this client, or a
    /// new one.
    fn key_for(
        &mut self,
        client: &Client,
        workspace: &Workspace,
        server: &Server,
        ours: Option<&Connected>,
        wish: &Wish,
    ) -> Result<(KeyId, Option<String>), AppError> {
        let stored = self.app.store.keys(&workspace.id)?;
        let has = ours
            .filter(|connected| wish.key.is_none() && connected.workspace == workspace.id)
            .filter(|connected| stored.get(&connected.key).is_some_and(|key| key.stowed));
        if let Some(connected) = has {
            return Ok((connected.key.clone(), None));
        }
        let wished = wish.key.as_ref();
        match keys::choice(
            self.app,
            workspace,
            server,
            &client.name,
            wished,
            &self.taken_keys,
        )? {
            Choice::Stowed(key) => {
                self.taken_keys.insert(key.clone());
                Ok((key, None))
            }
            // The id is filled in when the key is made.
            Choice::New(name) => Ok((KeyId::new(""), Some(name))),
            Choice::Token => Ok((KeyId::new(""), None)),
        }
    }

    #[allow(clippy::too_many_arguments)] // one call, and each is a thing of its own
    fn set(
        &self,
        client: &Client,
        (path, servers): (&Path, &edit::Servers),
        ours: Option<&Connected>,
        mut connected: Connected,
        new_key: Option<String>,
        replace: bool,
        warnings: &mut Vec<Warning>,
    ) -> Result<FileEdit, AppError> {
        let snapshot = files::read(path)?;
        match client.target(&connected.target) {
            Some((target, _)) => {
                self.look_out_for(client, (target, connected.mode), &snapshot, warnings)?
            }
            None => self.look_out(client, &snapshot, warnings)?,
        }
        let in_file = |error| AppError::Edit {
            path: path.to_owned(),
            error,
        };
        let there = match &snapshot.bytes {
            Some(bytes) => edit::read_entry(bytes, servers, &connected.name).map_err(in_file)?,
            None => None,
        };
        let is_ours =
            |entry: &serde_json::Value| ours.is_some_and(|ours| ours.ledger.entry == *entry);
        if let Some(entry) = &there {
            if !is_ours(entry) && !replace {
                return Err(AppError::EntryTaken {
                    path: path.to_owned(),
                    name: connected.name,
                });
            }
            if !is_ours(entry) {
                warnings.insert(
                    0,
                    Warning {
                        code: "plan.replaces_entry",
                        text: format!(
                            "The entry {:?} is not as Keystow wrote it. It is replaced.",
                            connected.name
                        ),
                    },
                );
            }
        }
        let edited = edit::set_entry(
            snapshot.bytes.as_deref(),
            servers,
            &connected.name,
            &connected.ledger.entry,
        )
        .map_err(in_file)?;
        connected.ledger.receipt = edited.receipt;
        if let Some(ours) = ours {
            connected
                .ledger
                .receipt
                .inherit(ours.ledger.receipt.clone());
            connected
                .ledger
                .made_dirs
                .clone_from(&ours.ledger.made_dirs);
            connected.created_at = ours.created_at;
        }
        let after = if snapshot.bytes.as_ref() == Some(&edited.after) {
            After::Same
        } else {
            After::Bytes(edited.after)
        };
        let made_dirs = if snapshot.bytes.is_none() {
            files::missing_dirs(&snapshot.real)
        } else {
            Vec::new()
        };
        if !made_dirs.is_empty() {
            connected.ledger.made_dirs.clone_from(&made_dirs);
        }
        let op = match ours {
            Some(before) => ConnectionOp::Relearn {
                before: before.clone(),
                after: connected,
            },
            None => ConnectionOp::Add(connected),
        };
        Ok(FileEdit {
            snapshot,
            after,
            ops: vec![op],
            new_key,
            made_dirs,
        })
    }
}

/// A settings file that can be written.
struct Place {
    id: String,
    index: usize,
    path: PathBuf,
    servers: edit::Servers,
    launch: Launch,
    other_candidates: Vec<PathBuf>,
}

impl Place {
    fn of(target: LocatedTarget) -> Option<Self> {
        Some(Self {
            path: target.path?,
            id: target.id,
            index: target.index,
            servers: target.servers,
            launch: target.launch,
            other_candidates: target.other_candidates,
        })
    }
}

/// The directory of a project, as the client will call it.
fn project_dir(dir: &str) -> Result<PathBuf, AppError> {
    let path = Path::new(dir);
    let invalid = |reason: &str| AppError::Invalid {
        reason: format!("{}: {reason}", crate::handlers::shown(dir)),
    };
    if !path.is_absolute() {
        return Err(invalid("name the project by its absolute path"));
    }
    if !path.is_dir() {
        return Err(invalid("there is no such directory"));
    }
    path.to_str()
        .ok_or_else(|| invalid("the path is not Unicode"))
        .map(|text| PathBuf::from(text.trim_end_matches(std::path::is_separator)))
}

/// `Cursor on mira`, within the length that the provider takes.
pub(crate) fn key_name(client: &str, host: &str, most: usize) -> String {
    let name: String = format!("{client} on {host}").chars().take(most).collect();
    name.trim_end().to_owned()
}
