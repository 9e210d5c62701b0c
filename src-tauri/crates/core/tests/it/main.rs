//! The core's promises from outside: golden trees per client and properties of edits and previews.
#![allow(clippy::unwrap_used, clippy::string_slice)]

mod client_links;
mod client_targets;
mod clients;
mod deep_links;
mod documents;
mod edit;
mod edit_lists;
mod edit_properties;
mod golden;
mod own_clients;
mod own_providers;
mod preview;
mod preview_lines;
mod providers;
mod readme;
mod toml_edit;
mod toml_properties;
mod yaml_change;
mod yaml_documents;
mod yaml_edit;
mod yaml_properties;
mod yaml_quoting;
