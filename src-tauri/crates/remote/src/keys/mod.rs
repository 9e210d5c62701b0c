//! Key APIs, one module for each dialect.

mod created;
mod dto;
mod ocore;
mod verify;

pub(crate) use ocore::Ocore;
