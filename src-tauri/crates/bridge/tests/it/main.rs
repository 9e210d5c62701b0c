//! The bridge between a client on in-memory pipes and real HTTP servers on the loopback interface.
#![allow(clippy::unwrap_used, missing_docs)]

mod end;
mod eras;
mod faults;
mod large;
#[cfg(unix)]
mod official;
mod oldest;
mod order;
mod parsers;
mod patience;
#[cfg(unix)]
mod probe;
mod replaced;
mod rmcp_server;
mod sessions;
mod support;
mod transparency;
