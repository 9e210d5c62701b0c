//! What to know before a settings file is written: about its client, and about its place.

use keystow_core::clients::{Client, Mode, Notice, Seen, Target, check_quirks};

use super::{Planner, Warning};
use crate::error::AppError;
use crate::files::{self, Loss, Snapshot};
use crate::places::{self, Place};

/// Warnings that only inform. All others are reasons to stop and think.
const NOTES: &[&str] = &[
    "plan.restart",
    "plan.symlink",
    "plan.link_at_risk",
    "plan.comments_at_risk",
    "plan.readable_by_others",
    "plan.needs_trust",
    "plan.synced_by_client",
];

/// Notices that matter for an entry that comes in, and not for one that goes or is there already.
const OF_THE_ENTRY: &[&str] = &[
    "plan.needs_trust",
    "plan.synced_by_client",
    "plan.map_required",
    "plan.helper_fails_open",
];

impl Warning {
    /// Whether it only informs.
    pub fn is_note(&self) -> bool {
        NOTES.contains(&self.code)
    }
}

impl Planner<'_> {
    /// Warnings about the file and the client as they are; an error where the client cannot take the file at all.
    pub(super) fn look_out(
        &self,
        client: &Client,
        snapshot: &Snapshot,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), AppError> {
        let mut notices = check_quirks(client, snapshot.bytes.as_deref());
        notices.retain(|notice| !OF_THE_ENTRY.contains(&notice.code));
        self.look(client, notices, snapshot, warnings)?;
        warnings.extend(
            places::look(&self.app.paths.home, snapshot)
                .into_iter()
                .filter(|place| !matches!(place, Place::Synced(_) | Place::ReadableByOthers))
                .map(|place| self.of_place(client, place, snapshot)),
        );
        Ok(())
    }

    /// The same for an entry that comes in, in the mode and at the target it comes to.
    pub(super) fn look_out_for(
        &self,
        client: &Client,
        (target, mode): (&Target, Mode),
        snapshot: &Snapshot,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), AppError> {
        let seen = Seen {
            bytes: snapshot.bytes.as_deref(),
            is_link: snapshot.path.is_symlink(),
            mode,
        };
        self.look(client, client.notices(target, &seen), snapshot, warnings)?;
        warnings.extend(
            places::look(&self.app.paths.home, snapshot)
                .into_iter()
                .map(|place| self.of_place(client, place, snapshot)),
        );
        Ok(())
    }

    fn look(
        &self,
        client: &Client,
        notices: Vec<Notice>,
        snapshot: &Snapshot,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), AppError> {
        for notice in notices {
            if notice.quirk.only_while_running() && !self.runs(client) {
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

    fn of_place(&self, client: &Client, place: Place, snapshot: &Snapshot) -> Warning {
        let path = self.app.paths.shown(&snapshot.real);
        let client = &client.name;
        let (code, text) = match place {
            Place::Tracked(root) => (
                "plan.tracked_by_git",
                format!(
                    "{path} is tracked by git in {}. Entries of ours hold no key, but they work on this computer only: mind what \
                     you commit.",
                    self.app.paths.shown(&root)
                ),
            ),
            Place::Synced(by) => (
                "plan.synced",
                format!(
                    "{path} is carried to your other computers by {by}. The entry holds no key, but it works on this one only."
                ),
            ),
            Place::ReadableByOthers => (
                "plan.readable_by_others",
                format!(
                    "{path} can be read by other accounts on this computer. The entry holds no key."
                ),
            ),
            Place::WritableByOthers => (
                "plan.writable_by_others",
                format!(
                    "{path} can be changed by other accounts on this computer, and with it what {client} starts. Close it to \
                     them."
                ),
            ),
            Place::Loses(Loss::Owner(uid)) => (
                "plan.owner_changes",
                format!(
                    "{path} belongs to {} and will belong to you: a file is replaced, and only root may give one away.",
                    match uid {
                        0 => "root".to_owned(),
                        uid => format!("another account ({uid})"),
                    }
                ),
            ),
            Place::Loses(Loss::Group(gid)) => (
                "plan.mode_changes",
                format!(
                    "{path} belongs to a group you are not in ({gid}). It will belong to your group, and what its group could do \
                     is taken away."
                ),
            ),
        };
        Warning { code, text }
    }
}
