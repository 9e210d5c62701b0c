//! What was seen last, and what of it is different now.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use keystow_core::keychain::KeychainState;

use super::places::Causes;
use super::{News, Topics};
use crate::app::App;
use crate::connect;
use crate::contract::{ClientView, Empty};
use crate::credential::REFUSED;
use crate::error::AppError;
use crate::handlers;
use crate::notices::{Notice, Told};
use crate::rotation::live;
use crate::store::StoreError;

/// What a person can see of the store: what to ask for, and which commands answer otherwise when that differs. When and how often
/// keys were used changes with every look at the provider, and is nothing that happened here.
const STORE: &[(&str, &[&str])] = &[
    (
        "SELECT * FROM workspaces ORDER BY id",
        &["app", "workspaces", "keys", "servers", "clients", "connections"],
    ),
    (
        "SELECT workspace, id, name, masked, stowed, orphan, json_remove(facts, '$.last_used_at', '$.requests', '$.budget')
         FROM api_keys ORDER BY workspace, id",
        &["app", "keys", "clients", "connections"],
    ),
    (
        "SELECT c.*, l.entry FROM connections c JOIN ledger l ON l.connection = c.id ORDER BY c.id",
        &["app", "keys", "clients", "connections", "rotations"],
    ),
    (
        "SELECT id, stage, ended_at, body FROM rotations ORDER BY id",
        &["app", "keys", "rotations"],
    ),
    ("SELECT id, at, state FROM changes ORDER BY id", &["changes"]),
    ("SELECT max(seq) FROM activity", &["activity"]),
    (
        "SELECT name, value FROM settings WHERE name LIKE 'keys\\_total/%' ESCAPE '\\' ORDER BY name",
        &["app"],
    ),
    (
        "SELECT name, value FROM settings WHERE name LIKE 'oauth/%' ORDER BY name",
        &["servers"],
    ),
    (
        "SELECT name, value FROM settings
         WHERE name NOT LIKE 'keys\\_total/%' ESCAPE '\\' AND name NOT LIKE 'oauth/%' AND name NOT LIKE 'refused/%'
           AND name NOT LIKE '%\\_told' ESCAPE '\\'
         ORDER BY name",
        &["settings", "desktop"],
    ),
];
/// What is different when the keychain is locked or unlocked.
const KEYCHAIN: &[&str] = &[
    "app",
    "workspaces",
    "keys",
    "servers",
    "clients",
    "connections",
];

/// What was seen last.
pub(super) struct Seen {
    stamp: Option<(i64, i64)>,
    store: Vec<u64>,
    /// The person's own client and provider files.
    own: Option<u64>,
    keychain: KeychainState,
    /// How many programs carry connections, and what they say of themselves.
    programs: usize,
    live: u64,
    clients: Option<u64>,
    told: Told,
}

impl Seen {
    /// How things are now.
    pub fn now(app: &App) -> Self {
        let mut seen = Self {
            stamp: None,
            store: Vec::new(),
            own: None,
            keychain: KeychainState::Unlocked,
            programs: 0,
            live: 0,
            clients: None,
            told: Told::default(),
        };
        // What is so already is on the screen, and no news.
        seen.look(app, Causes::ALL);
        seen
    }

    /// Looks at what may have changed, and says which commands answer otherwise now, and what the person should know.
    pub fn look(&mut self, app: &App, causes: Causes) -> News {
        let mut topics = Topics::new();
        let mut notices = Vec::new();
        let first = self.stamp.is_none();
        if causes.own {
            let now = own_files(app);
            if self.own != Some(now) && self.own.replace(now).is_some() {
                app.clients.read_again();
                app.read_providers_again();
                topics.extend(["clients", "providers", "servers"]);
            }
        }
        if causes.store
            && let Err(error) = self.look_at_store(app, &mut topics)
        {
            tracing::warn!(%error, "what changed in the store is not known");
        }
        if causes.keychain {
            let now = app.doors.keychain.state();
            if now != self.keychain {
                self.keychain = now;
                topics.extend(KEYCHAIN);
            }
        }
        if causes.reach {
            topics.insert("app");
        }
        if causes.live {
            let programs = live::all(&app.paths.data);
            let (count, now) = (programs.len(), print(&format!("{programs:?}")));
            if count != self.programs {
                self.programs = count;
                topics.insert("app");
            }
            // They call all day; that matters to whoever waits for them.
            let waited_for = app.store.rotations_under_way();
            if now != self.live && waited_for.is_ok_and(|waiting| !waiting.is_empty()) {
                self.live = now;
                topics.insert("rotations");
            }
        }
        if causes.settings || causes.own || topics.contains("connections") {
            match self.look_at_clients(app, &mut topics) {
                Ok(drifted) => notices.extend(drifted),
                Err(error) => tracing::warn!(%error, "what became of the clients is not known"),
            }
        }
        if topics.contains("rotations")
            && let Ok(rotations) = handlers::rotations_list(app, Empty {})
        {
            notices.extend(self.told.of_rotations(app, &rotations));
        }
        if causes.store
            && let Ok(refused) = app.store.settings_below(REFUSED)
        {
            notices.extend(self.told.of_refused(app, refused, first));
        }
        News { topics, notices }
    }

    /// All that is told of clients: which are there, and what became of our entries in their files.
    fn look_at_clients(&mut self, app: &App, topics: &mut Topics) -> Result<Vec<Notice>, AppError> {
        let mut clients = handlers::clients_list(app, Empty {})?;
        if self.told.is_drift(&clients) {
            // Another process of ours may be in the middle of writing.
            clients = connect::when_nobody_writes(app, || handlers::clients_list(app, Empty {}))?;
        }
        let now = Some(print_of(&clients));
        if now != self.clients {
            self.clients = now;
            topics.extend(["clients", "connections"]);
        }
        Ok(self.told.of_clients(app, &clients))
    }

    fn look_at_store(&mut self, app: &App, topics: &mut Topics) -> Result<(), StoreError> {
        let stamp = app.store.stamp()?;
        if self.stamp == Some(stamp) {
            return Ok(());
        }
        let prints: Vec<u64> = STORE
            .iter()
            .map(|(query, _)| app.store.print(query))
            .collect::<Result<_, _>>()?;
        for (at, (_, stale)) in STORE.iter().enumerate() {
            if self.store.get(at) != prints.get(at) {
                topics.extend(*stale);
            }
        }
        (self.stamp, self.store) = (Some(stamp), prints);
        Ok(())
    }
}

/// Names, sizes and times: what a changed file differs in.
fn own_files(app: &App) -> u64 {
    let mut files = BTreeSet::new();
    for dir in [app.paths.own_clients(), app.paths.own_providers()] {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            if let Ok(found) = entry.metadata() {
                files.insert((entry.path(), found.len(), found.modified().ok()));
            }
        }
    }
    print(&files)
}

fn print_of(clients: &[ClientView]) -> u64 {
    print(&serde_json::to_string(clients).expect("views are plain data"))
}

fn print(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_first_words_of_commands() {
        let words: BTreeSet<&str> = crate::NAMES
            .iter()
            .filter_map(|name| name.split('_').next())
            .collect();
        let topics = STORE.iter().flat_map(|(_, topics)| *topics).chain(KEYCHAIN);
        for topic in topics {
            assert!(words.contains(topic), "{topic}");
        }
    }
}
