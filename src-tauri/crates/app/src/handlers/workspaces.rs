use keystow_core::WorkspaceId;

use super::views;
use crate::app::App;
use crate::contract::*;
use crate::error::AppError;
use crate::store::Workspace;

/// All workspaces.
pub fn workspaces_list(app: &App, _: Empty) -> Result<Vec<WorkspaceView>, AppError> {
    Ok(app
        .store
        .workspaces()?
        .iter()
        .map(views::workspace)
        .collect())
}

/// Makes a workspace the one in use.
pub fn workspaces_use(app: &App, request: WorkspaceRequest) -> Result<WorkspaceView, AppError> {
    let workspace = named(app, &request.workspace)?;
    app.store.use_workspace(&workspace.id)?;
    Ok(views::workspace(&Workspace {
        current: true,
        ..workspace
    }))
}

pub(super) fn named(app: &App, id: &str) -> Result<Workspace, AppError> {
    app.store
        .workspace(&WorkspaceId::new(id))?
        .ok_or_else(|| AppError::Unknown {
            what: "workspace",
            id: views::shown(id),
        })
}
