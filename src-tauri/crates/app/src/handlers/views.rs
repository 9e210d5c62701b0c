//! Domain types to views.

use std::collections::HashMap;

use keystow_core::clients::Mode;
use keystow_core::edit;
use keystow_core::key::{ApiKey, KeyStatus};
use keystow_core::plan::LineKind as Kind;

use crate::app::App;
use crate::connect::Plan;
use crate::contract::*;
use crate::describe;
use crate::error::AppError;
use crate::files;
use crate::store::{Change, ChangeState, Connected, StoredKey, Workspace};

/// Names that a person typed, short enough and harmless enough to be said back.
pub(crate) fn shown(text: &str) -> String {
    let mut short: String = text
        .chars()
        .map(|c| if c.is_control() { '�' } else { c })
        .take(60)
        .collect();
    if text.chars().count() > 60 {
        short.push('…');
    }
    short
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(super) fn workspace(workspace: &Workspace) -> WorkspaceView {
    WorkspaceView {
        id: workspace.id.to_string(),
        name: workspace.name.clone(),
        provider: workspace.provider.to_string(),
        login: workspace.login.clone(),
        url: workspace.url.clone(),
        signed_in: workspace.signed_in,
        current: workspace.current,
    }
}

/// Which clients use which key of a workspace.
pub(super) struct Users(HashMap<String, Vec<UsedByView>>);

impl Users {
    pub fn of(app: &App, workspace: &Workspace) -> Result<Self, AppError> {
        let mut users: HashMap<String, Vec<UsedByView>> = HashMap::new();
        for connected in app.store.connections()? {
            if connected.workspace == workspace.id {
                users
                    .entry(connected.key.to_string())
                    .or_default()
                    .push(UsedByView {
                        client: connected.client.to_string(),
                        name: client_name(app, &connected),
                        connection: connected.id.to_string(),
                    });
            }
        }
        Ok(Self(users))
    }

    fn take(&self, key: &str) -> Vec<UsedByView> {
        self.0.get(key).cloned().unwrap_or_default()
    }
}

pub(super) fn key(
    workspace: &Workspace,
    key: &ApiKey,
    stored: Option<&StoredKey>,
    users: &Users,
) -> KeyView {
    KeyView {
        id: key.id.to_string(),
        workspace: workspace.id.to_string(),
        name: key.name.clone(),
        masked: key.masked.clone(),
        state: match key.status {
            KeyStatus::Enabled => KeyState::Enabled,
            KeyStatus::Paused => KeyState::Paused,
            KeyStatus::Expired => KeyState::Expired,
        },
        scopes: key.scopes.clone(),
        read_only: key.read_only,
        preset: key.preset.clone(),
        tools: key.tools.clone(),
        created_at: key.created_at,
        expires_at: key.expires_at,
        last_used_at: key.last_used_at,
        requests: key
            .requests
            .map(|requests| u32::try_from(requests).unwrap_or(u32::MAX)),
        stowed: stored.is_some_and(|stored| stored.stowed),
        used_by: users.take(key.id.as_str()),
    }
}

fn client_name(app: &App, connected: &Connected) -> String {
    app.clients.get(&connected.client).map_or_else(
        || connected.client.to_string(),
        |client| client.name.clone(),
    )
}

/// A connection, with a look at what its file says now.
pub(super) fn connection(app: &App, connected: &Connected) -> Result<ConnectionView, AppError> {
    let (entry, problem) = match entry_of(app, connected) {
        Ok(Some(entry)) if entry == connected.ledger.entry => (EntryState::Fine, None),
        Ok(Some(_)) => (EntryState::Changed, None),
        Ok(None) => (EntryState::Gone, None),
        Err(error) => (EntryState::Unreadable, Some(describe(&error))),
    };
    let key = app.store.key(&connected.workspace, &connected.key)?;
    Ok(ConnectionView {
        id: connected.id.to_string(),
        client: connected.client.to_string(),
        client_name: client_name(app, connected),
        server: connected.server.to_string(),
        name: connected.name.clone(),
        path: app.paths.shown(&connected.path),
        target: connected.target.clone(),
        mode: mode(connected.mode),
        key: connected.key.to_string(),
        key_name: key.map_or_else(|| "a revoked key".to_owned(), |key| key.name),
        workspace: connected.workspace.to_string(),
        entry,
        problem,
        created_at: connected.created_at,
    })
}

pub(super) fn mode(mode: Mode) -> ModeView {
    match mode {
        Mode::Bridge => ModeView::Bridge,
        Mode::Helper => ModeView::Helper,
        Mode::Exec => ModeView::Exec,
        Mode::Link => ModeView::Link,
    }
}

/// The entry as the file has it now.
pub(super) fn entry_of(
    app: &App,
    connected: &Connected,
) -> Result<Option<serde_json::Value>, AppError> {
    let client = app
        .clients
        .get(&connected.client)
        .ok_or_else(|| AppError::Unknown {
            what: "client",
            id: connected.client.to_string(),
        })?;
    let servers = crate::connect::servers_of(client, connected)?;
    let Some(bytes) = files::read(&connected.path)?.bytes else {
        return Ok(None);
    };
    edit::read_entry(&bytes, &servers, &connected.name).map_err(|error| AppError::Edit {
        path: connected.path.clone(),
        error,
    })
}

pub(super) fn plan(app: &App, id: String, plan: &Plan) -> PlanView {
    let mut writes = 0;
    let files = plan
        .files
        .iter()
        .map(|file| {
            let (action, diff, problem) = match &file.edit {
                Ok(edit) => {
                    let before = edit.snapshot.bytes.as_deref();
                    let (action, after) = match (&edit.after, before) {
                        (crate::connect::After::Same, _) => (FileAction::Keep, before),
                        (crate::connect::After::Bytes(bytes), None) => {
                            (FileAction::Create, Some(bytes.as_slice()))
                        }
                        (crate::connect::After::Bytes(bytes), Some(_)) => {
                            (FileAction::Change, Some(bytes.as_slice()))
                        }
                        (crate::connect::After::Nothing, _) => (FileAction::Delete, None),
                    };
                    let lines = keystow_core::plan::diff(
                        before.unwrap_or_default(),
                        after.unwrap_or_default(),
                    );
                    (action, lines.into_iter().map(line).collect(), None)
                }
                Err(error) => (FileAction::Keep, Vec::new(), Some(describe(error))),
            };
            writes += u32::from(action != FileAction::Keep);
            FilePlanView {
                client: file.client.to_string(),
                client_name: file.client_name.clone(),
                path: app.paths.shown(&file.path),
                action,
                warnings: file
                    .warnings
                    .iter()
                    .map(|warning| WarningView {
                        code: warning.code.to_owned(),
                        text: warning.text.clone(),
                    })
                    .collect(),
                diff,
                problem,
            }
        })
        .collect();
    PlanView {
        id,
        files,
        creates_keys: plan
            .files
            .iter()
            .filter_map(|file| file.edit.as_ref().ok()?.new_key.clone())
            .collect(),
        writes,
    }
}

fn line(line: keystow_core::plan::DiffLine) -> DiffLineView {
    DiffLineView {
        kind: match line.kind {
            Kind::Context => LineKind::Context,
            Kind::Added => LineKind::Added,
            Kind::Removed => LineKind::Removed,
            Kind::Gap => LineKind::Gap,
        },
        before: line.before,
        after: line.after,
        text: line.text,
    }
}

pub(super) fn change(app: &App, change: &Change) -> ChangeView {
    let undone = change.state == ChangeState::Undone;
    ChangeView {
        id: change.id.to_string(),
        title: change.title.clone(),
        at: change.at,
        files: change
            .files
            .iter()
            .map(|file| app.paths.shown(&file.path))
            .collect(),
        undone,
        can_undo: change.state == ChangeState::Done
            && change
                .files
                .iter()
                .all(|file| file.before_hash.is_none() || file.sealed_before.is_some()),
    }
}
