//! Domain types to views.

use std::collections::HashMap;

use keystow_core::KeyId;
use keystow_core::clients::Mode;
use keystow_core::key::{ApiKey, Budget, KeyStatus, UnixMs};
use keystow_core::plan::LineKind as Kind;

use crate::app::App;
use crate::connect::{After, Plan, Warning};
use crate::contract::*;
use crate::describe;
use crate::drift::{self, Comparer, Found, State};
use crate::error::AppError;
use crate::rotation;
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

pub(super) fn workspace(app: &App, workspace: &Workspace) -> Result<WorkspaceView, AppError> {
    Ok(WorkspaceView {
        id: workspace.id.to_string(),
        name: workspace.name.clone(),
        provider: workspace.provider.to_string(),
        login: workspace.login.clone(),
        organization: workspace
            .organization
            .as_ref()
            .map(super::workspaces::organization),
        url: workspace.url.clone(),
        signed_in: workspace.signed_in,
        current: workspace.current,
        expires_at: workspace.expires_at,
        // A provider file that went away leaves its workspaces to be seen and removed.
        headers: app
            .provider_of(workspace)
            .map(|provider| super::providers::headers(provider, Some(workspace)))
            .unwrap_or_default(),
    })
}

pub(super) fn number(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(super) fn counts(counts: Vec<(String, u64)>) -> Vec<CountView> {
    counts
        .into_iter()
        .map(|(name, count)| CountView {
            name,
            count: number(count),
        })
        .collect()
}

pub(super) fn budget(budget: Budget) -> BudgetView {
    BudgetView {
        limit: number(budget.limit),
        remaining: budget.remaining.map(number),
        window_s: budget.window_ms.map(|ms| number(ms / 1000)),
        resets_at: budget.resets_at,
    }
}

/// Which clients use which key of a workspace, and which keys they were moved off.
pub(super) struct Users {
    clients: HashMap<String, Vec<UsedByView>>,
    /// When each key that makes way may go, in Unix milliseconds.
    retiring: HashMap<KeyId, UnixMs>,
}

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
        let retiring = rotation::retiring(app)?
            .into_iter()
            .filter(|((at, _), _)| *at == workspace.id)
            .map(|((_, key), when)| (key, when))
            .collect();
        Ok(Self {
            clients: users,
            retiring,
        })
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
        retires_at: users.retiring.get(&key.id).copied(),
        last_used_at: key.last_used_at,
        requests: key.requests.map(number),
        stowed: stored.is_some_and(|stored| stored.stowed),
        used_by: users
            .clients
            .get(key.id.as_str())
            .cloned()
            .unwrap_or_default(),
        mcp_permissions: key.mcp_permissions.clone(),
        projects: key.projects.clone(),
        instances: key.instances.clone(),
        reconnect: key.reconnect.clone(),
        owner: key.owner.clone(),
        budget: key.budget.map(budget),
    }
}

pub(super) fn client_name(app: &App, connected: &Connected) -> String {
    app.clients.get(&connected.client).map_or_else(
        || connected.client.to_string(),
        |client| client.name.clone(),
    )
}

/// Connections, with a look at what their files say now: each file is read once.
pub(super) fn connections(
    app: &App,
    connections: &[Connected],
) -> Result<Vec<ConnectionView>, AppError> {
    connections
        .iter()
        .zip(drift::look_at(app, connections))
        .map(|(connected, found)| {
            found_connection(app, connected, found.as_ref().map_err(Box::as_ref))
        })
        .collect()
}

/// A connection as it was found.
pub(super) fn found_connection(
    app: &App,
    connected: &Connected,
    found: Result<&Found, &ProblemView>,
) -> Result<ConnectionView, AppError> {
    let (entry, problem) = match found {
        Ok(found) => (
            match found.state {
                State::Fine => EntryState::Fine,
                State::Changed => EntryState::Changed,
                State::Stale => EntryState::Stale,
                State::Gone => EntryState::Gone,
                State::Wiped => EntryState::Wiped,
            },
            drift::words::of(app, connected, found),
        ),
        Err(problem) => (EntryState::Unreadable, Some(problem.clone())),
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
        key_name: match key {
            Some(key) => key.name,
            None if connected.sends_token() => "OAuth".to_owned(),
            None => "a revoked key".to_owned(),
        },
        workspace: connected.workspace.to_string(),
        entry,
        problem,
        created_at: connected.created_at,
    })
}

/// An entry three ways.
pub(super) fn drift(
    app: &App,
    connected: &Connected,
    found: Result<&Found, &ProblemView>,
) -> Result<DriftView, AppError> {
    let pretty = |entry: &serde_json::Value| format!("{entry:#}");
    let base = pretty(&connected.ledger.entry);
    let side = found.ok();
    let theirs = side.and_then(|found| found.theirs.as_ref()).map(pretty);
    // What is not understood cannot be written.
    let ours = side.map(|found| pretty(&found.ours));
    let from_base = |other: &Option<String>| match other {
        Some(other) => keystow_core::plan::diff(base.as_bytes(), other.as_bytes())
            .into_iter()
            .map(line)
            .collect(),
        None => Vec::new(),
    };
    let (by_hand, out_of_date) = (from_base(&theirs), from_base(&ours));
    let redacted = |text: String| keystow_core::plan::redact(&text);
    let adopt_problem = match found {
        Ok(found) => Comparer::new(app)
            .adoptable(connected, found)
            .err()
            .map(|error| describe(&error)),
        Err(problem) => Some(problem.clone()),
    };
    Ok(DriftView {
        connection: found_connection(app, connected, found)?,
        base: redacted(base),
        theirs: theirs.map(redacted),
        ours: ours.map(redacted),
        by_hand,
        out_of_date,
        adopt_problem,
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

/// What becomes of a file, before and after, without whose it is. Twice nothing: it stays as it is.
pub(super) fn file_diff(bytes: (Option<&[u8]>, Option<&[u8]>)) -> FilePlanView {
    let action = match bytes {
        (None, None) => FileAction::Keep,
        (None, Some(_)) => FileAction::Create,
        (Some(_), None) => FileAction::Delete,
        (Some(before), Some(after)) if before == after => FileAction::Keep,
        (Some(_), Some(_)) => FileAction::Change,
    };
    let lines = match (action, bytes) {
        (FileAction::Keep, _) => Vec::new(),
        (_, (before, after)) => {
            keystow_core::plan::diff(before.unwrap_or_default(), after.unwrap_or_default())
        }
    };
    FilePlanView {
        client: String::new(),
        client_name: String::new(),
        path: String::new(),
        action,
        warnings: Vec::new(),
        diff: lines.into_iter().map(line).collect(),
        problem: None,
    }
}

/// Cautions first.
fn warnings(warnings: &[Warning]) -> Vec<WarningView> {
    let (notes, cautions): (Vec<_>, Vec<_>) =
        warnings.iter().partition(|warning| warning.is_note());
    let view = |severity| {
        move |warning: &Warning| WarningView {
            code: warning.code.to_owned(),
            severity,
            text: warning.text.clone(),
        }
    };
    let cautions = cautions.into_iter().map(view(Severity::Caution));
    cautions
        .chain(notes.into_iter().map(view(Severity::Note)))
        .collect()
}

pub(super) fn plan(app: &App, id: String, plan: &Plan) -> PlanView {
    let mut writes = 0;
    let files = plan
        .files
        .iter()
        .map(|file| {
            let shown = match &file.edit {
                Ok(edit) => {
                    let before = edit.snapshot.bytes.as_deref();
                    file_diff(match &edit.after {
                        After::Same => (None, None),
                        After::Bytes(bytes) => (before, Some(bytes.as_slice())),
                        After::Nothing => (before, None),
                    })
                }
                Err(_) => file_diff((None, None)),
            };
            writes += u32::from(shown.action != FileAction::Keep);
            FilePlanView {
                client: file.client.to_string(),
                client_name: file.client_name.clone(),
                path: app.paths.shown(&file.path),
                warnings: warnings(&file.warnings),
                problem: file.edit.as_ref().err().map(describe),
                ..shown
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
                .all(|file| file.before_hash.is_none() || file.kept),
    }
}
