use std::net::Ipv4Addr;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{io, net};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use keystow_core::Secret;
use tokio::sync::oneshot;
use url::form_urlencoded;

use super::page::Page;
use crate::engine::{Engine, Pending, Waited};
use crate::text::{SENTENCE, plain};

/// Where the browser comes back to.
pub(super) const PATH: &str = "/callback";

/// How the browser came back with the state it was given.
pub(super) enum Landing {
    /// With a code to redeem.
    Code(Secret),
    /// The person or the server said no.
    Denied { error: String, sentence: String },
    /// From another authorization server than the one that was asked (RFC 9207); what it says is not shown.
    OtherIssuer,
    /// With neither a code nor an error.
    Empty,
}

/// A landing, and the way to answer the browser that made it.
pub(super) type Landed = (Landing, oneshot::Sender<Page>);

/// What an answer must say to be the one that is waited for.
pub(super) struct Expected {
    pub(super) state: Secret,
    pub(super) issuer: String,
    pub(super) issuer_required: bool,
}

/// A loopback port that waits for one browser to come back. Dropping it closes the port.
pub(super) struct Listener {
    landed: Receiver<Landed>,
    stop: oneshot::Sender<()>,
    served: Pending<()>,
}

/// What the listener's requests share.
struct Door {
    expected: Expected,
    host: String,
    /// Taken by the one request that has the right state.
    landing: Mutex<Option<Sender<Landed>>>,
}

impl Listener {
    pub(super) fn bind() -> io::Result<net::TcpListener> {
        let listener = net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    }

    /// Starts to serve on a port from [`Listener::bind`].
    pub(super) fn serve(
        engine: &Engine,
        listener: net::TcpListener,
        expected: Expected,
    ) -> io::Result<Self> {
        let port = listener.local_addr()?.port();
        let (landing, landed) = channel();
        let door = Arc::new(Door {
            expected,
            host: format!("127.0.0.1:{port}"),
            landing: Mutex::new(Some(landing)),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let served = engine.spawn(async move {
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
                return;
            };
            let router = Router::new().fallback(answer).with_state(door);
            let served = axum::serve(listener, router).with_graceful_shutdown(async {
                let _ = stopped.await;
            });
            // It ends when it is told to; an accept that fails is tried again by the library.
            let _ = served.await;
        });
        Ok(Self {
            landed,
            stop,
            served,
        })
    }

    pub(super) fn redirect_uri(port: u16) -> String {
        format!("http://127.0.0.1:{port}{PATH}")
    }

    /// Waits for at most `limit`; [`Waited::Done`] comes with the way to answer the browser.
    pub(super) fn wait_for(&self, limit: Duration) -> Waited<Landed> {
        match self.landed.recv_timeout(limit) {
            Ok(landing) => Waited::Done(landing),
            Err(RecvTimeoutError::Timeout) => Waited::NotYet,
            Err(RecvTimeoutError::Disconnected) => Waited::Lost,
        }
    }

    /// Closes the port and gives answers under way `limit` to get out.
    pub(super) fn close(self, limit: Duration) {
        let Self {
            landed,
            stop,
            served,
            ..
        } = self;
        drop(landed);
        drop(stop);
        let _ = served.wait_for(limit);
    }
}

async fn answer(State(door): State<Arc<Door>>, request: Request) -> Page {
    let host = request.headers().get(header::HOST);
    if host.is_none_or(|host| host.as_bytes() != door.host.as_bytes()) {
        return Page::refused(
            StatusCode::MISDIRECTED_REQUEST,
            "This address answers to its own name only.",
        );
    }
    if request.uri().path() != PATH {
        return Page::refused(StatusCode::NOT_FOUND, "There is no such page.");
    }
    // A link preview asks with HEAD; only the browser itself may use the code up.
    if request.method() != Method::GET {
        return Page::refused(
            StatusCode::METHOD_NOT_ALLOWED,
            "This page is only ever opened by a browser.",
        );
    }
    let Some(landing) = landing(request.uri().query().unwrap_or_default(), &door.expected) else {
        return Page::refused(
            StatusCode::BAD_REQUEST,
            "This answer does not belong to the sign-in that is waiting. If you started it in another tab, finish it there.",
        );
    };
    let landed = door
        .landing
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    let (reply, page) = oneshot::channel();
    let waiting = landed.is_some_and(|landed| landed.send((landing, reply)).is_ok());
    if !waiting {
        return Page::refused(
            StatusCode::GONE,
            "This sign-in is over. Start again from Keystow.",
        );
    }
    page.await.unwrap_or_else(|_| {
        Page::failed("The sign-in was cancelled. Start again from Keystow.".to_owned())
    })
}

/// What a query says; `None` when it does not carry our state exactly once.
fn landing(query: &str, expected: &Expected) -> Option<Landing> {
    let one = |name: &str| {
        let mut values = form_urlencoded::parse(query.as_bytes())
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned());
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => Ok(Some(value)),
            (Some(_), Some(_)) => Err(()),
        }
    };
    let state = one("state").ok()??;
    if Secret::new(state) != expected.state {
        return None;
    }
    let landing = match (one("iss"), one("code"), one("error")) {
        (Err(()), _, _) => Landing::OtherIssuer,
        (Ok(None), _, _) if expected.issuer_required => Landing::OtherIssuer,
        (Ok(Some(issuer)), _, _) if issuer != expected.issuer => Landing::OtherIssuer,
        (_, _, Ok(Some(error))) => Landing::Denied {
            sentence: plain(
                &one("error_description").ok().flatten().unwrap_or_default(),
                SENTENCE,
            ),
            error: plain(&error, 60),
        },
        (_, Ok(Some(code)), Ok(None)) if !code.is_empty() => Landing::Code(Secret::new(code)),
        _ => Landing::Empty,
    };
    Some(landing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(query: &str, issuer_required: bool) -> &'static str {
        let expected = Expected {
            state: Secret::new("right".into()),
            issuer: "http://127.0.0.1:1".into(),
            issuer_required,
        };
        match landing(query, &expected) {
            None => "not ours",
            Some(Landing::Code(_)) => "code",
            Some(Landing::Denied { .. }) => "denied",
            Some(Landing::OtherIssuer) => "other issuer",
            Some(Landing::Empty) => "empty",
        }
    }

    #[test]
    fn takes_only_what_carries_the_state_once() {
        assert_eq!(reads("code=c", false), "not ours");
        assert_eq!(reads("code=c&state=wrong", false), "not ours");
        assert_eq!(reads("code=c&state=right&state=right", false), "not ours");
        assert_eq!(reads("code=c&state=right", false), "code");
    }

    #[test]
    fn checks_who_answers_before_anything_it_says() {
        let ours = "iss=http%3A%2F%2F127.0.0.1%3A1";
        assert_eq!(reads(&format!("code=c&state=right&{ours}"), true), "code");
        assert_eq!(reads("code=c&state=right", true), "other issuer");
        assert_eq!(
            reads("error=access_denied&state=right", true),
            "other issuer"
        );
        assert_eq!(
            reads("code=c&state=right&iss=http%3A%2F%2F127.0.0.1%3A2", false),
            "other issuer"
        );
        assert_eq!(
            reads(&format!("code=c&state=right&{ours}&{ours}"), false),
            "other issuer"
        );
    }

    #[test]
    fn an_error_wins_over_a_code_and_two_codes_are_none() {
        assert_eq!(reads("code=c&error=no&state=right", false), "denied");
        assert_eq!(reads("code=c&code=d&state=right", false), "empty");
        assert_eq!(reads("state=right", false), "empty");
    }
}
