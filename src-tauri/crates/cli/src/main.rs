//! The keystow command.
fn main() {}
