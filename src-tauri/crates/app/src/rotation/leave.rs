//! The ways out: the old key is retired, or the new one taken back.

use keystow_core::KeyId;
use keystow_core::keychain::{Item, KeychainError};
use keystow_core::remote::RemoteErrorKind;
use keystow_core::rotation::Stage;

use super::create::{self, new_key};
use super::observe::{clients, finished, settled};
use super::{retires_at, revokes_keys};
use crate::app::App;
use crate::error::AppError;
use crate::store::{Rotation, Workspace};
use crate::{handlers, steps, stow};

/// Revokes the old key, once its time has come and nothing is under way with it any more.
pub(super) fn retire(
    app: &App,
    workspace: &Workspace,
    rotation: &mut Rotation,
) -> Result<bool, AppError> {
    if retires_at(rotation).is_some_and(|at| at > app.now()) {
        return Ok(false);
    }
    let (old, new) = (rotation.old.id.clone(), new_key(rotation)?);
    // Connections that were made with the old key since.
    if app.store.move_in_rotation(rotation, &old, &new)? == 0 {
        rotation.announced = true;
    }
    super::announce(app, rotation)?;
    // Programs may have been started since that have not come over yet.
    let seen = clients(app, rotation)?;
    let ready = match rotation.hurried {
        true => finished(&seen),
        false => settled(&seen),
    };
    if !ready && !rotation.revoked {
        return Ok(false);
    }
    if !rotation.revoked {
        match revokes_keys(app, workspace)? {
            true => revoke_old(app, workspace, rotation)?,
            false if is_dead(app, workspace, rotation)? => rotation.revoked = true,
            false => return Ok(false),
        }
    }
    if rotation.in_doubt {
        // What was made at an earlier try, and was not in the list by then.
        create::left_over(app, workspace, rotation)?;
    }
    forget(app, workspace, &old)?;
    rotation.stage = Stage::Retired;
    app.store.note(
        app.now(),
        "rotation.retired",
        &format!("Rotated key {}: the old one is revoked.", rotation.old.name),
    )?;
    Ok(true)
}

/// Revokes the old key at its provider.
pub(super) fn revoke_old(
    app: &App,
    workspace: &Workspace,
    rotation: &mut Rotation,
) -> Result<(), AppError> {
    app.with_keys(workspace, |api, caller| {
        api.delete(caller, &rotation.old.id)
    })?;
    steps::reached("old key revoked");
    rotation.revoked = true;
    app.store.note(
        app.now(),
        "key.revoked",
        &format!("Revoked key {}.", rotation.old.name),
    )?;
    Ok(())
}

/// Whether a key that only the person can revoke is dead: its product does not take it any more.
fn is_dead(app: &App, workspace: &Workspace, rotation: &Rotation) -> Result<bool, AppError> {
    let item = Item::Key(workspace.id.clone(), rotation.old.id.clone());
    let secret = match app.doors.keychain.get_stowed(&item) {
        Ok(secret) => secret,
        Err(KeychainError::Missing { .. }) => return Ok(true),
        Err(error) => return Err(error.into()),
    };
    let provider = app.provider_of(workspace)?;
    if provider.verify.is_none() {
        // There is nobody to ask; the person's word is taken.
        return Ok(rotation.hurried);
    }
    match stow::proven(app, workspace, provider, &secret) {
        Err(AppError::Remote(error)) if error.kind == RemoteErrorKind::Unauthorised => Ok(true),
        Err(error) => Err(error),
        Ok(_) => Ok(false),
    }
}

/// Lets the connections use the old key again.
pub(super) fn go_back(app: &App, rotation: &mut Rotation) -> Result<(), AppError> {
    rotation.stage = Stage::GoingBack;
    let old = rotation.old.id.clone();
    match rotation.new.clone() {
        Some(new) => {
            app.store.move_in_rotation(rotation, &new, &old)?;
            steps::reached("moved back");
            super::announce(app, rotation)
        }
        None => Ok(app.store.put_rotation(rotation)?),
    }
}

/// Revokes the new key, once nobody uses it any more.
pub(super) fn drop_new(
    app: &App,
    workspace: &Workspace,
    rotation: &mut Rotation,
) -> Result<bool, AppError> {
    super::announce(app, rotation)?;
    if !rotation.hurried && !settled(&clients(app, rotation)?) {
        return Ok(false);
    }
    if rotation.new.is_none() && rotation.sent_at.is_some() {
        rotation.new = create::left_over(app, workspace, rotation)?;
    }
    if let Some(new) = rotation.new.clone() {
        // One that the person made is theirs to revoke; here it is forgotten.
        if revokes_keys(app, workspace)? {
            app.with_keys(workspace, |api, caller| api.delete(caller, &new))?;
            steps::reached("new key revoked");
        }
        forget(app, workspace, &new)?;
    }
    let name = &rotation.old.name;
    rotation.stage = match &rotation.failed {
        Some(_) => Stage::Failed,
        None => Stage::Cancelled,
    };
    let text = match rotation.revoked {
        true => format!(
            "The rotation of key {name} failed after it was revoked: its clients need another key."
        ),
        false => format!("Called the rotation of key {name} off: it is used as before."),
    };
    app.store.note(app.now(), "rotation.cancelled", &text)?;
    Ok(true)
}

/// Forgets a key that is gone, and its plaintext.
fn forget(app: &App, workspace: &Workspace, key: &KeyId) -> Result<(), AppError> {
    app.doors
        .keychain
        .delete(&Item::Key(workspace.id.clone(), key.clone()))?;
    steps::reached("wiped");
    if app.store.key(&workspace.id, key)?.is_some() {
        app.store.forget_key(&workspace.id, key)?;
        handlers::change_total(app, &workspace.id, -1)?;
    }
    Ok(())
}
