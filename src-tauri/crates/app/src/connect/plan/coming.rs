//! Entries that come in.

use std::path::PathBuf;

use keystow_core::clients::{Client, LocatedTarget, Target};
use keystow_core::edit;
use keystow_core::key::UnixMs;
use keystow_core::provider::Server;
use keystow_core::{ConnectionId, KeyId};

use super::{After, FileEdit, FilePlan, Planner, Warning, Wish};
use crate::error::AppError;
use crate::files;
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

/// `Cursor on mira`, within the length that every provider takes.
fn key_name(client: &str, host: &str) -> String {
    format!("{client} on {host}").chars().take(100).collect()
}
