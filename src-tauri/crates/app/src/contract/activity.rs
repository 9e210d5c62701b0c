//! The trail.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

wire! {
    /// Which part of the trail.
    struct ActivityRequest {
        /// Only entries before this one's number.
        before: Option<u32>,
        /// 1 to 200; `null`: 50. An export takes all.
        limit: Option<u32>,
        /// Only these kinds, by their first word, such as `key`; empty: all.
        kinds: Vec<String>,
        /// Only entries that name all of these, whatever their case: a workspace, a client, a key, a word.
        about: Vec<String>,
        /// Only from this time on, in Unix milliseconds.
        #[ts(type = "number | null")]
        since: Option<i64>,
        /// Only up to this time, in Unix milliseconds.
        #[ts(type = "number | null")]
        until: Option<i64>,
    }
    /// One line of the trail. Names only.
    struct ActivityView {
        /// Grows by one.
        seq: u32,
        /// Unix milliseconds.
        #[ts(type = "number")]
        at: i64,
        /// Such as `key.created`.
        kind: String,
        /// One sentence.
        text: String,
    }
    /// A file that was written for the person.
    struct ExportView {
        /// Where it is, with `~`.
        path: String,
        /// How many lines it has.
        lines: u32,
    }
}
