//! Entries that drifted: restored, adopted or forgotten.

use std::path::Path;

use keystow_core::{ClientId, ConnectionId, edit};

use super::{After, FileEdit, FilePlan, Plan, Planner, Warning, names};
use crate::app::App;
use crate::drift::{self, Comparer, State};
use crate::error::AppError;
use crate::files::{self, Snapshot};
use crate::store::{Change, Connected, ConnectionOp};

/// What is done about an entry that drifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repair {
    /// Our entry, as of today, is written where it stands, or anew where it is gone.
    Restore,
    /// What stands in the file is ours from now on; the file is not touched. What removal must give back stays known. An entry that
    /// no longer starts Keystow's own copy for this connection is refused: it would be called ours and not work.
    Adopt,
    /// The connection goes, the file is not touched (nor need it be readable), and the key is kept.
    Forget,
}

/// Plans a repair of the connections named, or, with none named, of all that drifted and that it can be done for. Touches nothing.
pub(crate) fn repair(app: &App, ids: &[ConnectionId], what: Repair) -> Result<Plan, AppError> {
    let planner = Planner::new(app)?;
    let chosen = match ids {
        [] => planner.drifted(what),
        ids => planner.named(ids)?,
    };
    let mut comparer = Comparer::new(app);
    let files: Vec<FilePlan> = drift::paths_of(&chosen)
        .into_iter()
        .map(|path| planner.repair_file(&mut comparer, path, &chosen, what))
        .collect();
    let done = match what {
        Repair::Restore => "Restored",
        Repair::Adopt => "Adopted",
        Repair::Forget => "Forgot",
    };
    // With a workspace the program is put in its place before entries that name it are written.
    let workspace = match chosen.first() {
        Some(first) if what == Repair::Restore => app.store.workspace(&first.workspace)?,
        _ => None,
    };
    Ok(Plan {
        title: format!("{done} {}", names(&files)),
        files,
        workspace,
    })
}

impl Planner<'_> {
    fn named(&self, ids: &[ConnectionId]) -> Result<Vec<Connected>, AppError> {
        let mut chosen: Vec<Connected> = Vec::new();
        for id in ids {
            let connected = self
                .connections
                .iter()
                .find(|connected| connected.id == *id)
                .ok_or_else(|| AppError::Unknown {
                    what: "connection",
                    id: id.to_string(),
                })?;
            if !chosen.contains(connected) {
                chosen.push(connected.clone());
            }
        }
        Ok(chosen)
    }

    /// All that a repair can be done for; where that is none, those in its way, so that the reason is told.
    fn drifted(&self, what: Repair) -> Vec<Connected> {
        let comparer = Comparer::new(self.app);
        let mut chosen = Vec::new();
        let mut unreadable = Vec::new();
        let found = drift::look_at(self.app, &self.connections);
        for (connected, found) in self.connections.iter().zip(found) {
            let fits = match (&found, what) {
                (Ok(found), _) if found.state == State::Fine => false,
                (Ok(found), Repair::Adopt) => comparer.adoptable(connected, found).is_ok(),
                (Ok(_), Repair::Restore) | (_, Repair::Forget) => true,
                (Err(_), _) => {
                    unreadable.push(connected.clone());
                    false
                }
            };
            if fits {
                chosen.push(connected.clone());
            }
        }
        match chosen.is_empty() {
            true => unreadable,
            false => chosen,
        }
    }

    fn repair_file(
        &self,
        comparer: &mut Comparer<'_>,
        path: &Path,
        chosen: &[Connected],
        what: Repair,
    ) -> FilePlan {
        let chosen: Vec<&Connected> = chosen
            .iter()
            .filter(|connected| connected.path == path)
            .collect();
        let mut warnings = Vec::new();
        let edit = match what {
            Repair::Restore => self.restore(comparer, path, &chosen, &mut warnings),
            Repair::Adopt => adopt(comparer, path, &chosen),
            Repair::Forget => self.forget(comparer, path, &chosen, &mut warnings),
        };
        let id = chosen
            .first()
            .map_or_else(|| ClientId::new(""), |connected| connected.client.clone());
        let client = self.app.clients.get(&id);
        FilePlan {
            client_name: client.map_or_else(|| id.to_string(), |client| client.name.clone()),
            client: id,
            path: path.to_owned(),
            edit,
            warnings,
        }
    }

    fn restore(
        &self,
        comparer: &mut Comparer<'_>,
        path: &Path,
        chosen: &[&Connected],
        warnings: &mut Vec<Warning>,
    ) -> Result<FileEdit, AppError> {
        if path.as_os_str().is_empty() {
            return Err(AppError::Invalid {
                reason: "a link is not written by Keystow; ask for the client's links".to_owned(),
            });
        }
        let snapshot = files::read(path)?;
        for connected in chosen {
            let (client, target, _) = drift::target_of(self.app, connected)?;
            let mut more = Vec::new();
            self.look_out_for(client, (target, connected.mode), &snapshot, &mut more)?;
            more.retain(|warning| !warnings.contains(warning));
            warnings.append(&mut more);
        }
        let made_dirs = match snapshot.bytes {
            Some(_) => Vec::new(),
            None => files::missing_dirs(&snapshot.real),
        };
        let mut bytes = snapshot.bytes.clone();
        let mut ops = Vec::new();
        for connected in chosen {
            let found = comparer.compare(connected, bytes.as_deref())?;
            if found.state == State::Changed {
                warnings.insert(0, replaces(connected));
            }
            let (_, _, servers) = drift::target_of(self.app, connected)?;
            let edited = edit::set_entry(bytes.as_deref(), &servers, &connected.name, &found.ours)
                .map_err(|error| AppError::Edit {
                    path: path.to_owned(),
                    error,
                })?;
            let mut after = (*connected).clone();
            after.ledger.entry = found.ours;
            after.ledger.receipt = edited.receipt;
            after
                .ledger
                .receipt
                .inherit(connected.ledger.receipt.clone());
            if !made_dirs.is_empty() {
                after.ledger.made_dirs.clone_from(&made_dirs);
            }
            ops.push(ConnectionOp::Relearn {
                before: (*connected).clone(),
                after,
            });
            bytes = Some(edited.after);
        }
        let after = match bytes {
            Some(bytes) if snapshot.bytes.as_ref() != Some(&bytes) => After::Bytes(bytes),
            _ => After::Same,
        };
        Ok(FileEdit {
            snapshot,
            after,
            ops,
            new_key: None,
            made_dirs,
        })
    }

    fn forget(
        &self,
        comparer: &mut Comparer<'_>,
        path: &Path,
        chosen: &[&Connected],
        warnings: &mut Vec<Warning>,
    ) -> Result<FileEdit, AppError> {
        // Only a look, for the warning: what cannot be read can be forgotten all the same.
        let snapshot = files::read(path).unwrap_or_else(|_| Snapshot {
            path: path.to_owned(),
            real: path.to_owned(),
            bytes: None,
        });
        let mut ops: Vec<ConnectionOp> = Vec::new();
        for connected in chosen {
            let stands = comparer
                .compare(connected, snapshot.bytes.as_deref())
                .is_ok_and(|found| found.theirs.is_some());
            warnings.push(self.forgets(connected, stands)?);
            ops.push(ConnectionOp::Remove((*connected).clone()));
        }
        ops.extend(self.heirs(chosen));
        Ok(FileEdit {
            snapshot,
            after: After::Same,
            ops,
            new_key: None,
            made_dirs: Vec::new(),
        })
    }

    /// Entries of ours that stay in the same place remember what the forgotten ones knew about the file.
    fn heirs(&self, forgotten: &[&Connected]) -> Vec<ConnectionOp> {
        let mut heirs: Vec<(Connected, Connected)> = Vec::new();
        for gone in forgotten {
            let heir = self.connections.iter().find(|other| {
                (&other.path, &other.client, &other.target)
                    == (&gone.path, &gone.client, &gone.target)
                    && forgotten.iter().all(|gone| gone.id != other.id)
            });
            let Some(heir) = heir else { continue };
            let known = heirs.iter().position(|(before, _)| before.id == heir.id);
            let at = known.unwrap_or_else(|| {
                heirs.push((heir.clone(), heir.clone()));
                heirs.len() - 1
            });
            let ledger = &mut heirs[at].1.ledger;
            ledger.receipt.inherit(gone.ledger.receipt.clone());
            if ledger.made_dirs.is_empty() {
                ledger.made_dirs.clone_from(&gone.ledger.made_dirs);
            }
        }
        heirs
            .into_iter()
            .filter(|(before, after)| before != after)
            .map(|(before, after)| ConnectionOp::Relearn { before, after })
            .collect()
    }

    fn forgets(&self, connected: &Connected, stands: bool) -> Result<Warning, AppError> {
        let key = self.app.store.key(&connected.workspace, &connected.key)?;
        let entry = match stands {
            true => format!(
                "The entry {:?} stays in the file and connects to nothing any more.",
                connected.name
            ),
            false => format!("The entry {:?} is forgotten.", connected.name),
        };
        let key = match key {
            Some(key) => format!(
                " Its key {:?} is kept; `keystow keys delete` revokes it.",
                key.name
            ),
            None => String::new(),
        };
        Ok(Warning {
            code: "plan.forgets",
            text: format!("{entry}{key}"),
        })
    }
}

fn adopt(
    comparer: &mut Comparer<'_>,
    path: &Path,
    chosen: &[&Connected],
) -> Result<FileEdit, AppError> {
    let snapshot = files::read(path)?;
    let mut ops = Vec::new();
    for connected in chosen {
        let found = comparer.compare(connected, snapshot.bytes.as_deref())?;
        comparer.adoptable(connected, &found)?;
        let mut after = (*connected).clone();
        after.ledger.entry = found.theirs.unwrap_or_default();
        ops.push(ConnectionOp::Relearn {
            before: (*connected).clone(),
            after,
        });
    }
    Ok(FileEdit {
        snapshot,
        after: After::Same,
        ops,
        new_key: None,
        made_dirs: Vec::new(),
    })
}

fn replaces(connected: &Connected) -> Warning {
    Warning {
        code: "plan.replaces_entry",
        text: format!(
            "The entry {:?} was changed by hand. It is written again as Keystow would.",
            connected.name
        ),
    }
}

/// Whether what a change did to connections without touching their files is still so. The others are told by their files.
pub(crate) fn stands(app: &App, change: &Change) -> Result<(), AppError> {
    let moved_on = |connected: &Connected| AppError::UndoChanged {
        path: connected.path.clone(),
    };
    let connections = app.store.connections()?;
    let stored = |id: &ConnectionId| connections.iter().find(|other| other.id == *id);
    for op in &change.ops {
        let (ConnectionOp::Add(one)
        | ConnectionOp::Remove(one)
        | ConnectionOp::Relearn { after: one, .. }) = op;
        if change.files.iter().any(|file| file.path == one.path) {
            continue;
        }
        let still = match op {
            ConnectionOp::Add(_) => true,
            ConnectionOp::Relearn { after, .. } => stored(&after.id) == Some(after),
            ConnectionOp::Remove(gone) => connections
                .iter()
                .all(|other| (&other.path, &other.name) != (&gone.path, &gone.name)),
        };
        if !still {
            return Err(moved_on(one));
        }
    }
    Ok(())
}
