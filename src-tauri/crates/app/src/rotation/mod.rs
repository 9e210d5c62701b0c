//! Rotation: a key is replaced by another just like it while its clients go on calling.
//!
//! One step after the other, each in the store before the next begins, so that a process that ends anywhere leaves something to go
//! on from: `planned → created → switched → observed → retired`, and `going back → cancelled` (or `failed`) until the old key is
//! revoked. One process at a time takes steps; any may.

mod create;
mod leave;
pub(crate) mod live;
mod observe;
pub(crate) mod switched;

use std::collections::HashMap;
use std::time::Duration;

use keystow_core::key::{ApiKey, KeyStatus, UnixMs};
use keystow_core::provider::Capability;
use keystow_core::rotation::{Grace, Stage};
use keystow_core::{KeyId, RotationId, Secret, WorkspaceId};

use crate::app::App;
use crate::error::AppError;
use crate::store::{Rotation, Workspace};
use crate::{describe, lock, random, steps};

pub(crate) use create::just_like;
pub(crate) use observe::{Seen, State, clients};

/// The lock of whoever takes steps.
const LOCK: &str = "rotations";
/// How long a person waits for another process's steps.
const WAIT: Duration = Duration::from_secs(40);
/// A step that failed is tried again in passing after this long, in milliseconds.
const TRY_AGAIN_MS: UnixMs = 30_000;
/// Another process takes steps just now; what it did not see yet is looked at after it, in milliseconds.
const BUSY_MS: UnixMs = 2000;
/// Nobody is told when a program is killed; while one is waited for, it is looked after at least this often, in milliseconds.
const LOOK_AGAIN_MS: UnixMs = 10_000;

/// Begins a rotation, or goes on with the one that the key is in already.
///
/// # Errors
/// `input.invalid` for a key that does not work now, or that a rotation has just made.
pub(crate) fn begin(
    app: &App,
    workspace: &Workspace,
    old: ApiKey,
    grace: Grace,
    emergency: bool,
) -> Result<Rotation, AppError> {
    let invalid = |reason: String| Err(AppError::Invalid { reason });
    for other in app.store.rotations_under_way()? {
        if other.workspace == workspace.id && other.old.id == old.id {
            return Ok(other);
        }
        if other.workspace == workspace.id && other.new.as_ref() == Some(&old.id) {
            return invalid(format!(
                "{} is the new key of a rotation that is not over; retire the old one or call the rotation off first",
                old.name
            ));
        }
    }
    if !emergency && old.status != KeyStatus::Enabled {
        return invalid(format!(
            "{} is paused or expired, so no client can be seen to go from it to another key; replace it instead",
            old.name
        ));
    }
    let namesakes = app.store.keys(&workspace.id)?.into_values();
    let namesakes = namesakes
        .filter(|key| key.name == old.name)
        .map(|key| key.id);
    let namesakes = namesakes.collect();
    let rotation = Rotation {
        id: RotationId::new(random::id("r")),
        workspace: workspace.id.clone(),
        old,
        new: None,
        stage: Stage::Planned,
        grace,
        emergency,
        revoked: false,
        hurried: emergency,
        namesakes,
        in_doubt: false,
        announced: true,
        failed: None,
        connections: Vec::new(),
        begun_at: app.now(),
        sent_at: None,
        switched_at: None,
        ended_at: None,
        tried_at: None,
        trouble: None,
    };
    if !app.store.begin_rotation(&rotation)? {
        // Another process was quicker.
        return begin(app, workspace, rotation.old, grace, emergency);
    }
    steps::reached("planned");
    Ok(rotation)
}

/// Takes every step that can be taken now.
///
/// # Errors
/// Why a step failed; the rotation says so, too, and can be gone on with.
pub(crate) fn advance(app: &App, id: &RotationId) -> Result<Rotation, AppError> {
    let _lock = lock::take(&app.paths.data, LOCK, WAIT)?;
    go_on(app, named(app, id)?)
}

/// Takes steps of all rotations, as far as that can be done without waiting for anybody. What fails is noted and left for later.
/// Gives when the next one is due.
pub(crate) fn carry_on(app: &App) -> Result<Option<UnixMs>, AppError> {
    let under_way = app.store.rotations_under_way()?;
    if under_way.is_empty() {
        return Ok(None);
    }
    let Some(_lock) = lock::try_take(&app.paths.data, LOCK)? else {
        return Ok(Some(app.now() + BUSY_MS));
    };
    let mut next: Option<UnixMs> = None;
    for rotation in under_way {
        let resting = rotation.tried_at.map(|at| at + TRY_AGAIN_MS);
        let workspace = workspace_of(app, &rotation)?;
        // Whether a key is dead that only the person can revoke is looked at when they ask.
        let by_hand = rotation.stage == Stage::Observed && !revokes_keys(app, &workspace)?;
        if by_hand || !workspace.signed_in {
            continue;
        }
        let due = match resting {
            Some(until) if until > app.now() => Some(until),
            _ => match go_on(app, named(app, &rotation.id)?) {
                Ok(rotation) if rotation.stage.is_over() => None,
                Ok(rotation) => due(app, &rotation)?,
                Err(error) => {
                    tracing::warn!(code = describe(&error).code, "a rotation waits");
                    Some(app.now() + TRY_AGAIN_MS)
                }
            },
        };
        next = match (next, due) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    Ok(next)
}

/// When to look after a rotation that waits; `None`: it waits for the person.
fn due(app: &App, rotation: &Rotation) -> Result<Option<UnixMs>, AppError> {
    if rotation.stage == Stage::Planned {
        return Ok(None);
    }
    let soon = app.now() + LOOK_AGAIN_MS;
    let retires = retires_at(rotation).filter(|at| *at > app.now());
    let over = observe::settled(&clients(app, rotation)?);
    Ok(Some(match retires {
        Some(at) if over => at,
        Some(at) => at.min(soon),
        None => soon,
    }))
}

/// Takes in the key that the person made for a rotation, where only a dashboard makes keys.
///
/// # Errors
/// As of any key that is taken in; `input.invalid` when it is the old one, or none is waited for.
pub(crate) fn take_in(app: &App, id: &RotationId, secret: &Secret) -> Result<Rotation, AppError> {
    let _lock = lock::take(&app.paths.data, LOCK, WAIT)?;
    let mut rotation = named(app, id)?;
    let workspace = workspace_of(app, &rotation)?;
    if rotation.stage != Stage::Planned || makes_keys(app, &workspace)? {
        return Err(AppError::Invalid {
            reason: "this rotation does not wait for a key".to_owned(),
        });
    }
    create::take_in(app, &workspace, &mut rotation, secret)?;
    go_on(app, rotation)
}

/// Calls a rotation off: the old key is used again, and the new one revoked.
///
/// # Errors
/// `rotation.over` once the old key is revoked.
pub(crate) fn cancel(app: &App, id: &RotationId) -> Result<Rotation, AppError> {
    let _lock = lock::take(&app.paths.data, LOCK, WAIT)?;
    let mut rotation = named(app, id)?;
    if rotation.stage.is_over() || rotation.revoked {
        return Err(AppError::RotationOver {
            name: rotation.old.name,
        });
    }
    leave::go_back(app, &mut rotation)?;
    go_on(app, rotation)
}

/// Does not wait any longer, neither for clients that have not called yet nor for the end of the grace.
///
/// # Errors
/// `rotation.over`, or why the old key could not be revoked.
pub(crate) fn hurry(app: &App, id: &RotationId) -> Result<Rotation, AppError> {
    let _lock = lock::take(&app.paths.data, LOCK, WAIT)?;
    let mut rotation = named(app, id)?;
    if rotation.stage.is_over() {
        return Err(AppError::RotationOver {
            name: rotation.old.name,
        });
    }
    rotation.hurried = true;
    app.store.put_rotation(&rotation)?;
    go_on(app, rotation)
}

/// When the old key may go.
pub(crate) fn retires_at(rotation: &Rotation) -> Option<UnixMs> {
    rotation.switched_at.map(|at| {
        at + if rotation.hurried {
            0
        } else {
            rotation.grace.ms()
        }
    })
}

/// The keys that their clients were moved off, and from when on each may go.
pub(crate) fn retiring(app: &App) -> Result<HashMap<(WorkspaceId, KeyId), UnixMs>, AppError> {
    Ok(app
        .store
        .rotations_under_way()?
        .into_iter()
        .filter(|rotation| rotation.stage != Stage::GoingBack)
        .filter_map(|rotation| {
            let at = retires_at(&rotation)?;
            Some(((rotation.workspace, rotation.old.id), at))
        })
        .collect())
}

/// Whether keys of a workspace are made from here.
pub(crate) fn makes_keys(app: &App, workspace: &Workspace) -> Result<bool, AppError> {
    Ok(app.provider_of(workspace)?.can(Capability::Create))
}

/// Whether keys of a workspace are revoked from here.
pub(crate) fn revokes_keys(app: &App, workspace: &Workspace) -> Result<bool, AppError> {
    Ok(app.provider_of(workspace)?.can(Capability::Delete))
}

pub(crate) fn workspace_of(app: &App, rotation: &Rotation) -> Result<Workspace, AppError> {
    app.store
        .workspace(&rotation.workspace)?
        .ok_or_else(|| AppError::Unknown {
            what: "workspace",
            id: rotation.workspace.to_string(),
        })
}

/// Tells programs that run that connections moved. Repeated after a crash rather than left out.
fn announce(app: &App, rotation: &mut Rotation) -> Result<(), AppError> {
    if !rotation.announced {
        switched::note(&app.paths.data)?;
        rotation.announced = true;
        app.store.put_rotation(rotation)?;
    }
    Ok(())
}

/// The rotation with an id.
pub(crate) fn named(app: &App, id: &RotationId) -> Result<Rotation, AppError> {
    app.store.rotation(id)?.ok_or_else(|| AppError::Unknown {
        what: "rotation",
        id: crate::handlers::shown(id.as_str()),
    })
}

/// Step after step, by whoever holds the lock.
fn go_on(app: &App, mut rotation: Rotation) -> Result<Rotation, AppError> {
    loop {
        match step(app, &mut rotation) {
            Ok(true) => {
                rotation.tried_at = None;
                rotation.trouble = None;
                if rotation.stage.is_over() {
                    rotation.ended_at = Some(app.now());
                }
                app.store.put_rotation(&rotation)?;
                steps::reached("step taken");
                if rotation.stage.is_over() {
                    return Ok(rotation);
                }
            }
            Ok(false) => {
                if rotation.trouble.take().is_some() {
                    rotation.tried_at = None;
                    app.store.put_rotation(&rotation)?;
                }
                return Ok(rotation);
            }
            Err(error) => {
                // What the step changed before it failed may not be so.
                let mut rotation = named(app, &rotation.id)?;
                rotation.tried_at = Some(app.now());
                rotation.trouble = Some(describe(&error));
                app.store.put_rotation(&rotation)?;
                return Err(error);
            }
        }
    }
}

/// One step. `false`: it waits for somebody, or for its time.
fn step(app: &App, rotation: &mut Rotation) -> Result<bool, AppError> {
    let workspace = workspace_of(app, rotation)?;
    match rotation.stage {
        Stage::Planned => {
            if rotation.emergency && !rotation.revoked && revokes_keys(app, &workspace)? {
                leave::revoke_old(app, &workspace, rotation)?;
                return Ok(true);
            }
            create::create(app, &workspace, rotation)
        }
        Stage::Created => create::switch(app, &workspace, rotation),
        Stage::Switched => observe::observe(app, &workspace, rotation),
        Stage::Observed => leave::retire(app, &workspace, rotation),
        Stage::GoingBack => leave::drop_new(app, &workspace, rotation),
        Stage::Retired | Stage::Cancelled | Stage::Failed => Ok(false),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
