//! Use cases over real doors.
#![allow(clippy::unwrap_used)]

mod bench;
mod faults;
mod keys;
mod sessions;
