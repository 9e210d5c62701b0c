use std::collections::BTreeMap;

use keystow_core::key::checked_name;
use keystow_core::keychain::Item;
use keystow_core::provider::{Capability, Provider};
use keystow_core::remote::{Organization, RemoteErrorKind};
use keystow_core::{WorkspaceId, is_loopback};
use url::Url;

use super::{providers, servers, sessions, views};
use crate::app::App;
use crate::capable::no_way;
use crate::contract::*;
use crate::error::AppError;
use crate::store::Workspace;

/// The longest value of a header, in bytes.
const LONGEST_VALUE: usize = 200;

/// All workspaces.
pub fn workspaces_list(app: &App, _: Empty) -> Result<Vec<WorkspaceView>, AppError> {
    app.store
        .workspaces()?
        .iter()
        .map(|workspace| views::workspace(app, workspace))
        .collect()
}

/// Makes a workspace the one in use.
pub fn workspaces_use(app: &App, request: WorkspaceRequest) -> Result<WorkspaceView, AppError> {
    let workspace = named(app, &request.workspace)?;
    app.store.use_workspace(&workspace.id)?;
    let current = Workspace {
        current: true,
        ..workspace
    };
    views::workspace(app, &current)
}

/// Adds a workspace of a provider that nobody signs in to: its keys are pasted.
pub fn workspaces_add(app: &App, request: WorkspaceAddRequest) -> Result<WorkspaceView, AppError> {
    let provider = providers::named(app, &request.provider)?;
    if !provider.sign_in.is_empty() {
        return Err(AppError::Invalid {
            reason: format!("{} is added by signing in to it", provider.name),
        });
    }
    if provider.servers.is_empty() {
        return Err(AppError::Invalid {
            reason: format!(
                "{} stands for servers of your own, and this names none; add the server first, with a name and its address",
                provider.name
            ),
        });
    }
    let base = sessions::base(app, provider, request.url.as_deref())?;
    let mut headers = BTreeMap::new();
    put_headers(&mut headers, provider, &request.headers)?;
    let known = same(app, provider, &base, "")?;
    let workspace = match known {
        Some(known) => Workspace {
            headers: if request.headers.is_empty() {
                known.headers
            } else {
                headers
            },
            signed_in: true,
            current: true,
            ..known
        },
        None => Workspace {
            id: new_id(app, provider)?,
            provider: provider.id.clone(),
            name: new_name(app, provider, None)?,
            login: String::new(),
            organization: None,
            url: base.to_string(),
            signed_in: true,
            current: true,
            created_at: app.now(),
            headers,
            expires_at: None,
        },
    };
    app.store.put_workspace(&workspace)?;
    app.store.note(
        app.now(),
        "workspace.added",
        &format!("Added {}.", workspace.name),
    )?;
    views::workspace(app, &workspace)
}

/// Changes what the person says of a workspace.
pub fn workspaces_set(app: &App, request: WorkspaceSetRequest) -> Result<WorkspaceView, AppError> {
    let mut workspace = named(app, &request.workspace)?;
    let provider = app.provider_of(&workspace)?;
    if let Some(name) = request.name {
        workspace.name = checked_name(&name)?;
    }
    put_headers(&mut workspace.headers, provider, &request.headers)?;
    app.store.change_workspace(&workspace)?;
    views::workspace(app, &workspace)
}

/// Forgets a workspace: signs out, and takes its keys out of the keychain. They stay valid at the provider.
pub fn workspaces_remove(app: &App, request: WorkspaceRequest) -> Result<Empty, AppError> {
    let workspace = named(app, &request.workspace)?;
    let mut clients: Vec<String> = app
        .store
        .connections()?
        .iter()
        .filter(|connected| connected.workspace == workspace.id)
        .map(|connected| views::client_name(app, connected))
        .collect();
    clients.dedup();
    if !clients.is_empty() {
        return Err(AppError::InUse {
            workspace: workspace.name,
            clients,
        });
    }
    sessions::end(app, &workspace)?;
    for server in &app.provider_of(&workspace)?.servers {
        if servers::signed_in(app, &workspace.id, &server.name)? {
            app.doors
                .keychain
                .delete(&Item::Oauth(workspace.id.clone(), server.name.clone()))?;
        }
    }
    for key in app.store.keys(&workspace.id)?.into_values() {
        if key.stowed {
            app.doors
                .keychain
                .delete(&Item::Key(workspace.id.clone(), key.id))?;
        }
    }
    app.store.forget_workspace(&workspace.id)?;
    app.store.note(
        app.now(),
        "workspace.removed",
        &format!("Removed {}.", workspace.name),
    )?;
    Ok(Empty {})
}

/// The organizations that a workspace's account belongs to.
pub fn workspaces_organizations(
    app: &App,
    request: WorkspaceRequest,
) -> Result<Vec<OrganizationView>, AppError> {
    let workspace = named(app, &request.workspace)?;
    Ok(organizations(app, &workspace)?
        .iter()
        .map(organization)
        .collect())
}

/// Makes a workspace stand for another organization of its account.
pub fn workspaces_use_organization(
    app: &App,
    request: OrganizationRequest,
) -> Result<WorkspaceView, AppError> {
    let mut workspace = named(app, &request.workspace)?;
    let known = organizations(app, &workspace)?;
    // A product that has organizations and does not list them takes the one that the person names.
    let typed = known.is_empty().then(|| typed(&request.organization));
    let chosen = known
        .into_iter()
        .find(|known| known.id == request.organization || known.name == request.organization)
        .or(typed.flatten())
        .ok_or_else(|| AppError::Unknown {
            what: "organization",
            id: views::shown(&request.organization),
        })?;
    let sign_in = app.sign_in_of(app.provider_of(&workspace)?)?;
    let base = app.base_of(&workspace)?;
    let session = app.stowed_session(&workspace)?;
    match sign_in.choose_organization(&base, &session, &chosen.id) {
        Ok(Some(fresh)) => app.stow_session(&workspace.id, &fresh)?,
        // Where the server keeps no choice, each request names the organization.
        Ok(None) => {}
        Err(error) if error.kind == RemoteErrorKind::Unsupported => {}
        Err(error) => return Err(error.into()),
    }
    workspace.organization = Some(chosen);
    app.store.change_workspace(&workspace)?;
    views::workspace(app, &workspace)
}

/// An organization by the slug or id that a person typed.
fn typed(text: &str) -> Option<Organization> {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!text.is_empty() && text.len() <= 100 && text.chars().all(plain)).then(|| Organization {
        id: text.to_owned(),
        name: text.to_owned(),
    })
}

/// Opens the page where keys are made by hand.
pub fn workspaces_open_dashboard(app: &App, request: WorkspaceRequest) -> Result<Empty, AppError> {
    let workspace = named(app, &request.workspace)?;
    let provider = app.provider_of(&workspace)?;
    let dashboard = provider
        .dashboard
        .as_ref()
        .ok_or_else(|| no_way(provider, "show a page with keys"))?;
    let organization = workspace.organization.as_ref().map(|o| o.id.as_str());
    let page = provider.address(&dashboard.keys, &app.base_of(&workspace)?, organization)?;
    app.doors.opener.open_browser(&page)?;
    Ok(Empty {})
}

pub(super) fn named(app: &App, id: &str) -> Result<Workspace, AppError> {
    app.store
        .workspace(&WorkspaceId::new(id))?
        .ok_or_else(|| AppError::Unknown {
            what: "workspace",
            id: views::shown(id),
        })
}

pub(super) fn organization(organization: &Organization) -> OrganizationView {
    OrganizationView {
        id: organization.id.clone(),
        name: organization.name.clone(),
    }
}

fn organizations(app: &App, workspace: &Workspace) -> Result<Vec<Organization>, AppError> {
    let provider = app.provider_that_can(workspace, Capability::Workspaces)?;
    let sign_in = app.sign_in_of(provider)?;
    app.with_session(workspace, |caller| {
        sign_in.organizations(caller.base, caller.access)
    })
}

/// The workspace of an account that is known already.
pub(super) fn same(
    app: &App,
    provider: &Provider,
    base: &Url,
    login: &str,
) -> Result<Option<Workspace>, AppError> {
    let local = matches!(provider.base, keystow_core::provider::Base::Local);
    Ok(app.store.workspaces()?.into_iter().find(|known| {
        // The local workspace may come up at another port.
        known.provider == provider.id
            && known.login == login
            && (local || known.url == base.as_str())
    }))
}

/// An id for a new workspace: the provider's, then with numbers.
pub(super) fn new_id(app: &App, provider: &Provider) -> Result<WorkspaceId, AppError> {
    let taken = app.store.workspaces()?;
    let free = |id: &String| !taken.iter().any(|known| known.id.as_str() == id);
    let first = provider.id.to_string();
    Ok(WorkspaceId::new(if free(&first) {
        first
    } else {
        (2..)
            .map(|number| format!("{}-{number}", provider.id))
            .find(free)
            .expect("there are more numbers than workspaces")
    }))
}

/// A name for a new workspace: the provider's, with the organization where there is one, then with numbers.
pub(super) fn new_name(
    app: &App,
    provider: &Provider,
    organization: Option<&Organization>,
) -> Result<String, AppError> {
    let taken = app.store.workspaces()?;
    let free = |name: &String| !taken.iter().any(|known| known.name == *name);
    let first = provider.name.clone();
    if free(&first) {
        return Ok(first);
    }
    let with = organization.map(|organization| format!("{first}, {}", organization.name));
    Ok(with.filter(free).unwrap_or_else(|| {
        (2..)
            .map(|number| format!("{first} {number}"))
            .find(free)
            .expect("there are more numbers than workspaces")
    }))
}

/// A base URL as a person types it.
pub(crate) fn checked_base(said: &str) -> Result<Url, AppError> {
    let wrong = |reason: &str| AppError::Invalid {
        reason: format!("{}: {reason}", views::shown(said)),
    };
    let mut url = Url::parse(said).map_err(|error| wrong(&error.to_string()))?;
    let here = is_loopback(&url);
    match url.scheme() {
        "https" => {}
        "http" if here => {}
        _ => {
            return Err(wrong(
                "an https address is needed (http is for this computer only)",
            ));
        }
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("an address with a login in it is not taken"));
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

fn put_headers(
    headers: &mut BTreeMap<String, String>,
    provider: &Provider,
    values: &[HeaderValueRequest],
) -> Result<(), AppError> {
    for HeaderValueRequest { name, value } in values {
        if !provider.headers.iter().any(|header| header.name == *name) {
            return Err(AppError::Unknown {
                what: "header",
                id: views::shown(name),
            });
        }
        let value = value.trim();
        if value.len() > LONGEST_VALUE || !value.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return Err(AppError::Invalid {
                reason: format!(
                    "the value of {name} has to be plain text of at most {LONGEST_VALUE} characters"
                ),
            });
        }
        match value.is_empty() {
            true => headers.remove(name),
            false => headers.insert(name.clone(), value.to_owned()),
        };
    }
    Ok(())
}
