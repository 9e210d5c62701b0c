//! Everything against the local workspace itself.

use std::sync::mpsc;

use keystow_core::key::{KeyChange, KeyQuery, KeyStatus, NewKey};
use keystow_core::provider::Tells;
use keystow_core::remote::{
    Caller, KeyProof, PasswordAnswer, Proof, ProofKind, RemoteErrorKind as Kind, Session,
};
use keystow_core::{Cancel, KeyId, Secret};
use keystow_remote::Remote;
use keystow_workspace::{Config, OWNER_LOGIN, serve};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

use crate::server::{Browser, keys, ocore, remote, runtime};

/// The local workspace with a data directory of its own.
pub struct Local {
    pub base: Url,
    stop: Option<oneshot::Sender<()>>,
    served: Option<JoinHandle<()>>,
    _data: TempDir,
}

impl Local {
    pub fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = Config {
            data: data.path().to_owned(),
            listen: Some("127.0.0.1:0".parse().unwrap()),
            idle_exit: None,
            window_lock: false,
        };
        let (ready, started) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = runtime().spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            let ready = move |running: keystow_workspace::Running| ready.send(running.url).unwrap();
            serve(config, Some(password()), stopped, ready)
                .await
                .unwrap();
        });
        Self {
            base: started.recv().unwrap(),
            stop: Some(stop),
            served: Some(served),
            _data: data,
        }
    }

    pub fn sign_in(&self, remote: &Remote) -> Session {
        let answer = ocore(remote).password(&self.base, OWNER_LOGIN, &password());
        signed_in(answer.unwrap())
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(served) = self.served.take() {
            runtime().block_on(served).unwrap();
        }
    }
}

fn on<'a>(local: &'a Local, session: &'a Session) -> Caller<'a> {
    Caller {
        base: &local.base,
        access: &session.access,
        organization: None,
    }
}

fn signed_in(answer: PasswordAnswer) -> Session {
    match answer {
        PasswordAnswer::Done(session) => session,
        PasswordAnswer::CodeNeeded(_) => unreachable!("this account has no second factor"),
    }
}

/// What the owner signs in with.
pub const PASSWORD: &str = "owner-password-of-the-test";

pub fn password() -> Secret {
    Secret::new(PASSWORD.into())
}

/// Signs in as the person in the browser does, and says `decision` there.
fn in_the_browser(
    local: &Local,
    remote: &Remote,
    ticket: bool,
    decision: &'static str,
) -> Result<Session, Kind> {
    let password = password();
    let account = ticket.then_some((OWNER_LOGIN, &password));
    let attempt = ocore(remote).browser(&local.base, account).unwrap();
    let (consent, answer_to) = (
        attempt.url().clone(),
        local.base.join("/oauth/authorize").unwrap(),
    );
    let asks_for_password = !ticket;
    let browser = std::thread::spawn(move || {
        let browser = Browser::new();
        let page = browser.get(&consent);
        assert_eq!(page.status, 200, "{}", page.text);
        assert_eq!(page.text.contains("type=\"password\""), asks_for_password);
        let csrf = page.field("csrf");
        let mut form = vec![("csrf", csrf.as_str()), ("decision", decision)];
        if asks_for_password {
            form.push(("password", PASSWORD));
        }
        let sent_on = browser.post_form(&answer_to, &form);
        browser.get(&sent_on.location()).text
    });
    let outcome = attempt.wait(&Cancel::default(), 20_000);
    let page = browser.join().unwrap();
    assert_eq!(
        page.contains("You can close this tab"),
        outcome.is_ok(),
        "{page}"
    );
    outcome.map_err(|error| error.kind)
}

#[test]
fn signs_in_with_the_password_and_out_again() {
    let (local, remote) = (Local::start(), remote());
    let session = local.sign_in(&remote);
    assert_eq!(session.oauth_client, None);
    assert!(session.expires_at.is_some() && session.refresh.is_some());
    let account = ocore(&remote)
        .account(&local.base, &session.access)
        .unwrap();
    assert_eq!(account.login, OWNER_LOGIN);
    assert_eq!(account.organization.unwrap().name, "Personal");

    ocore(&remote).sign_out(&local.base, &session).unwrap();
    let error = ocore(&remote)
        .account(&local.base, &session.access)
        .unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorised);
    assert!(error.request_id.is_some());
    let error = ocore(&remote).refresh(&local.base, &session).unwrap_err();
    assert_eq!(error.kind, Kind::SessionEnded);
    ocore(&remote).sign_out(&local.base, &session).unwrap();
}

#[test]
fn refuses_a_wrong_password() {
    let local = Local::start();
    let error = ocore(&remote())
        .password(&local.base, OWNER_LOGIN, &Secret::new("wrong".into()))
        .unwrap_err();
    assert!(matches!(error.kind, Kind::SignInRefused { .. }), "{error}");
    let error = ocore(&remote())
        .browser(
            &local.base,
            Some((OWNER_LOGIN, &Secret::new("wrong".into()))),
        )
        .err()
        .unwrap();
    assert!(matches!(error.kind, Kind::SignInRefused { .. }), "{error}");
}

#[test]
fn a_refresh_token_works_once_and_its_reuse_ends_the_session() {
    let (local, remote) = (Local::start(), remote());
    let first = local.sign_in(&remote);
    let second = ocore(&remote).refresh(&local.base, &first).unwrap();
    assert_ne!(second.refresh, first.refresh);
    ocore(&remote).account(&local.base, &second.access).unwrap();

    let reused = ocore(&remote).refresh(&local.base, &first).unwrap_err();
    assert_eq!(reused.kind, Kind::SessionEnded);
    let ended = ocore(&remote).refresh(&local.base, &second).unwrap_err();
    assert_eq!(ended.kind, Kind::SessionEnded);
    let signed_out = ocore(&remote)
        .account(&local.base, &second.access)
        .unwrap_err();
    assert_eq!(signed_out.kind, Kind::Unauthorised);
}

#[test]
fn signs_in_with_the_browser_manages_keys_refreshes_and_signs_out() {
    let (local, remote) = (Local::start(), remote());
    let session = in_the_browser(&local, &remote, true, "allow").unwrap();
    assert_eq!(session.oauth_client.as_deref(), Some("keystow"));
    let account = ocore(&remote)
        .account(&local.base, &session.access)
        .unwrap();
    assert_eq!(account.login, OWNER_LOGIN);
    let new = NewKey {
        name: "from the browser".into(),
        ..NewKey::default()
    };
    let created = keys(&remote).create(&on(&local, &session), &new).unwrap();
    assert_eq!(created.key.name, "from the browser");

    let second = ocore(&remote).refresh(&local.base, &session).unwrap();
    ocore(&remote).account(&local.base, &second.access).unwrap();
    ocore(&remote).sign_out(&local.base, &second).unwrap();
    let error = ocore(&remote)
        .account(&local.base, &second.access)
        .unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorised);
    let error = ocore(&remote).refresh(&local.base, &second).unwrap_err();
    assert_eq!(error.kind, Kind::SessionEnded);
}

#[test]
fn a_reused_refresh_token_of_a_browser_session_ends_it() {
    let (local, remote) = (Local::start(), remote());
    let first = in_the_browser(&local, &remote, true, "allow").unwrap();
    let second = ocore(&remote).refresh(&local.base, &first).unwrap();
    let reused = ocore(&remote).refresh(&local.base, &first).unwrap_err();
    assert_eq!(reused.kind, Kind::SessionEnded);
    let signed_out = ocore(&remote)
        .account(&local.base, &second.access)
        .unwrap_err();
    assert_eq!(signed_out.kind, Kind::Unauthorised);
}

#[test]
fn the_browser_asks_for_the_password_where_no_ticket_stands_for_it() {
    let (local, remote) = (Local::start(), remote());
    in_the_browser(&local, &remote, false, "allow").unwrap();
}

#[test]
fn a_no_in_the_browser_signs_nobody_in() {
    let (local, remote) = (Local::start(), remote());
    assert_eq!(
        in_the_browser(&local, &remote, true, "deny").unwrap_err(),
        Kind::SignInRefused {
            detail: "access was not allowed".into()
        }
    );
}

#[test]
fn keys_live_from_create_to_delete() {
    let (local, remote) = (Local::start(), remote());
    let session = local.sign_in(&remote);
    let (by, keys) = (on(&local, &session), keys(&remote));
    let expires_at = 4_102_444_800_000;
    let new = NewKey {
        name: "Cursor on mira".into(),
        scopes: vec!["call:tools".into()],
        expires_at: Some(expires_at),
        read_only: true,
        preset: None,
        tools: vec!["whoami".into()],
        ..NewKey::default()
    };
    let created = keys.create(&by, &new).unwrap();
    let key = &created.key;
    assert_eq!(
        (key.name.as_str(), key.status),
        ("Cursor on mira", KeyStatus::Enabled)
    );
    assert_eq!(key.masked, created.secret.masked());
    assert_eq!(key.scopes, ["call:tools"]);
    assert_eq!((key.read_only, key.expires_at), (true, Some(expires_at)));
    assert_eq!(key.tools, ["whoami"]);
    assert!(key.created_at.is_some() && key.last_used_at.is_none());

    assert_eq!(keys.get(&by, &key.id).unwrap(), *key);
    let renamed = keys
        .update(
            &by,
            &key.id,
            &KeyChange {
                name: Some("Cursor".into()),
                ..KeyChange::default()
            },
        )
        .unwrap();
    assert_eq!(renamed.name, "Cursor");

    let status = |paused| keys.set_paused(&by, &key.id, paused).unwrap().status;
    assert_eq!(status(true), KeyStatus::Paused);
    assert_eq!(status(true), KeyStatus::Paused);
    assert_eq!(status(false), KeyStatus::Enabled);

    keys.delete(&by, &key.id).unwrap();
    keys.delete(&by, &key.id).unwrap();
    let gone = keys.get(&by, &key.id).unwrap_err();
    assert_eq!(gone.kind, Kind::NotFound);
}

#[test]
fn lists_pages_and_finds() {
    let (local, remote) = (Local::start(), remote());
    let session = local.sign_in(&remote);
    let keys = keys(&remote);
    for number in 1..=5 {
        let new = NewKey {
            name: format!("key {number}"),
            ..NewKey::default()
        };
        keys.create(&on(&local, &session), &new).unwrap();
    }
    let list = |search: Option<&str>, page| {
        let query = KeyQuery {
            search: search.map(str::to_owned),
            page,
            limit: 2,
            everybody: false,
            order: None,
        };
        let page = keys.list(&on(&local, &session), &query).unwrap();
        (page.keys.len(), page.total)
    };
    assert_eq!(
        [list(None, 1), list(None, 3), list(None, 4)],
        [(2, 5), (1, 5), (0, 5)]
    );
    assert_eq!(list(Some("key 3"), 1), (1, 1));
    assert_eq!(list(Some("100%&page=9"), 1), (0, 0));
}

#[test]
fn refusals_come_with_the_workspaces_words() {
    let (local, remote) = (Local::start(), remote());
    let session = local.sign_in(&remote);
    let new = NewKey {
        name: "x".repeat(101),
        ..NewKey::default()
    };
    let error = keys(&remote)
        .create(&on(&local, &session), &new)
        .unwrap_err();
    match &error.kind {
        Kind::Refused { status, detail } => {
            assert_eq!(*status, 422);
            assert!(
                detail.contains("name") && detail.contains("100"),
                "{detail}"
            );
        }
        other => unreachable!("{other:?}"),
    }
    let error = keys(&remote)
        .get(&on(&local, &session), &KeyId::new("../../health"))
        .unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
}

#[test]
fn an_mcp_server_accepts_a_key_until_it_is_paused_or_revoked() {
    let (local, remote) = (Local::start(), remote());
    let session = local.sign_in(&remote);
    let keys = keys(&remote);
    let new = NewKey {
        name: "for MCP".into(),
        ..NewKey::default()
    };
    let created = keys.create(&on(&local, &session), &new).unwrap();
    let url = Url::parse(&format!("{}/mcp/stream", local.base)).unwrap();
    let check = |key: &Secret| {
        let proof = Proof {
            url: &url,
            kind: ProofKind::Mcp,
            header: "authorization",
            scheme: "Bearer",
            headers: &[],
            tells: &Tells::default(),
        };
        remote
            .prove(&proof, key)
            .map(|_| ())
            .map_err(|error| error.kind)
    };
    assert_eq!(check(&created.secret), Ok(()));
    assert_eq!(
        check(&Secret::new("ksl_not_a_key".into())),
        Err(Kind::Unauthorised)
    );

    keys.set_paused(&on(&local, &session), &created.key.id, true)
        .unwrap();
    let paused = check(&created.secret).unwrap_err();
    assert!(
        matches!(paused, Kind::Unauthorised | Kind::Forbidden { .. }),
        "{paused}"
    );
    keys.set_paused(&on(&local, &session), &created.key.id, false)
        .unwrap();
    assert_eq!(check(&created.secret), Ok(()));

    keys.delete(&on(&local, &session), &created.key.id).unwrap();
    assert_eq!(check(&created.secret), Err(Kind::Unauthorised));
}
