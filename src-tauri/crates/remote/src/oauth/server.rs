//! OAuth at an MCP server, with whatever authorization server it names.

use keystow_core::remote::{BrowserSignIn, RemoteError, RemoteErrorKind, ServerSignIn, Session};
use url::Url;

use super::attempt::Attempt;
use super::discovery::{describe, discover};
use super::resource::of_server;
use super::token::{self, Client};
use crate::Remote;
use crate::transport::{error_at, host_of};

impl ServerSignIn for Remote {
    fn begin(
        &self,
        url: &Url,
        client_id: Option<&str>,
        scopes: &[String],
    ) -> Result<Box<dyn BrowserSignIn>, RemoteError> {
        Ok(Box::new(Attempt::at_server(self, url, client_id, scopes)?))
    }

    fn refresh(&self, url: &Url, session: &Session) -> Result<Session, RemoteError> {
        let ended = || error_at(host_of(url), RemoteErrorKind::SessionEnded);
        let (Some(refresh), Some(id)) = (&session.refresh, &session.oauth_client) else {
            return Err(ended());
        };
        let resource = of_server(self, url)?;
        let issuer = session.issuer.as_deref().unwrap_or(resource.issuer());
        // The token goes to whoever gave it, and to nobody that the server names today in its place.
        if !resource.issuers.iter().any(|named| named == issuer) {
            return Err(ended());
        }
        let server = describe(self, issuer, url, &resource.answer)?;
        let client = Client {
            id: id.clone(),
            issuer: Some(issuer.to_owned()),
        };
        token::refresh(self, &server, &resource.name, &client, refresh)
    }

    fn revoke(&self, url: &Url, session: &Session) -> Result<(), RemoteError> {
        let resource = of_server(self, url)?;
        let server = match &session.issuer {
            Some(issuer) => describe(self, issuer, url, &resource.answer)?,
            None => discover(self, &resource)?,
        };
        let id = session.oauth_client.as_deref().unwrap_or_default();
        // The refresh token first: with it the server can end all that belongs to it.
        if let Some(refresh) = &session.refresh {
            token::revoke(self, &server, id, refresh)?;
        }
        token::revoke(self, &server, id, &session.access)
    }
}
