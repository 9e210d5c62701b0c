//! What would be done, file by file, before anything is touched.

mod coming;
mod going;
mod look_out;
mod mode;
mod repair;

use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::PathBuf;

use keystow_core::clients::{Client, Mode};
use keystow_core::edit::Servers;
use keystow_core::key::UnixMs;
use keystow_core::{ClientId, KeyId, ServerId};

use crate::app::App;
use crate::error::AppError;
use crate::files::Snapshot;
use crate::running::Running;
use crate::store::{Connected, ConnectionOp, Workspace};

pub(crate) use coming::key_name;
pub(crate) use repair::{Repair, repair, stands};

/// A pure description of what would be done, between its preview and its being applied.
pub(crate) struct Plan {
    pub title: String,
    pub files: Vec<FilePlan>,
    /// The workspace keys are made in; `None` for a removal.
    pub workspace: Option<Workspace>,
}

/// What would be done to one settings file.
pub(crate) struct FilePlan {
    pub client: ClientId,
    pub client_name: String,
    pub path: PathBuf,
    /// `Err`: why the file cannot be written. Nothing of the plan is applied then.
    pub edit: Result<FileEdit, AppError>,
    pub warnings: Vec<Warning>,
}

/// An edit that can be made.
pub(crate) struct FileEdit {
    pub snapshot: Snapshot,
    pub after: After,
    pub ops: Vec<ConnectionOp>,
    /// The name of a key that is made when the plan is applied, for the connection in `ops`.
    pub new_key: Option<String>,
    pub made_dirs: Vec<PathBuf>,
}

impl FileEdit {
    /// Whether connections only go from the ledger: then it does not matter what the file says, or whether it can be read.
    pub fn only_forgets(&self) -> bool {
        self.after == After::Same
            && self
                .ops
                .iter()
                .any(|op| matches!(op, ConnectionOp::Remove(_)))
    }
}

/// A file after an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// As it was.
    Same,
    /// These bytes.
    Bytes(Vec<u8>),
    /// Gone: we made it, and nothing is left in it.
    Nothing,
}

/// Something to know before writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Warning {
    pub code: &'static str,
    pub text: String,
}

/// What to connect.
pub(crate) struct Wish {
    pub clients: Vec<ClientId>,
    pub server: ServerId,
    /// A stowed key; `None`: each client gets one of its own.
    pub key: Option<KeyId>,
    /// Overwrite an entry of the same name that is not ours.
    pub replace: bool,
    /// Address of the settings file; `None`: each client's first.
    pub target: Option<String>,
    pub mode: Mode,
    /// Name of the entry; `None`: the server's.
    pub name: Option<String>,
    /// For [`Mode::Exec`].
    pub exec: Option<Exec>,
}

/// A stdio server that takes its key in an environment variable.
pub(crate) struct Exec {
    pub variable: String,
    pub command: Vec<String>,
}

/// Plans entries for `wish` in each client's first settings file. Touches nothing.
pub(crate) fn connect(app: &App, workspace: Workspace, wish: &Wish) -> Result<Plan, AppError> {
    let provider = app.provider_of(&workspace)?;
    let server = provider
        .server(&wish.server)
        .ok_or_else(|| AppError::Unknown {
            what: "server",
            id: wish.server.to_string(),
        })?;
    let mut planner = Planner::new(app)?;
    let mut files = Vec::new();
    for client in planner.clients(&wish.clients)? {
        files.push(planner.connect_one(client, &workspace, server, wish)?);
    }
    let title = format!("Connected {}", names(&files));
    Ok(Plan {
        title,
        files,
        workspace: Some(workspace),
    })
}

/// Plans the removal of every entry of ours from the clients. Touches nothing.
pub(crate) fn disconnect(app: &App, clients: &[ClientId]) -> Result<Plan, AppError> {
    let planner = Planner::new(app)?;
    let mut files = Vec::new();
    for client in planner.clients(clients)? {
        let before = files.len();
        files.extend(planner.disconnect_one(client));
        if files.len() == before {
            return Err(AppError::Invalid {
                reason: format!("{} is not connected", client.name),
            });
        }
    }
    let title = format!("Disconnected {}", names(&files));
    Ok(Plan {
        title,
        files,
        workspace: None,
    })
}

fn names(files: &[FilePlan]) -> String {
    let mut seen = HashSet::new();
    let names: Vec<&str> = files
        .iter()
        .map(|file| file.client_name.as_str())
        .filter(|name| seen.insert(*name))
        .collect();
    names.join(", ")
}

/// What all files of a plan share.
struct Planner<'a> {
    app: &'a App,
    connections: Vec<Connected>,
    running: OnceCell<Running>,
    /// Names of keys that this plan takes or makes, so that two clients never share one by accident.
    taken_keys: HashSet<KeyId>,
    moment: UnixMs,
}

impl<'a> Planner<'a> {
    fn new(app: &'a App) -> Result<Self, AppError> {
        let connections = app.store.connections()?;
        let taken_keys = connections
            .iter()
            .map(|connected| connected.key.clone())
            .collect();
        Ok(Self {
            app,
            connections,
            running: OnceCell::new(),
            taken_keys,
            moment: app.now(),
        })
    }

    /// The clients that were named, each once.
    fn clients(&self, ids: &[ClientId]) -> Result<Vec<&'a Client>, AppError> {
        if ids.is_empty() {
            return Err(AppError::Invalid {
                reason: "name at least one client".to_owned(),
            });
        }
        let mut seen = HashSet::new();
        ids.iter()
            .filter(|id| seen.insert(*id))
            .map(|id| {
                self.app.clients.get(id).ok_or_else(|| AppError::Unknown {
                    what: "client",
                    id: id.to_string(),
                })
            })
            .collect()
    }

    /// Whether the client runs; looked up once for the whole plan, when it first matters.
    fn runs(&self, client: &Client) -> bool {
        self.running
            .get_or_init(Running::now)
            .has(client, self.app.paths.system)
    }
}

/// Where a connection stands in its file.
pub(crate) fn servers_of(client: &Client, connected: &Connected) -> Result<Servers, AppError> {
    client
        .target(&connected.target)
        .map(|(_, servers)| servers)
        .ok_or_else(|| AppError::NoTarget {
            client: client.name.clone(),
        })
}
