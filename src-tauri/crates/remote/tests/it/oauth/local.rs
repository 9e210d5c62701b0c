//! The MCP endpoint of the local workspace, with the authorization server it names.

use keystow_core::provider::Tells;
use keystow_core::remote::{
    KeyProof, Proof, ProofKind, RemoteErrorKind as Kind, ServerSignIn, Session,
};
use keystow_core::{Cancel, Secret};
use url::Url;

use crate::local::{Local, PASSWORD};
use crate::server::{Browser, remote};

fn mcp(local: &Local) -> Url {
    Url::parse(&format!("{}/mcp/stream", local.base)).unwrap()
}

fn sign_in(local: &Local) -> Session {
    let attempt = remote().begin(&mcp(local), None, &[]).unwrap();
    let consent = attempt.url().clone();
    let answer_to = local.base.join("/oauth/authorize").unwrap();
    let browser = std::thread::spawn(move || {
        let browser = Browser::new();
        let page = browser.get(&consent);
        assert_eq!(page.status, 200, "{}", page.text);
        let csrf = page.field("csrf");
        let form = [
            ("csrf", csrf.as_str()),
            ("decision", "allow"),
            ("password", PASSWORD),
        ];
        let sent_on = browser.post_form(&answer_to, &form);
        browser.get(&sent_on.location());
    });
    let session = attempt.wait(&Cancel::default(), 20_000).unwrap();
    browser.join().unwrap();
    session
}

fn opens(local: &Local, token: &Secret) -> Result<(), Kind> {
    let proof = Proof {
        url: &mcp(local),
        kind: ProofKind::Mcp,
        header: "authorization",
        scheme: "Bearer",
        headers: &[],
        tells: &Tells::default(),
    };
    let outcome = remote().prove(&proof, token);
    outcome.map(|_| ()).map_err(|error| error.kind)
}

#[test]
fn signs_in_refreshes_and_revokes() {
    let local = Local::start();
    let first = sign_in(&local);
    assert!(
        first
            .oauth_client
            .as_deref()
            .unwrap()
            .starts_with("client-")
    );
    assert!(
        local
            .base
            .as_str()
            .starts_with(first.issuer.as_deref().unwrap())
    );
    assert_eq!(opens(&local, &first.access), Ok(()));

    let second = remote().refresh(&mcp(&local), &first).unwrap();
    assert_eq!(second.oauth_client, first.oauth_client);
    assert_eq!(second.issuer, first.issuer);
    assert_ne!(second.refresh, first.refresh);
    assert_eq!(opens(&local, &second.access), Ok(()));

    remote().revoke(&mcp(&local), &second).unwrap();
    assert_eq!(opens(&local, &second.access), Err(Kind::Unauthorised));
    let error = remote().refresh(&mcp(&local), &second).unwrap_err();
    assert_eq!(error.kind, Kind::SessionEnded);
    remote().revoke(&mcp(&local), &second).unwrap();
}

#[test]
fn a_reused_refresh_token_ends_all_of_it() {
    let local = Local::start();
    let first = sign_in(&local);
    let second = remote().refresh(&mcp(&local), &first).unwrap();
    let error = remote().refresh(&mcp(&local), &first).unwrap_err();
    assert_eq!(error.kind, Kind::SessionEnded);
    assert_eq!(opens(&local, &second.access), Err(Kind::Unauthorised));
}

#[test]
fn a_token_for_the_tools_does_not_open_the_keys() {
    let local = Local::start();
    let session = sign_in(&local);
    let error = crate::server::ocore(&remote())
        .account(&local.base, &session.access)
        .unwrap_err();
    assert!(
        matches!(error.kind, Kind::Unauthorised | Kind::Forbidden { .. }),
        "{error}"
    );
}
