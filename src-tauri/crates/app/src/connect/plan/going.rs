//! Entries that go out.

use std::path::{Path, PathBuf};

use keystow_core::clients::Client;
use keystow_core::edit::{self, EditError};

use super::{After, FileEdit, FilePlan, Planner, Warning, servers_of};
use crate::error::AppError;
use crate::files;
use crate::store::{Connected, ConnectionOp};

impl Planner<'_> {
    /// One plan for each settings file that holds entries of ours.
    pub(super) fn disconnect_one(&self, client: &Client) -> Vec<FilePlan> {
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
                if path.as_os_str().is_empty() {
                    warnings.push(Warning {
                        code: "plan.link_stays",
                        text: format!(
                            "What {} took from a link stays in it, and does not work any more. Remove it there.",
                            client.name
                        ),
                    });
                }
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
            let servers = servers_of(client, &connected)?;
            let in_file = |error: EditError| AppError::Edit {
                path: path.to_owned(),
                error,
            };
            let there = edit::read_entry(&bytes, &servers, &connected.name).map_err(in_file)?;
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
                &servers,
                &connected.name,
                Some(&connected.ledger.receipt),
            )
            .map_err(in_file)?;
            if removed.after.is_some() {
                let receipt = removed.handed_on.as_ref();
                hand_on(receipt, &connected, &mut waiting, &mut kept, &mut ops);
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
}

/// Lets another entry of ours remember what a removed one knew: a neighbour in the same container all of it, one elsewhere in the
/// file what is known of the file.
fn hand_on(
    receipt: Option<&edit::Receipt>,
    from: &Connected,
    waiting: &mut [Connected],
    kept: &mut [Connected],
    ops: &mut Vec<ConnectionOp>,
) {
    let learns = |heir: &mut Connected| {
        match receipt {
            Some(receipt) if heir.target == from.target => {
                heir.ledger.receipt.inherit(receipt.clone());
            }
            _ => heir.ledger.receipt.inherit_file(&from.ledger.receipt),
        }
        if heir.ledger.made_dirs.is_empty() {
            heir.ledger.made_dirs.clone_from(&from.ledger.made_dirs);
        }
    };
    let nearest = |among: &[Connected]| {
        among
            .iter()
            .rposition(|heir| heir.target == from.target)
            .or(among.len().checked_sub(1))
    };
    if let Some(next) = nearest(waiting) {
        learns(&mut waiting[next]);
        return;
    }
    let Some(heir) = nearest(kept) else { return };
    let before = kept[heir].clone();
    learns(&mut kept[heir]);
    if kept[heir] != before {
        ops.push(ConnectionOp::Relearn {
            before,
            after: kept[heir].clone(),
        });
    }
}
