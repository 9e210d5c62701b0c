//! `keys list`.

use keystow_app::contract::{
    KeyOrderView, KeyPageView, KeySortView, KeyState, KeyView, KeysListRequest,
};
use keystow_app::{AppError, handlers};

use super::{Desk, care, of_budget, users};
use crate::args::{SortArg, States};
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
    pub order: Option<KeyOrderView>,
}

/// The order that was asked for.
pub(super) fn order(sort: Option<SortArg>, reverse: bool) -> Option<KeyOrderView> {
    let by = match sort? {
        SortArg::Name => KeySortView::Name,
        SortArg::Created => KeySortView::Created,
        SortArg::Expires => KeySortView::Expires,
        SortArg::Used => KeySortView::LastUsed,
    };
    Some(KeyOrderView {
        by,
        descending: reverse,
    })
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
    // No product is documented to tell keys apart by their state, so they are looked through until there are enough.
    let (view, looked_at) = match (wanted.state, all) {
        (Some(_), true) => look_through(desk, wanted, usize::MAX)?,
        (Some(_), false) => look_through(desk, wanted, page as usize * PAGE as usize)?,
        (None, true) => look_through(desk, wanted, usize::MAX)?,
        (None, false) => (ask(desk, wanted, page, PAGE)?, None),
    };
    let view = match wanted.state {
        Some(_) if !all => on_page(view, page),
        _ => view,
    };
    if !desk.console.json && view.keys.is_empty() {
        desk.console.say(&nothing(desk, wanted, &view)?);
    }
    desk.console
        .show(&view, |view| listed(desk.now, view, wanted.everybody))?;
    if !desk.console.json {
        after(desk, &view, looked_at.as_ref())?;
    }
    Ok(0)
}

fn ask(desk: &Desk<'_>, wanted: &Wanted, page: u32, limit: u32) -> Result<KeyPageView, AppError> {
    let request = KeysListRequest {
        search: wanted.search.clone(),
        page: Some(page),
        limit: Some(limit),
        everybody: wanted.everybody,
        order: wanted.order.clone(),
    };
    handlers::keys_list(&desk.app, request)
}

/// Large pages, until `enough` keys that fit are there. Also how many were looked at, of how many, where some were not.
fn look_through(
    desk: &Desk<'_>,
    wanted: &Wanted,
    enough: usize,
) -> Result<(KeyPageView, Option<Looked>), AppError> {
    let fits = |key: &KeyView| wanted.state.is_none_or(|state| key.state == state);
    let mut whole = ask(desk, wanted, 1, LARGE_PAGE)?;
    let (mut looked, mut of) = (whole.keys.len(), whole.total as usize);
    whole.keys.retain(fits);
    let mut next = 2;
    while looked < of && whole.keys.len() < enough {
        let page = ask(desk, wanted, next, LARGE_PAGE)?;
        if page.keys.is_empty() {
            break;
        }
        (looked, of) = (looked + page.keys.len(), page.total as usize);
        whole.keys.extend(page.keys.into_iter().filter(fits));
        whole.budget = page.budget.or(whole.budget);
        whole.stale = page.stale.or(whole.stale);
        next += 1;
    }
    whole.total = match wanted.state {
        Some(_) => u32::try_from(whole.keys.len()).unwrap_or(u32::MAX),
        None => u32::try_from(of).unwrap_or(u32::MAX),
    };
    let some = wanted.state.is_some() && looked < of;
    Ok((whole, some.then_some(Looked { at: looked, of })))
}

/// How far keys were looked through.
struct Looked {
    at: usize,
    of: usize,
}

/// One page of keys that were all found by looking.
fn on_page(mut view: KeyPageView, page: u32) -> KeyPageView {
    let skip = (page as usize - 1) * PAGE as usize;
    view.keys = view
        .keys
        .into_iter()
        .skip(skip)
        .take(PAGE as usize)
        .collect();
    (view.page, view.limit) = (page, PAGE);
    view
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
fn after(desk: &Desk<'_>, view: &KeyPageView, looked: Option<&Looked>) -> Result<(), CliError> {
    let shown = view.keys.len();
    if let Some(Looked { at, of }) = looked {
        desk.console.say(&format!(
            "The first {at} of {} were looked through; --page {} looks further, --all through all.",
            words::count(*of, "key", "keys"),
            view.page + 1
        ));
    } else if shown > 0 && shown < view.total as usize {
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

/// When a key goes, by whichever comes first.
pub(super) fn expiry(now: i64, key: &KeyView) -> String {
    let retires = key
        .retires_at
        .filter(|at| key.expires_at.is_none_or(|expires| *at < expires));
    match retires {
        Some(at) if at > now => format!("rotated, goes {}", words::when(now, at)),
        Some(_) => "rotated, goes soon".to_owned(),
        None => words::when_or(now, key.expires_at, "never"),
    }
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
                &expiry(now, key),
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
