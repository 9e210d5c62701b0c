use super::views;
use crate::app::App;
use crate::connect;
use crate::contract::*;
use crate::describe::describe;
use crate::error::AppError;
use crate::removal::{self, Kind};
use crate::rotation::live;
use crate::store::{StoredKey, Workspace};
use crate::traces::{Trace, traces};

/// Where Keystow keeps things, with their sizes.
pub fn places_list(app: &App, _: Empty) -> Result<Vec<PlaceView>, AppError> {
    Ok(traces(&app.paths)
        .iter()
        .filter(|trace| !trace.path.as_os_str().is_empty())
        .map(|trace| place(app, trace))
        .collect())
}

/// Opens the folder of a place in the system's file manager.
pub fn places_open(app: &App, request: PlaceRequest) -> Result<Empty, AppError> {
    let trace = traces(&app.paths)
        .into_iter()
        .find(|trace| trace.id == request.place)
        .ok_or_else(|| AppError::Unknown {
            what: "place",
            id: views::shown(&request.place),
        })?;
    let folder = match trace.path.is_dir() {
        true => trace.path.as_path(),
        false => trace.path.parent().unwrap_or(&trace.path),
    };
    let opened = app.doors.opener.open_folder(folder);
    opened.map_err(|error| AppError::Invalid {
        reason: format!(
            "the folder {} could not be opened ({error})",
            app.paths.shown(folder)
        ),
    })?;
    Ok(Empty {})
}

fn place(app: &App, trace: &Trace) -> PlaceView {
    PlaceView {
        id: trace.id.to_owned(),
        path: app.paths.shown(&trace.path),
        bytes: trace.bytes(),
        exists: trace.exists(),
    }
}

/// Shows all that removing would take away. Touches nothing.
pub fn removal_preview(app: &App, _: Empty) -> Result<RemovalView, AppError> {
    let connections = app.store.connections()?;
    let mut links: Vec<String> = connections
        .iter()
        .filter(|connected| connected.path.as_os_str().is_empty())
        .map(|connected| views::client_name(app, connected))
        .collect();
    links.sort();
    links.dedup();
    let mut running: Vec<String> = live::all(&app.paths.data)
        .iter()
        .filter_map(|live| connections.iter().find(|c| c.id == live.connection))
        .map(|connected| views::client_name(app, connected))
        .collect();
    running.sort();
    running.dedup();
    let keys = removal::keys(app)?;
    let (revocable, elsewhere): (Vec<_>, Vec<_>) = keys
        .iter()
        .partition(|(workspace, _)| removal::can_revoke(app, workspace));
    Ok(RemovalView {
        files: files(app)?,
        links,
        secrets: secrets(app)?,
        places: places_list(app, Empty {})?
            .into_iter()
            .filter(|place| place.exists)
            .collect(),
        kept: removal::kept(app)
            .iter()
            .map(|path| app.paths.shown(path))
            .collect(),
        revocable: revocable.into_iter().map(left_key).collect(),
        elsewhere: elsewhere.into_iter().map(left_key).collect(),
        local_keys: local_keys(app)?,
        running,
        rotations: views::count(app.store.rotations_under_way()?.len()),
        problem: removal::check_keychain(app)
            .err()
            .map(|error| describe(&error)),
    })
}

fn files(app: &App) -> Result<Vec<FilePlanView>, AppError> {
    let mut files = Vec::new();
    for client in removal::clients(app)? {
        match connect::disconnect(app, std::slice::from_ref(&client)) {
            Ok(plan) => {
                let view = views::plan(app, String::new(), &plan);
                files.extend(view.files.into_iter().filter(|file| !file.path.is_empty()));
            }
            // A client whose own file is gone: its settings cannot be found any more.
            Err(error) => files.push(FilePlanView {
                client: client.to_string(),
                client_name: client.to_string(),
                problem: Some(describe(&error)),
                ..views::file_diff((None, None))
            }),
        }
    }
    Ok(files)
}

/// What the store says is in the keychain; looking there would take long.
fn secrets(app: &App) -> Result<Vec<CountView>, AppError> {
    let mut keys = 0;
    let mut sessions = 0;
    for workspace in app.store.workspaces()? {
        let stowed = app.store.keys(&workspace.id)?;
        keys += stowed.values().filter(|key| key.stowed).count();
        let has_session = app
            .provider_of(&workspace)
            .is_ok_and(|provider| !provider.sign_in.is_empty());
        sessions += usize::from(workspace.signed_in && has_session);
    }
    let items = removal::items(app)?;
    let of = |kind| items.iter().filter(|(found, _)| *found == kind).count();
    let counts = [
        ("keys", keys),
        ("sessions", sessions),
        ("servers", of(Kind::Server)),
        ("others", usize::from(!items.is_empty())),
    ];
    Ok(counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| CountView {
            name: name.to_owned(),
            count: views::count(count),
        })
        .collect())
}

fn local_keys(app: &App) -> Result<u32, AppError> {
    let mut count = 0;
    for workspace in app.store.workspaces()? {
        if removal::is_local(app, &workspace) {
            count += app.store.keys(&workspace.id)?.len();
        }
    }
    Ok(views::count(count))
}

fn left_key((workspace, key): &(Workspace, StoredKey)) -> LeftKeyView {
    LeftKeyView {
        name: key.name.clone(),
        masked: key.masked.clone(),
        workspace: workspace.name.clone(),
    }
}

/// Takes everything away.
pub fn removal_apply(app: &App, request: RemovalRequest) -> Result<RemovedView, AppError> {
    let removed = removal::remove(app, request.revoke_keys, request.leave_files)?;
    Ok(RemovedView {
        complete: removed.complete,
        kept: removed
            .kept
            .iter()
            .map(|path| app.paths.shown(path))
            .collect(),
        steps: removed
            .steps
            .into_iter()
            .map(|step| RemovalStepView {
                id: step.id.to_owned(),
                title: step.title,
                state: match step.outcome {
                    Some(Ok(())) => RemovalState::Done,
                    Some(Err(_)) => RemovalState::Failed,
                    None => RemovalState::NotTried,
                },
                problem: step.outcome.and_then(Result::err),
            })
            .collect(),
    })
}
