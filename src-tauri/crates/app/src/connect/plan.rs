use std::collections::HashSet;
use std::path::{Path, PathBuf};

use keystow_core::clients::{Client, LocatedTarget, Target, check_quirks};
use keystow_core::edit::{self, EditError};
use keystow_core::key::UnixMs;
use keystow_core::provider::Server;
use keystow_core::{ClientId, ConnectionId, KeyId, ServerId};

use crate::app::App;
use crate::error::AppError;
use crate::files::{self, Snapshot};
use crate::look::Disk;
use crate::random;
use crate::running::Running;
use crate::store::{Connected, ConnectionOp, LedgerEntry, Workspace};

/// A pure description of what would be done, between its preview and its being applied.
pub(crate) struct Plan {
    pub title: String,
    pub files: Vec<FilePlan>,
    /// The workspace keys are made in; `None` for a removal.
    pub workspace: Option<Workspace>,
}

/// What would be done to one settings file.
pub(crate) struct FilePlan {
    pub client: ClientId,
    pub client_name: String,
    pub path: PathBuf,
    /// `Err`: why the file cannot be written. Nothing of the plan is applied then.
    pub edit: Result<FileEdit, AppError>,
    pub warnings: Vec<Warning>,
}

/// An edit that can be made.
pub(crate) struct FileEdit {
    pub snapshot: Snapshot,
    pub after: After,
    pub ops: Vec<ConnectionOp>,
    /// The name of a key that is made when the plan is applied, for the connection in `ops`.
    pub new_key: Option<String>,
    pub made_dirs: Vec<PathBuf>,
}

/// A file after an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// As it was.
    Same,
    /// These bytes.
    Bytes(Vec<u8>),
    /// Gone: we made it, and nothing is left in it.
    Nothing,
}

/// Something to know before writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Warning {
    pub code: &'static str,
    pub text: String,
}

/// What to connect.
pub(crate) struct Wish {
    pub clients: Vec<ClientId>,
    pub server: ServerId,
    /// A stowed key; `None`: each client gets one of its own.
    pub key: Option<KeyId>,
    /// Overwrite an entry of the same name that is not ours.
    pub replace: bool,
}

/// Plans entries for `wish` in each client's first settings file. Touches nothing.
pub(crate) fn connect(app: &App, workspace: Workspace, wish: &Wish) -> Result<Plan, AppError> {
    let provider = app.provider_of(&workspace)?;
    let server = provider
        .server(&wish.server)
        .ok_or_else(|| AppError::Unknown {
            what: "server",
            id: wish.server.to_string(),
        })?;
    let mut planner = Planner::new(app)?;
    let mut files = Vec::new();
    for client in planner.clients(&wish.clients)? {
        files.push(planner.connect_one(client, &workspace, server, wish)?);
    }
    let title = format!("Connected {}", names(&files));
    Ok(Plan {
        title,
        files,
        workspace: Some(workspace),
    })
}

/// Plans the removal of every entry of ours from the clients. Touches nothing.
pub(crate) fn disconnect(app: &App, clients: &[ClientId]) -> Result<Plan, AppError> {
    let planner = Planner::new(app)?;
    let mut files = Vec::new();
    for client in planner.clients(clients)? {
        let before = files.len();
        files.extend(planner.disconnect_one(client));
        if files.len() == before {
            return Err(AppError::Invalid {
                reason: format!("{} is not connected", client.name),
            });
        }
    }
    let title = format!("Disconnected {}", names(&files));
    Ok(Plan {
        title,
        files,
        workspace: None,
    })
}

fn names(files: &[FilePlan]) -> String {
    let mut seen = HashSet::new();
    let names: Vec<&str> = files
        .iter()
        .map(|file| file.client_name.as_str())
        .filter(|name| seen.insert(*name))
        .collect();
    names.join(", ")
}

/// What all files of a plan share.
struct Planner<'a> {
    app: &'a App,
    connections: Vec<Connected>,
    running: Running,
    /// Names of keys that this plan takes or makes, so that two clients never share one by accident.
    taken_keys: HashSet<KeyId>,
    moment: UnixMs,
}

impl<'a> Planner<'a> {
    fn new(app: &'a App) -> Result<Self, AppError> {
        let connections = app.store.connections()?;
        let taken_keys = connections
            .iter()
            .map(|connected| connected.key.clone())
            .collect();
        Ok(Self {
            app,
            connections,
            running: Running::now(),
            taken_keys,
            moment: app.now(),
        })
    }

    /// The clients that were named, each once.
    fn clients(&self, ids: &[ClientId]) -> Result<Vec<&'a Client>, AppError> {
        if ids.is_empty() {
            return Err(AppError::Invalid {
                reason: "name at least one client".to_owned(),
            });
        }
        let mut seen = HashSet::new();
        ids.iter()
            .filter(|id| seen.insert(*id))
            .map(|id| {
                self.app.clients.get(id).ok_or_else(|| AppError::Unknown {
                    what: "client",
                    id: id.to_string(),
                })
            })
            .collect()
    }

    /// Now, but later for each connection of a plan, so that they are listed in the order they were asked for.
    fn next_moment(&mut self) -> UnixMs {
        self.moment += 1;
        self.moment
    }

    fn connect_one(
        &mut self,
        client: &Client,
        workspace: &Workspace,
        server: &Server,
        wish: &Wish,
    ) -> Result<FilePlan, AppError> {
        let located = client.locate(&self.app.paths, &Disk);
        let Some((place, target)) = default_target(client, &located.targets) else {
            return Ok(FilePlan {
                client: client.id.clone(),
                client_name: client.name.clone(),
                path: PathBuf::new(),
                edit: Err(AppError::NoTarget {
                    client: client.name.clone(),
                }),
                warnings: Vec::new(),
            });
        };
        let ours = self
            .connections
            .iter()
            .find(|connected| connected.path == place.path && connected.name == server.entry)
            .cloned();
        let (key, new_key) = self.key_for(client, workspace, ours.as_ref(), wish)?;
        let id = ours.as_ref().map_or_else(
            || ConnectionId::new(random::id("c")),
            |connected| connected.id.clone(),
        );
        let connected = Connected {
            id: id.clone(),
            client: client.id.clone(),
            target: place.kind.clone(),
            path: place.path.clone(),
            name: server.entry.clone(),
            server: wish.server.clone(),
            workspace: workspace.id.clone(),
            key,
            created_at: self.next_moment(),
            ledger: LedgerEntry {
                entry: target.entry(
                    &self.app.paths.stable_binary().to_string_lossy(),
                    &["bridge".to_owned(), id.to_string()],
                ),
                receipt: edit::Receipt::default(),
                made_dirs: Vec::new(),
            },
        };
        let mut warnings = Vec::new();
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
            place,
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
            path: place.path.clone(),
            edit,
            warnings,
        })
    }

    /// The key of a connection: the one wished for, the one it has, one left over from an earlier connection of this client, or a
    /// new one.
    fn key_for(
        &mut self,
        client: &Client,
        workspace: &Workspace,
        ours: Option<&Connected>,
        wish: &Wish,
    ) -> Result<(KeyId, Option<String>), AppError> {
        if let Some(key) = &wish.key {
            return Ok((key.clone(), None));
        }
        let stored = self.app.store.keys(&workspace.id)?;
        let has = ours
            .filter(|connected| connected.workspace == workspace.id)
            .filter(|connected| stored.get(&connected.key).is_some_and(|key| key.stowed));
        if let Some(connected) = has {
            return Ok((connected.key.clone(), None));
        }
        let name = key_name(&client.name, &self.app.doors.host_name);
        let left_over = stored
            .values()
            .find(|key| key.name == name && key.stowed && !self.taken_keys.contains(&key.id));
        match left_over {
            Some(key) => {
                self.taken_keys.insert(key.id.clone());
                Ok((key.id.clone(), None))
            }
            // The id is filled in when the key is made.
            None => Ok((KeyId::new(""), Some(name))),
        }
    }

    #[allow(clippy::too_many_arguments)] // one call, and each is a thing of its own
    fn set(
        &self,
        client: &Client,
        place: &LocatedTarget,
        ours: Option<&Connected>,
        mut connected: Connected,
        new_key: Option<String>,
        replace: bool,
        warnings: &mut Vec<Warning>,
    ) -> Result<FileEdit, AppError> {
        let snapshot = files::read(&place.path)?;
        self.look_out(client, &snapshot, warnings)?;
        let in_file = |error| AppError::Edit {
            path: place.path.clone(),
            error,
        };
        let there = match &snapshot.bytes {
            Some(bytes) => {
                edit::read_entry(bytes, place.syntax, &place.servers_at, &connected.name)
                    .map_err(in_file)?
            }
            None => None,
        };
        let is_ours =
            |entry: &serde_json::Value| ours.is_some_and(|ours| ours.ledger.entry == *entry);
        if let Some(entry) = &there {
            if !is_ours(entry) && !replace {
                return Err(AppError::EntryTaken {
                    path: place.path.clone(),
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
            place.syntax,
            &place.servers_at,
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

    /// One plan for each settings file that holds entries of ours.
    fn disconnect_one(&self, client: &Client) -> Vec<FilePlan> {
        let mut paths: Vec<&Path> = Vec::new();
        for connected in self
            .connections
            .iter()
            .filter(|connected| connected.client == client.id)
        {
            if !paths.contains(&connected.path.as_path()) {
                paths.push(&connected.path);
            }
        }
        paths
            .into_iter()
            .map(|path| {
                let mut warnings = Vec::new();
                let edit = self.remove(client, path, &mut warnings);
                FilePlan {
                    client: client.id.clone(),
                    client_name: client.name.clone(),
                    path: path.to_owned(),
                    edit,
                    warnings,
                }
            })
            .collect()
    }

    fn remove(
        &self,
        client: &Client,
        path: &Path,
        warnings: &mut Vec<Warning>,
    ) -> Result<FileEdit, AppError> {
        let (gone, mut kept): (Vec<Connected>, Vec<Connected>) = self
            .connections
            .iter()
            .filter(|connected| connected.path == path)
            .cloned()
            .partition(|connected| connected.client == client.id);
        let snapshot = files::read(path)?;
        let mut ops: Vec<ConnectionOp> = gone.iter().cloned().map(ConnectionOp::Remove).collect();
        let Some(mut bytes) = snapshot.bytes.clone() else {
            return Ok(FileEdit {
                snapshot,
                after: After::Same,
                ops,
                new_key: None,
                made_dirs: Vec::new(),
            });
        };
        self.look_out(client, &snapshot, warnings)?;
        let mut after = After::Same;
        let mut waiting: Vec<Connected> = gone.clone();
        let mut made_dirs: Vec<PathBuf> = gone
            .iter()
            .flat_map(|connected| connected.ledger.made_dirs.clone())
            .collect();
        made_dirs.dedup();
        while let Some(connected) = waiting.pop() {
            let target = target_of(client, &connected)?;
            let in_file = |error: EditError| AppError::Edit {
                path: path.to_owned(),
                error,
            };
            let there =
                edit::read_entry(&bytes, target.syntax, &target.servers_at, &connected.name)
                    .map_err(in_file)?;
            if there
                .as_ref()
                .is_some_and(|entry| *entry != connected.ledger.entry)
            {
                warnings.push(Warning {
                    code: "plan.entry_changed",
                    text: format!("The entry {:?} was changed by hand since Keystow wrote it. It is removed all the same.", connected.name),
                });
            }
            let removed = edit::remove_entry(
                &bytes,
                target.syntax,
                &target.servers_at,
                &connected.name,
                Some(&connected.ledger.receipt),
            )
            .map_err(in_file)?;
            if let Some(receipt) = removed.handed_on {
                hand_on(&receipt, &connected, &mut waiting, &mut kept, &mut ops);
            }
            match removed.after {
                Some(next) => {
                    if next != bytes {
                        after = After::Bytes(next.clone());
                    }
                    bytes = next;
                }
                None => {
                    after = After::Nothing;
                    break;
                }
            }
        }
        Ok(FileEdit {
            snapshot,
            after,
            ops,
            new_key: None,
            made_dirs,
        })
    }

    /// Warnings about the file and the client as they are; an error where the client cannot take the file at all.
    fn look_out(
        &self,
        client: &Client,
        snapshot: &Snapshot,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), AppError> {
        let running = self.running.has(client, self.app.paths.system);
        for notice in check_quirks(client, snapshot.bytes.as_deref()) {
            if notice.quirk.only_while_running() && !running {
                continue;
            }
            if notice.refuses {
                return Err(AppError::Quirk {
                    path: snapshot.path.clone(),
                    reason: notice.text,
                });
            }
            warnings.push(Warning {
                code: notice.code,
                text: notice.text,
            });
        }
        if snapshot.real != snapshot.path && snapshot.path.is_symlink() {
            warnings.push(Warning {
                code: "plan.symlink",
                text: format!(
                    "{} is a link; {} is written and the link stays.",
                    self.app.paths.shown(&snapshot.path),
                    self.app.paths.shown(&snapshot.real)
                ),
            });
        }
        Ok(files::check_writable(snapshot)?)
    }
}

/// Lets another entry of ours in the same file remember what a removed one knew.
fn hand_on(
    receipt: &edit::Receipt,
    from: &Connected,
    waiting: &mut [Connected],
    kept: &mut [Connected],
    ops: &mut Vec<ConnectionOp>,
) {
    if let Some(next) = waiting.last_mut() {
        next.ledger.receipt.inherit(receipt.clone());
        return;
    }
    let Some(heir) = kept.first_mut() else { return };
    let before = heir.clone();
    heir.ledger.receipt.inherit(receipt.clone());
    if heir.ledger.made_dirs.is_empty() {
        heir.ledger.made_dirs.clone_from(&from.ledger.made_dirs);
    }
    ops.push(ConnectionOp::Relearn {
        before,
        after: heir.clone(),
    });
}

/// The settings file that is written unless another is asked for.
fn default_target<'c, 'l>(
    client: &'c Client,
    located: &'l [LocatedTarget],
) -> Option<(&'l LocatedTarget, &'c Target)> {
    let place = located.first()?;
    let target = client
        .targets
        .iter()
        .find(|target| target.kind == place.kind)?;
    Some((place, target))
}

/// The target that a connection was written into.
pub(crate) fn target_of<'c>(
    client: &'c Client,
    connected: &Connected,
) -> Result<&'c Target, AppError> {
    client
        .targets
        .iter()
        .find(|target| target.kind == connected.target)
        .ok_or_else(|| AppError::NoTarget {
            client: client.name.clone(),
        })
}

/// `Cursor on mira`, within the length that every provider takes.
fn key_name(client: &str, host: &str) -> String {
    format!("{client} on {host}").chars().take(100).collect()
}
