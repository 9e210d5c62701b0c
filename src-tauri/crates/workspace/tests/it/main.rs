//! The real server on a port of its own, spoken to over HTTP.
#![allow(clippy::unwrap_used)]

mod accounts;
mod consent;
mod device;
mod document;
mod guards;
mod keys;
mod launcher;
mod lifecycle;
mod mcp_limits;
mod mcp_protocol;
mod oauth;
mod organizations;
mod server;
mod totp;
