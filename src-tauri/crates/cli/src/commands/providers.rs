//! `providers`.

use keystow_app::contract::{
    CustomProviderRequest, Empty, Method, ProviderView, ScopeView, WorkspaceView,
};
use keystow_app::{AppError, handlers};

use super::clients::facts;
use super::{Desk, workspaces};
use crate::args::{NewProvider, ProvidersCommand};
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::clean;

/// What can be done with keys, in the order a person meets it, and how it is called.
const CAPABILITIES: [(&str, &str); 13] = [
    ("list", "list keys"),
    ("search", "search them"),
    ("paginate", "page through them"),
    ("create", "make them"),
    ("rename", "rename them"),
    ("update_scopes", "change their scopes"),
    ("mcp_access", "limit them over MCP"),
    ("expire", "let them expire"),
    ("pause", "pause them"),
    ("delete", "revoke them"),
    ("usage", "see their usage"),
    ("everybody", "see everybody's"),
    ("workspaces", "choose an organization"),
];

/// Those that tell providers apart at a glance.
const AT_A_GLANCE: [(&str, &str); 6] = [
    ("list", "list"),
    ("create", "make"),
    ("rename", "rename"),
    ("pause", "pause"),
    ("delete", "revoke"),
    ("usage", "usage"),
];

pub(super) fn run(
    desk: &Desk<'_>,
    action: Option<ProvidersCommand>,
    provider: Option<String>,
) -> Result<u8, CliError> {
    match (action, provider) {
        (Some(ProvidersCommand::Add(new)), _) => add(desk, new),
        (None, Some(id)) => show(desk, &id),
        (None, None) => list(desk),
    }
}

/// The provider of a workspace, unless its file went away.
pub(super) fn of(
    desk: &Desk<'_>,
    workspace: &WorkspaceView,
) -> Result<Option<ProviderView>, CliError> {
    let mut all = handlers::providers_list(&desk.app, Empty {})?.into_iter();
    Ok(all.find(|provider| provider.id == workspace.provider))
}

/// What a capability is called.
pub(super) fn capability(id: &str) -> String {
    let known = CAPABILITIES.iter().find(|(known, _)| *known == id);
    known.map_or_else(|| clean(id), |(_, words)| (*words).to_owned())
}

fn list(desk: &Desk<'_>) -> Result<u8, CliError> {
    let view = handlers::providers_list(&desk.app, Empty {})?;
    desk.console.show(&view, |view| listed(view))?;
    if !desk.console.json {
        let own = handlers::providers_own(&desk.app, Empty {})?;
        for broken in own.broken {
            desk.console.say(&format!(
                "warning: {}/{} is not used: {}",
                clean(&own.directory),
                clean(&broken.file),
                clean(&broken.reason)
            ));
        }
        desk.console
            .say("`keystow providers ID` shows one in full.");
    }
    Ok(0)
}

fn listed(providers: &[ProviderView]) -> String {
    let mut table = Table::new(&["ID", "NAME", "SIGN IN WITH", "KEYS", "SERVERS", "ABOUT"]);
    for provider in providers {
        let can: Vec<&str> = AT_A_GLANCE
            .iter()
            .filter(|(id, _)| can(provider, id))
            .map(|(_, word)| *word)
            .collect();
        table.row([
            &provider.id,
            &provider.name,
            &methods(provider),
            match can.is_empty() {
                true => "pasted".to_owned(),
                false => can.join(", "),
            }
            .as_str(),
            &provider.servers.len().to_string(),
            &provider.about,
        ]);
    }
    table.to_string()
}

/// Whether a provider can do something remotely.
pub(super) fn can(provider: &ProviderView, what: &str) -> bool {
    provider.capabilities.iter().any(|known| known == what)
}

fn methods(provider: &ProviderView) -> String {
    let methods: Vec<&str> = provider
        .methods
        .iter()
        .map(|method| match method {
            Method::Browser => "browser",
            Method::Password => "password",
            Method::Device => "device",
            Method::Token => "token",
        })
        .collect();
    match methods.is_empty() {
        true => "–".to_owned(),
        false => methods.join(", "),
    }
}

fn show(desk: &Desk<'_>, id: &str) -> Result<u8, CliError> {
    let all = handlers::providers_list(&desk.app, Empty {})?;
    let provider = all.into_iter().find(|provider| provider.id == id);
    let provider = provider.ok_or_else(|| AppError::Unknown {
        what: "provider",
        id: clean(id).chars().take(60).collect(),
    })?;
    desk.console.show(&provider, in_full)?;
    Ok(0)
}

fn add(desk: &Desk<'_>, new: NewProvider) -> Result<u8, CliError> {
    let plain = new
        .header
        .as_ref()
        .is_some_and(|header| !header.trim().eq_ignore_ascii_case("authorization"));
    let request = CustomProviderRequest {
        name: new.name,
        url: new.url,
        // A header of its own seldom has a word before the key.
        scheme: new.scheme.or_else(|| plain.then(String::new)),
        header: new.header,
    };
    let provider = handlers::providers_add_custom(&desk.app, request)?;
    if !desk.console.json {
        desk.console.say(&format!(
            "Added {}, in the provider file {}. Next: `keystow sign-in --provider {}`, then `keystow keys add`.",
            clean(&provider.name),
            clean(provider.own_file.as_deref().unwrap_or_default()),
            clean(&provider.id)
        ));
    }
    desk.console
        .show(&provider, |provider| clean(&provider.id))?;
    Ok(0)
}

fn in_full(provider: &ProviderView) -> String {
    let mut text = format!(
        "{} ({})\n{}\n",
        clean(&provider.name),
        clean(&provider.id),
        clean(&provider.about)
    );
    text.push_str(&of_keys(provider).to_string());
    text.push_str(&words_with_about("Scopes", &provider.scopes));
    text.push_str(&words_with_about("MCP presets", &provider.presets));
    if !provider.headers.is_empty() {
        text.push_str("Headers beside the key:\n");
        for header in &provider.headers {
            let needed = if header.required { ", needed" } else { "" };
            text.push_str(&format!(
                "  {}{needed}: {}. {}\n",
                clean(&header.name),
                clean(&header.title),
                clean(&header.about)
            ));
        }
    }
    if !provider.servers.is_empty() {
        text.push_str("Servers:\n");
    }
    for server in &provider.servers {
        text.push_str(&format!(
            "  {}: {} ({})\n",
            clean(&server.id),
            clean(&server.about),
            clean(&server.auth.join(" or "))
        ));
        if let Some(caution) = &server.caution {
            text.push_str(&format!("    caution: {}\n", clean(caution)));
        }
    }
    if let Some(dashboard) = &provider.dashboard {
        text.push_str(&format!("Dashboard: {}", workspaces::in_full(dashboard)));
    }
    if !provider.unsure.is_empty() {
        text.push_str("Not sure:\n");
        for unsure in &provider.unsure {
            text.push_str(&format!("  {}\n", clean(unsure)));
        }
    }
    text
}

fn of_keys(provider: &ProviderView) -> Table {
    let mut table = Table::plain();
    let sign_in = match provider.methods.is_empty() {
        true => "none; keys are pasted".to_owned(),
        false => methods(provider),
    };
    table.row(["  Sign-in", &sign_in]);
    if let Some(base) = &provider.base {
        let places: Vec<String> = base
            .choices
            .iter()
            .map(|choice| format!("{} ({})", choice.title, choice.url))
            .collect();
        let example = format!("such as {}", base.example);
        let places = match places.is_empty() {
            true => example,
            false => format!("{}; or your own, {example}", places.join(", ")),
        };
        table.row(["  Address", &places]);
    }
    let can: Vec<&str> = CAPABILITIES
        .iter()
        .filter(|(id, _)| can(provider, id))
        .map(|(_, words)| *words)
        .collect();
    let here = match (can.is_empty(), &provider.dashboard) {
        (true, Some(_)) => "nothing; keys are made and revoked on the dashboard".to_owned(),
        (true, None) => "nothing; keys are made elsewhere".to_owned(),
        (false, _) => can.join(", "),
    };
    table.row(["  From here", &here]);
    let days = match (provider.key.days_default, provider.key.days_max) {
        (None, None) => None,
        (Some(default), None) => Some(format!("after {default} days by default")),
        (None, Some(most)) => Some(format!("after {most} days at most, if at all")),
        (Some(default), Some(most)) => {
            Some(format!("after {default} days by default, {most} at most"))
        }
    };
    if !provider.key.prefix.is_empty() {
        table.row(["  Keys start with", &provider.key.prefix]);
    }
    if let Some(days) = days {
        table.row(["  Keys expire", &days]);
    }
    if let Some(budget) = &provider.key.budget {
        table.row(["  Budget", budget]);
    }
    let known = facts(provider.checked, &provider.checked_on, None);
    table.row(["  Facts", &known]);
    if let Some(page) = &provider.documentation {
        table.row(["  Documentation", page]);
    }
    if let Some(file) = &provider.own_file {
        table.row(["  Your own file", file]);
    }
    table
}

fn words_with_about(title: &str, scopes: &[ScopeView]) -> String {
    if scopes.is_empty() {
        return String::new();
    }
    let mut table = Table::plain();
    for scope in scopes {
        table.row([&format!("  {}", scope.id), scope.about.as_str()]);
    }
    format!("{title}:\n{table}")
}
