//! `settings`.

use keystow_app::AppError;
use keystow_app::contract::{Empty, SettingsView, choice_of, word_of};
use keystow_app::handlers;

use super::Desk;
use crate::args::SettingsArgs;
use crate::error::CliError;
use crate::output::Table;
use crate::output::words::clean;

pub(super) fn settings(desk: &Desk<'_>, args: SettingsArgs) -> Result<u8, CliError> {
    let mut view = handlers::settings_get(&desk.app, Empty {})?;
    if let (Some(name), Some(value)) = (&args.name, &args.value) {
        change(&mut view, name, value)?;
        view = handlers::settings_set(&desk.app, view)?;
    }
    desk.console.show(&view, in_words)?;
    Ok(0)
}

fn change(view: &mut SettingsView, name: &str, value: &str) -> Result<(), AppError> {
    let wrong = |choices: &str| AppError::Invalid {
        reason: format!("{name} is one of {choices}, not {:?}", clean(value)),
    };
    match name {
        "theme" => {
            view.theme = choice_of(value).ok_or_else(|| wrong("system, light and dark"))?;
        }
        "language" => {
            view.language = choice_of(value).ok_or_else(|| wrong("system, en and de"))?;
        }
        "clipboard" => {
            let seconds = value.trim_end_matches('s');
            view.clipboard_s = seconds.parse().map_err(|_| wrong("10, 30, 60 and 120"))?;
        }
        "notifications" => {
            view.notifications = choice_of(value).ok_or_else(|| wrong("off, important and all"))?;
        }
        "undo-days" => {
            view.keep_backups_days = value.parse().map_err(|_| wrong("1 to 365"))?;
        }
        _ => {
            return Err(AppError::Unknown {
                what: "setting",
                id: clean(name).chars().take(60).collect(),
            });
        }
    }
    Ok(())
}

fn in_words(view: &SettingsView) -> String {
    let mut table = Table::new(&["NAME", "VALUE"]);
    table.row(["theme", &word_of(&view.theme)]);
    table.row(["language", &word_of(&view.language)]);
    table.row(["clipboard", &format!("{} s", view.clipboard_s)]);
    table.row(["notifications", &word_of(&view.notifications)]);
    table.row(["undo-days", &view.keep_backups_days.to_string()]);
    table.to_string()
}
