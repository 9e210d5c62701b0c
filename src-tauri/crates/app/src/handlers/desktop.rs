use crate::app::App;
use crate::contract::*;
use crate::error::AppError;

/// When the window's program runs.
pub fn desktop_get(app: &App, _: Empty) -> Result<DesktopView, AppError> {
    Ok(DesktopView {
        launch_at_login: app.starts_at_login(),
    })
}

/// Changes that.
pub fn desktop_set(app: &App, wanted: DesktopView) -> Result<DesktopView, AppError> {
    app.start_at_login(wanted.launch_at_login)?;
    desktop_get(app, Empty {})
}
