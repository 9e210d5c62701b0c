mod client;
mod server;

pub use client::{At, Client, Keys, Moves, options};
pub use server::{
    Recorded, Server, accepted, event, events, json_answer, legacy, live_events, serve, status,
};
