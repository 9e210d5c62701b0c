//! Keys that end soon: a person is told 14, 7 and 1 days before, once for each key and step, whenever the window was started.

use std::collections::BTreeMap;
use std::time::Duration;

use keystow_core::key::{KeyStatus, UnixMs};
use keystow_core::{Cancel, KeyId, WorkspaceId};

use crate::app::App;
use crate::error::AppError;

pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Days before the end at which a person is told, the nearest first.
const STEPS: [u32; 3] = [1, 7, 14];
/// What was told, as JSON: an expiry and the step, by workspace and key.
const TOLD: &str = "expiry_told";

/// A key that ends soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpiryNotice {
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// What that is called.
    pub workspace_name: String,
    /// The key.
    pub key: KeyId,
    /// What it is called.
    pub name: String,
    /// It ends within so many days: 14, 7 or 1.
    pub days: u32,
    /// When it ends.
    pub expires_at: UnixMs,
}

type Told = BTreeMap<String, (UnixMs, u32)>;

impl App {
    /// Tells of keys that end soon until `stop`, from a thread of the host's: what is due now, then at the next due moment or when
    /// keys were read. `tell` says whether the person was told; where not, it is tried again when keys are read next.
    pub fn watch_expiry(&self, stop: &Cancel, mut tell: impl FnMut(&ExpiryNotice) -> bool) {
        while !stop.is_cancelled() {
            let seen = self.store.keys_seen.count();
            let next = self.tell_of_expiry(&mut tell).unwrap_or_else(|error| {
                tracing::warn!(%error, "which keys end soon is not known");
                None
            });
            let wait = next.map(|at| {
                let left = u64::try_from(at - self.now()).unwrap_or_default();
                // Not before it is due.
                Duration::from_millis(left + 1)
            });
            self.store.keys_seen.wait_after(seen, wait);
        }
    }

    /// Looks again at once: for a computer that slept, or to stop.
    pub fn look_at_expiry(&self) {
        self.store.keys_seen.ring();
    }

    /// Tells of what is due and not told yet, and says when something is due next.
    fn tell_of_expiry(
        &self,
        tell: &mut impl FnMut(&ExpiryNotice) -> bool,
    ) -> Result<Option<UnixMs>, AppError> {
        let now = self.now();
        let stored = self.store.setting(TOLD)?.unwrap_or_default();
        // What cannot be read is told again.
        let before: Told = serde_json::from_str(&stored).unwrap_or_default();
        let mut told = Told::new();
        let mut next: Option<UnixMs> = None;
        for notice in self.ending(now)? {
            let days_at = |days: u32| notice.expires_at - i64::from(days) * DAY_MS;
            let later = STEPS.into_iter().map(days_at).filter(|at| *at > now).min();
            next = [next, later].into_iter().flatten().min();
            if days_at(notice.days) > now {
                continue;
            }
            let place = format!("{}/{}", notice.workspace, notice.key);
            let known = before.get(&place).copied();
            let known =
                known.filter(|(expiry, days)| *expiry == notice.expires_at && *days <= notice.days);
            let mark = known.or_else(|| tell(&notice).then_some((notice.expires_at, notice.days)));
            if let Some(mark) = mark {
                told.insert(place, mark);
            }
        }
        if told != before {
            let text = serde_json::to_string(&told).expect("names and numbers are plain data");
            self.store.set_setting(TOLD, &text)?;
        }
        Ok(next)
    }

    /// The keys we know of that will end, each with the step it is nearest to; the farthest step where none is reached.
    fn ending(&self, now: UnixMs) -> Result<Vec<ExpiryNotice>, AppError> {
        let mut found = Vec::new();
        for workspace in self.store.workspaces()? {
            for stored in self.store.keys(&workspace.id)?.into_values() {
                let Some(facts) = stored.facts.filter(|_| !stored.orphan) else {
                    continue;
                };
                let Some(expires_at) = facts.expires_at.filter(|at| *at > now) else {
                    continue;
                };
                if facts.status == KeyStatus::Expired {
                    continue;
                }
                let left = expires_at - now;
                let days = STEPS
                    .into_iter()
                    .find(|days| left <= i64::from(*days) * DAY_MS)
                    .unwrap_or(STEPS[STEPS.len() - 1]);
                found.push(ExpiryNotice {
                    workspace: workspace.id.clone(),
                    workspace_name: workspace.name.clone(),
                    key: stored.id,
                    name: facts.name,
                    days,
                    expires_at,
                });
            }
        }
        found.sort_by(|a, b| (a.expires_at, &a.name).cmp(&(b.expires_at, &b.name)));
        Ok(found)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
