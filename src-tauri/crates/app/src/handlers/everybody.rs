//! Keys of everybody, for an administrator: they are listed by `keys_list` and revoked here. Their secrets are nobody's business.

use keystow_core::key::{ApiKey, KeyQuery};
use keystow_core::provider::Capability;

use super::keys::forget;
use super::views;
use crate::app::App;
use crate::contract::*;
use crate::error::AppError;
use crate::store::Workspace;

/// As many are looked through for one by its name.
const MOST: u32 = 200;

/// Revokes a key of everybody's list.
pub fn keys_revoke_other(app: &App, request: OthersKeyRequest) -> Result<Empty, AppError> {
    let workspace = app.current()?;
    app.provider_that_can(&workspace, Capability::Everybody)?;
    app.provider_that_can(&workspace, Capability::Delete)?;
    let key = found(app, &workspace, &request)?;
    app.with_keys(&workspace, |api, caller| api.delete(caller, &key.id))?;
    if app.store.key(&workspace.id, &key.id)?.is_some() {
        return forget(app, &workspace, &key, "key.revoked", "Revoked");
    }
    let whose = key.owner.as_deref().unwrap_or("somebody else");
    app.store.note(
        app.now(),
        "key.revoked",
        &format!("Revoked key {} of {whose}.", key.name),
    )?;
    Ok(Empty {})
}

/// The key as everybody's list has it now: what is revoked is what was seen.
fn found(app: &App, workspace: &Workspace, request: &OthersKeyRequest) -> Result<ApiKey, AppError> {
    let wanted = request.key.as_str();
    let unknown = || AppError::Unknown {
        what: "key",
        id: views::shown(wanted),
    };
    let search = request.name.as_deref().unwrap_or(wanted);
    if search.trim().is_empty() || search.chars().count() > 200 {
        return Err(unknown());
    }
    let query = KeyQuery {
        search: Some(search.to_owned()),
        page: 1,
        limit: MOST,
        everybody: true,
        order: None,
    };
    let page = app.with_keys(workspace, |api, caller| api.list(caller, &query))?;
    let (mut by_id, mut by_name) = (None, Vec::new());
    for key in page.keys {
        if key.id.as_str() == wanted {
            by_id = Some(key);
        } else if request.name.is_none() && key.name == wanted {
            by_name.push(key);
        }
    }
    match (by_id, by_name.len()) {
        (Some(key), _) => Ok(key),
        (None, 0) => Err(unknown()),
        (None, 1) => Ok(by_name.remove(0)),
        (None, count) => Err(AppError::Ambiguous {
            name: views::shown(wanted),
            count,
        }),
    }
}
