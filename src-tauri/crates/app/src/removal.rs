//! Taking away everything that Keystow ever wrote.
//!
//! The order makes it safe to stop anywhere and to ask again: first our entries go out of people's files, each as a change of its own;
//! then keys are revoked, where that was asked for; then the keychain; the store, which knows of all of it, goes last. Whatever fails
//! is told, and nothing that it still needs is taken away.

use std::path::PathBuf;

use keystow_core::ClientId;
use keystow_core::keychain::{Item, KeychainState};
use keystow_core::provider::{Base, Capability};
use keystow_core::remote::{RemoteErrorKind, Session};

use crate::app::App;
use crate::autostart;
use crate::connect::{self, Plan};
use crate::contract::ProblemView;
use crate::describe::describe;
use crate::error::AppError;
use crate::files::FileError;
use crate::handlers;
use crate::store::{StoredKey, Workspace};
use crate::traces::{self, Trace};

/// What lies in the keychain, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Plaintext of a key.
    Key,
    /// Tokens of a workspace.
    Session,
    /// Tokens of an MCP server.
    Server,
    /// A password or key of Keystow's own.
    Other,
}

/// One step, and how it came out: `None` for one that was not tried.
#[derive(Debug)]
pub(crate) struct Step {
    pub id: &'static str,
    pub title: String,
    pub outcome: Option<Result<(), ProblemView>>,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Removed {
    pub steps: Vec<Step>,
    /// Not ours, in our directories.
    pub kept: Vec<PathBuf>,
    /// Everything is gone, but for entries that were left on purpose.
    pub complete: bool,
}

impl Removed {
    fn note(&mut self, id: &'static str, title: String, outcome: Result<(), AppError>) {
        self.steps.push(Step {
            id,
            title,
            outcome: Some(outcome.map_err(|error| describe(&error))),
        });
    }

    /// Whether a step failed, those before `from` left out.
    fn failed_since(&self, from: usize) -> bool {
        let mut later = self.steps.iter().skip(from);
        later.any(|step| matches!(step.outcome, Some(Err(_))))
    }
}

/// Clients that hold entries of ours, each once.
pub(crate) fn clients(app: &App) -> Result<Vec<ClientId>, AppError> {
    let mut clients = Vec::new();
    for connected in app.store.connections()? {
        let in_a_file = !connected.path.as_os_str().is_empty();
        if in_a_file && !clients.contains(&connected.client) {
            clients.push(connected.client);
        }
    }
    Ok(clients)
}

/// Everything of ours in the keychain, as far as the store knows; of what is doubtful, too: deleting what is not there does no harm.
pub(crate) fn items(app: &App) -> Result<Vec<(Kind, Item)>, AppError> {
    let mut items = Vec::new();
    for workspace in app.store.workspaces()? {
        for key in app.store.keys(&workspace.id)?.into_values() {
            items.push((Kind::Key, Item::Key(workspace.id.clone(), key.id)));
        }
        items.push((Kind::Session, Item::Session(workspace.id.clone())));
        items.push((Kind::Other, Item::Password(workspace.id.clone())));
    }
    for (workspace, server) in handlers::signed_in_servers(app)? {
        items.push((Kind::Server, Item::Oauth(workspace, server)));
    }
    let local = keystow_core::WorkspaceId::new("local");
    items.push((Kind::Other, Item::Password(local)));
    items.push((Kind::Other, Item::Seal(1)));
    let mut seen = std::collections::HashSet::new();
    items.retain(|(_, item)| seen.insert(item.clone()));
    Ok(items)
}

/// Keys whose secret is here, with their workspaces, those of the local workspace apart.
pub(crate) fn keys(app: &App) -> Result<Vec<(Workspace, StoredKey)>, AppError> {
    let mut found = Vec::new();
    for workspace in app.store.workspaces()? {
        if is_local(app, &workspace) {
            continue;
        }
        let mut keys: Vec<StoredKey> = app.store.keys(&workspace.id)?.into_values().collect();
        keys.retain(|key| key.stowed || key.orphan);
        keys.sort_by(|a, b| a.name.cmp(&b.name));
        found.extend(keys.into_iter().map(|key| (workspace.clone(), key)));
    }
    Ok(found)
}

/// Whether a workspace ends with our own files.
pub(crate) fn is_local(app: &App, workspace: &Workspace) -> bool {
    app.provider_of(workspace)
        .is_ok_and(|provider| matches!(provider.base, Base::Local))
}

/// Whether a key of a workspace can be revoked from here.
pub(crate) fn can_revoke(app: &App, workspace: &Workspace) -> bool {
    app.provider_of(workspace)
        .is_ok_and(|provider| provider.can(Capability::Delete))
}

/// Whether the keychain stands in the way. Where none is there and nothing was ever stowed, it does not.
///
/// # Errors
/// `keychain.*`
pub(crate) fn check_keychain(app: &App) -> Result<(), AppError> {
    match app.doors.keychain.state() {
        KeychainState::Unlocked => Ok(()),
        KeychainState::Absent(_) if app.store.workspaces()?.is_empty() => Ok(()),
        KeychainState::Locked => Err(keystow_core::keychain::KeychainError::Locked.into()),
        KeychainState::Absent(error) => Err(error.into()),
    }
}

/// Takes everything away. What failed is among the steps.
///
/// # Errors
/// `keychain.*`, `store.*`: then nothing was touched.
pub(crate) fn remove(app: &App, revoke: bool, leave_files: bool) -> Result<Removed, AppError> {
    check_keychain(app)?;
    let mut removed = Removed::default();
    entries(app, &mut removed)?;
    if removed.failed_since(0) && !leave_files {
        return Ok(stopped(app, removed, &["key", "session", "keychain"]));
    }
    let entries_left = removed.steps.len();
    if revoke {
        for (workspace, key) in keys(app)? {
            if can_revoke(app, &workspace) {
                let title = format!("{} of {}", key.name, workspace.name);
                removed.note("key", title, revoke_one(app, &workspace, &key));
            }
        }
        if removed.failed_since(entries_left) {
            return Ok(stopped(app, removed, &["session", "keychain"]));
        }
    }
    sign_out(app)?;
    let keychain = keychain(app)?;
    let failed = keychain.is_err();
    removed.note("keychain", "Keychain".to_owned(), keychain);
    if failed {
        return Ok(stopped(app, removed, &[]));
    }
    let stopped_local = app.doors.local.stop().map_err(AppError::from);
    if let Err(error) = stopped_local {
        removed.note("local", "Local workspace".to_owned(), Err(error));
        return Ok(stopped(app, removed, &[]));
    }
    removed.kept = kept(app);
    let before = removed.steps.len();
    disk(app, &mut removed);
    removed.complete = !removed.failed_since(before);
    Ok(removed)
}

/// What comes after a step that failed is told as not tried.
fn stopped(app: &App, mut removed: Removed, more: &[&'static str]) -> Removed {
    let titles = [("session", "Sign-ins"), ("keychain", "Keychain")];
    for (id, title) in titles.iter().filter(|(id, _)| more.contains(id)) {
        removed.steps.push(Step {
            id,
            title: (*title).to_owned(),
            outcome: None,
        });
    }
    for trace in traces::traces(&app.paths)
        .iter()
        .filter(|trace| trace.exists())
    {
        removed.steps.push(Step {
            id: trace.id,
            title: app.paths.shown(&trace.path),
            outcome: None,
        });
    }
    let done = removed
        .steps
        .iter()
        .filter(|step| matches!(step.outcome, Some(Ok(()))));
    let text = format!(
        "Removing everything stopped after {}.",
        match done.count() {
            1 => "1 step".to_owned(),
            count => format!("{count} steps"),
        }
    );
    if let Err(error) = app.store.note(app.now(), "removal.stopped", &text) {
        tracing::warn!(%error, "the trail does not tell of it");
    }
    removed
}

/// Our entries, out of one file after the other: what fails keeps nothing else.
fn entries(app: &App, removed: &mut Removed) -> Result<(), AppError> {
    for client in clients(app)? {
        let plan = match connect::disconnect(app, std::slice::from_ref(&client)) {
            Ok(plan) => plan,
            Err(error) => {
                removed.note("entry", client.to_string(), Err(error));
                continue;
            }
        };
        for file in plan.files {
            if file.path.as_os_str().is_empty() {
                continue;
            }
            let title = format!("{}: {}", file.client_name, app.paths.shown(&file.path));
            let single = Plan {
                title: format!("Disconnected {}", file.client_name),
                files: vec![file],
                workspace: None,
            };
            let applied = connect::apply(app, single).map(|_| ());
            removed.note("entry", title, applied);
        }
    }
    Ok(())
}

fn revoke_one(app: &App, workspace: &Workspace, key: &StoredKey) -> Result<(), AppError> {
    match app.with_keys(workspace, |api, caller| api.delete(caller, &key.id)) {
        Ok(()) => Ok(()),
        Err(AppError::Remote(error)) if matches!(error.kind, RemoteErrorKind::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Tells workspaces and servers that their tokens are over, as far as they can be reached: tokens run out by themselves.
fn sign_out(app: &App) -> Result<(), AppError> {
    for workspace in app.store.workspaces()? {
        if workspace.signed_in
            && !is_local(app, &workspace)
            && let Ok(provider) = app.provider_of(&workspace)
            && let Ok(sign_in) = app.sign_in_of(provider)
            && let Ok(session) = app.stowed_session(&workspace)
            && let Ok(base) = app.base_of(&workspace)
            && let Err(error) = sign_in.sign_out(&base, &session)
        {
            tracing::warn!(%error, "a workspace was not told of the sign-out");
        }
    }
    for (workspace, name) in handlers::signed_in_servers(app)? {
        let item = Item::Oauth(workspace.clone(), name.clone());
        let session = app.doors.keychain.get(&item).ok().flatten();
        if let Some(session) = session.as_ref().and_then(Session::from_secret)
            && let Ok(Some(workspace)) = app.store.workspace(&workspace)
            && let Ok(provider) = app.provider_of(&workspace)
            && let Some(server) = provider.servers.iter().find(|server| server.name == name)
            && let Ok(url) = app.endpoint(&workspace, server)
            && let Err(error) = app.doors.server_sign_in.revoke(&url, &session)
        {
            tracing::warn!(%error, "a server was not told of the sign-out");
        }
    }
    Ok(())
}

/// Empties the keychain of what is ours. What seals before-images goes last.
fn keychain(app: &App) -> Result<Result<(), AppError>, AppError> {
    if matches!(app.doors.keychain.state(), KeychainState::Absent(_)) {
        // Nothing was ever stowed: looked at before anything was touched.
        return Ok(Ok(()));
    }
    for (_, item) in items(app)? {
        if let Err(error) = app.doors.keychain.delete(&item) {
            return Ok(Err(error.into()));
        }
    }
    Ok(Ok(()))
}

/// Files in our directories that Keystow did not write.
pub(crate) fn kept(app: &App) -> Vec<PathBuf> {
    let (providers, clients) = (app.paths.own_providers(), app.paths.own_clients());
    let ours: Vec<PathBuf> = traces::traces(&app.paths)
        .into_iter()
        .flat_map(|trace| trace.parts)
        .collect();
    let dirs = [&app.paths.data, &app.paths.config, &providers, &clients];
    let mut left: Vec<PathBuf> = dirs.iter().flat_map(|dir| traces::left_in(dir)).collect();
    left.retain(|path| {
        !ours.contains(path) && ![&providers, &clients, &app.paths.config].contains(&path)
    });
    left.sort();
    left.dedup();
    left
}

fn disk(app: &App, removed: &mut Removed) {
    // Some systems keep a file that is open.
    app.store.close();
    // Windows has it in its registry.
    if autostart::place(&app.paths).is_none() && app.starts_at_login() {
        let gone = app.start_at_login(false);
        removed.note("autostart", "Start at login".to_owned(), gone);
    }
    let paths = &app.paths;
    for trace in traces::traces(paths) {
        let there = trace.exists();
        let gone = take(&trace);
        if there {
            removed.note(trace.id, paths.shown(&trace.path), gone);
        }
    }
    for dir in traces::frames(paths) {
        traces::remove_if_empty(&dir);
    }
}

fn take(trace: &Trace) -> Result<(), AppError> {
    trace
        .remove()
        .map_err(|(path, error)| FileError::at(&path, error).into())
}

impl App {
    /// Whether everything was removed: this application knows nothing any more.
    pub fn is_removed(&self) -> bool {
        self.store.is_closed()
    }

    /// Takes away once more what this program itself wrote since everything was removed: for a host that ends.
    pub fn sweep_after_removal(&self) {
        if !self.is_removed() {
            return;
        }
        for trace in traces::traces(&self.paths) {
            if let Err((path, error)) = trace.remove() {
                tracing::warn!(path = %path.display(), %error, "stays behind");
            }
        }
        for dir in traces::frames(&self.paths) {
            traces::remove_if_empty(&dir);
        }
    }
}
