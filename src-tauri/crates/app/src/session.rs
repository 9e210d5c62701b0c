//! Sessions: every call to a workspace goes through here, so that a stale access token is refreshed once and by one process only.

use std::time::Duration;

use keystow_core::WorkspaceId;
use keystow_core::keychain::Item;
use keystow_core::provider::{Base, Provider};
use keystow_core::remote::{Caller, KeyApi, RemoteError, RemoteErrorKind, Session, SignIn};
use std::sync::Arc;
use url::Url;

use crate::app::App;
use crate::capable::no_way;
use crate::error::AppError;
use crate::lock;
use crate::store::Workspace;

/// An access token is refreshed when it has less than this left, in milliseconds.
pub(crate) const ALMOST_OVER_MS: i64 = 30_000;
/// How long a process waits for another one's refresh.
pub(crate) const REFRESH_WAIT: Duration = Duration::from_secs(40);

impl App {
    /// The workspace in use.
    pub(crate) fn current(&self) -> Result<Workspace, AppError> {
        let workspace = self
            .store
            .workspaces()?
            .into_iter()
            .find(|workspace| workspace.current);
        let workspace = workspace.ok_or(AppError::NoWorkspace)?;
        if workspace.signed_in {
            Ok(workspace)
        } else {
            Err(AppError::SignedOut {
                workspace: workspace.name,
            })
        }
    }

    /// A workspace's provider.
    pub(crate) fn provider_of(&self, workspace: &Workspace) -> Result<&'static Provider, AppError> {
        self.providers()
            .get(&workspace.provider)
            .ok_or_else(|| AppError::Unknown {
                what: "provider",
                id: workspace.provider.to_string(),
            })
    }

    /// Where a workspace's API is now.
    pub(crate) fn base_of(&self, workspace: &Workspace) -> Result<Url, AppError> {
        match &self.provider_of(workspace)?.base {
            Base::Local => Ok(self.doors.local.ensure_running()?),
            Base::Fixed { url } => Ok(url.clone()),
            Base::Asked { .. } => Url::parse(&workspace.url).map_err(|error| AppError::Invalid {
                reason: format!("{}: {error}", workspace.url),
            }),
        }
    }

    /// The key API of a provider.
    ///
    /// # Errors
    /// `provider.not_capable` for products that have none.
    pub(crate) fn key_api(&self, provider: &Provider) -> Result<Arc<dyn KeyApi>, AppError> {
        self.doors
            .dialects
            .key_api(provider.dialect)
            .ok_or_else(|| no_way(provider, "be asked for keys"))
    }

    /// The way to sign in to a provider.
    ///
    /// # Errors
    /// `provider.not_capable` for products that have none.
    pub(crate) fn sign_in_of(&self, provider: &Provider) -> Result<Arc<dyn SignIn>, AppError> {
        self.doors
            .dialects
            .sign_in(provider.dialect)
            .ok_or_else(|| no_way(provider, "be signed in to"))
    }

    /// Calls the key API of a workspace.
    pub(crate) fn with_keys<T>(
        &self,
        workspace: &Workspace,
        call: impl Fn(&dyn KeyApi, &Caller<'_>) -> Result<T, RemoteError>,
    ) -> Result<T, AppError> {
        let api = self.key_api(self.provider_of(workspace)?)?;
        self.with_session(workspace, |caller| call(api.as_ref(), caller))
    }

    /// Calls the workspace with a good access token: refreshes one that is over or that the server refuses, then tries once more.
    pub(crate) fn with_session<T>(
        &self,
        workspace: &Workspace,
        call: impl Fn(&Caller<'_>) -> Result<T, RemoteError>,
    ) -> Result<T, AppError> {
        let came_to = self.call_with_session(workspace, call);
        self.reach.note(&workspace.id, &came_to);
        came_to
    }

    fn call_with_session<T>(
        &self,
        workspace: &Workspace,
        call: impl Fn(&Caller<'_>) -> Result<T, RemoteError>,
    ) -> Result<T, AppError> {
        let base = self.base_of(workspace)?;
        let organization = workspace.organization.as_ref().map(|o| o.id.as_str());
        let with = |session: &Session| {
            call(&Caller {
                base: &base,
                access: &session.access,
                organization,
            })
        };
        let mut session = self.stowed_session(workspace)?;
        if session
            .expires_at
            .is_some_and(|over| over - ALMOST_OVER_MS <= self.now())
        {
            session = self.refreshed(workspace, &base, &session)?;
        }
        match with(&session) {
            Err(error) if error.kind == RemoteErrorKind::Unauthorised => {
                let fresh = self.refreshed(workspace, &base, &session)?;
                Ok(with(&fresh)?)
            }
            answer => Ok(answer?),
        }
    }

    /// The session in the keychain.
    pub(crate) fn stowed_session(&self, workspace: &Workspace) -> Result<Session, AppError> {
        let secret = self
            .doors
            .keychain
            .get_stowed(&Item::Session(workspace.id.clone()))?;
        Session::from_secret(&secret).ok_or_else(|| AppError::SignedOut {
            workspace: workspace.name.clone(),
        })
    }

    /// Stows a session before anybody uses it.
    pub(crate) fn stow_session(
        &self,
        workspace: &WorkspaceId,
        session: &Session,
    ) -> Result<(), AppError> {
        Ok(self
            .doors
            .keychain
            .set(&Item::Session(workspace.clone()), &session.to_secret())?)
    }

    /// Single flight across processes: whoever gets the lock refreshes, the others find the new session in the keychain.
    fn refreshed(
        &self,
        workspace: &Workspace,
        base: &Url,
        stale: &Session,
    ) -> Result<Session, AppError> {
        let _lock = lock::take(
            &self.paths.data,
            &format!("session-{}", workspace.id),
            REFRESH_WAIT,
        )?;
        let session = self.stowed_session(workspace)?;
        if session.access != stale.access {
            return Ok(session);
        }
        let sign_in = self.sign_in_of(self.provider_of(workspace)?)?;
        match sign_in.refresh(base, &session) {
            Ok(fresh) => {
                self.stow_session(&workspace.id, &fresh)?;
                Ok(fresh)
            }
            Err(error)
                if matches!(
                    error.kind,
                    RemoteErrorKind::SessionEnded | RemoteErrorKind::Unauthorised
                ) =>
            {
                self.store.set_signed_in(&workspace.id, false)?;
                self.doors
                    .keychain
                    .delete(&Item::Session(workspace.id.clone()))?;
                self.store.note(
                    self.now(),
                    "session.ended",
                    &format!("The session at {} ended.", workspace.name),
                )?;
                Err(AppError::SignedOut {
                    workspace: workspace.name.clone(),
                })
            }
            Err(error) => Err(error.into()),
        }
    }
}
