use keystow_core::key::{ApiKey, KeyQuery, NewKey, checked_name};
use keystow_core::keychain::Item;
use keystow_core::provider::{Capability, Provider};
use keystow_core::remote::RemoteErrorKind;
use keystow_core::{KeyId, Secret, WorkspaceId};

use super::views::{self, Users};
use crate::app::App;
use crate::contract::*;
use crate::error::AppError;
use crate::keys;
use crate::store::Workspace;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Ten years: longer expiries are a slip of the finger.
const LONGEST_DAYS: u32 = 3650;

/// One page of keys of the workspace in use.
pub fn keys_list(app: &App, request: KeysListRequest) -> Result<KeyPageView, AppError> {
    let workspace = app.current()?;
    let api = app.key_api(app.provider_of(&workspace)?);
    let query = KeyQuery {
        search: request
            .search
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty()),
        page: request.page.unwrap_or(1).max(1),
        limit: request.limit.unwrap_or(50).clamp(1, 200),
    };
    let page = app.with_session(&workspace, |base, access| api.list(base, access, &query))?;
    app.store.refresh_keys(&workspace.id, &page.keys)?;
    if query.search.is_none() {
        app.store
            .set_setting(&total_setting(&workspace.id), &page.total.to_string())?;
    }
    let stored = app.store.keys(&workspace.id)?;
    let users = Users::of(app, &workspace)?;
    Ok(KeyPageView {
        keys: page
            .keys
            .iter()
            .map(|key| views::key(&workspace, key, stored.get(&key.id), &users))
            .collect(),
        total: u32::try_from(page.total).unwrap_or(u32::MAX),
        page: query.page,
        limit: query.limit,
    })
}

/// One key.
pub fn keys_show(app: &App, request: KeyRequest) -> Result<KeyView, AppError> {
    let workspace = app.current()?;
    let key = resolve(app, &workspace, &request.key)?;
    view(app, &workspace, &key)
}

/// Makes a key; its plaintext goes to the keychain and nowhere else.
pub fn keys_create(app: &App, request: KeyCreateRequest) -> Result<KeyView, AppError> {
    let workspace = app.current()?;
    let provider = app.provider_of(&workspace)?;
    let unknown = request
        .scopes
        .iter()
        .find(|wanted| !provider.scopes.iter().any(|scope| scope.id == **wanted));
    if let Some(scope) = unknown {
        return Err(AppError::Unknown {
            what: "scope",
            id: views::shown(scope),
        });
    }
    let expires_at = match request.expires_in_days {
        Some(days @ 1..=LONGEST_DAYS) => Some(app.now() + i64::from(days) * DAY_MS),
        Some(days) => {
            return Err(AppError::Invalid {
                reason: format!("a key can expire in 1 to {LONGEST_DAYS} days, not {days}"),
            });
        }
        None => None,
    };
    let new = NewKey {
        name: checked_name(&request.name)?,
        scopes: request.scopes,
        expires_at,
        read_only: request.read_only,
        preset: request.preset,
        tools: request.tools,
    };
    let made = keys::make(app, &workspace, &new)?;
    change_total(app, &workspace.id, 1)?;
    view(app, &workspace, &made.key)
}

/// Stows a key that was made elsewhere: recognised by its pattern, accepted by the provider just now, then stowed.
pub fn keys_add(app: &App, name: &str, secret: Secret) -> Result<KeyView, AppError> {
    let name = checked_name(name)?;
    let workspace = app.current()?;
    let provider = app.provider_of(&workspace)?;
    let key = recognised(app, &workspace, provider, &secret)?;
    let server = provider
        .servers
        .first()
        .expect("every provider file names a server");
    let base = app.base_of(provider)?;
    let url = endpoint(&base, &server.path)?;
    app.key_api(provider)
        .verify(&url, &provider.key.header, &provider.key.scheme, &secret)?;
    app.doors
        .keychain
        .set(&Item::Key(workspace.id.clone(), key.id.clone()), &secret)?;
    app.store.put_key(&workspace.id, &key, true, false)?;
    app.store.note(
        app.now(),
        "key.added",
        &format!("Stowed key {} of {}.", key.name, workspace.name),
    )?;
    if key.name == name {
        return view(app, &workspace, &key);
    }
    keys_rename(
        app,
        KeyRenameRequest {
            key: key.id.to_string(),
            name,
        },
    )
}

/// Renames a key.
pub fn keys_rename(app: &App, request: KeyRenameRequest) -> Result<KeyView, AppError> {
    let name = checked_name(&request.name)?;
    let (workspace, key) = capable(app, Capability::Rename, &request.key)?;
    let api = app.key_api(app.provider_of(&workspace)?);
    let renamed = app.with_session(&workspace, |base, access| {
        api.rename(base, access, &key.id, &name)
    })?;
    app.store
        .refresh_keys(&workspace.id, std::slice::from_ref(&renamed))?;
    app.store.note(
        app.now(),
        "key.renamed",
        &format!("Renamed key {} to {}.", key.name, renamed.name),
    )?;
    view(app, &workspace, &renamed)
}

/// Pauses a key: refused from now on, until resumed.
pub fn keys_pause(app: &App, request: KeyRequest) -> Result<KeyView, AppError> {
    set_paused(app, &request.key, true)
}

/// Resumes a key.
pub fn keys_resume(app: &App, request: KeyRequest) -> Result<KeyView, AppError> {
    set_paused(app, &request.key, false)
}

fn set_paused(app: &App, key: &str, paused: bool) -> Result<KeyView, AppError> {
    let (workspace, key) = capable(app, Capability::Pause, key)?;
    let api = app.key_api(app.provider_of(&workspace)?);
    let changed = app.with_session(&workspace, |base, access| {
        api.set_paused(base, access, &key.id, paused)
    })?;
    let (kind, verb) = if paused {
        ("key.paused", "Paused")
    } else {
        ("key.resumed", "Resumed")
    };
    app.store
        .note(app.now(), kind, &format!("{verb} key {}.", changed.name))?;
    view(app, &workspace, &changed)
}

/// Copies a stowed key natively.
pub fn keys_copy(app: &App, request: KeyRequest) -> Result<CopiedView, AppError> {
    let workspace = app.current()?;
    let key = resolve(app, &workspace, &request.key)?;
    if !is_stowed(app, &workspace.id, &key.id)? {
        return Err(AppError::NotHere { name: key.name });
    }
    let clears_after_s = app.doors.clipboard.copy_key(&workspace.id, &key.id)?;
    app.store.note(
        app.now(),
        "key.copied",
        &format!("Copied key {}.", key.name),
    )?;
    Ok(CopiedView {
        name: key.name,
        clears_after_s,
    })
}

/// Revokes a key at the provider, then takes its plaintext out of the keychain.
pub fn keys_delete(app: &App, request: KeyRequest) -> Result<Empty, AppError> {
    let (workspace, key) = capable(app, Capability::Delete, &request.key)?;
    let api = app.key_api(app.provider_of(&workspace)?);
    app.with_session(&workspace, |base, access| api.delete(base, access, &key.id))?;
    app.store.note(
        app.now(),
        "key.revoked",
        &format!("Revoked key {}.", key.name),
    )?;
    change_total(app, &workspace.id, -1)?;
    app.doors
        .keychain
        .delete(&Item::Key(workspace.id.clone(), key.id.clone()))?;
    app.store.forget_key(&workspace.id, &key.id)?;
    Ok(Empty {})
}

/// The plaintext of a stowed key, for a host that shows it on a terminal or puts it on the clipboard.
pub fn key_secret(app: &App, request: KeyRequest) -> Result<(KeyView, Secret), AppError> {
    let workspace = app.current()?;
    let key = resolve(app, &workspace, &request.key)?;
    if !is_stowed(app, &workspace.id, &key.id)? {
        return Err(AppError::NotHere { name: key.name });
    }
    let secret = app
        .doors
        .keychain
        .get_stowed(&Item::Key(workspace.id.clone(), key.id.clone()))?;
    Ok((view(app, &workspace, &key)?, secret))
}

/// The key with an id, or the only one with a name.
pub(super) fn resolve(app: &App, workspace: &Workspace, named: &str) -> Result<ApiKey, AppError> {
    let unknown = || AppError::Unknown {
        what: "key",
        id: views::shown(named),
    };
    if named.trim().is_empty() || named.chars().count() > 200 || named.chars().any(char::is_control)
    {
        return Err(unknown());
    }
    let api = app.key_api(app.provider_of(workspace)?);
    let id = KeyId::new(named);
    let by_id =
        |id: &KeyId| match app.with_session(workspace, |base, access| api.get(base, access, id)) {
            Ok(key) => Ok(Some(key)),
            Err(AppError::Remote(error))
                if matches!(
                    error.kind,
                    RemoteErrorKind::NotFound | RemoteErrorKind::Refused { .. }
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        };
    if app.store.key(&workspace.id, &id)?.is_some()
        && let Some(key) = by_id(&id)?
    {
        return Ok(key);
    }
    let query = KeyQuery {
        search: Some(named.to_owned()),
        page: 1,
        limit: 200,
    };
    let page = app.with_session(workspace, |base, access| api.list(base, access, &query))?;
    let mut same: Vec<ApiKey> = page
        .keys
        .into_iter()
        .filter(|key| key.name == named)
        .collect();
    match same.len() {
        0 => by_id(&id)?.ok_or_else(unknown),
        1 => Ok(same.remove(0)),
        count => Err(AppError::Ambiguous {
            name: views::shown(named),
            count,
        }),
    }
}

/// The same, of a key whose secret is here; its id. What is stowed under that id, or alone under that name, needs nobody to be asked.
pub(super) fn resolve_stowed(
    app: &App,
    workspace: &Workspace,
    named: &str,
) -> Result<KeyId, AppError> {
    if is_stowed(app, &workspace.id, &KeyId::new(named))? {
        return Ok(KeyId::new(named));
    }
    let known = app.store.keys(&workspace.id)?;
    let mut same = known.values().filter(|key| key.name == named);
    if let (Some(only), None) = (same.next(), same.next())
        && only.stowed
    {
        return Ok(only.id.clone());
    }
    let key = resolve(app, workspace, named)?;
    match is_stowed(app, &workspace.id, &key.id)? {
        true => Ok(key.id),
        false => Err(AppError::NotHere { name: key.name }),
    }
}

/// How many keys a workspace has, as far as we were told.
pub(super) fn known_total(app: &App, workspace: &WorkspaceId) -> Result<u32, AppError> {
    let told = app
        .store
        .setting(&total_setting(workspace))?
        .and_then(|total| total.parse().ok());
    match told {
        Some(total) => Ok(total),
        None => Ok(views::count(app.store.keys(workspace)?.len())),
    }
}

fn change_total(app: &App, workspace: &WorkspaceId, by: i64) -> Result<(), AppError> {
    if let Some(total) = app
        .store
        .setting(&total_setting(workspace))?
        .and_then(|total| total.parse::<i64>().ok())
    {
        app.store
            .set_setting(&total_setting(workspace), &(total + by).max(0).to_string())?;
    }
    Ok(())
}

fn total_setting(workspace: &WorkspaceId) -> String {
    format!("keys_total/{workspace}")
}

fn capable(app: &App, capability: Capability, key: &str) -> Result<(Workspace, ApiKey), AppError> {
    let workspace = app.current()?;
    let provider = app.provider_of(&workspace)?;
    if !provider.can(capability) {
        return Err(AppError::NotCapable {
            provider: provider.name.clone(),
        });
    }
    let key = resolve(app, &workspace, key)?;
    Ok((workspace, key))
}

fn view(app: &App, workspace: &Workspace, key: &ApiKey) -> Result<KeyView, AppError> {
    let stored = app.store.key(&workspace.id, &key.id)?;
    Ok(views::key(
        workspace,
        key,
        stored.as_ref(),
        &Users::of(app, workspace)?,
    ))
}

fn is_stowed(app: &App, workspace: &WorkspaceId, key: &KeyId) -> Result<bool, AppError> {
    Ok(app
        .store
        .key(workspace, key)?
        .is_some_and(|stored| stored.stowed))
}

/// Finds the key that a plaintext belongs to, by the part of it that providers show.
fn recognised(
    app: &App,
    workspace: &Workspace,
    provider: &Provider,
    secret: &Secret,
) -> Result<ApiKey, AppError> {
    let masked = secret.masked();
    let not_one = || AppError::Invalid {
        reason: format!(
            "that does not look like a key of {}, which starts with {}",
            provider.name, provider.key.prefix
        ),
    };
    if !masked.starts_with(&provider.key.prefix) {
        return Err(not_one());
    }
    let tail: String = masked
        .chars()
        .rev()
        .take(4)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let api = app.key_api(provider);
    let query = KeyQuery {
        search: Some(tail),
        page: 1,
        limit: 200,
    };
    let page = app.with_session(workspace, |base, access| api.list(base, access, &query))?;
    let mut same = page.keys.into_iter().filter(|key| key.masked == masked);
    match (same.next(), same.next()) {
        (Some(key), None) => Ok(key),
        (Some(_), Some(_)) => Err(AppError::Ambiguous {
            name: masked,
            count: 2,
        }),
        (None, _) => Err(AppError::Unknown {
            what: "key",
            id: masked,
        }),
    }
}

pub(crate) fn endpoint(base: &url::Url, path: &str) -> Result<url::Url, AppError> {
    let text = format!("{}{}", base.as_str().trim_end_matches('/'), path);
    url::Url::parse(&text).map_err(|error| AppError::Invalid {
        reason: format!("{text}: {error}"),
    })
}
