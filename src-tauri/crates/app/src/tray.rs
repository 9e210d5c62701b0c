//! What the menu beside the clock shows: how things are, and the keys that were used last, to copy.

use std::cmp::Reverse;

use keystow_core::WorkspaceId;

use crate::app::App;
use crate::contract::{AppStatusView, Empty, KeychainView};
use crate::error::AppError;
use crate::handlers;
use crate::notices::Tongue;

/// So many keys are offered.
const KEYS: usize = 5;

/// The lines of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayLines {
    /// How things are.
    pub state: String,
    /// Keys whose secret is on this computer, the one used last first: ids and what a click does.
    pub keys: Vec<(String, String)>,
    /// Brings up the window.
    pub open: &'static str,
    /// Ends the program.
    pub quit: &'static str,
}

impl App {
    /// The menu beside the clock, as of now.
    ///
    /// # Errors
    /// `store.*`.
    pub fn tray(&self) -> Result<TrayLines, AppError> {
        let status = handlers::app_status(self, Empty {})?;
        let tongue = self.tongue();
        let names = self.names_used_last(&status)?;
        let keys = names.into_iter().map(|(id, name)| {
            let line = match tongue {
                Tongue::English => format!("Copy {name}"),
                Tongue::German => format!("{name} kopieren"),
            };
            (id, line)
        });
        Ok(TrayLines {
            state: state(tongue, &status),
            keys: keys.collect(),
            open: match tongue {
                Tongue::English => "Open Keystow",
                Tongue::German => "Keystow öffnen",
            },
            quit: match tongue {
                Tongue::English => "Quit",
                Tongue::German => "Beenden",
            },
        })
    }

    fn names_used_last(&self, status: &AppStatusView) -> Result<Vec<(String, String)>, AppError> {
        let Some(workspace) = status.workspace.as_ref().filter(|one| one.signed_in) else {
            return Ok(Vec::new());
        };
        let keys = self.store.keys(&WorkspaceId::new(&workspace.id))?;
        let mut stowed: Vec<_> = keys.into_values().filter(|key| key.stowed).collect();
        stowed.sort_by_cached_key(|key| {
            let used = key.facts.as_ref().and_then(|facts| facts.last_used_at);
            (Reverse(used), key.name.clone())
        });
        stowed.truncate(KEYS);
        let named = stowed.into_iter().map(|key| (key.id.to_string(), key.name));
        Ok(named.collect())
    }
}

/// One line, the worst first.
fn state(tongue: Tongue, status: &AppStatusView) -> String {
    let english = tongue == Tongue::English;
    let said = |one: &str, other: &str| if english { one } else { other }.to_owned();
    match status.keychain {
        KeychainView::Locked => {
            return said("The keychain is locked", "Der Schlüsselbund ist gesperrt");
        }
        KeychainView::Absent => return said("No keychain", "Kein Schlüsselbund"),
        KeychainView::Unlocked => {}
    }
    let Some(workspace) = &status.workspace else {
        return said("No workspace", "Kein Arbeitsbereich");
    };
    let name = &workspace.name;
    if !workspace.signed_in {
        return match english {
            true => format!("Signed out of {name}"),
            false => format!("Bei {name} abgemeldet"),
        };
    }
    if status.unreachable.is_some() {
        return match english {
            true => format!("{name} cannot be reached"),
            false => format!("{name} ist nicht erreichbar"),
        };
    }
    match (english, status.connections) {
        (true, 1) => format!("{name}: 1 connection"),
        (true, many) => format!("{name}: {many} connections"),
        (false, 1) => format!("{name}: 1 Verbindung"),
        (false, many) => format!("{name}: {many} Verbindungen"),
    }
}
