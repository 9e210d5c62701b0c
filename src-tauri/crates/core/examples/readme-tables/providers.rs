//! The table of providers.

use keystow_core::clients::How;
use keystow_core::provider::{Auth, Capability, Facts, Provider, Providers, SignInMethod};

/// As the provider files have it now.
pub fn table() -> String {
    let mut table = String::from(
        "| | keys from here | sign-in | MCP servers | facts |\n|---|---|---|---|---|\n",
    );
    for provider in Providers::built_in().iter() {
        table.push_str(&row(provider));
    }
    table
}

fn row(provider: &Provider) -> String {
    let name = match &provider.documentation {
        Some(page) => format!("[{}]({page})", provider.name),
        None => provider.name.clone(),
    };
    format!(
        "| {name} | {} | {} | {} | {} |\n",
        keys(provider),
        sign_in(provider),
        servers(provider),
        facts(&provider.checked)
    )
}

fn keys(provider: &Provider) -> String {
    let capabilities: Vec<String> = Capability::ALL
        .iter()
        .filter(|capability| provider.can(**capability))
        .map(|capability| capability.as_str().replace('_', " "))
        .collect();
    match (capabilities.is_empty(), &provider.dashboard) {
        (false, _) => capabilities.join(", "),
        (true, Some(_)) => "made in its dashboard, pasted".to_owned(),
        (true, None) => "pasted".to_owned(),
    }
}

fn sign_in(provider: &Provider) -> String {
    let ways: Vec<&str> = provider
        .sign_in
        .iter()
        .map(|way| match way {
            SignInMethod::Password => "password",
            SignInMethod::Browser => "browser",
            SignInMethod::Device => "code on another screen",
            SignInMethod::Token => "pasted token",
        })
        .collect();
    ways.join(", ")
}

fn servers(provider: &Provider) -> String {
    let servers: Vec<String> = provider
        .servers
        .iter()
        .map(|server| {
            let auth: Vec<&str> = server
                .auth
                .iter()
                .map(|auth| match auth {
                    Auth::Key => "key",
                    Auth::Oauth => "OAuth",
                })
                .collect();
            let caution = server.caution.as_ref().map_or("", |_| ", with caution");
            format!("{} ({}{caution})", server.name, auth.join(" or "))
        })
        .collect();
    servers.join(", ")
}

fn facts(checked: &Facts) -> String {
    let how = match checked.how {
        How::Run => "run",
        How::Source => "source",
        How::Documentation => "documented",
        How::Unverified => "**not verified**",
    };
    let unsure = match checked.unsure.len() {
        0 => String::new(),
        count => format!("; {count} unsure"),
    };
    format!("{how}, {}{unsure}", checked.on)
}
