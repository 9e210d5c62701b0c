use keystow_core::clients::{Link, LinkKind};
use keystow_core::remote::RemoteErrorKind;
use keystow_core::{ClientId, is_loopback};
use url::Url;

use super::{connections, keys, views};
use crate::app::App;
use crate::contract::*;
use crate::error::AppError;
use crate::links::{self, Pair, Ways};

/// Ways to hand a server to a client without writing its settings. Makes a connection for them, once for each client and server.
pub fn clients_links(app: &App, request: LinkRequest) -> Result<LinksView, AppError> {
    let (ways, url) = found(app, &request)?;
    let mut warnings = Vec::new();
    let warning = |code: &str, text: String| WarningView {
        code: code.to_owned(),
        severity: Severity::Caution,
        text,
    };
    let name = client_name(app, &request.client)?;
    let starts_nothing = ways.connected.is_none();
    if starts_nothing && is_loopback(&url) {
        warnings.push(warning(
            "link.not_reachable",
            format!(
                "{name} calls servers from its own cloud, and {url} is on this computer only: it cannot get there."
            ),
        ));
    }
    if !ways.exposing.is_empty() {
        warnings.push(warning(
            "link.exposes_key",
            format!(
                "Links with the key in them hand it to {name}, which keeps it in plain text. They are only ever copied, and not shown."
            ),
        ));
    }
    let free = ways.free.iter().map(|link| view(link, true));
    let exposing = ways.exposing.iter().map(|link| view(link, false));
    Ok(LinksView {
        connection: ways.connected.map(|connected| connected.id.to_string()),
        links: free.chain(exposing).collect(),
        warnings,
    })
}

/// Puts one of them on the clipboard.
pub fn clients_copy_link(app: &App, request: LinkPickRequest) -> Result<CopiedView, AppError> {
    let (ways, _) = found(app, &request.links)?;
    let (link, exposing_at) = picked(&ways, request.number)?;
    let clears_after_s = match (exposing_at, &ways.connected) {
        (Some(at), Some(connected)) => {
            let clears =
                app.doors
                    .clipboard
                    .copy_link(&connected.id, at, app.clipboard_seconds()?)?;
            app.store.note(
                app.now(),
                "key.copied",
                &format!(
                    "Copied a link with the key for {} in it.",
                    client_name(app, &request.links.client)?
                ),
            )?;
            clears
        }
        _ => app.doors.clipboard.copy_text(&link.text)?,
    };
    Ok(CopiedView {
        name: link.title.clone(),
        clears_after_s,
    })
}

/// Opens one of them with whatever the system has for it: the client comes up and asks.
pub fn clients_open_link(app: &App, request: LinkPickRequest) -> Result<Empty, AppError> {
    let (ways, _) = found(app, &request.links)?;
    let (link, exposing_at) = picked(&ways, request.number)?;
    let invalid = |reason: &str| AppError::Invalid {
        reason: reason.to_owned(),
    };
    if exposing_at.is_some() {
        return Err(invalid(
            "a link with the key in it is not opened, because other programs would see it; copy it instead",
        ));
    }
    if !links::opens(link) {
        return Err(invalid("that is not a link to open; copy it instead"));
    }
    let url = Url::parse(&link.text).map_err(|error| AppError::Invalid {
        reason: format!("{}: {error}", link.text),
    })?;
    app.doors
        .opener
        .open_link(&url)
        .map_err(|error| AppError::LinkNotOpened {
            detail: match error.kind {
                RemoteErrorKind::Browser { detail } => detail,
                other => other.to_string(),
            },
        })?;
    Ok(Empty {})
}

fn found(app: &App, request: &LinkRequest) -> Result<(Ways, Url), AppError> {
    let workspace = app.current()?;
    let provider = app.provider_of(&workspace)?;
    let (server_id, server) = connections::server_named(provider, request.server.as_deref())?;
    let id = ClientId::new(views::shown(&request.client));
    let client = app.clients.get(&id).ok_or_else(|| AppError::Unknown {
        what: "client",
        id: id.to_string(),
    })?;
    let key = match &request.key {
        Some(key) => Some(keys::resolve_stowed(app, &workspace, key)?),
        None => None,
    };
    let pair = Pair {
        client,
        workspace: &workspace,
        server,
        server_id: &server_id,
        key,
    };
    let ways = links::ways(app, &pair, request.expose_key)?;
    Ok((ways, app.endpoint(&workspace, server)?))
}

/// The link with a number, and which of those with the key in them it is.
fn picked(ways: &Ways, number: u32) -> Result<(&Link, Option<u32>), AppError> {
    let at = usize::try_from(number).unwrap_or_default();
    let (free, all) = (ways.free.len(), ways.free.len() + ways.exposing.len());
    let found = match at.checked_sub(1) {
        Some(at) if at < free => ways.free.get(at).map(|link| (link, None)),
        Some(at) => ways
            .exposing
            .get(at - free)
            .map(|link| (link, Some(views::count(at - free)))),
        None => None,
    };
    found.ok_or_else(|| AppError::Invalid {
        reason: format!("there is no link {number}; they are numbered from 1 to {all}"),
    })
}

fn client_name(app: &App, id: &str) -> Result<String, AppError> {
    let id = ClientId::new(views::shown(id));
    let client = app.clients.get(&id).ok_or_else(|| AppError::Unknown {
        what: "client",
        id: id.to_string(),
    })?;
    Ok(client.name.clone())
}

fn view(link: &Link, shown: bool) -> LinkView {
    LinkView {
        kind: match link.kind {
            LinkKind::DeepLink => LinkKindView::DeepLink,
            LinkKind::Command => LinkKindView::Command,
            LinkKind::StdinCommand => LinkKindView::StdinCommand,
            LinkKind::Url => LinkKindView::Url,
            LinkKind::Page => LinkKindView::Page,
        },
        title: link.title.clone(),
        text: shown.then(|| link.text.clone()),
        exposes_key: !shown,
        opens: shown && links::opens(link),
    }
}
