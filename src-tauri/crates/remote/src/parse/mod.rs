//! Parsers of what servers say about failures. Pure: they take bytes and answer, whatever the bytes are.

mod problem;
mod retry_after;
mod times;

pub(crate) use problem::Problem;
pub(crate) use times::{http_date_ms, rfc3339, rfc3339_ms};
