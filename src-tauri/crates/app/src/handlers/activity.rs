use crate::app::App;
use crate::contract::*;
use crate::error::AppError;

/// The trail, newest first.
pub fn activity_list(app: &App, request: ActivityRequest) -> Result<Vec<ActivityView>, AppError> {
    Ok(app
        .store
        .activity(request.before, request.limit.unwrap_or(50).clamp(1, 200))?)
}
