//! `settings`.

use keystow_app::AppError;
use keystow_app::contract::{Empty, Language, Notifications, SettingsView, Theme};
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
            view.theme = match value {
                "system" => Theme::System,
                "light" => Theme::Light,
                "dark" => Theme::Dark,
                _ => return Err(wrong("system, light and dark")),
            }
        }
        "language" => {
            view.language = match value {
                "system" => Language::System,
                "en" => Language::En,
                "de" => Language::De,
                _ => return Err(wrong("system, en and de")),
            }
        }
        "clipboard" => {
            let seconds = value.trim_end_matches('s');
            view.clipboard_s = seconds.parse().map_err(|_| wrong("10, 30, 60 and 120"))?;
        }
        "notifications" => {
            view.notifications = match value {
                "off" => Notifications::Off,
                "important" => Notifications::Important,
                "all" => Notifications::All,
                _ => return Err(wrong("off, important and all")),
            }
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
    table.row([
        "theme",
        match view.theme {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        },
    ]);
    table.row([
        "language",
        match view.language {
            Language::System => "system",
            Language::En => "en",
            Language::De => "de",
        },
    ]);
    table.row(["clipboard", &format!("{} s", view.clipboard_s)]);
    table.row([
        "notifications",
        match view.notifications {
            Notifications::Off => "off",
            Notifications::Important => "important",
            Notifications::All => "all",
        },
    ]);
    table.row(["undo-days", &view.keep_backups_days.to_string()]);
    table.to_string()
}
