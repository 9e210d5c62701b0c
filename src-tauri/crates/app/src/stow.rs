//! Taking in a key that was made elsewhere: recognised by its pattern, shown to its product, found in the list where there is one, and
//! only then stowed.

use keystow_core::key::{ApiKey, KeyFacts, KeyQuery, KeyStatus};
use keystow_core::keychain::Item;
use keystow_core::provider::{Capability, Provider, Tells, VerifyRequest};
use keystow_core::remote::{Proof, ProofKind};
use keystow_core::{KeyId, Secret};

use crate::app::App;
use crate::error::AppError;
use crate::random;
use crate::store::Workspace;

/// Takes a key in. `named` is the key of the list that the person says it is; `name` what to call it.
///
/// # Errors
/// `key.not_recognised` for what cannot be one, `remote.*` when its product does not take it, `input.*` when it is not the one that
/// was named; nothing is kept then.
pub(crate) fn take_in(
    app: &App,
    workspace: &Workspace,
    secret: &Secret,
    name: Option<&str>,
    named: Option<ApiKey>,
) -> Result<ApiKey, AppError> {
    let provider = app.provider_of(workspace)?;
    if !provider.key.recognises(secret) {
        return Err(AppError::NotItsKey {
            provider: provider.name.clone(),
            prefix: provider.key.prefix.clone(),
        });
    }
    let facts = proven(app, workspace, provider, secret)?;
    let key = match provider.can(Capability::List) {
        true => listed(app, workspace, secret, &facts, named)?,
        false => unlisted(app, workspace, secret, facts, name, named)?,
    };
    app.doors
        .keychain
        .set(&Item::Key(workspace.id.clone(), key.id.clone()), secret)?;
    app.store.put_key(&workspace.id, &key, true, false)?;
    app.store.note(
        app.now(),
        "key.added",
        &format!("Stowed key {} of {}.", key.name, workspace.name),
    )?;
    Ok(key)
}

/// What the product says of a stowed key today.
pub(crate) fn facts_of(
    app: &App,
    workspace: &Workspace,
    key: &ApiKey,
) -> Result<KeyFacts, AppError> {
    let secret = app
        .doors
        .keychain
        .get_stowed(&Item::Key(workspace.id.clone(), key.id.clone()))?;
    proven(app, workspace, app.provider_of(workspace)?, &secret)
}

/// Shows the key to its product, where the product has a request that proves something.
pub(crate) fn proven(
    app: &App,
    workspace: &Workspace,
    provider: &Provider,
    secret: &Secret,
) -> Result<KeyFacts, AppError> {
    let nothing_told = Tells::default();
    let (url, kind, tells) = match &provider.verify {
        None => return Ok(KeyFacts::default()),
        Some(VerifyRequest::Get { url, tells }) => {
            let organization = workspace.organization.as_ref().map(|o| o.id.as_str());
            let url = provider.address(url, &app.base_of(workspace)?, organization)?;
            (url, ProofKind::Get, tells)
        }
        Some(VerifyRequest::Mcp { server }) => {
            let server = provider
                .servers
                .iter()
                .find(|known| known.name == *server)
                .expect("checked when the provider file was read");
            (
                app.endpoint(workspace, server)?,
                ProofKind::Mcp,
                &nothing_told,
            )
        }
    };
    let headers: Vec<(String, String)> = workspace
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let proof = Proof {
        url: &url,
        kind,
        header: &provider.key.header,
        scheme: &provider.key.scheme,
        headers: &headers,
        tells,
    };
    Ok(app.doors.proof.prove(&proof, secret)?)
}

/// The key of the provider's list that a plaintext belongs to: the one the proof names, or the only one that looks like it.
fn listed(
    app: &App,
    workspace: &Workspace,
    secret: &Secret,
    facts: &KeyFacts,
    named: Option<ApiKey>,
) -> Result<ApiKey, AppError> {
    let masked = secret.masked();
    let looks_like = |key: &ApiKey| alike(&key.masked, &masked);
    if let Some(named) = named {
        return match looks_like(&named) {
            true => Ok(named),
            false => Err(AppError::Invalid {
                reason: format!(
                    "that is another key than {}: {} is not {masked}",
                    named.name, named.masked
                ),
            }),
        };
    }
    if let Some(id) = &facts.id {
        return app.with_keys(workspace, |api, caller| {
            api.get(caller, &KeyId::new(id.clone()))
        });
    }
    let tail: String = masked
        .chars()
        .skip_while(|c| *c != '•')
        .filter(|c| *c != '•')
        .collect();
    let query = KeyQuery {
        search: Some(tail),
        page: 1,
        limit: 200,
        everybody: false,
        order: None,
    };
    let mut page = app.with_keys(workspace, |api, caller| api.list(caller, &query))?;
    if page.keys.is_empty() {
        // A list that tells only how keys begin is not found by how they end.
        let all = KeyQuery {
            search: None,
            ..query
        };
        page = app.with_keys(workspace, |api, caller| api.list(caller, &all))?;
    }
    let known = app.store.keys(&workspace.id)?;
    let stowed = |key: &ApiKey| known.get(&key.id).is_some_and(|known| known.stowed);
    let mut same: Vec<ApiKey> = page.keys.into_iter().filter(looks_like).collect();
    if same.len() > 1 {
        // One whose secret is here already is less likely the one that is brought.
        same.retain(|key| !stowed(key));
    }
    match same.len() {
        0 => Err(AppError::Unknown {
            what: "key",
            id: masked,
        }),
        1 => Ok(same.remove(0)),
        count => Err(AppError::Ambiguous {
            name: masked,
            count,
        }),
    }
}

/// Whether two masked keys can be the same: what both tell of the beginning and of the end agrees.
fn alike(a: &str, b: &str) -> bool {
    let ends = |text: &str| {
        let (head, tail) = text.split_once('•').unwrap_or((text, ""));
        (head.to_owned(), tail.trim_start_matches('•').to_owned())
    };
    let ((head_a, tail_a), (head_b, tail_b)) = (ends(a), ends(b));
    let heads = head_a.starts_with(&head_b) || head_b.starts_with(&head_a);
    let tails = tail_a.ends_with(&tail_b) || tail_b.ends_with(&tail_a);
    heads && tails
}

/// A key of a product that keeps no list for us: known by this computer alone.
fn unlisted(
    app: &App,
    workspace: &Workspace,
    secret: &Secret,
    facts: KeyFacts,
    name: Option<&str>,
    named: Option<ApiKey>,
) -> Result<ApiKey, AppError> {
    let masked = secret.masked();
    let known = app.store.keys(&workspace.id)?;
    // The same key pasted again is the same key.
    let again = known
        .values()
        .filter(|key| key.stowed && key.masked == masked)
        .find(|key| {
            let item = Item::Key(workspace.id.clone(), key.id.clone());
            matches!(app.doors.keychain.get(&item), Ok(Some(there)) if there == *secret)
        });
    let before = named.or_else(|| again.and_then(|key| key.facts.clone()));
    let id = match (&before, &facts.id) {
        (Some(before), _) => before.id.clone(),
        (None, Some(told)) => KeyId::new(told.clone()),
        (None, None) => KeyId::new(random::id("k")),
    };
    let name = name
        .map(str::to_owned)
        .or_else(|| before.as_ref().map(|before| before.name.clone()))
        .or(facts.name)
        .unwrap_or_else(|| format!("{} key", workspace.name));
    Ok(ApiKey {
        id,
        name,
        masked,
        status: KeyStatus::Enabled,
        scopes: facts.scopes.unwrap_or_default(),
        read_only: false,
        preset: None,
        tools: Vec::new(),
        created_at: before
            .and_then(|before| before.created_at)
            .or(Some(app.now())),
        expires_at: facts.expires_at,
        last_used_at: facts.usage.last_used_at,
        requests: facts.usage.requests,
        mcp_permissions: Vec::new(),
        projects: Vec::new(),
        instances: Vec::new(),
        reconnect: None,
        owner: facts.organization,
        budget: facts.budget,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_keys_agree_in_what_both_tell() {
        assert!(alike("ksl_••••••••3f9c", "ksl_••••••••3f9c"));
        assert!(alike("ref_Ke••••••••", "ref_••••••••3f9c"));
        assert!(!alike("ref_Ke••••••••", "ksl_••••••••3f9c"));
        assert!(!alike("ksl_••••••••3f9c", "ksl_••••••••0000"));
    }
}
