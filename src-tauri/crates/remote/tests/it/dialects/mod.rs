//! The dialects against real servers: one suite for all, and what is particular to each.

pub mod app;
mod atlas;
mod better_auth;
mod codes;
mod conformance;
mod ocore;
mod verbs;
mod versions;

use keystow_core::provider::{Dialect, Providers};
use keystow_core::remote::Dialects;

use crate::server::remote;

#[test]
fn a_provider_file_promises_no_more_than_its_dialect_does() {
    for provider in Providers::built_in().iter() {
        let keys = remote().key_api(provider.dialect);
        let can = keys.as_ref().map_or(&[][..], |keys| keys.capabilities());
        for capability in &provider.capabilities {
            let name = capability.as_str();
            let usage_of_a_proof = provider.dialect == Dialect::None && name == "usage";
            assert!(
                can.contains(capability) || usage_of_a_proof,
                "{}: {name}",
                provider.id
            );
        }
    }
}
