//! `doctor`.

use keystow_app::contract::{CheckState, CheckView, DoctorRequest};
use keystow_app::handlers;

use super::Desk;
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::clean;

pub(super) fn doctor(desk: &Desk<'_>, fix: bool) -> Result<u8, CliError> {
    let checks = handlers::doctor_run(&desk.app, DoctorRequest { fix })?;
    desk.console.show(&checks, |checks| listed(checks))?;
    if !desk.console.json {
        for check in &checks {
            if let Some(hint) = &check.hint {
                desk.console
                    .say(&format!("{}: {}", clean(&check.title), clean(hint)));
            }
        }
    }
    let failed = checks.iter().any(|check| check.state == CheckState::Failed);
    Ok(u8::from(failed))
}

fn listed(checks: &[CheckView]) -> String {
    let mut table = Table::new(&["CHECK", "STATE", "FOUND"]);
    for check in checks {
        let state = match check.state {
            CheckState::Ok => "ok",
            CheckState::Warning => "warning",
            CheckState::Failed => "failed",
            CheckState::Fixed => "fixed",
        };
        table.row([&check.title, state, &check.detail]);
    }
    table.to_string()
}
