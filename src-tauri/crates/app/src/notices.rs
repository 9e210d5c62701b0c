//! What a person is told of by the system while the window is elsewhere: the words, in the language of the window, and where a
//! click leads.

use std::collections::HashMap;

use keystow_core::{KeyId, WorkspaceId};

use crate::app::App;
use crate::contract::{
    ClientView, CopiedView, EntryState, ProblemView, RotationStage, RotationView,
};
use crate::keys::ExpiryNotice;

/// Where a click leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// To a key.
    Key {
        /// Its workspace.
        workspace: WorkspaceId,
        /// The key.
        key: KeyId,
    },
    /// To a page of the window, by its name.
    Page(&'static str),
}

/// Something to tell once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// One short line.
    pub title: String,
    /// What to do about it.
    pub text: String,
    /// What a click does, in two or three words.
    pub action: &'static str,
    /// It breaks a client, or is about to.
    pub important: bool,
    /// Where a click leads.
    pub lead: Lead,
}

/// What happened. All wording of notices is made from these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event<'a> {
    Drifted(&'a str, EntryState),
    Rotated(&'a str),
    RotationFailed(&'a str),
    RotationStuck(&'a str, &'a str),
    Refused(&'a str),
    Expires(&'a str, u32, &'a str),
    Copied(&'a str, u32),
    Failed(&'a str, &'a str),
}

/// The language of notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tongue {
    English,
    German,
}

impl App {
    /// Whether the person wants to be told of this.
    pub fn wants(&self, notice: &Notice) -> bool {
        match self
            .store
            .setting("notifications")
            .ok()
            .flatten()
            .as_deref()
        {
            Some("off") => false,
            Some("important") => notice.important,
            _ => true,
        }
    }

    /// A key that ends soon, as a notice.
    pub fn notice_of_expiry(&self, expiry: &ExpiryNotice) -> Notice {
        let lead = Lead::Key {
            workspace: expiry.workspace.clone(),
            key: expiry.key.clone(),
        };
        let event = Event::Expires(&expiry.name, expiry.days, &expiry.workspace_name);
        notice(self.tongue(), event, lead)
    }

    /// A key was copied from outside of the window.
    pub fn notice_of_copy(&self, copied: &CopiedView) -> Notice {
        let event = Event::Copied(&copied.name, copied.clears_after_s);
        notice(self.tongue(), event, Lead::Page("keys"))
    }

    /// Something that was asked for outside of the window failed.
    pub fn notice_of_problem(&self, problem: &ProblemView) -> Notice {
        let text = problem.hint.as_deref().unwrap_or(&problem.detail);
        let event = Event::Failed(&problem.title, text);
        notice(self.tongue(), event, Lead::Page("keys"))
    }

    /// The language of what the window does not say itself.
    pub(crate) fn tongue(&self) -> Tongue {
        match self.store.setting("language").ok().flatten().as_deref() {
            Some("de") => Tongue::German,
            _ => Tongue::English,
        }
    }
}

/// What was told, or was there from the beginning: none of it is told again.
#[derive(Debug, Default)]
pub(crate) struct Told {
    entries: HashMap<String, EntryState>,
    rotations: HashMap<String, Standing>,
    refused: HashMap<String, String>,
}

/// How a rotation stands, as far as somebody must know.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    UnderWay,
    Stuck(String),
    Over(RotationStage),
}

impl Told {
    /// Entries that were as we wrote them and are not any more.
    pub fn of_clients(&mut self, app: &App, clients: &[ClientView]) -> Vec<Notice> {
        let mut notices = Vec::new();
        let mut now = HashMap::new();
        for connection in clients.iter().flat_map(|client| &client.connections) {
            let (id, entry) = (&connection.id, connection.entry);
            let before = self.entries.get(id).copied();
            let drifted = matches!(
                entry,
                EntryState::Changed | EntryState::Gone | EntryState::Wiped
            );
            if drifted && before == Some(EntryState::Fine) {
                let event = Event::Drifted(&connection.client_name, entry);
                notices.push(notice(app.tongue(), event, Lead::Page("connect")));
            }
            now.insert(id.clone(), entry);
        }
        self.entries = now;
        notices
    }

    /// Whether one of these entries would be told of. Somebody may be at work on it just now.
    pub fn is_drift(&self, clients: &[ClientView]) -> bool {
        let mut connections = clients.iter().flat_map(|client| &client.connections);
        connections.any(|connection| {
            connection.entry != EntryState::Fine
                && self.entries.get(&connection.id) == Some(&EntryState::Fine)
        })
    }

    /// Rotations that failed, wait for somebody, or are over.
    pub fn of_rotations(&mut self, app: &App, rotations: &[RotationView]) -> Vec<Notice> {
        let mut notices = Vec::new();
        let mut now = HashMap::new();
        for rotation in rotations {
            let standing = match (&rotation.problem, rotation.ended_at) {
                (_, Some(_)) => Standing::Over(rotation.stage),
                (Some(problem), None) => Standing::Stuck(problem.title.clone()),
                (None, None) => Standing::UnderWay,
            };
            let before = self.rotations.get(&rotation.id);
            // One that began and ended between two looks was somebody's own doing, in front of their eyes.
            if before.is_some_and(|before| *before != standing) {
                let name = rotation.name.as_str();
                let event = match &standing {
                    Standing::Over(RotationStage::Failed) => Some(Event::RotationFailed(name)),
                    Standing::Over(RotationStage::Retired) => Some(Event::Rotated(name)),
                    Standing::Stuck(why) => Some(Event::RotationStuck(name, why)),
                    Standing::Over(_) | Standing::UnderWay => None,
                };
                notices.extend(
                    event.map(|event| notice(app.tongue(), event, Lead::Page("rotations"))),
                );
            }
            now.insert(rotation.id.clone(), standing);
        }
        self.rotations = now;
        notices
    }

    /// Keys that a server refused, as bridges noted: by their place in the settings, with the time.
    pub fn of_refused(
        &mut self,
        app: &App,
        refused: Vec<(String, String)>,
        first: bool,
    ) -> Vec<Notice> {
        let mut notices = Vec::new();
        for (place, at) in refused {
            let known = self.refused.insert(place.clone(), at.clone());
            if first || known.as_ref() == Some(&at) {
                continue;
            }
            let Some((workspace, key)) = place.split_once('/') else {
                continue;
            };
            let (workspace, key) = (WorkspaceId::new(workspace), KeyId::new(key));
            if let Ok(Some(stored)) = app.store.key(&workspace, &key) {
                let lead = Lead::Key { workspace, key };
                notices.push(notice(app.tongue(), Event::Refused(&stored.name), lead));
            }
        }
        notices
    }
}

fn notice(tongue: Tongue, event: Event<'_>, lead: Lead) -> Notice {
    let (title, text) = match tongue {
        Tongue::English => english(event),
        Tongue::German => german(event),
    };
    let action = match (tongue, &lead) {
        (Tongue::English, Lead::Key { .. }) => "Show the key",
        (Tongue::English, Lead::Page(_)) => "Show it",
        (Tongue::German, Lead::Key { .. }) => "Schlüssel zeigen",
        (Tongue::German, Lead::Page(_)) => "Zeigen",
    };
    Notice {
        title,
        text,
        action,
        important: !matches!(event, Event::Rotated(_) | Event::Copied(..)),
        lead,
    }
}

fn english(event: Event<'_>) -> (String, String) {
    match event {
        Event::Drifted(client, EntryState::Changed) => (
            format!("{client}: the entry was changed"),
            "It differs from what Keystow wrote. Keep it as it is, or restore ours.".to_owned(),
        ),
        Event::Drifted(client, _) => (
            format!("{client}: the entry is gone"),
            "Keystow's entry is not in its settings any more. Restore it, or forget it.".to_owned(),
        ),
        Event::Rotated(key) => (
            format!("{key} is rotated"),
            "Its clients use the new key, and the old one is revoked.".to_owned(),
        ),
        Event::RotationFailed(key) => (
            format!("{key} was not rotated"),
            "The new key was not taken, so the old one is used as before.".to_owned(),
        ),
        Event::RotationStuck(key, why) => (format!("The rotation of {key} waits"), sentence(why)),
        Event::Refused(key) => (
            format!("{key} was refused"),
            "Its server does not take it any more: clients that use it cannot call.".to_owned(),
        ),
        Event::Expires(key, 1, workspace) => (
            format!("{key} expires within a day"),
            of_workspace(workspace),
        ),
        Event::Expires(key, days, workspace) => (
            format!("{key} expires within {days} days"),
            of_workspace(workspace),
        ),
        Event::Copied(key, seconds) => (
            format!("Copied {key}"),
            format!("The clipboard is cleared after {seconds} s."),
        ),
        Event::Failed(title, text) => (title.to_owned(), sentence(text)),
    }
}

fn of_workspace(workspace: &str) -> String {
    format!("A key of {workspace}. Make another one before its clients are refused.")
}

fn german(event: Event<'_>) -> (String, String) {
    match event {
        Event::Drifted(client, EntryState::Changed) => (
            format!("{client}: Der Eintrag wurde geändert"),
            "Er ist nicht mehr, wie Keystow ihn schrieb. So lassen oder neu schreiben.".to_owned(),
        ),
        Event::Drifted(client, _) => (
            format!("{client}: Der Eintrag ist weg"),
            "Keystows Eintrag steht nicht mehr in den Einstellungen. Neu schreiben oder vergessen."
                .to_owned(),
        ),
        Event::Rotated(key) => (
            format!("{key} ist erneuert"),
            "Die Clients verwenden den neuen Schlüssel, der alte ist widerrufen.".to_owned(),
        ),
        Event::RotationFailed(key) => (
            format!("{key} wurde nicht erneuert"),
            "Der neue Schlüssel wurde nicht angenommen, der alte gilt weiter.".to_owned(),
        ),
        Event::RotationStuck(key, why) => {
            (format!("Die Erneuerung von {key} wartet"), sentence(why))
        }
        Event::Refused(key) => (
            format!("{key} wurde abgelehnt"),
            "Der Server nimmt ihn nicht mehr an: Clients mit diesem Schlüssel können nichts aufrufen."
                .to_owned(),
        ),
        Event::Expires(key, days, workspace) => (
            match days {
                1 => format!("{key} läuft innerhalb eines Tages ab"),
                days => format!("{key} läuft innerhalb von {days} Tagen ab"),
            },
            format!(
                "Ein Schlüssel von {workspace}. Einen neuen anlegen, bevor Clients abgewiesen werden."
            ),
        ),
        Event::Copied(key, seconds) => (
            format!("{key} ist kopiert"),
            format!("Nach {seconds} s wird die Zwischenablage geleert."),
        ),
        // What failed is told in English only, as everywhere.
        Event::Failed(title, text) => (title.to_owned(), sentence(text)),
    }
}

fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_is_worded_in_both_languages_and_names_what_it_is_about() {
        let events = [
            Event::Drifted("Cursor", EntryState::Changed),
            Event::Drifted("Cursor", EntryState::Gone),
            Event::Rotated("Cursor"),
            Event::RotationFailed("Cursor"),
            Event::RotationStuck("Cursor", "The workspace cannot be reached"),
            Event::Refused("Cursor"),
            Event::Expires("Cursor", 1, "Acme"),
            Event::Expires("Cursor", 7, "Acme"),
            Event::Copied("Cursor", 30),
        ];
        for event in events {
            let told = |tongue| notice(tongue, event, Lead::Page("keys"));
            let (english, german) = (told(Tongue::English), told(Tongue::German));
            assert_ne!(english.title, german.title);
            for told in [english, german] {
                assert!(told.title.contains("Cursor"), "{told:?}");
                assert!(told.text.ends_with('.'), "{told:?}");
                let good = matches!(event, Event::Rotated(_) | Event::Copied(..));
                assert_eq!(told.important, !good);
            }
        }
    }
}
