//! Making keys so that none is lost and none is left lying about: P6 and the order "stow first".

mod expiry;

use std::collections::HashSet;

use keystow_core::KeyId;
use keystow_core::key::{ApiKey, KeyQuery, NewKey, UnixMs};
use keystow_core::keychain::{Item, KeychainError, KeychainState};
use keystow_core::provider::{Capability, Server};

use crate::app::App;
use crate::connect;
use crate::error::AppError;
use crate::steps;
use crate::store::Workspace;

pub use expiry::ExpiryNotice;

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

/// Makes a key and stows its secret before anything else happens; the trail says so.
///
/// # Errors
/// When the keychain fails, the key is revoked again, and listed as an orphan where that fails too. When the outcome is unknown,
/// the keys of that name whose secret nobody holds are listed as orphans.
pub(crate) fn make(app: &App, workspace: &Workspace, new: &NewKey) -> Result<MadeKey, AppError> {
    let made = mint(app, workspace, new)?;
    app.store.note(
        app.now(),
        "key.created",
        &format!("Created key {} in {}.", made.key.name, workspace.name),
    )?;
    Ok(made)
}

/// The same, and the trail says nothing.
pub(crate) fn mint(app: &App, workspace: &Workspace, new: &NewKey) -> Result<MadeKey, AppError> {
    app.provider_that_can(workspace, Capability::Create)?;
    // A keychain that cannot take the secret is found out before a key is minted for nothing.
    match app.doors.keychain.state() {
        KeychainState::Unlocked => {}
        KeychainState::Locked => return Err(KeychainError::Locked.into()),
        KeychainState::Absent(error) => return Err(error.into()),
    }
    let sent_at = app.now();
    // Stowing is part of the call: should it fail, the access token that made the key is still at hand to revoke it.
    let made = app.with_keys(workspace, |api, caller| {
        let created = api.create(caller, new)?;
        steps::reached("key made");
        let item = Item::Key(workspace.id.clone(), created.key.id.clone());
        let stowed = app.doors.keychain.set(&item, &created.secret);
        steps::reached("key stowed");
        let lost = stowed.err().map(|error| Lost {
            error,
            revoked: api.delete(caller, &created.key.id).is_ok(),
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
            let orphans = orphans_of(app, workspace, &new.name, sent_at);
            return Err(AppError::CreateUnknown {
                name: new.name.clone(),
                orphans,
                error,
            });
        }
        Err(error) => return Err(error),
    };
    app.store.put_key(&workspace.id, &key, true, false)?;
    steps::reached("key kept");
    Ok(MadeKey {
        workspace: workspace.clone(),
        key,
    })
}

/// What a new connection sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// A key that is stowed.
    Stowed(KeyId),
    /// A key of its own, of this name, that is made when the plan is applied.
    New(String),
    /// The OAuth token of the server.
    Token,
}

/// What a connection of `client` to a server sends: the key `wished` for, or the server's token where it takes no key, or, by
/// default, a key of the client's own. Where the provider cannot make keys it is one that is stowed, one that nobody else uses before
/// others. `taken` are keys that other connections use.
///
/// # Errors
/// `server.signed_out` for a server that takes tokens only, when nobody signed in to it; `key.none` when there is no key and none can
/// be made.
pub(crate) fn choice(
    app: &App,
    workspace: &Workspace,
    server: &Server,
    client: &str,
    wished: Option<&KeyId>,
    taken: &HashSet<KeyId>,
) -> Result<Choice, AppError> {
    let provider = app.provider_of(workspace)?;
    let signed_in = || crate::handlers::signed_in(app, &workspace.id, &server.name);
    if !server.takes_key() {
        return match signed_in()? {
            true => Ok(Choice::Token),
            false => Err(AppError::ServerSignedOut {
                server: server.title.clone(),
                id: provider.server_id(server),
            }),
        };
    }
    if let Some(key) = wished {
        return Ok(Choice::Stowed(key.clone()));
    }
    let name = connect::key_name(client, &app.doors.host_name, provider.key.name_max as usize);
    let stored = app.store.keys(&workspace.id)?;
    let mut stowed: Vec<_> = stored.values().filter(|key| key.stowed).collect();
    stowed.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    // One that is left over from an earlier connection of this client.
    let left_over = stowed
        .iter()
        .find(|key| key.name == name && !taken.contains(&key.id));
    if let Some(key) = left_over {
        return Ok(Choice::Stowed(key.id.clone()));
    }
    if provider.can(Capability::Create) {
        return Ok(Choice::New(name));
    }
    let other = stowed
        .iter()
        .find(|key| !taken.contains(&key.id))
        .or_else(|| stowed.first());
    match other {
        Some(key) => Ok(Choice::Stowed(key.id.clone())),
        None if server.takes_oauth() && signed_in()? => Ok(Choice::Token),
        None => Err(AppError::NoKey {
            workspace: workspace.name.clone(),
        }),
    }
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
    app.with_keys(workspace, |api, caller| api.delete(caller, &key.id))
        .is_ok()
}

/// How far the clock of a provider may be off, in milliseconds.
const SKEW_MS: i64 = 10 * 60 * 1000;

/// After a create whose answer was lost: keys of that name, made since, that we do not know are marked as orphans and counted. When
/// that cannot be told now, it is looked for again whenever the keys are listed.
fn orphans_of(app: &App, workspace: &Workspace, name: &str, sent_at: UnixMs) -> usize {
    let look = || -> Result<usize, AppError> {
        app.store.lost_create(&workspace.id, name, sent_at)?;
        let query = KeyQuery {
            search: Some(name.to_owned()),
            page: 1,
            limit: 100,
            everybody: false,
            order: None,
        };
        let page = app.with_keys(workspace, |api, caller| api.list(caller, &query))?;
        let known = app.store.keys(&workspace.id)?;
        let mut count = 0;
        for key in page.keys.iter().filter(|key| {
            key.name == name
                && !known.contains_key(&key.id)
                && key.created_at.is_none_or(|made| made >= sent_at - SKEW_MS)
        }) {
            app.store.put_key(&workspace.id, key, false, true)?;
            count += 1;
        }
        app.store.found_create(&workspace.id, name)?;
        Ok(count)
    };
    look().unwrap_or_else(|error| {
        tracing::warn!(%error, "could not look for keys nobody holds the secret of");
        0
    })
}

/// Looks again for what became of creates whose answers were lost.
pub(crate) fn reconcile(app: &App, workspace: &Workspace) -> Result<(), AppError> {
    for (name, sent_at) in app.store.lost_creates(&workspace.id)? {
        orphans_of(app, workspace, &name, sent_at);
    }
    Ok(())
}
