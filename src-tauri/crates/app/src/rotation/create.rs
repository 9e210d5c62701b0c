//! From nothing to connections that use the new key.

use keystow_core::key::{ApiKey, KeyChange, KeyQuery, NewKey};
use keystow_core::keychain::Item;
use keystow_core::provider::{Capability, Provider};
use keystow_core::remote::{Proof, ProofKind, RemoteErrorKind};
use keystow_core::rotation::Stage;
use keystow_core::{KeyId, Secret};

use super::leave;
use crate::app::App;
use crate::error::AppError;
use crate::store::{Connected, Rotation, Workspace};
use crate::{handlers, keys, steps, stow};

/// How far the clock of a provider may be off, in milliseconds.
const SKEW_MS: i64 = 10 * 60 * 1000;

/// What the new key is called until it is stowed: it says for which rotation it was made, so that a key whose answer was lost is
/// recognised as ours without a doubt. `None` where a provider cannot rename: there it has the name of the old one from the start.
pub(super) fn interim_name(provider: &Provider, rotation: &Rotation) -> Option<String> {
    let can = |capability| provider.can(capability);
    if !can(Capability::Rename) || !can(Capability::List) {
        return None;
    }
    let mark = format!(" (rotating {})", rotation.id);
    let room = (provider.key.name_max as usize).saturating_sub(mark.chars().count());
    let name: String = rotation.old.name.chars().take(room).collect();
    Some(format!("{name}{mark}"))
}

/// Makes the new key, if it was not made already. `false`: the person has to make it.
pub(super) fn create(
    app: &App,
    workspace: &Workspace,
    rotation: &mut Rotation,
) -> Result<bool, AppError> {
    if !super::makes_keys(app, workspace)? {
        return Ok(false);
    }
    let interim = interim_name(app.provider_of(workspace)?, rotation);
    let old = &rotation.old;
    let new = just_like(app, old, interim.unwrap_or_else(|| old.name.clone()));
    let made = match rotation.sent_at {
        Some(_) => {
            rotation.in_doubt = true;
            left_over(app, workspace, rotation)?
        }
        None => {
            rotation.sent_at = Some(app.now());
            app.store.put_rotation(rotation)?;
            steps::reached("about to be sent");
            None
        }
    };
    let id = match made {
        Some(id) => id,
        None => match keys::mint(app, workspace, &new) {
            Ok(made) => made.key.id,
            // It may have been made all the same: the next try looks, and clears away what nobody holds the secret of.
            Err(AppError::CreateUnknown { error, .. }) => return Err(AppError::Remote(error)),
            Err(error) => return Err(error),
        },
    };
    handlers::change_total(app, &workspace.id, 1)?;
    rotation.new = Some(id);
    rotation.stage = Stage::Created;
    Ok(true)
}

/// Takes in a key that the person made.
pub(super) fn take_in(
    app: &App,
    workspace: &Workspace,
    rotation: &mut Rotation,
    secret: &Secret,
) -> Result<(), AppError> {
    let old = Item::Key(workspace.id.clone(), rotation.old.id.clone());
    if app
        .doors
        .keychain
        .get(&old)?
        .is_some_and(|old| old == *secret)
    {
        return Err(AppError::Invalid {
            reason: format!("that is the old key of {}", rotation.old.name),
        });
    }
    let name = rotation.old.name.clone();
    let key = stow::take_in(app, workspace, secret, Some(&name), None)?;
    rotation.new = Some(key.id);
    rotation.stage = Stage::Created;
    app.store.put_rotation(rotation)?;
    steps::reached("taken in");
    Ok(())
}

/// What became of keys that were asked for before: one whose secret is here is the new key; of the others, those that bear our mark
/// are revoked, and the rest are listed for the person to decide about.
pub(super) fn left_over(
    app: &App,
    workspace: &Workspace,
    rotation: &Rotation,
) -> Result<Option<KeyId>, AppError> {
    let provider = app.provider_of(workspace)?;
    let interim = interim_name(provider, rotation);
    let name = interim.as_ref().unwrap_or(&rotation.old.name);
    let since = rotation.sent_at.unwrap_or(rotation.begun_at);
    let known = app.store.keys(&workspace.id)?;
    let candidates: Vec<ApiKey> = match provider.can(Capability::List) {
        true => {
            let query = KeyQuery {
                search: Some(name.clone()),
                page: 1,
                limit: 100,
                everybody: false,
                order: None,
            };
            app.with_keys(workspace, |api, caller| api.list(caller, &query))?
                .keys
        }
        false => known.values().filter_map(|key| key.facts.clone()).collect(),
    };
    let mut found = None;
    for key in candidates {
        let lately = key.created_at.is_none_or(|made| made >= since - SKEW_MS);
        let ours = interim.is_some() || lately && !rotation.namesakes.contains(&key.id);
        if key.name != *name || key.id == rotation.old.id || !ours {
            continue;
        }
        let item = Item::Key(workspace.id.clone(), key.id.clone());
        let here = app.doors.keychain.get(&item)?.is_some();
        if here && found.is_none() {
            app.store.put_key(&workspace.id, &key, true, false)?;
            found = Some(key.id);
        } else if interim.is_some() {
            app.with_keys(workspace, |api, caller| api.delete(caller, &key.id))?;
            app.doors.keychain.delete(&item)?;
            app.store.forget_key(&workspace.id, &key.id)?;
            steps::reached("orphan revoked");
        } else if !here && !known.contains_key(&key.id) {
            app.store.put_key(&workspace.id, &key, false, true)?;
        }
    }
    app.store.found_create(&workspace.id, name)?;
    Ok(found)
}

/// Gives the new key its name, shows it to the servers of its clients, and lets the connections use it.
pub(super) fn switch(
    app: &App,
    workspace: &Workspace,
    rotation: &mut Rotation,
) -> Result<bool, AppError> {
    let new = new_key(rotation)?;
    let name = rotation.old.name.clone();
    let provider = app.provider_of(workspace)?;
    let stored = app.store.key(&workspace.id, &new)?;
    if stored.is_some_and(|key| key.name != name) && provider.can(Capability::Rename) {
        let change = KeyChange {
            name: Some(name.clone()),
            ..KeyChange::default()
        };
        let renamed = app.with_keys(workspace, |api, caller| api.update(caller, &new, &change))?;
        app.store
            .refresh_keys(&workspace.id, std::slice::from_ref(&renamed))?;
        steps::reached("named");
    }
    if let Err(reason) = prove(app, workspace, rotation)? {
        refused(app, rotation, reason)?;
        return Ok(true);
    }
    rotation.stage = Stage::Switched;
    rotation.switched_at = Some(app.now());
    let old = rotation.old.id.clone();
    app.store.move_in_rotation(rotation, &old, &new)?;
    steps::reached("moved");
    super::announce(app, rotation)?;
    app.store.note(
        app.now(),
        "rotation.switched",
        &format!("The clients of key {name} use its new key from now on."),
    )?;
    Ok(true)
}

/// The new key is no good: back to the old one.
pub(super) fn refused(app: &App, rotation: &mut Rotation, reason: String) -> Result<(), AppError> {
    app.store.note(
        app.now(),
        "rotation.failed",
        &format!("The new key of {} was not taken.", rotation.old.name),
    )?;
    rotation.failed = Some(reason);
    leave::go_back(app, rotation)
}

/// Shows the new key to every server that a connection of either key leads to, or, where there is none, to its product. The inner
/// error says why it is not taken.
///
/// # Errors
/// When nobody could be asked.
pub(super) fn prove(
    app: &App,
    workspace: &Workspace,
    rotation: &Rotation,
) -> Result<Result<(), String>, AppError> {
    let new = new_key(rotation)?;
    let secret = app
        .doors
        .keychain
        .get_stowed(&Item::Key(workspace.id.clone(), new.clone()))?;
    let provider = app.provider_of(workspace)?;
    let headers: Vec<(String, String)> = workspace.headers.clone().into_iter().collect();
    let mut asked = Vec::new();
    let mut answer = Ok(());
    for connected in connections(app, rotation)? {
        if asked.contains(&connected.server) {
            continue;
        }
        let Some((_, server)) = app.providers().server(&connected.server) else {
            continue;
        };
        asked.push(connected.server.clone());
        let url = app.endpoint(workspace, server)?;
        let proof = Proof {
            url: &url,
            kind: ProofKind::Mcp,
            header: &provider.key.header,
            scheme: &provider.key.scheme,
            headers: &headers,
            tells: &keystow_core::provider::Tells::default(),
        };
        answer = taken(
            app.doors
                .proof
                .prove(&proof, &secret)
                .map_err(AppError::from),
        )?;
        if answer.is_err() {
            break;
        }
    }
    if asked.is_empty() {
        answer = taken(stow::proven(app, workspace, provider, &secret))?;
    }
    Ok(answer)
}

fn taken<T>(answer: Result<T, AppError>) -> Result<Result<(), String>, AppError> {
    match answer {
        Ok(_) => Ok(Ok(())),
        Err(AppError::Remote(error))
            if matches!(
                error.kind,
                RemoteErrorKind::Unauthorised | RemoteErrorKind::Forbidden { .. }
            ) =>
        {
            Ok(Err(error.to_string()))
        }
        Err(error) => Err(error),
    }
}

/// The connections of either key of a rotation.
pub(super) fn connections(app: &App, rotation: &Rotation) -> Result<Vec<Connected>, AppError> {
    let mut connections = app.store.connections()?;
    connections.retain(|connected| {
        connected.workspace == rotation.workspace
            && (connected.key == rotation.old.id || Some(&connected.key) == rotation.new.as_ref())
    });
    Ok(connections)
}

/// The new key of a rotation that has one.
pub(super) fn new_key(rotation: &Rotation) -> Result<KeyId, AppError> {
    rotation.new.clone().ok_or_else(|| AppError::Unknown {
        what: "key",
        id: rotation.old.name.clone(),
    })
}

/// A key to be made that may do what another one may, for as long.
pub(crate) fn just_like(app: &App, old: &ApiKey, name: String) -> NewKey {
    NewKey {
        name,
        scopes: old.scopes.clone(),
        expires_at: same_span(app, old),
        read_only: old.read_only,
        preset: old.preset.clone(),
        tools: old.tools.clone(),
        mcp_permissions: old.mcp_permissions.clone(),
        projects: old.projects.clone(),
        instances: old.instances.clone(),
    }
}

/// An expiry as far away from now as the old one was from when it was made.
fn same_span(app: &App, old: &ApiKey) -> Option<i64> {
    match (old.created_at, old.expires_at) {
        (Some(made), Some(over)) if over > made => Some(app.now() + (over - made)),
        (_, Some(over)) if over > app.now() => Some(over),
        _ => None,
    }
}
