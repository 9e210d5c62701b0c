//! The table of AI clients.

use keystow_core::System;
use keystow_core::clients::{Candidate, Checked, Client, Clients, How, Target};

/// As the client files have it now.
pub fn table() -> String {
    let mut table = String::from(
        "| | settings file | syntax | also | modes | facts |\n|---|---|---|---|---|---|\n",
    );
    for client in Clients::built_in().iter() {
        table.push_str(&row(client));
    }
    table
}

fn row(client: &Client) -> String {
    let first = client.targets.first();
    let mut modes: Vec<&str> = first
        .into_iter()
        .flat_map(Target::modes)
        .map(|mode| mode.as_str())
        .collect();
    modes.extend(client.has_links().then_some("link"));
    let others: Vec<&str> = client
        .targets
        .iter()
        .skip(1)
        .map(|target| target.kind.as_str())
        .collect();
    format!(
        "| [{}]({}) | {} | {} | {} | {} | {} |\n",
        client.name,
        client.source,
        first.map(places).unwrap_or_default(),
        first
            .map(|target| target.syntax.as_str())
            .unwrap_or_default(),
        others.join(", "),
        modes.join(", "),
        facts(&client.checked)
    )
}

fn facts(checked: &Checked) -> String {
    let version = checked.version.as_deref().unwrap_or_default();
    let how = match checked.how {
        How::Run => format!("run {version}"),
        How::Source => format!("source {version}"),
        How::Documentation => "documented".to_owned(),
        How::Unverified => "**not verified**".to_owned(),
    };
    format!("{}, {}", how.trim_end(), checked.on)
}

/// Where the file usually is, once for all systems that share the place.
fn places(target: &Target) -> String {
    let on = |system| usual(target.path.on(system));
    let (linux, macos, windows) = (on(System::Linux), on(System::Macos), on(System::Windows));
    if linux == macos && macos == windows {
        return linux;
    }
    if linux == macos {
        return format!("{linux}; Windows {windows}");
    }
    format!("Linux {linux}; macOS {macos}; Windows {windows}")
}

/// The places that need nothing set and no older file.
fn usual(candidates: &[Candidate]) -> String {
    let bases = [
        ("HOME", "~"),
        ("XDG_CONFIG_HOME", "~/.config"),
        ("APP_SUPPORT", "~/Library/Application Support"),
        ("APPDATA", "%APPDATA%"),
        ("LOCALAPPDATA", "%LOCALAPPDATA%"),
    ];
    let mut places: Vec<String> = candidates
        .iter()
        .filter(|candidate| !candidate.must_exist())
        .filter_map(|candidate| {
            let (name, shown) = bases
                .iter()
                .find(|(name, _)| candidate.base() == Some(name))?;
            let rest = candidate.as_str().strip_prefix(&format!("${{{name}}}"))?;
            Some(format!("`{shown}{rest}`"))
        })
        .collect();
    places.dedup();
    places.join(" or ")
}
