//! Making keys so that none is lost and none is left lying about: P6 and the order "stow first".

use keystow_core::key::{ApiKey, KeyQuery, NewKey};
use keystow_core::keychain::{Item, KeychainError, KeychainState};
use keystow_core::provider::Capability;

use crate::app::App;
use crate::error::AppError;
use crate::store::Workspace;

/// A key that was made and stowed just now.
pub(crate) struct MadeKey {
    pub workspace: Workspace,
    pub key: ApiKey,
}

/// A key whose secret could not be stowed.
struct Lost {
    error: KeychainError,
    revoked: bool,
}

/// Makes a key and stows its secret before anything else happens.
///
/// # Errors
/// When the keychain fails, the key is revoked again, and listed as an orphan where that fails too. When the outcome is unknown,
/// the keys of that name whose secret nobody holds are listed as orphans.
pub(crate) fn make(app: &App, workspace: &Workspace, new: &NewKey) -> Result<MadeKey, AppError> {
    let provider = app.provider_of(workspace)?;
    if !provider.can(Capability::Create) {
        return Err(AppError::NotCapable {
            provider: provider.name.clone(),
        });
    }
    // A keychain that cannot take the secret is found out before a key is minted for nothing.
    match app.doors.keychain.state() {
        KeychainState::Unlocked => {}
        KeychainState::Locked => return Err(KeychainError::Locked.into()),
        KeychainState::Absent(error) => return Err(error.into()),
    }
    let api = app.key_api(provider);
    // Stowing is part of the call: should it fail, the access token that made the key is still at hand to revoke it.
    let made = app.with_session(workspace, |base, access| {
        let created = api.create(base, access, new)?;
        let item = Item::Key(workspace.id.clone(), created.key.id.clone());
        let stowed = app.doors.keychain.set(&item, &created.secret);
        let lost = stowed.err().map(|error| Lost {
            error,
            revoked: api.delete(base, access, &created.key.id).is_ok(),
        });
        Ok((created.key, lost))
    });
    let key = match made {
        Ok((key, None)) => key,
        Ok((key, Some(Lost { error, revoked }))) => {
            if !revoked {
                app.store.put_key(&workspace.id, &key, false, true)?;
            }
            return Err(AppError::NotStowed {
                name: new.name.clone(),
                revoked,
                error,
            });
        }
        Err(AppError::Remote(error)) if error.outcome_unknown() => {
            let orphans = orphans_of(app, workspace, &new.name);
            return Err(AppError::CreateUnknown {
                name: new.name.clone(),
                orphans,
                error,
            });
        }
        Err(error) => return Err(error),
    };
    app.store.put_key(&workspace.id, &key, true, false)?;
    app.store.note(
        app.now(),
        "key.created",
        &format!("Created key {} in {}.", key.name, workspace.name),
    )?;
    Ok(MadeKey {
        workspace: workspace.clone(),
        key,
    })
}

/// Takes back a key that a failed connect made: revoked, and out of the keychain.
pub(crate) fn take_back(app: &App, made: &MadeKey) {
    let revoked = revoke(app, &made.workspace, &made.key);
    let wiped = app
        .doors
        .keychain
        .delete(&Item::Key(made.workspace.id.clone(), made.key.id.clone()))
        .is_ok();
    let kept = if revoked && wiped {
        app.store.forget_key(&made.workspace.id, &made.key.id)
    } else {
        app.store
            .put_key(&made.workspace.id, &made.key, !wiped, !revoked && wiped)
    };
    if let Err(error) = kept {
        tracing::warn!(%error, "the store keeps a key that was taken back");
    }
}

fn revoke(app: &App, workspace: &Workspace, key: &ApiKey) -> bool {
    let Ok(provider) = app.provider_of(workspace) else {
        return false;
    };
    let api = app.key_api(provider);
    app.with_session(workspace, |base, access| api.delete(base, access, &key.id))
        .is_ok()
}

/// After a create whose answer was lost: keys of that name that we do not know are marked as orphans and counted.
fn orphans_of(app: &App, workspace: &Workspace, name: &str) -> usize {
    let found = || -> Result<usize, AppError> {
        let provider = app.provider_of(workspace)?;
        let api = app.key_api(provider);
        let query = KeyQuery {
            search: Some(name.to_owned()),
            page: 1,
            limit: 100,
        };
        let page = app.with_session(workspace, |base, access| api.list(base, access, &query))?;
        let known = app.store.keys(&workspace.id)?;
        let mut count = 0;
        for key in page
            .keys
            .iter()
            .filter(|key| key.name == name && !known.contains_key(&key.id))
        {
            app.store.put_key(&workspace.id, key, false, true)?;
            count += 1;
        }
        Ok(count)
    };
    found().unwrap_or_else(|error| {
        tracing::warn!(%error, "could not look for keys nobody holds the secret of");
        0
    })
}
