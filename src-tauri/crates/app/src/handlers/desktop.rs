use crate::app::App;
use crate::contract::*;
use crate::error::AppError;

const STAY: &str = "stay_in_tray";
const YES: &str = "yes";

/// When the window's program runs.
pub fn desktop_get(app: &App, _: Empty) -> Result<DesktopView, AppError> {
    Ok(DesktopView {
        launch_at_login: app.starts_at_login(),
        stay_in_tray: app.store.setting(STAY)?.as_deref() == Some(YES),
    })
}

/// Changes that.
pub fn desktop_set(app: &App, wanted: DesktopView) -> Result<DesktopView, AppError> {
    app.start_at_login(wanted.launch_at_login)?;
    let stay = if wanted.stay_in_tray { YES } else { "no" };
    app.store.set_setting(STAY, stay)?;
    desktop_get(app, Empty {})
}

impl App {
    /// Whether the program stays beside the clock when its window is closed.
    pub fn stays_in_tray(&self) -> bool {
        let stored = self.store.setting(STAY);
        stored.is_ok_and(|stored| stored.as_deref() == Some(YES))
    }
}
