//! The dialects against real servers: one suite for all, and what is particular to each.

mod app;
mod atlas;
mod better_auth;
mod codes;
mod conformance;
mod ocore;
mod verbs;
mod versions;
