use keystow_core::key::{ApiKey, KeyChange, KeyOrder, KeyQuery, KeySort, NewKey, checked_name};
use keystow_core::keychain::Item;
use keystow_core::provider::{Capability, Provider};
use keystow_core::remote::RemoteErrorKind;
use keystow_core::{KeyId, Secret, WorkspaceId};

use super::views::{self, Users};
use crate::app::App;
use crate::contract::*;
use crate::describe;
use crate::error::AppError;
use crate::keys;
use crate::store::Workspace;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Ten years: longer expiries are a slip of the finger.
const LONGEST_DAYS: u32 = 3650;
/// The longest name of a scope that is typed, in bytes.
const LONGEST_SCOPE: usize = 100;

/// One page of keys of the workspace in use. What was known before is told, with the reason, where the provider cannot be reached.
pub fn keys_list(app: &App, request: KeysListRequest) -> Result<KeyPageView, AppError> {
    let workspace = app.current()?;
    let provider = app.provider_of(&workspace)?;
    let query = KeyQuery {
        search: request
            .search
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty()),
        page: request.page.unwrap_or(1).max(1),
        limit: request.limit.unwrap_or(50).clamp(1, 200),
        everybody: request.everybody,
        order: request.order.map(order),
    };
    if query.everybody {
        app.provider_that_can(&workspace, Capability::Everybody)?;
    }
    if !provider.can(Capability::List) {
        return known_page(app, &workspace, &query, None);
    }
    let sorts = provider.can(Capability::Sort);
    let asked = KeyQuery {
        order: query.order.filter(|_| sorts),
        ..query.clone()
    };
    let page = match app.with_keys(&workspace, |api, caller| api.list(caller, &asked)) {
        Ok(mut page) => {
            // One page with all keys on it can be put in order here.
            if let Some(order) = query.order
                && !sorts
                && page.total == page.keys.len() as u64
            {
                page.keys.sort_by(|a, b| order.compare(a, b));
            }
            page
        }
        Err(AppError::Remote(error)) if is_out_of_reach(&error.kind) => {
            let error = AppError::Remote(error);
            let known = known_page(app, &workspace, &query, Some(describe(&error)))?;
            // Nothing known is no answer to the question which keys there are.
            return if known.total == 0 {
                Err(error)
            } else {
                Ok(known)
            };
        }
        Err(error) => return Err(error),
    };
    app.store.refresh_keys(&workspace.id, &page.keys)?;
    keys::reconcile(app, &workspace)?;
    if query.search.is_none() && !query.everybody {
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
        budget: page.budget.map(views::budget),
        stale: None,
    })
}

fn order(asked: KeyOrderView) -> KeyOrder {
    KeyOrder {
        by: match asked.by {
            KeySortView::Name => KeySort::Name,
            KeySortView::Created => KeySort::Created,
            KeySortView::Expires => KeySort::Expires,
            KeySortView::LastUsed => KeySort::LastUsed,
        },
        descending: asked.descending,
    }
}

/// Whether an error says nothing about the keys, only about the way to them.
fn is_out_of_reach(kind: &RemoteErrorKind) -> bool {
    matches!(
        kind,
        RemoteErrorKind::Unreachable { .. }
            | RemoteErrorKind::TimedOut { .. }
            | RemoteErrorKind::Broken { .. }
            | RemoteErrorKind::RateLimited { .. }
            | RemoteErrorKind::Server { .. }
    )
}

/// A page of the keys that this computer knows of.
fn known_page(
    app: &App,
    workspace: &Workspace,
    query: &KeyQuery,
    stale: Option<ProblemView>,
) -> Result<KeyPageView, AppError> {
    let wanted = query.search.as_deref().unwrap_or_default().to_lowercase();
    let users = Users::of(app, workspace)?;
    let mut known: Vec<_> = app
        .store
        .keys(&workspace.id)?
        .into_values()
        .filter_map(|stored| {
            let facts = stored.facts.clone()?;
            let fits = facts.name.to_lowercase().contains(&wanted)
                || facts.masked.to_lowercase().contains(&wanted);
            fits.then_some((facts, stored))
        })
        .collect();
    known.sort_by(|(a, _), (b, _)| match query.order {
        Some(order) => order.compare(a, b),
        None => b
            .created_at
            .cmp(&a.created_at)
            .then_with(|| a.name.cmp(&b.name)),
    });
    let total = views::count(known.len());
    let skip = (query.page as usize - 1).saturating_mul(query.limit as usize);
    Ok(KeyPageView {
        keys: known
            .iter()
            .skip(skip)
            .take(query.limit as usize)
            .map(|(key, stored)| views::key(workspace, key, Some(stored), &users))
            .collect(),
        total,
        page: query.page,
        limit: query.limit,
        budget: None,
        stale,
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
    app.provider_that_can(&workspace, Capability::Create)?;
    checked_scopes(app, &workspace, &request.scopes)?;
    let limited = request.read_only
        || request.preset.is_some()
        || [
            &request.tools,
            &request.mcp_permissions,
            &request.projects,
            &request.instances,
        ]
        .iter()
        .any(|list| !list.is_empty());
    if limited {
        app.provider_that_can(&workspace, Capability::McpAccess)?;
    }
    if request.expires_in_days.is_some() {
        app.provider_that_can(&workspace, Capability::Expire)?;
    }
    let most = provider.key.days_max.unwrap_or(LONGEST_DAYS);
    let expires_at = match request.expires_in_days.or(provider.key.days_default) {
        Some(days) if (1..=most).contains(&days) => Some(app.now() + i64::from(days) * DAY_MS),
        Some(days) => {
            return Err(AppError::Invalid {
                reason: format!(
                    "a key of {} can expire in 1 to {most} days, not {days}",
                    provider.name
                ),
            });
        }
        None => None,
    };
    let new = NewKey {
        name: name_for(provider, &request.name)?,
        scopes: request.scopes,
        expires_at,
        read_only: request.read_only,
        preset: request.preset,
        tools: request.tools,
        mcp_permissions: request.mcp_permissions,
        projects: request.projects,
        instances: request.instances,
    };
    let made = keys::make(app, &workspace, &new)?;
    change_total(app, &workspace.id, 1)?;
    view(app, &workspace, &made.key)
}

/// Renames a key.
pub fn keys_rename(app: &App, request: KeyRenameRequest) -> Result<KeyView, AppError> {
    let workspace = app.current()?;
    let provider = app.provider_of(&workspace)?;
    let name = name_for(provider, &request.name)?;
    // Where the provider keeps no list, the name is this computer's own.
    if !provider.can(Capability::List) {
        let key = resolve(app, &workspace, &request.key)?;
        let renamed = ApiKey { name, ..key };
        app.store
            .refresh_keys(&workspace.id, std::slice::from_ref(&renamed))?;
        return view(app, &workspace, &renamed);
    }
    let (workspace, key) = capable(app, Capability::Rename, &request.key)?;
    let change = KeyChange {
        name: Some(name),
        ..KeyChange::default()
    };
    let renamed = app.with_keys(&workspace, |api, caller| {
        api.update(caller, &key.id, &change)
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
    let changed = app.with_keys(&workspace, |api, caller| {
        api.set_paused(caller, &key.id, paused)
    })?;
    app.store
        .refresh_keys(&workspace.id, std::slice::from_ref(&changed))?;
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
    let clears_after_s =
        app.doors
            .clipboard
            .copy_key(&workspace.id, &key.id, app.clipboard_seconds()?)?;
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

/// Revokes a key at the provider, then takes its plaintext out of the keychain. A key that only a dashboard can revoke is taken out of
/// the keychain alone.
pub fn keys_delete(app: &App, request: KeyRequest) -> Result<Empty, AppError> {
    let workspace = app.current()?;
    if app.provider_of(&workspace)?.can(Capability::List) {
        let (_, key) = capable(app, Capability::Delete, &request.key)?;
        app.with_keys(&workspace, |api, caller| api.delete(caller, &key.id))?;
        forget(app, &workspace, &key, "key.revoked", "Revoked")
    } else {
        // Only its own dashboard can revoke it; here it is forgotten.
        let key = resolve(app, &workspace, &request.key)?;
        forget(app, &workspace, &key, "key.forgotten", "Forgot")
    }
}

pub(super) fn forget(
    app: &App,
    workspace: &Workspace,
    key: &ApiKey,
    kind: &str,
    verb: &str,
) -> Result<Empty, AppError> {
    app.store
        .note(app.now(), kind, &format!("{verb} key {}.", key.name))?;
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
    if !app.provider_of(workspace)?.can(Capability::List) {
        return resolve_known(app, workspace, named);
    }
    let id = KeyId::new(named);
    let by_id = |id: &KeyId| match app.with_keys(workspace, |api, caller| api.get(caller, id)) {
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
        everybody: false,
        order: None,
    };
    let page = app.with_keys(workspace, |api, caller| api.list(caller, &query))?;
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

/// The same among the keys that only this computer keeps a list of.
fn resolve_known(app: &App, workspace: &Workspace, named: &str) -> Result<ApiKey, AppError> {
    let known = app.store.keys(&workspace.id)?;
    if let Some(facts) = known
        .get(&KeyId::new(named))
        .and_then(|key| key.facts.clone())
    {
        return Ok(facts);
    }
    let mut same = known
        .into_values()
        .filter(|key| key.name == named)
        .filter_map(|key| key.facts);
    match (same.next(), same.count()) {
        (Some(only), 0) => Ok(only),
        (Some(_), more) => Err(AppError::Ambiguous {
            name: views::shown(named),
            count: more + 1,
        }),
        (None, _) => Err(AppError::Unknown {
            what: "key",
            id: views::shown(named),
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

pub(crate) fn change_total(app: &App, workspace: &WorkspaceId, by: i64) -> Result<(), AppError> {
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

pub(super) fn capable(
    app: &App,
    capability: Capability,
    key: &str,
) -> Result<(Workspace, ApiKey), AppError> {
    let workspace = app.current()?;
    app.provider_that_can(&workspace, capability)?;
    let key = resolve(app, &workspace, key)?;
    Ok((workspace, key))
}

pub(super) fn view(app: &App, workspace: &Workspace, key: &ApiKey) -> Result<KeyView, AppError> {
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

/// A name that the provider takes.
pub(super) fn name_for(provider: &Provider, name: &str) -> Result<String, AppError> {
    let name = checked_name(name)?;
    let most = provider.key.name_max as usize;
    match name.chars().count() {
        count if count > most => Err(AppError::Invalid {
            reason: format!(
                "a name at {} has at most {most} characters; this one has {count}",
                provider.name
            ),
        }),
        _ => Ok(name),
    }
}

/// Scopes that the provider knows, or may know beside those it lists.
pub(super) fn checked_scopes(
    app: &App,
    workspace: &Workspace,
    wanted: &[String],
) -> Result<(), AppError> {
    if wanted.is_empty() {
        return Ok(());
    }
    let provider = app.provider_of(workspace)?;
    if provider.scopes.is_empty() && !provider.more_scopes {
        app.provider_that_can(workspace, Capability::UpdateScopes)?;
    }
    let word = |text: &str| {
        (1..=LONGEST_SCOPE).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
    };
    let fine = |wanted: &String| {
        let known = provider.scopes.iter().any(|scope| scope.id == *wanted);
        known || (word(wanted) && (provider.more_scopes || provider.scopes.is_empty()))
    };
    match wanted.iter().find(|wanted| !fine(wanted)) {
        Some(scope) => Err(AppError::Unknown {
            what: "scope",
            id: views::shown(scope),
        }),
        None => Ok(()),
    }
}
