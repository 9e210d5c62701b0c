//! `open`: a `keystow://` link. All it would do is shown, and nothing of it is done without a yes.

use keystow_app::AppError;
use keystow_app::contract::{
    ConnectLinkView, ConnectRequest, CustomProviderRequest, DeepLinkRequest, DeepLinkView,
    HostView, ProviderLinkView, ProviderView, WorkspaceAddRequest,
};
use keystow_app::handlers;
use serde::Serialize;

use super::{Desk, connections};
use crate::args::OpenArgs;
use crate::error::CliError;
use crate::output::words::{self, clean};

/// What `--json` prints of a link that adds a provider.
#[derive(Serialize)]
struct Outcome<'a> {
    link: &'a DeepLinkView,
    /// `null` when nothing was added.
    added: Option<&'a ProviderView>,
}

pub(super) fn open(desk: &Desk<'_>, args: OpenArgs) -> Result<u8, CliError> {
    let link = args.link.clone();
    let view = handlers::links_show(&desk.app, DeepLinkRequest { link })?;
    if !desk.console.json {
        desk.console.data(&in_words(&view))?;
        for warning in &view.warnings {
            let text = clean(&warning.text);
            desk.console.say(&format!("warning: {text}"));
        }
    }
    if let Some(problem) = &view.problem {
        if desk.console.json {
            desk.console.view(&Outcome {
                link: &view,
                added: None,
            })?;
        }
        desk.console.say(&words::problem("error", problem));
        desk.console.say("Nothing was done.");
        return Ok(1);
    }
    match (&view.connect, &view.provider) {
        (Some(link), _) => connect(desk, link, &args),
        (_, Some(link)) => provider(desk, &view, link, &args),
        (None, None) => Ok(1),
    }
}

fn in_words(view: &DeepLinkView) -> String {
    if let Some(link) = &view.provider {
        return format!(
            "This link adds a provider of your own.\n  Name       {}\n  Address    {}\n  Host       {}\n  Its keys   {}\n  Writes     {}\n{}",
            clean(&link.name),
            clean(&link.host.url),
            host(&link.host),
            match link.scheme.as_str() {
                "" => clean(&link.header),
                scheme => format!("{}: {}", clean(&link.header), clean(scheme)),
            },
            clean(&link.path),
            indented(&link.text),
        );
    }
    let Some(link) = &view.connect else {
        return String::new();
    };
    let or = |text: &str, none: &str| match text {
        "" => none.to_owned(),
        text => clean(text),
    };
    let clients: Vec<String> = link
        .clients
        .iter()
        .map(|client| match client.found {
            true => clean(&client.name),
            false => format!("{} (not found here)", clean(&client.name)),
        })
        .collect();
    let mut text = format!(
        "This link connects clients.\n  Workspace  {}\n  Server     {}\n  Host       {}\n  Clients    {}\n",
        or(&link.workspace_name, "none that fits"),
        or(&link.server_name, &or(&link.server, "the first")),
        link.host
            .as_ref()
            .map_or_else(|| "not known".to_owned(), host),
        or(
            &words::list(&clients),
            "none named; say which with --client"
        ),
    );
    if let Some(name) = &link.name {
        text.push_str(&format!("  Entry      {}\n", clean(name)));
    }
    text
}

fn host(host: &HostView) -> String {
    match host.local {
        true => format!("{} (this computer)", clean(&host.host)),
        false => clean(&host.host),
    }
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| format!("    {}\n", clean(line)))
        .collect()
}

fn connect(desk: &Desk<'_>, link: &ConnectLinkView, args: &OpenArgs) -> Result<u8, CliError> {
    let named = link.clients.iter().map(|client| client.id.clone());
    let clients = match args.clients.is_empty() {
        true => named.collect(),
        false => args.clients.clone(),
    };
    let request = ConnectRequest {
        clients,
        workspace: link.workspace.clone(),
        server: Some(link.server.clone()),
        key: None,
        replace: false,
        target: None,
        mode: None,
        name: link.name.clone(),
        exec: None,
    };
    let after = connections::After {
        no_probe: false,
        wait: false,
    };
    connections::connect(desk, request, args.apply, after)
}

fn provider(
    desk: &Desk<'_>,
    view: &DeepLinkView,
    link: &ProviderLinkView,
    args: &OpenArgs,
) -> Result<u8, CliError> {
    let console = desk.console;
    let printed = |added: Option<&ProviderView>| match console.json {
        true => console.view(&Outcome { link: view, added }),
        false => Ok(()),
    };
    if args.apply.dry_run {
        printed(None)?;
        console.say("Nothing was written.");
        return Ok(0);
    }
    if !args.apply.yes {
        if console.json && console.can_ask() {
            console.say(&in_words(view));
        }
        console.confirm("Write this file and add the provider?")?;
    }
    let added = add(desk, link)?;
    printed(Some(&added))?;
    console.say(&format!(
        "Added {}. `keystow keys add` asks for its key.",
        clean(&added.name)
    ));
    Ok(0)
}

fn add(desk: &Desk<'_>, link: &ProviderLinkView) -> Result<ProviderView, AppError> {
    let request = CustomProviderRequest {
        name: link.name.clone(),
        url: link.host.url.clone(),
        header: Some(link.header.clone()),
        scheme: Some(link.scheme.clone()),
    };
    let added = handlers::providers_add_custom(&desk.app, request)?;
    let request = WorkspaceAddRequest {
        provider: added.id.clone(),
        url: None,
        headers: Vec::new(),
    };
    handlers::workspaces_add(&desk.app, request)?;
    Ok(added)
}
