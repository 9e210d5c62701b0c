//! keychain
