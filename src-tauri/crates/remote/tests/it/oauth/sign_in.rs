use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use keystow_core::Secret;
use keystow_core::remote::RemoteErrorKind as Kind;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Script, back, begin, is_open, pairs, script, start, visit};
use crate::server::{Server, ocore, remote};

#[test]
fn signs_in_with_pkce_state_and_resource() {
    let (server, script) = start(|_| {});
    let origin = format!("http://{}", server.address);
    let password = Secret::new("the password".into());
    let account = Some(("owner", &password));
    let attempt = ocore(&remote()).browser(&server.base(), account).unwrap();
    let asked = pairs(attempt.url());
    assert_eq!(attempt.url().path(), "/authorize");
    for (name, value) in [
        ("hint", "1"),
        ("response_type", "code"),
        ("client_id", "keystow"),
        ("code_challenge_method", "S256"),
        ("scope", "workspace more"),
        ("keystow_ticket", "one-time"),
        ("resource", server.base().as_str()),
    ] {
        assert_eq!(asked[name], value, "{name}");
    }
    let url = back(&*attempt, None, &[("code", "the-code"), ("iss", &origin)]);
    assert_eq!(
        (url.host_str(), url.path()),
        (Some("127.0.0.1"), "/callback")
    );

    let (outcome, pages) = visit(attempt, vec![url.clone()]);
    let session = outcome.unwrap();
    assert_eq!(session.access, Secret::new("the-access".into()));
    assert_eq!(session.refresh, Some(Secret::new("the-refresh".into())));
    assert_eq!(session.oauth_client.as_deref(), Some("keystow"));
    assert!(session.expires_at.is_some());
    assert!(!is_open(&url));

    let form = script.forms.lock().unwrap().pop().unwrap();
    let hashed = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    assert_eq!(hashed, asked["code_challenge"]);
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("code", "the-code"),
        ("client_id", "keystow"),
        ("resource", server.base().as_str()),
        ("redirect_uri", asked["redirect_uri"].as_str()),
    ] {
        assert_eq!(form[name], value, "{name}");
    }

    let page = &pages[0];
    assert_eq!(page.status, 200);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(page.text.contains("Signed in") && page.text.contains("close this tab"));
    assert!(!page.text.contains("<script") && !page.text.contains("the-code"));
    let (_, rest) = page.text.split_once("<style>").unwrap();
    let style = rest.split_once("</style>").unwrap().0;
    let hash = STANDARD.encode(Sha256::digest(style));
    assert!(
        policy.contains(&hash),
        "the style is not the one the policy allows"
    );
}

#[test]
fn refuses_descriptions_that_do_not_fit_together() {
    type Change = fn(&mut Script);
    let changes: [(&str, Change); 8] = [
        ("another resource", |s| {
            s.resource["resource"] = json!("https://example.com/api")
        }),
        ("no authorization server", |s| {
            s.resource["authorization_servers"] = json!([])
        }),
        ("at an address that is not safe", |s| {
            s.resource["authorization_servers"] = json!(["http://example.com"])
        }),
        ("another name", |s| {
            s.metadata["issuer"] = json!("https://example.com")
        }),
        ("without PKCE", |s| {
            s.metadata["code_challenge_methods_supported"] = json!(["plain"])
        }),
        ("without PKCE", |s| {
            s.metadata
                .as_object_mut()
                .unwrap()
                .remove("code_challenge_methods_supported");
        }),
        ("not safe", |s| {
            s.metadata["token_endpoint"] = json!("http://example.com/token")
        }),
        ("not safe", |s| {
            s.metadata["authorization_endpoint"] = json!("javascript:alert(1)")
        }),
    ];
    for (what, change) in changes {
        let (server, _) = start(change);
        match ocore(&remote())
            .browser(&server.base(), None)
            .map(|_| ())
            .unwrap_err()
            .kind
        {
            Kind::Unexpected { found, .. } => assert!(found.contains(what), "{found}"),
            other => unreachable!("{other:?} where {what} was meant"),
        }
    }
}

#[test]
fn finds_the_description_where_openid_has_it() {
    let server = Server::start_at(|origin| {
        let Script {
            resource,
            mut metadata,
            ..
        } = script(origin);
        let issuer = format!("{origin}/tenant");
        let mut resource = resource;
        resource["authorization_servers"] = json!([issuer]);
        metadata["issuer"] = json!(issuer);
        Router::new()
            .route(
                "/.well-known/oauth-protected-resource/api",
                get(async || Json(resource)),
            )
            .route(
                "/tenant/.well-known/openid-configuration",
                get(async || Json(metadata)),
            )
    });
    assert_eq!(begin(&server).url().path(), "/authorize");
}

#[test]
fn a_workspace_without_oauth_says_so() {
    let server = Server::start(Router::new());
    let error = ocore(&remote())
        .browser(&server.base(), None)
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
}

#[test]
fn a_wrong_state_is_sent_away_and_the_wait_goes_on() {
    let (server, script) = start(|_| {});
    let origin = format!("http://{}", server.address);
    let attempt = begin(&server);
    let code = [("code", "the-code"), ("iss", origin.as_str())];
    let urls = vec![
        back(&*attempt, Some("guessed"), &code),
        back(
            &*attempt,
            Some(""),
            &[("error", "access_denied"), ("iss", &origin)],
        ),
        back(&*attempt, None, &code),
    ];
    let (outcome, pages) = visit(attempt, urls);
    assert!(outcome.is_ok());
    let statuses: Vec<u16> = pages.iter().map(|page| page.status).collect();
    assert_eq!(statuses, [400, 400, 200]);
    assert_eq!(script.forms.lock().unwrap().len(), 1);
}

#[test]
fn nothing_is_redeemed_for_another_authorization_server() {
    for iss in [Some("https://mixed.up"), None] {
        let (server, script) = start(|_| {});
        let attempt = begin(&server);
        let mut query = vec![("code", "the-code"), ("error_description", "show-me-not")];
        query.extend(iss.map(|iss| ("iss", iss)));
        let url = back(&*attempt, None, &query);
        let (outcome, pages) = visit(attempt, vec![url]);
        let error = outcome.unwrap_err();
        assert!(
            matches!(&error.kind, Kind::Unexpected { found, .. } if found.contains("another")),
            "{error}"
        );
        assert!(!pages[0].text.contains("show-me-not") && pages[0].text.contains("Not signed in"));
        assert!(script.forms.lock().unwrap().is_empty());
    }
}

#[test]
fn a_no_is_told_to_both_sides() {
    let (server, script) = start(|_| {});
    let origin = format!("http://{}", server.address);
    let deny = |error: &str, sentence: &str| {
        let attempt = begin(&server);
        let query = [
            ("error", error),
            ("error_description", sentence),
            ("iss", origin.as_str()),
        ];
        let url = back(&*attempt, None, &query);
        let (outcome, mut pages) = visit(attempt, vec![url]);
        (outcome.unwrap_err().kind, pages.remove(0).text)
    };
    let (kind, page) = deny("access_denied", "The owner said no.");
    let detail = "access was not allowed".to_owned();
    assert_eq!(kind, Kind::SignInRefused { detail });
    assert!(page.contains("access was not allowed"), "{page}");

    let (kind, page) = deny("server_error", "<b>Broken</b>\u{7}");
    let detail = "<b>Broken</b>".to_owned();
    assert_eq!(kind, Kind::SignInRefused { detail });
    assert!(page.contains("&lt;b&gt;Broken"), "{page}");
    assert!(script.forms.lock().unwrap().is_empty());
}

#[test]
fn a_code_that_is_not_accepted_is_a_refused_sign_in() {
    let (server, _) = start(|script| {
        script.token = (
            400,
            json!({"error": "invalid_grant", "error_description": "the-code is too old"}),
        );
    });
    let origin = format!("http://{}", server.address);
    let attempt = begin(&server);
    let url = back(&*attempt, None, &[("code", "the-code"), ("iss", &origin)]);
    let (outcome, pages) = visit(attempt, vec![url]);
    let detail = "•••••••• is too old".to_owned();
    assert_eq!(outcome.unwrap_err().kind, Kind::SignInRefused { detail });
    assert!(pages[0].text.contains("Not signed in"));
}
