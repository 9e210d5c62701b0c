//! OAuth 2.1 as a native app does it: discovery, the person's own browser, PKCE, and a loopback port that is open only while
//! somebody waits. At a workspace that knows Keystow, and at any MCP server, where Keystow registers itself.
//! Source: RFC 8252, RFC 7591, RFC 7636, RFC 8414, RFC 9207, RFC 9728, RFC 8707,
//! modelcontextprotocol.io/specification/2026-07-28/basic/authorization, checked 2026-11-20.

mod address;
mod attempt;
mod callback;
mod discovery;
mod page;
mod pkce;
mod register;
mod resource;
mod server;
mod token;
mod workspace;

pub(crate) use attempt::Attempt;
pub(crate) use workspace::{refresh, revoke};
