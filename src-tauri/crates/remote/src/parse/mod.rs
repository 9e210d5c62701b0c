//! Parsers of what servers say about themselves, their limits and their failures. Pure: they take bytes and answer, whatever the
//! bytes are.

mod budget;
mod challenge;
mod fields;
mod problem;
mod retry_after;
mod times;

pub(crate) use budget::budget;
pub(crate) use challenge::Challenge;
pub(crate) use problem::Problem;
pub(crate) use times::{http_date_ms, moment, rfc3339, rfc3339_ms};
