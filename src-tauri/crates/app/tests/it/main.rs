//! Use cases over real doors.
#![allow(clippy::unwrap_used)]
#![cfg(target_os = "linux")]

mod bench;
mod everybody;
mod faults;
mod keys;
mod pasted;
mod product;
mod providers;
mod sessions;
