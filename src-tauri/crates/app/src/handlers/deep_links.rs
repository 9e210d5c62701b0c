//! What a `keystow://` link would do. Reading one touches nothing: no file, no store, no server; not even the local workspace is
//! started.

use keystow_core::deep_link::{ConnectLink, DeepLink, HostFacts, ProviderLink};
use keystow_core::provider::{Base, Server, custom_file};
use keystow_core::{ClientId, ServerId};
use url::Url;

use super::{connections, views};
use crate::app::App;
use crate::contract::*;
use crate::describe::describe;
use crate::error::AppError;
use crate::files::FileError;
use crate::look::Disk;
use crate::store::Workspace;

impl App {
    /// Keeps a link that came from outside until the window asks for it. The latest is kept, and no other.
    pub fn keep_link(&self, link: String) {
        *self.waiting_link() = Some(link);
    }
}

/// Takes the link that came from outside, and shows what it would do.
pub fn links_take(app: &App, _: Empty) -> Result<WaitingLinkView, AppError> {
    let Some(link) = app.waiting_link().take() else {
        return Ok(WaitingLinkView {
            link: None,
            refused: None,
        });
    };
    let shown = links_show(app, DeepLinkRequest { link });
    Ok(match shown {
        Ok(link) => WaitingLinkView {
            link: Some(link),
            refused: None,
        },
        Err(error) => WaitingLinkView {
            link: None,
            refused: Some(describe(&error)),
        },
    })
}

/// Shows what a link would do.
///
/// # Errors
/// `link.refused` for all that is not exactly a link.
pub fn links_show(app: &App, request: DeepLinkRequest) -> Result<DeepLinkView, AppError> {
    match DeepLink::parse(request.link.trim())? {
        DeepLink::Connect(link) => connect(app, &link),
        DeepLink::Provider(link) => provider(app, &link),
    }
}

fn connect(app: &App, link: &ConnectLink) -> Result<DeepLinkView, AppError> {
    let mut warnings = Vec::new();
    let mut view = ConnectLinkView {
        workspace: None,
        workspace_name: link.workspace.clone().unwrap_or_default(),
        other_workspace: false,
        server: link
            .server
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        server_name: String::new(),
        host: None,
        clients: Vec::new(),
        name: link.name.clone(),
    };
    let mut problem = None;
    match place(app, link) {
        Ok((workspace, id, server)) => {
            view.workspace = Some(workspace.id.to_string());
            view.workspace_name.clone_from(&workspace.name);
            view.other_workspace = !workspace.current;
            view.server = id.to_string();
            view.server_name.clone_from(&server.title);
            match host_of(app, &workspace, server) {
                Ok(host) => view.host = Some(host),
                Err(error) => problem = Some(error),
            }
            if let Some(caution) = &server.caution {
                warnings.push(warning("link.server_caution", Severity::Caution, caution));
            }
            if !workspace.signed_in {
                problem = Some(AppError::SignedOut {
                    workspace: workspace.name,
                });
            }
        }
        Err(error) => problem = Some(error),
    }
    for id in &link.clients {
        let known = app.clients.get(id);
        if known.is_none() && problem.is_none() {
            problem = Some(unknown("client", id.as_str()));
        }
        view.clients.push(client(app, id));
    }
    Ok(DeepLinkView {
        connect: Some(view),
        provider: None,
        warnings,
        problem: problem.as_ref().map(describe),
    })
}

/// The workspace and the server that a link means.
fn place<'a>(
    app: &'a App,
    link: &ConnectLink,
) -> Result<(Workspace, ServerId, &'a Server), AppError> {
    let mut fits = app.store.workspaces()?;
    if fits.is_empty() {
        return Err(AppError::NoWorkspace);
    }
    if let Some(named) = &link.workspace {
        fits.retain(|known| known.id.as_str() == named || known.name == *named);
        if fits.is_empty() {
            return Err(unknown("workspace", named));
        }
    }
    if let Some(id) = &link.server {
        let has = |workspace: &Workspace| {
            let provider = app.provider_of(workspace);
            provider.is_ok_and(|provider| provider.server(id).is_some())
        };
        fits.retain(has);
        if fits.is_empty() {
            return Err(unknown("server", id.as_str()));
        }
    }
    let current = fits.iter().position(|workspace| workspace.current);
    let workspace = match (current, fits.len()) {
        (Some(current), _) => fits.swap_remove(current),
        (None, 1) => fits.swap_remove(0),
        (None, _) => {
            return Err(AppError::Invalid {
                reason:
                    "several workspaces have that server, and the link does not say which is meant"
                        .to_owned(),
            });
        }
    };
    let provider = app.provider_of(&workspace)?;
    let named = link.server.as_ref().map(ServerId::as_str);
    let (id, server) = connections::server_named(provider, named)?;
    Ok((workspace, id, server))
}

fn host_of(app: &App, workspace: &Workspace, server: &Server) -> Result<HostView, AppError> {
    if matches!(app.provider_of(workspace)?.base, Base::Local) {
        // Asking for its address would start it.
        let running = app.doors.local.running().ok().flatten();
        let url = running.map(|url| url.to_string()).unwrap_or_default();
        return Ok(HostView {
            host: "127.0.0.1".to_owned(),
            url,
            local: true,
        });
    }
    Ok(host(&app.endpoint(workspace, server)?))
}

fn host(url: &Url) -> HostView {
    let facts = HostFacts::of(url);
    HostView {
        host: facts.host,
        url: url.to_string(),
        local: facts.local,
    }
}

fn client(app: &App, id: &ClientId) -> LinkClientView {
    let known = app.clients.get(id);
    LinkClientView {
        id: id.to_string(),
        name: known.map_or_else(|| id.to_string(), |client| client.name.clone()),
        found: known.is_some_and(|client| client.locate(&app.paths, &Disk, None).found),
    }
}

fn provider(app: &App, link: &ProviderLink) -> Result<DeepLinkView, AppError> {
    let made = custom_file(&link.name, link.url.as_str(), &link.header, &link.scheme);
    let (file, text) = made.map_err(|error| AppError::Invalid {
        reason: error.to_string(),
    })?;
    let path = app.paths.own_providers().join(file);
    let problem = path.exists().then(|| {
        let there = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        describe(&FileError::at(&path, there).into())
    });
    Ok(DeepLinkView {
        connect: None,
        warnings: about(app, link),
        problem,
        provider: Some(ProviderLinkView {
            name: link.name.clone(),
            host: host(&link.url),
            header: link.header.clone(),
            scheme: link.scheme.clone(),
            path: app.paths.shown(&path),
            text,
        }),
    })
}

/// What to know of an endpoint before a key is pasted for it.
fn about(app: &App, link: &ProviderLink) -> Vec<WarningView> {
    let facts = HostFacts::of(&link.url);
    let mut warnings = Vec::new();
    let mut caution =
        |code: &str, text: String| warnings.push(warning(code, Severity::Caution, &text));
    if facts.punycode {
        caution(
            "link.punycode",
            format!(
                "{} is written with letters beyond a-z, which can look like those of another name.",
                facts.host
            ),
        );
    }
    let letters = |name: &str| -> String {
        let plain = name.chars().filter(|c| c.is_alphanumeric());
        plain.flat_map(char::to_lowercase).collect()
    };
    let named = letters(&link.name);
    if let Some(same) = app.providers().iter().find(|p| letters(&p.name) == named) {
        caution(
            "link.same_name",
            format!(
                "Keystow knows {} already. A link can give any address that name.",
                same.name
            ),
        );
    }
    if facts.number && !facts.local {
        caution(
            "link.number",
            format!("{} is a number, not a name.", facts.host),
        );
    }
    if facts.local {
        let text = "This address is on this computer: whatever program listens there gets the key.";
        warnings.push(warning("link.local", Severity::Note, text));
    }
    warnings
}

fn warning(code: &str, severity: Severity, text: &str) -> WarningView {
    WarningView {
        code: code.to_owned(),
        severity,
        text: text.to_owned(),
    }
}

fn unknown(what: &'static str, id: &str) -> AppError {
    AppError::Unknown {
        what,
        id: views::shown(id),
    }
}
