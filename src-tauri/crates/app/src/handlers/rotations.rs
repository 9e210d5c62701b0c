use keystow_core::key::{KeyStatus, UnixMs};
use keystow_core::provider::Capability;
use keystow_core::rotation::{Grace, Stage};
use keystow_core::{KeyId, RotationId, Secret};

use super::keys::{known_total, resolve};
use super::views;
use crate::app::App;
use crate::contract::*;
use crate::describe;
use crate::error::AppError;
use crate::rotation::{self, Seen, State};
use crate::store::{Rotation, StoredKey, Workspace};

/// Rotations that are listed.
const LISTED: u32 = 100;

/// Replaces a key by another just like it, as far as that goes without waiting for anybody. A step that fails is told by the
/// rotation, which can be gone on with.
pub fn rotations_start(app: &App, request: RotateRequest) -> Result<RotationView, AppError> {
    start(app, &request.key, grace(request.grace), false)
}

/// The same for every key of the workspace in use whose secret is here.
pub fn rotations_start_all(
    app: &App,
    request: RotateAllRequest,
) -> Result<Vec<RotationView>, AppError> {
    let workspace = app.current()?;
    let keys: Vec<StoredKey> = sorted_out(app, &workspace)?
        .into_iter()
        // One that is being rotated goes on with that.
        .filter(|(_, left)| matches!(left, None | Some(LeftOut::UnderWay)))
        .map(|(key, _)| key)
        .collect();
    if keys.is_empty() {
        return Err(AppError::NoKey {
            workspace: workspace.name,
        });
    }
    let mut views = Vec::new();
    for key in keys {
        match start(app, key.id.as_str(), grace(request.grace), false) {
            Ok(view) => views.push(view),
            // One that could not go on is told by its rotation; the others are not held up.
            Err(error) => {
                let under_way = app.store.rotations_under_way()?;
                match under_way.iter().find(|found| found.old.id == key.id) {
                    Some(rotation) => views.push(view(app, rotation)?),
                    None => return Err(error),
                }
            }
        }
    }
    Ok(views)
}

/// What `rotations_start_all` would do.
pub fn rotations_plan_all(app: &App, _: Empty) -> Result<RotateAllPlanView, AppError> {
    let workspace = app.current()?;
    let provider = app.provider_of(&workspace)?;
    let by_hand = !provider.can(Capability::Create);
    let problem = match by_hand {
        true => None,
        false => app.provider_that_can(&workspace, Capability::Delete).err(),
    };
    let users = views::Users::of(app, &workspace)?;
    let known = sorted_out(app, &workspace)?;
    let elsewhere = known_total(app, &workspace.id)?.saturating_sub(views::count(known.len()));
    let mut plan = RotateAllPlanView {
        keys: Vec::new(),
        left: Vec::new(),
        elsewhere,
        by_hand,
        problem: problem.as_ref().map(describe),
    };
    for (key, left) in known {
        match (left, &key.facts) {
            (None, Some(facts)) => {
                plan.keys
                    .push(views::key(&workspace, facts, Some(&key), &users));
            }
            (None, None) => {
                let facts = resolve(app, &workspace, key.id.as_str())?;
                plan.keys
                    .push(views::key(&workspace, &facts, Some(&key), &users));
            }
            (Some(reason), _) => plan.left.push(LeftOutView {
                id: key.id.to_string(),
                name: key.name,
                reason,
            }),
        }
    }
    Ok(plan)
}

/// The keys of a workspace that this computer knows of, by name, and why one would not be rotated. Those that a rotation just made,
/// and those that nobody holds the secret of, are left out.
fn sorted_out(
    app: &App,
    workspace: &Workspace,
) -> Result<Vec<(StoredKey, Option<LeftOut>)>, AppError> {
    let under_way = app.store.rotations_under_way()?;
    let made = |id: &KeyId| {
        under_way
            .iter()
            .any(|rotation| rotation.new.as_ref() == Some(id))
    };
    let mut keys: Vec<StoredKey> = app
        .store
        .keys(&workspace.id)?
        .into_values()
        .filter(|key| !key.orphan && !made(&key.id))
        .collect();
    keys.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    Ok(keys
        .into_iter()
        .map(|key| {
            let goes = under_way.iter().any(|rotation| rotation.old.id == key.id);
            let left = match key.facts.as_ref().map(|facts| facts.status) {
                _ if !key.stowed => Some(LeftOut::NotHere),
                Some(KeyStatus::Paused) => Some(LeftOut::Paused),
                Some(KeyStatus::Expired) => Some(LeftOut::Expired),
                _ if goes => Some(LeftOut::UnderWay),
                _ => None,
            };
            (key, left)
        })
        .collect())
}

/// Revokes a key that leaked before anything else, then replaces it and lets its clients use the new one.
pub fn keys_revoke(app: &App, request: KeyRequest) -> Result<RotationView, AppError> {
    start(app, &request.key, Grace::Now, true)
}

fn start(app: &App, key: &str, grace: Grace, emergency: bool) -> Result<RotationView, AppError> {
    let workspace = app.current()?;
    // Half way through both keys have the name; whoever says it again means the rotation.
    let under_way = app.store.rotations_under_way()?;
    let mut same = under_way.iter().filter(|rotation| {
        rotation.workspace == workspace.id
            && (rotation.old.id.as_str() == key || rotation.old.name == key)
    });
    let rotation = match (same.next(), same.next()) {
        (Some(only), None) if !emergency || only.emergency => only.clone(),
        _ => {
            let old = resolve(app, &workspace, key)?;
            let stowed = app.store.key(&workspace.id, &old.id)?;
            if !stowed.is_some_and(|stored| stored.stowed) && !emergency {
                return Err(AppError::NotHere { name: old.name });
            }
            let provider = app.provider_of(&workspace)?;
            // One that leaked is revoked before anything else: where only a dashboard can, that is said with the way there.
            if emergency || provider.can(Capability::Create) {
                app.provider_that_can(&workspace, Capability::Delete)?;
            }
            rotation::begin(app, &workspace, old, grace, emergency)?
        }
    };
    let stage = rotation.stage;
    match rotation::advance(app, &rotation.id) {
        Ok(rotation) => view(app, &rotation),
        // Nothing was done yet: there is nothing to come back to but the reason.
        Err(error) if stage == Stage::Planned => Err(untouched(app, &rotation.id, error)?),
        Err(error) => Err(error),
    }
}

/// A rotation that failed before anything was asked for leaves nothing behind.
fn untouched(app: &App, id: &RotationId, error: AppError) -> Result<AppError, AppError> {
    let now = rotation::named(app, id)?;
    if now.stage == Stage::Planned && now.sent_at.is_none() && !now.revoked {
        rotation::cancel(app, id)?;
    }
    Ok(error)
}

/// Rotations, those under way first, then the latest.
pub fn rotations_list(app: &App, _: Empty) -> Result<Vec<RotationView>, AppError> {
    let rotations = app.store.rotations(LISTED)?;
    rotations.iter().map(|found| view(app, found)).collect()
}

/// Takes every step of a rotation that can be taken now.
pub fn rotations_advance(app: &App, request: RotationRequest) -> Result<RotationView, AppError> {
    view(app, &rotation::advance(app, &id(&request))?)
}

/// Takes in the key that the person made at the dashboard, from the clipboard, natively.
pub fn rotations_paste(app: &App, request: RotationRequest) -> Result<RotationView, AppError> {
    let secret = app.doors.clipboard.take()?;
    rotations_add(app, request, &secret)
}

/// The same with a plaintext that the host read from the person.
pub fn rotations_add(
    app: &App,
    request: RotationRequest,
    secret: &Secret,
) -> Result<RotationView, AppError> {
    view(app, &rotation::take_in(app, &id(&request), secret)?)
}

/// Revokes the old key without waiting any longer, neither for the end of its grace nor for clients that have not called yet.
pub fn rotations_retire(app: &App, request: RotationRequest) -> Result<RotationView, AppError> {
    view(app, &rotation::hurry(app, &id(&request))?)
}

/// Calls a rotation off: the old key is used again, the new one revoked.
pub fn rotations_cancel(app: &App, request: RotationRequest) -> Result<RotationView, AppError> {
    view(app, &rotation::cancel(app, &id(&request))?)
}

/// For hosts: takes the steps of rotations that are due, in passing. Gives when to come back, in Unix milliseconds.
///
/// # Errors
/// `store.*`; what fails at a provider is noted in its rotation.
pub fn rotations_carry_on(app: &App) -> Result<Option<UnixMs>, AppError> {
    rotation::carry_on(app)
}

fn id(request: &RotationRequest) -> RotationId {
    RotationId::new(views::shown(&request.rotation))
}

fn grace(grace: GraceView) -> Grace {
    match grace {
        GraceView::Now => Grace::Now,
        GraceView::Hour => Grace::Hour,
        GraceView::Day => Grace::Day,
        GraceView::Week => Grace::Week,
    }
}

fn view(app: &App, rotation: &Rotation) -> Result<RotationView, AppError> {
    let workspace = rotation::workspace_of(app, rotation)?;
    let provider = app.provider_of(&workspace).ok();
    let over = rotation.stage.is_over();
    let seen = match over {
        true => Vec::new(),
        false => rotation::clients(app, rotation)?,
    };
    let clients: Vec<RotationClientView> = seen.iter().map(|seen| client(app, seen)).collect();
    let makes = provider.is_none_or(|provider| provider.can(Capability::Create));
    let revokes = provider.is_none_or(|provider| provider.can(Capability::Delete));
    let wants_key = rotation.stage == Stage::Planned && !makes;
    let to_revoke = rotation.stage == Stage::Observed
        && !revokes
        && !rotation.revoked
        && rotation::retires_at(rotation).is_none_or(|at| at <= app.now());
    let dashboard = provider
        .map(super::providers::view)
        .and_then(|view| view.dashboard)
        .filter(|_| wants_key || to_revoke);
    let masked = |key| -> Result<Option<String>, AppError> {
        Ok(app
            .store
            .key(&rotation.workspace, key)?
            .map(|key| key.masked))
    };
    Ok(RotationView {
        id: rotation.id.to_string(),
        name: rotation.old.name.clone(),
        workspace: workspace.id.to_string(),
        workspace_name: workspace.name,
        old_key: rotation.old.id.to_string(),
        old_masked: rotation.old.masked.clone(),
        new_key: rotation.new.as_ref().map(ToString::to_string),
        new_masked: rotation.new.as_ref().map(masked).transpose()?.flatten(),
        stage: match rotation.stage {
            Stage::Planned => RotationStage::Planned,
            Stage::Created => RotationStage::Created,
            Stage::Switched => RotationStage::Switched,
            Stage::Observed => RotationStage::Observed,
            Stage::Retired => RotationStage::Retired,
            Stage::GoingBack => RotationStage::GoingBack,
            Stage::Cancelled => RotationStage::Cancelled,
            Stage::Failed => RotationStage::Failed,
        },
        grace: match rotation.grace {
            Grace::Now => GraceView::Now,
            Grace::Hour => GraceView::Hour,
            Grace::Day => GraceView::Day,
            Grace::Week => GraceView::Week,
        },
        emergency: rotation.emergency,
        revoked: rotation.revoked,
        begun_at: rotation.begun_at,
        switched_at: rotation.switched_at,
        retires_at: rotation::retires_at(rotation).filter(|_| !over),
        ended_at: rotation.ended_at,
        cancelable: !over && !rotation.revoked && rotation.stage != Stage::GoingBack,
        waits_for: match (over, wants_key, to_revoke) {
            (true, ..) => None,
            (_, true, _) => {
                Some("Waits for the new key, which only the dashboard makes.".to_owned())
            }
            (_, _, true) => Some("Waits until the old key is revoked at the dashboard.".to_owned()),
            _ => waits_for(rotation, &seen, &clients, app.now()),
        },
        clients,
        steps: match (&dashboard, wants_key) {
            (Some(dashboard), true) => dashboard.create.clone(),
            (Some(dashboard), false) => dashboard.revoke.clone(),
            (None, _) => Vec::new(),
        },
        dashboard: dashboard.map(|dashboard| dashboard.url),
        wants_key,
        problem: rotation.trouble.clone().filter(|_| !over),
        failed: rotation.failed.clone(),
    })
}

fn client(app: &App, seen: &Seen) -> RotationClientView {
    RotationClientView {
        connection: seen.connected.id.to_string(),
        client: seen.connected.client.to_string(),
        name: views::client_name(app, &seen.connected),
        mode: views::mode(seen.connected.mode),
        state: match seen.state {
            State::NotRunning => RotationClientState::NotRunning,
            State::AsksAnew => RotationClientState::AsksAnew,
            State::OnIt => RotationClientState::OnIt,
            State::Finishing => RotationClientState::Finishing,
            State::Waiting => RotationClientState::Waiting,
            State::Holds => RotationClientState::Holds,
        },
        live: views::count(seen.live),
        accepted_at: seen.accepted_at,
    }
}

/// What it waits for, in a sentence.
fn waits_for(
    rotation: &Rotation,
    seen: &[Seen],
    clients: &[RotationClientView],
    now: UnixMs,
) -> Option<String> {
    let of = |state: State| {
        let mut names: Vec<&str> = seen
            .iter()
            .zip(clients)
            .filter(|(seen, _)| seen.state == state)
            .map(|(_, client)| client.name.as_str())
            .collect();
        names.dedup();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let moving = matches!(
        rotation.stage,
        Stage::Switched | Stage::Observed | Stage::GoingBack
    );
    if !moving {
        return None;
    }
    if let Some(names) = of(State::Finishing) {
        return Some(format!(
            "Waits for a call of {names} that is still under way."
        ));
    }
    if let Some(names) = of(State::Waiting) {
        return Some(format!("Waits for the next call of {names}."));
    }
    let later = rotation::retires_at(rotation).is_some_and(|at| at > now);
    match (rotation.stage, of(State::Holds)) {
        (Stage::Switched | Stage::Observed, Some(names)) if later => Some(format!(
            "{names} was started with the old key and keeps it; restart it before the old key goes."
        )),
        _ => None,
    }
}
