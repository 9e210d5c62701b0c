//! Which AI clients run right now.

use keystow_core::System;
use keystow_core::clients::Client;
use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, RefreshKind};

/// The names of all processes, taken once for a whole plan.
pub(crate) struct Running(Vec<String>);

impl Running {
    /// Looks.
    pub fn now() -> Self {
        let Ok(mut system) = sysinfo::System::new_with_specifics(RefreshKind::nothing()) else {
            return Self(Vec::new());
        };
        system.refresh_processes_specifics(
            ProcessesToUpdate::All,
            true,
            ProcessRefreshKind::nothing(),
        );
        Self(
            system
                .processes()
                .values()
                .map(|process| process.name().to_string_lossy().into_owned())
                .collect(),
        )
    }

    /// Whether one of the client's processes is among them.
    pub fn has(&self, client: &Client, system: System) -> bool {
        client.running.on(system).iter().any(|wanted| {
            self.0.iter().any(|name| match system {
                System::Windows => name.eq_ignore_ascii_case(wanted),
                System::Linux | System::Macos => name == wanted,
            })
        })
    }
}
