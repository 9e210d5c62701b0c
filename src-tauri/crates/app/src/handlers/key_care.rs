//! What else can be done about a key than make, name, pause and revoke it.

use keystow_core::key::{KeyChange, KeyStatus};
use keystow_core::provider::Capability;

use super::keys::{capable, checked_scopes, keys_rename, name_for, resolve, view};
use super::views;
use crate::app::App;
use crate::contract::*;
use crate::error::AppError;
use crate::keys;
use crate::rotation;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Expiries nearer than this are pointed out.
const SOON_MS: i64 = 14 * DAY_MS;
/// Keys that were not used for longer than this are idle.
const IDLE_MS: i64 = 90 * DAY_MS;
/// Lines that the trail of a key has at most, and lines that are looked through for them.
const TRAIL: usize = 50;
const LOOKED_THROUGH: u32 = 500;

/// Changes what a key may do.
pub fn keys_update(app: &App, request: KeyUpdateRequest) -> Result<KeyView, AppError> {
    let (workspace, key) = capable(app, Capability::UpdateScopes, &request.key)?;
    checked_scopes(
        app,
        &workspace,
        request.scopes.as_deref().unwrap_or_default(),
    )?;
    let over_mcp = request.read_only.is_some()
        || request.preset.is_some()
        || request.tools.is_some()
        || request.mcp_permissions.is_some()
        || request.projects.is_some()
        || request.instances.is_some();
    if over_mcp {
        app.provider_that_can(&workspace, Capability::McpAccess)?;
    }
    let change = KeyChange {
        name: None,
        scopes: request.scopes,
        read_only: request.read_only,
        preset: request
            .preset
            .map(|preset| Some(preset).filter(|preset| !preset.is_empty())),
        tools: request.tools,
        mcp_permissions: request.mcp_permissions,
        projects: request.projects,
        instances: request.instances,
        expires_at: None,
    };
    if change == KeyChange::default() {
        return Err(AppError::Invalid {
            reason: "nothing is to be changed".to_owned(),
        });
    }
    let changed = app.with_keys(&workspace, |api, caller| {
        api.update(caller, &key.id, &change)
    })?;
    app.store
        .refresh_keys(&workspace.id, std::slice::from_ref(&changed))?;
    app.store.note(
        app.now(),
        "key.updated",
        &format!("Changed what key {} may do.", changed.name),
    )?;
    view(app, &workspace, &changed)
}

/// Makes a key just like another one, lets its clients use it, and revokes the other one.
pub fn keys_replace(app: &App, request: KeyRequest) -> Result<KeyView, AppError> {
    let (workspace, old) = capable(app, Capability::Create, &request.key)?;
    app.provider_that_can(&workspace, Capability::Delete)?;
    let new = crate::rotation::just_like(app, &old, old.name.clone());
    let made = keys::make(app, &workspace, &new)?;
    app.store
        .move_connections(&workspace.id, &old.id, &made.key.id)?;
    crate::rotation::switched::note(&app.paths.data)?;
    app.with_keys(&workspace, |api, caller| api.delete(caller, &old.id))?;
    app.doors
        .keychain
        .delete(&keystow_core::keychain::Item::Key(
            workspace.id.clone(),
            old.id.clone(),
        ))?;
    app.store.forget_key(&workspace.id, &old.id)?;
    app.store.note(
        app.now(),
        "key.replaced",
        &format!("Replaced key {}.", old.name),
    )?;
    view(app, &workspace, &made.key)
}

/// What a key was used for.
pub fn keys_usage(app: &App, request: KeyRequest) -> Result<UsageView, AppError> {
    let workspace = app.current()?;
    let provider = app.provider_that_can(&workspace, Capability::Usage)?;
    let key = resolve(app, &workspace, &request.key)?;
    let usage = match provider.can(Capability::List) {
        true => app.with_keys(&workspace, |api, caller| api.usage(caller, &key.id))?,
        false => crate::stow::facts_of(app, &workspace, &key)?.usage,
    };
    Ok(UsageView {
        last_used_at: usage.last_used_at.or(key.last_used_at),
        requests: usage.requests.or(key.requests).map(views::number),
        endpoints: views::counts(usage.endpoints),
        clients: usage
            .clients
            .into_iter()
            .map(|client| ClientUseView {
                name: client.name,
                count: views::number(client.requests),
                last_used_at: client.last_used_at,
            })
            .collect(),
        days: usage
            .days
            .into_iter()
            .map(|day| DayUseView {
                day: day.day,
                count: views::number(day.requests),
                clients: views::counts(day.clients),
            })
            .collect(),
    })
}

/// What happened to a key on this computer, newest first. The trail holds names, so a key that made way for another of its name has
/// one trail with it.
pub fn keys_trail(app: &App, request: KeyRequest) -> Result<Vec<ActivityView>, AppError> {
    let workspace = app.current()?;
    let name = match app
        .store
        .key(&workspace.id, &keystow_core::KeyId::new(&request.key))?
    {
        // One that we know of needs nobody to be asked.
        Some(stored) => stored.name,
        None => resolve(app, &workspace, &request.key)?.name,
    };
    let mut trail = app.store.activity_naming(&name, LOOKED_THROUGH)?;
    trail.retain(|line| tells_of(&line.text, &name));
    trail.truncate(TRAIL);
    Ok(trail)
}

/// Whether a line of the trail is about the key with a name, and not about one whose name only begins or ends like it.
fn tells_of(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (text.get(..at), text.get(at + name.len()..));
        let begins = before.is_some_and(|before| {
            [" key ", " to ", " of "]
                .iter()
                .any(|word| before.ends_with(word))
        });
        let ends = after.is_some_and(|after| {
            [
                ".", ":", " in ", " of ", " to ", " may ", " use ", " was ", " is ",
            ]
            .iter()
            .any(|word| after.starts_with(word))
        });
        begins && ends
    })
}

/// What to look at among the keys of all workspaces that this computer knows of.
pub fn keys_hygiene(app: &App, _: Empty) -> Result<HygieneView, AppError> {
    let now = app.now();
    let used: std::collections::HashSet<_> = app
        .store
        .connections()?
        .into_iter()
        .map(|connected| (connected.workspace, connected.key))
        .collect();
    let retiring = rotation::retiring(app)?;
    let mut found = HygieneView {
        expiring: Vec::new(),
        never_expire: Vec::new(),
        idle: Vec::new(),
        unused: Vec::new(),
        orphans: Vec::new(),
    };
    for workspace in app.store.workspaces()? {
        for stored in app.store.keys(&workspace.id)?.into_values() {
            let at = |at: Option<i64>| HygieneKeyView {
                id: stored.id.to_string(),
                name: stored.name.clone(),
                workspace: workspace.id.to_string(),
                at,
            };
            if stored.orphan {
                found.orphans.push(at(None));
                continue;
            }
            let Some(key) = &stored.facts else { continue };
            let place = (workspace.id.clone(), stored.id.clone());
            // What is over, or going, is looked after.
            if key.status == KeyStatus::Expired || retiring.contains_key(&place) {
                continue;
            }
            match key.expires_at {
                Some(over) if over - now <= SOON_MS => found.expiring.push(at(Some(over))),
                Some(_) => {}
                None => found.never_expire.push(at(None)),
            }
            let since = key.last_used_at.or(key.created_at);
            if since.is_some_and(|since| now - since >= IDLE_MS) {
                found.idle.push(at(key.last_used_at));
            }
            if stored.stowed && !used.contains(&place) {
                found.unused.push(at(None));
            }
        }
    }
    found.expiring.sort_by_key(|key| key.at);
    for list in [
        &mut found.never_expire,
        &mut found.idle,
        &mut found.unused,
        &mut found.orphans,
    ] {
        list.sort_by(|a, b| a.name.cmp(&b.name));
    }
    Ok(found)
}

/// Stows a key that was made elsewhere, from the clipboard: natively, so that its plaintext never comes by the window.
pub fn keys_paste(app: &App, request: KeyPasteRequest) -> Result<KeyView, AppError> {
    let secret = app.doors.clipboard.take()?;
    keys_add(app, request.name.as_deref(), request.key.as_deref(), secret)
}

/// The same with a plaintext that the host read from the person.
pub fn keys_add(
    app: &App,
    name: Option<&str>,
    key: Option<&str>,
    secret: keystow_core::Secret,
) -> Result<KeyView, AppError> {
    let workspace = app.current()?;
    let provider = app.provider_of(&workspace)?;
    let name = name.map(|name| name_for(provider, name)).transpose()?;
    let named = key.map(|key| resolve(app, &workspace, key)).transpose()?;
    let taken = crate::stow::take_in(app, &workspace, &secret, name.as_deref(), named)?;
    match name {
        Some(name) if name != taken.name && provider.can(Capability::Rename) => keys_rename(
            app,
            KeyRenameRequest {
                key: taken.id.to_string(),
                name,
            },
        ),
        _ => view(app, &workspace, &taken),
    }
}
