//! The house rules that no compiler knows: which crate may link what, where plaintext may be seen, who may write files.
//!
//! Each rule is a table. A change that needs a new row changes the table in the same commit, where a reviewer sees it.
#![allow(clippy::unwrap_used)]
#![allow(clippy::string_slice)] // the places come from searches in the same text

mod access;
mod crates;
mod documents;
mod plaintext;
mod source;
