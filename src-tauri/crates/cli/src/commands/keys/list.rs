//! `keys list`.

use keystow_app::contract::{KeyPageView, KeyState, KeyView, KeysListRequest};
use keystow_app::{AppError, handlers};

use super::{Desk, care, of_budget, users};
use crate::args::States;
use crate::commands::{providers, workspaces};
use crate::error::CliError;
use crate::output::Table;
use crate::output::words;

/// Keys a page, and a page when all are wanted.
const PAGE: u32 = 50;
const LARGE_PAGE: u32 = 200;

/// Sections, in their order.
const SECTIONS: [(KeyState, &str); 3] = [
    (KeyState::Enabled, "Enabled"),
    (KeyState::Paused, "Paused"),
    (KeyState::Expired, "Expired"),
];

/// Which keys.
pub(super) struct Wanted {
    pub search: Option<String>,
    pub everybody: bool,
    pub state: Option<KeyState>,
}

/// The one state that was asked for.
pub(super) fn state(states: States) -> Option<KeyState> {
    match (states.enabled, states.paused, states.expired) {
        (true, ..) => Some(KeyState::Enabled),
        (_, true, _) => Some(KeyState::Paused),
        (_, _, true) => Some(KeyState::Expired),
        _ => None,
    }
}

pub(super) fn list(desk: &Desk<'_>, wanted: &Wanted, page: u32, all: bool) -> Result<u8, CliError> {
    // No provider tells keys apart by their state, so all are looked at.
    let mut view = match all || wanted.state.is_some() {
        true => every_page(desk, wanted)?,
        false => ask(desk, wanted, page, PAGE)?,
    };
    if let Some(state) = wanted.state {
        view.keys.retain(|key| key.state == state);
        view.total = u32::try_from(view.keys.len()).unwrap_or(u32::MAX);
    }
    if !desk.console.json && view.keys.is_empty() {
        desk.console.say(&nothing(desk, wanted, &view)?);
    }
    desk.console
        .show(&view, |view| listed(desk.now, view, wanted.everybody))?;
    if !desk.console.json {
        after(desk, &view)?;
    }
    Ok(0)
}

fn ask(desk: &Desk<'_>, wanted: &Wanted, page: u32, limit: u32) -> Result<KeyPageView, AppError> {
    let request = KeysListRequest {
        search: wanted.search.clone(),
        page: Some(page),
        limit: Some(limit),
        everybody: wanted.everybody,
    };
    handlers::keys_list(&desk.app, request)
}

fn every_page(desk: &Desk<'_>, wanted: &Wanted) -> Result<KeyPageView, AppError> {
    let mut whole = ask(desk, wanted, 1, LARGE_PAGE)?;
    let mut next = 2;
    while whole.keys.len() < whole.total as usize {
        let page = ask(desk, wanted, next, LARGE_PAGE)?;
        if page.keys.is_empty() {
            break;
        }
        whole.keys.extend(page.keys);
        whole.total = page.total;
        whole.budget = page.budget.or(whole.budget);
        whole.stale = page.stale.or(whole.stale);
        next += 1;
    }
    Ok(whole)
}

fn nothing(desk: &Desk<'_>, wanted: &Wanted, view: &KeyPageView) -> Result<String, CliError> {
    if wanted.search.is_some() || wanted.state.is_some() {
        return Ok("No key fits that.".to_owned());
    }
    if view.total > 0 {
        return Ok("There is nothing on this page.".to_owned());
    }
    let makes = workspaces::provider_in_use(desk)?
        .is_none_or(|provider| providers::can(&provider, "create"));
    Ok(match makes {
        true => "No keys yet. `keystow keys create NAME` makes one.",
        false => "No keys yet. `keystow keys add` stows one that was made elsewhere.",
    }
    .to_owned())
}

/// What is to be known beside the keys.
fn after(desk: &Desk<'_>, view: &KeyPageView) -> Result<(), CliError> {
    let shown = view.keys.len();
    if shown > 0 && shown < view.total as usize {
        desk.console.say(&format!(
            "{shown} of {}; --page {} shows more, --all shows all.",
            words::count(view.total as usize, "key", "keys"),
            view.page + 1
        ));
    }
    if let Some(problem) = &view.stale {
        desk.console.say(&format!(
            "{}\n  These are the keys as they were known before.",
            words::problem("note", problem)
        ));
    }
    if let Some(budget) = &view.budget {
        desk.console
            .say(&format!("{}.", of_budget(desk.now, budget)));
    }
    care::warn_of_expiry(desk)
}

fn listed(now: i64, page: &KeyPageView, everybody: bool) -> String {
    if page.keys.is_empty() {
        return String::new();
    }
    let mut heads = vec!["NAME", "KEY", "LAST USED", "EXPIRES", "USED BY", "ID"];
    if everybody {
        heads.push("OWNER");
    }
    let mut table = Table::new(&heads);
    // Nobody has to be told that keys work, where all do.
    let titled = page.keys.iter().any(|key| key.state != KeyState::Enabled);
    for (state, title) in SECTIONS {
        let keys: Vec<&KeyView> = page.keys.iter().filter(|key| key.state == state).collect();
        if keys.is_empty() {
            continue;
        }
        if titled {
            table.section(title);
        }
        for key in keys {
            let cells = [
                key.name.as_str(),
                &key.masked,
                &words::when_or(now, key.last_used_at, "never"),
                &words::when_or(now, key.expires_at, "never"),
                &users(key),
                &key.id,
            ];
            let owner = key.owner.as_deref().unwrap_or_default();
            let [a, b, c, d, e, f] = cells;
            match everybody {
                true => table.row([a, b, c, d, e, f, owner]),
                false => table.row(cells),
            }
        }
    }
    table.to_string()
}
