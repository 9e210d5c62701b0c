use keystow_core::keychain::Item;
use keystow_core::provider::{Auth, Server};
use keystow_core::remote::{RemoteErrorKind, Session};
use keystow_core::{ServerId, WorkspaceId};
use url::Url;

use super::{sessions, views};
use crate::app::{App, Place, Step};
use crate::capable::no_way;
use crate::contract::*;
use crate::error::AppError;
use crate::store::Workspace;

/// MCP servers of the workspace in use.
pub fn servers_list(app: &App, _: Empty) -> Result<Vec<ServerView>, AppError> {
    let workspace = app.current()?;
    let provider = app.provider_of(&workspace)?;
    provider
        .servers
        .iter()
        .map(|server| {
            let url = match app.endpoint(&workspace, server) {
                Ok(url) => url.to_string(),
                // Only what is not chosen yet is missing in it.
                Err(AppError::Address(_)) => String::new(),
                Err(error) => return Err(error),
            };
            Ok(ServerView {
                id: provider.server_id(server).to_string(),
                name: server.title.clone(),
                about: server.about.clone(),
                entry: server.entry.clone(),
                url,
                auth: auth(server),
                caution: server.caution.clone(),
                signed_in: signed_in(app, &workspace.id, &server.name)?,
            })
        })
        .collect()
}

/// What a server takes, as `--json` and the window spell it.
pub(super) fn auth(server: &Server) -> Vec<String> {
    let word = |auth: &Auth| match auth {
        Auth::Key => "key",
        Auth::Oauth => "oauth",
    };
    server
        .auth
        .iter()
        .map(|auth| word(auth).to_owned())
        .collect()
}

/// Opens the browser to sign in to a server itself, and says what to wait for.
pub fn servers_sign_in(app: &App, request: ServerRequest) -> Result<SignInView, AppError> {
    let (workspace, server, url) = oauth_server(app, &request.server)?;
    let provider = app.provider_of(&workspace)?;
    let waiting = app.doors.server_sign_in.begin(
        &url,
        provider.oauth.client_id.as_deref(),
        &provider.oauth.scopes,
    )?;
    let place = Place::Server {
        workspace: workspace.id,
        server: server.name.clone(),
    };
    Ok(sessions::wait_for(app, Step::Browser(waiting), place))
}

/// Revokes the tokens of a server where it can, and takes them out of the keychain.
pub fn servers_sign_out(app: &App, request: ServerRequest) -> Result<Empty, AppError> {
    let (workspace, server, url) = oauth_server(app, &request.server)?;
    let item = Item::Oauth(workspace.id.clone(), server.name.clone());
    if let Some(session) = app
        .doors
        .keychain
        .get(&item)?
        .as_ref()
        .and_then(Session::from_secret)
        && let Err(error) = app.doors.server_sign_in.revoke(&url, &session)
        && error.kind != RemoteErrorKind::Unsupported
    {
        // Forgotten here all the same; the server lets them run out.
        tracing::warn!(%error, "the server was not told of the sign-out");
    }
    app.doors.keychain.delete(&item)?;
    app.store
        .set_setting(&marker(&workspace.id, &server.name), "")?;
    app.store.note(
        app.now(),
        "server.signed_out",
        &format!("Signed out of {} of {}.", server.title, workspace.name),
    )?;
    Ok(Empty {})
}

/// Stows the tokens of a server.
pub(super) fn stow(
    app: &App,
    workspace: &WorkspaceId,
    server: &str,
    session: &Session,
) -> Result<(), AppError> {
    let item = Item::Oauth(workspace.clone(), server.to_owned());
    app.doors.keychain.set(&item, &session.to_secret())?;
    app.store
        .set_setting(&marker(workspace, server), "stowed")?;
    app.store.note(
        app.now(),
        "server.signed_in",
        &format!("Signed in to {server} of {workspace}."),
    )?;
    Ok(())
}

/// Whether tokens of a server were stowed, without asking the keychain.
pub(crate) fn signed_in(
    app: &App,
    workspace: &WorkspaceId,
    server: &str,
) -> Result<bool, AppError> {
    let marked = app.store.setting(&marker(workspace, server))?;
    Ok(marked.is_some_and(|text| !text.is_empty()))
}

/// Servers that tokens were stowed of, by workspace and name.
pub(crate) fn signed_in_servers(app: &App) -> Result<Vec<(WorkspaceId, String)>, AppError> {
    let marked = app.store.settings_named("oauth/")?;
    Ok(marked
        .iter()
        .filter_map(|marker| {
            let (workspace, server) = marker.strip_prefix("oauth/")?.split_once('/')?;
            Some((WorkspaceId::new(workspace), server.to_owned()))
        })
        .collect())
}

fn marker(workspace: &WorkspaceId, server: &str) -> String {
    format!("oauth/{workspace}/{server}")
}

/// A server of the workspace in use, or by its whole id one of the only other workspace that has it.
fn oauth_server(app: &App, id: &str) -> Result<(Workspace, &'static Server, Url), AppError> {
    let whole = ServerId::new(id);
    let mut found = Vec::new();
    for workspace in app.store.workspaces()? {
        // One whose provider file is gone has no servers.
        let Ok(provider) = app.provider_of(&workspace) else {
            continue;
        };
        let by_name = || {
            let mut servers = provider.servers.iter();
            servers.find(|server| workspace.current && server.name == id)
        };
        if let Some(server) = provider.server(&whole).or_else(by_name) {
            found.push((workspace, provider, server));
        }
    }
    if found.iter().any(|(workspace, ..)| workspace.current) {
        found.retain(|(workspace, ..)| workspace.current);
    }
    if found.len() > 1 {
        return Err(AppError::Invalid {
            reason: format!(
                "several workspaces have the server {}; have the one that is meant in use first",
                views::shown(id)
            ),
        });
    }
    let Some((workspace, provider, server)) = found.pop() else {
        app.current()?;
        return Err(AppError::Unknown {
            what: "server",
            id: views::shown(id),
        });
    };
    if !server.takes_oauth() {
        return Err(no_way(provider, "take a sign-in at this server"));
    }
    let url = app.endpoint(&workspace, server)?;
    Ok((workspace, server, url))
}
