use std::io;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use keystow_core::remote::{BrowserSignIn, RemoteError, RemoteErrorKind, Session};
use keystow_core::{Cancel, Secret};
use reqwest::Method;
use tokio::sync::oneshot;
use url::Url;

use super::callback::{Expected, Landing, Listener};
use super::discovery::{AuthorizationServer, discover};
use super::page::Page;
use super::resource::{of_server, of_workspace};
use super::token::Client;
use super::workspace::CLIENT_ID;
use super::{pkce, register, token};
use crate::Remote;
use crate::engine::Waited;
use crate::ocore::Ocore;
use crate::transport::{Failure, abandoned, error_at, host_of};

/// How often a wait looks whether the person changed their mind.
const GLANCE: Duration = Duration::from_millis(25);

/// How long the last page may take to reach the browser.
const LAST_PAGE: Duration = Duration::from_millis(500);

/// A browser sign-in between its start and its end.
pub(crate) struct Attempt {
    remote: Remote,
    server: AuthorizationServer,
    client: Client,
    /// What the tokens are for (RFC 8707).
    resource: String,
    host: String,
    url: Url,
    redirect_uri: String,
    verifier: Secret,
    listener: Listener,
}

/// The loopback port of an attempt, before anybody is told of it.
struct Port {
    listener: TcpListener,
    redirect_uri: String,
}

impl Port {
    fn open() -> Result<Self, RemoteError> {
        let listener = Listener::bind().map_err(no_port)?;
        let port = listener.local_addr().map_err(no_port)?.port();
        Ok(Self {
            redirect_uri: Listener::redirect_uri(port),
            listener,
        })
    }
}

fn no_port(error: io::Error) -> RemoteError {
    error_at(
        "127.0.0.1".to_owned(),
        RemoteErrorKind::Unreachable {
            detail: format!("no port for the browser to come back to: {error}"),
        },
    )
}

/// What the authorization server is asked for.
struct Question {
    server: AuthorizationServer,
    client: Client,
    resource: String,
    scope: String,
    verifier: Secret,
    /// Stands for the password of an account of ours.
    ticket: Option<Secret>,
}

impl Attempt {
    /// Begins a sign-in to a workspace that knows us beforehand.
    pub(crate) fn begin(
        remote: &Remote,
        base: &Url,
        account: Option<(&str, &Secret)>,
    ) -> Result<Self, RemoteError> {
        let resource = of_workspace(remote, base)?;
        let server = discover(remote, &resource)?;
        let port = Port::open()?;
        let verifier = pkce::random();
        let ticket = match account {
            Some((login, password)) => {
                let ocore = Ocore {
                    remote: remote.clone(),
                };
                Some(ocore.ticket(base, login, password, &pkce::challenge(&verifier))?)
            }
            None => None,
        };
        let question = Question {
            server,
            client: Client {
                id: CLIENT_ID.to_owned(),
                issuer: None,
            },
            scope: resource.scopes.join(" "),
            resource: resource.name,
            verifier,
            ticket,
        };
        Self::ask(remote, port, question)
    }

    /// Begins a sign-in to an MCP server, with the client id that is given, else with one that is registered now.
    pub(super) fn at_server(
        remote: &Remote,
        url: &Url,
        client_id: Option<&str>,
        scopes: &[String],
    ) -> Result<Self, RemoteError> {
        let resource = of_server(remote, url)?;
        let server = discover(remote, &resource)?;
        let port = Port::open()?;
        let mut scope = if scopes.is_empty() {
            resource.scopes.join(" ")
        } else {
            scopes.join(" ")
        };
        if scopes.is_empty() && !scope.is_empty() && server.offline_access {
            // Without it, OpenID servers give no refresh token.
            let known = scope.split(' ').any(|one| one == "offline_access");
            scope.push_str(if known { "" } else { " offline_access" });
        }
        let id = match client_id {
            Some(id) => id.to_owned(),
            None => register::register(remote, &server, &port.redirect_uri, &scope)?,
        };
        let question = Question {
            client: Client {
                id,
                issuer: Some(server.issuer.clone()),
            },
            server,
            scope,
            resource: resource.name,
            verifier: pkce::random(),
            ticket: None,
        };
        Self::ask(remote, port, question)
    }

    /// Makes the address for the browser and opens the port to it.
    fn ask(remote: &Remote, port: Port, question: Question) -> Result<Self, RemoteError> {
        let state = pkce::random();
        let Question {
            server,
            client,
            resource,
            scope,
            verifier,
            ticket,
        } = question;
        let mut url = server.authorization_endpoint.clone();
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("response_type", "code")
                .append_pair("client_id", &client.id)
                .append_pair("redirect_uri", &port.redirect_uri)
                .append_pair("code_challenge", &pkce::challenge(&verifier))
                .append_pair("code_challenge_method", "S256")
                // EXPOSE: the browser carries the state; it is worth nothing after this attempt
                .append_pair("state", state.expose())
                .append_pair("resource", &resource);
            if !scope.is_empty() {
                query.append_pair("scope", &scope);
            }
            if let Some(ticket) = &ticket {
                // EXPOSE: the browser carries the ticket to the workspace that issued it; it works once, for this verifier only
                query.append_pair("keystow_ticket", ticket.expose());
            }
        }
        let expected = Expected {
            state,
            issuer: server.issuer.clone(),
            issuer_required: server.names_itself,
        };
        let engine = remote.transport().engine();
        let listener = Listener::serve(engine, port.listener, expected).map_err(no_port)?;
        Ok(Self {
            remote: remote.clone(),
            host: host_of(&server.token_endpoint),
            server,
            client,
            resource,
            url,
            redirect_uri: port.redirect_uri,
            verifier,
            listener,
        })
    }

    fn error(&self, kind: RemoteErrorKind) -> RemoteError {
        error_at(self.host.clone(), kind)
    }

    /// Waits for the browser and redeems what it brings; also gives the way to answer it.
    fn landed(&self, watch: &Watch<'_>) -> Ended {
        let (landing, reply) = loop {
            if let Err(kind) = watch.check() {
                return (Err(self.error(kind)), None);
            }
            match self.listener.wait_for(watch.glance()) {
                Waited::Done(landed) => break landed,
                Waited::NotYet => {}
                Waited::Lost => return (Err(abandoned(self.host.clone())), None),
            }
        };
        let outcome = match landing {
            Landing::Code(code) => self.redeem(&code, watch),
            Landing::Denied { error, sentence } => {
                Err(self.error(RemoteErrorKind::SignInRefused {
                    detail: match error.as_str() {
                        "access_denied" => "access was not allowed".to_owned(),
                        _ if sentence.is_empty() => error,
                        _ => sentence,
                    },
                }))
            }
            Landing::OtherIssuer => Err(self.error(RemoteErrorKind::Unexpected {
                found: "the word of another authorization server".to_owned(),
                expected: "its own".to_owned(),
            })),
            Landing::Empty => Err(self.error(RemoteErrorKind::Unexpected {
                found: "neither a code nor an error".to_owned(),
                expected: "one of them".to_owned(),
            })),
        };
        (outcome, Some(reply))
    }

    fn redeem(&self, code: &Secret, watch: &Watch<'_>) -> Result<Session, RemoteError> {
        let under_way = self
            .remote
            .transport()
            .ask(Method::POST, self.server.token_endpoint.clone())?
            .form(&[
                ("grant_type", "authorization_code"),
                // EXPOSE: sent to the authorization server that issued it
                ("code", code.expose()),
                ("redirect_uri", &self.redirect_uri),
                ("client_id", &self.client.id),
                // EXPOSE: proves to the authorization server that the code is ours; worth nothing afterwards
                ("code_verifier", self.verifier.expose()),
                ("resource", &self.resource),
            ])
            .hides(code)
            .hides(&self.verifier)
            .start();
        loop {
            watch.check().map_err(|kind| self.error(kind))?;
            match under_way.wait_for(watch.glance()) {
                Waited::Done(answer) => {
                    let answer = answer?.success().map_err(refused)?;
                    return token::session(&answer, &self.client);
                }
                Waited::NotYet => {}
                Waited::Lost => return Err(abandoned(self.host.clone())),
            }
        }
    }
}

/// How an attempt ended, and the way to tell the browser.
type Ended = (Result<Session, RemoteError>, Option<oneshot::Sender<Page>>);

impl BrowserSignIn for Attempt {
    fn url(&self) -> &Url {
        &self.url
    }

    fn wait(self: Box<Self>, cancel: &Cancel, timeout_ms: u64) -> Result<Session, RemoteError> {
        let watch = Watch {
            cancel,
            began: Instant::now(),
            timeout_ms,
        };
        let (outcome, reply) = self.landed(&watch);
        if let Some(reply) = reply {
            let page = match &outcome {
                Ok(_) => Page::signed_in(),
                Err(error) => Page::failed(in_plain_words(&error.kind)),
            };
            let _ = reply.send(page);
        }
        // After a cancel nobody waits for a page for long.
        let patience = if cancel.is_cancelled() {
            GLANCE
        } else {
            LAST_PAGE
        };
        self.listener.close(patience);
        outcome
    }
}

fn refused(failure: Failure) -> RemoteError {
    match failure.error.kind {
        RemoteErrorKind::Refused { .. }
        | RemoteErrorKind::Unauthorised
        | RemoteErrorKind::Forbidden { .. } => {
            let detail = failure
                .sentence
                .clone()
                .unwrap_or_else(|| "the code is not accepted".to_owned());
            failure.into_kind(RemoteErrorKind::SignInRefused { detail })
        }
        _ => failure.into(),
    }
}

fn in_plain_words(kind: &RemoteErrorKind) -> String {
    let what = match kind {
        RemoteErrorKind::SignInRefused { detail } => {
            format!("The sign-in was refused: {detail}.")
        }
        RemoteErrorKind::Cancelled => "The sign-in was cancelled.".to_owned(),
        RemoteErrorKind::TimedOut { .. } => "The sign-in took too long.".to_owned(),
        RemoteErrorKind::RateLimited { .. } => "The server asks for a little patience.".to_owned(),
        _ => "Something went wrong on the way. Keystow's window says what.".to_owned(),
    };
    format!("{what} Start again from Keystow.")
}

/// The person's patience.
struct Watch<'a> {
    cancel: &'a Cancel,
    began: Instant,
    timeout_ms: u64,
}

impl Watch<'_> {
    fn check(&self) -> Result<(), RemoteErrorKind> {
        if self.cancel.is_cancelled() {
            Err(RemoteErrorKind::Cancelled)
        } else if self.left().is_zero() {
            Err(RemoteErrorKind::TimedOut {
                limit_ms: self.timeout_ms,
            })
        } else {
            Ok(())
        }
    }

    fn left(&self) -> Duration {
        Duration::from_millis(self.timeout_ms).saturating_sub(self.began.elapsed())
    }

    fn glance(&self) -> Duration {
        GLANCE.min(self.left())
    }
}
