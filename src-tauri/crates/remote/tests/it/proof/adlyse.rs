//! Source: docs.adlyse.com/mcp/authentication, docs.adlyse.com/docs/mcp/adlyse-admin, docs.adlyse.com/integrations/api-keys, checked
//! 2026-11-21. The documentation names `error_type` and the sentence; where the sentence stands is not said, so both usual
//! places are tried.

use keystow_core::key::KeyFacts;
use keystow_core::remote::RemoteErrorKind as Kind;
use serde_json::json;

use super::{arrives, hidden, prove, provider};
use crate::scripted::{Reply, Scripted};

const INSIGHTS: &str = "POST /mcp/insights/";

#[test]
fn its_mcp_server_greets_a_good_key() {
    let greeting = json!({"jsonrpc": "2.0", "id": 1, "result": {}});
    let server = Scripted::start(|_| vec![(INSIGHTS, Reply::new(200, greeting))]);
    let provider = provider("adlyse");
    assert_eq!(prove(&provider, &server, &[]).unwrap(), KeyFacts::default());
    arrives(&provider, &server, INSIGHTS);
}

#[test]
fn a_revoked_key_is_told_with_its_code() {
    let provider = provider("adlyse");
    for place in ["message", "error"] {
        let body = json!({"error_type": "auth_error", place: "Invalid or inactive API key"});
        let reply = Reply::new(401, body).with("www-authenticate", "Bearer");
        let server = Scripted::start(|_| vec![(INSIGHTS, reply)]);
        let error = prove(&provider, &server, &[]).unwrap_err();
        assert_eq!(error.kind, Kind::Unauthorised);
        assert_eq!(error.code.as_deref(), Some("auth_error"));
        assert_eq!(server.asked(), [INSIGHTS]);
        hidden(&error);
    }
}

#[test]
fn its_other_refusals_keep_their_code() {
    let provider = provider("adlyse");
    for (status, code) in [
        (403, "permission_denied"),
        (404, "not_found"),
        (409, "conflict"),
        (422, "validation_error"),
    ] {
        let body = json!({"error_type": code, "message": "Not for this user."});
        let server = Scripted::start(|_| {
            let greeting = Reply::new(status, body);
            vec![(INSIGHTS, greeting)]
        });
        let error = prove(&provider, &server, &[]).unwrap_err();
        assert_eq!(error.code.as_deref(), Some(code));
        assert!(
            provider.error(code).is_some(),
            "the provider file explains {code}"
        );
    }
}
