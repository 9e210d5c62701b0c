//! Keystow's use cases.
pub mod contract;
