//! OAuth 2.1 as a native app does it: discovery, the person's own browser, PKCE, and a loopback port that is open only while
//! somebody waits.
//! Source: RFC 8252, RFC 7636, RFC 8414, RFC 9207, RFC 9728, RFC 8707, checked 2026-11-20.

mod attempt;
mod callback;
mod discovery;
mod page;
mod pkce;
mod token;

pub(crate) use attempt::Attempt;
pub(crate) use token::{refresh, revoke};

/// Our client id; workspaces that speak to Keystow have it registered beforehand.
const CLIENT_ID: &str = "keystow";
