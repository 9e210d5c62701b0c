//! Which workspaces were out of reach when they were last asked: known from the calls that are made anyway, so nobody asks only to
//! know that.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use keystow_core::WorkspaceId;
use keystow_core::remote::RemoteErrorKind;

use crate::contract::ProblemView;
use crate::describe;
use crate::error::AppError;
use crate::watch::Nudge;

/// What calls to workspaces came to.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    lost: Mutex<HashMap<WorkspaceId, ProblemView>>,
    /// Who is told when it changes.
    nudge: Mutex<Option<Nudge>>,
}

impl Reach {
    /// Tells this one from now on.
    pub fn tell(&self, nudge: Nudge) {
        *lock(&self.nudge) = Some(nudge);
    }

    /// Why a workspace was out of reach when it was asked last, if it was.
    pub fn problem(&self, workspace: &WorkspaceId) -> Option<ProblemView> {
        lock(&self.lost).get(workspace).cloned()
    }

    /// Takes note of what a call to a workspace came to. An error that says nothing about the way there changes nothing.
    pub fn note<T>(&self, workspace: &WorkspaceId, came_to: &Result<T, AppError>) {
        let problem = match came_to {
            Err(AppError::Remote(error)) if is_out_of_reach(&error.kind) => {
                came_to.as_ref().err().map(describe)
            }
            Err(error @ AppError::Local(_)) => Some(describe(error)),
            Ok(_) | Err(AppError::Remote(_)) => None,
            Err(_) => return,
        };
        let mut lost = lock(&self.lost);
        let before = match &problem {
            Some(problem) => lost.insert(workspace.clone(), problem.clone()),
            None => lost.remove(workspace),
        };
        if before.is_some() != problem.is_some()
            && let Some(nudge) = lock(&self.nudge).as_ref()
        {
            nudge.reach();
        }
    }
}

/// Whether an error is about the way to a server, not about what was asked.
fn is_out_of_reach(kind: &RemoteErrorKind) -> bool {
    matches!(
        kind,
        RemoteErrorKind::Unreachable { .. }
            | RemoteErrorKind::TimedOut { .. }
            | RemoteErrorKind::Broken { .. }
            | RemoteErrorKind::Server { .. }
            | RemoteErrorKind::Tls { .. }
    )
}

fn lock<T>(cell: &Mutex<T>) -> MutexGuard<'_, T> {
    cell.lock().unwrap_or_else(PoisonError::into_inner)
}
