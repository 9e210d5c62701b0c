//! Who used which key for what: counted in memory, written in batches, so that no call waits for the disk.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use tokio::sync::Notify;

use crate::clock::{self, UnixMs};
use crate::db::{Db, DbError};

/// How many days the chart of a key shows.
const CHART_DAYS: i64 = 30;

/// How many endpoints and clients are listed.
const TOP: i64 = 20;

/// What one line of the log counts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Line {
    key: i64,
    day: i64,
    endpoint: String,
    client: String,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    requests: i64,
    last_at: UnixMs,
}

/// Requests that are counted and not yet written.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    pending: Mutex<HashMap<Line, Count>>,
    /// One batch at a time, so that whoever flushed sees everything that was counted before.
    flushing: tokio::sync::Mutex<()>,
    /// There is something to write.
    waiting: Notify,
}

impl Usage {
    /// Counts one request.
    pub(crate) fn record(&self, key: i64, endpoint: String, client: String) {
        let at = clock::now();
        let line = Line {
            key,
            day: clock::day(at),
            endpoint,
            client,
        };
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.is_empty() {
            self.waiting.notify_one();
        }
        let count = pending.entry(line).or_default();
        count.requests += 1;
        count.last_at = at;
    }

    /// Waits until there is something to write.
    pub(crate) async fn to_write(&self) {
        self.waiting.notified().await;
    }

    /// Writes what was counted.
    pub(crate) async fn flush(&self, db: &Db) -> Result<(), DbError> {
        let _turn = self.flushing.lock().await;
        let batch =
            std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        if batch.is_empty() {
            return Ok(());
        }
        let written = batch.clone();
        let outcome = db.write(move |c| write(c, &written)).await;
        if outcome.is_err() {
            let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
            self.waiting.notify_one();
            for (line, count) in batch {
                let kept = pending.entry(line).or_default();
                kept.requests += count.requests;
                kept.last_at = kept.last_at.max(count.last_at);
            }
        }
        outcome
    }
}

/// A key that was deleted meanwhile has no usage any more: the `SELECT`s find nothing to insert for it.
fn write(connection: &Connection, batch: &HashMap<Line, Count>) -> Result<(), DbError> {
    let mut line = connection.prepare_cached(
        "INSERT INTO usage (key, day, endpoint, client, requests, last_at)
         SELECT seq, ?2, ?3, ?4, ?5, ?6 FROM keys WHERE seq = ?1
         ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, last_at = max(last_at, excluded.last_at)",
    )?;
    let mut month = connection.prepare_cached(
        "INSERT INTO usage_months (key, month, requests)
         SELECT seq, ?2, ?3 FROM keys WHERE seq = ?1
         ON CONFLICT DO UPDATE SET requests = requests + excluded.requests",
    )?;
    let mut key = connection.prepare_cached(
        "UPDATE keys SET last_used_at = max(coalesce(last_used_at, 0), ?2) WHERE seq = ?1",
    )?;
    for (at, count) in batch {
        line.execute(params![
            at.key,
            at.day,
            at.endpoint,
            at.client,
            count.requests,
            count.last_at
        ])?;
        let (first, _) = clock::month(at.day * clock::DAY);
        month.execute(params![at.key, first, count.requests])?;
        key.execute(params![at.key, count.last_at])?;
    }
    Ok(())
}

/// The activity of one key, as the API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    last_used_at: Option<String>,
    period: Period,
    requests_this_period: i64,
    top_endpoints: Vec<EndpointUse>,
    clients: Vec<ClientUse>,
    days: Vec<DayUse>,
}

/// The calendar month (UTC) requests are counted in.
#[derive(Debug, Serialize)]
struct Period {
    start: String,
    end: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EndpointUse {
    endpoint: String,
    requests: i64,
    last_used_at: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ClientUse {
    client: String,
    requests: i64,
    last_used_at: String,
}

#[derive(Debug, Serialize)]
struct DayUse {
    day: String,
    requests: i64,
    clients: Vec<DayClient>,
}

/// What one client used a key for on one day.
#[derive(Debug, Serialize)]
struct DayClient {
    client: String,
    requests: i64,
}

/// What is known about the use of a key. Flush first.
pub(crate) fn report(connection: &Connection, key: i64) -> Result<Report, DbError> {
    let now = clock::now();
    let (first, next) = clock::month(now);
    let last_used_at: Option<UnixMs> = connection
        .prepare_cached("SELECT last_used_at FROM keys WHERE seq = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?
        .flatten();
    let since = clock::day(now) - CHART_DAYS + 1;
    let mut counted: HashMap<i64, Vec<DayClient>> = HashMap::new();
    let mut by_client = connection.prepare_cached(
        "SELECT day, client, sum(requests) FROM usage WHERE key = ?1 AND day >= ?2 GROUP BY day, client ORDER BY 3 DESC, 2",
    )?;
    let mut rows = by_client.query([key, since])?;
    while let Some(row) = rows.next()? {
        counted.entry(row.get(0)?).or_default().push(DayClient {
            client: row.get(1)?,
            requests: row.get(2)?,
        });
    }
    Ok(Report {
        last_used_at: last_used_at.map(clock::rfc3339),
        period: Period {
            start: clock::rfc3339(first * clock::DAY),
            end: clock::rfc3339(next * clock::DAY),
        },
        requests_this_period: connection
            .prepare_cached("SELECT requests FROM usage_months WHERE key = ?1 AND month = ?2")?
            .query_row([key, first], |row| row.get(0))
            .optional()?
            .unwrap_or(0),
        top_endpoints: top(connection, "endpoint", key, first)?
            .into_iter()
            .map(|(endpoint, requests, last_used_at)| EndpointUse {
                endpoint,
                requests,
                last_used_at,
            })
            .collect(),
        clients: top(connection, "client", key, first)?
            .into_iter()
            .map(|(client, requests, last_used_at)| ClientUse {
                client,
                requests,
                last_used_at,
            })
            .collect(),
        days: (since..since + CHART_DAYS)
            .map(|day| {
                let clients = counted.remove(&day).unwrap_or_default();
                DayUse {
                    day: clock::date(day),
                    requests: clients.iter().map(|client| client.requests).sum(),
                    clients,
                }
            })
            .collect(),
    })
}

/// Most used first, this period.
fn top(
    connection: &Connection,
    column: &'static str,
    key: i64,
    since: i64,
) -> Result<Vec<(String, i64, String)>, DbError> {
    let query = format!(
        "SELECT {column}, sum(requests), max(last_at) FROM usage WHERE key = ?1 AND day >= ?2
         GROUP BY {column} ORDER BY 2 DESC, 1 LIMIT ?3"
    );
    let rows = connection
        .prepare_cached(&query)?
        .query_map([key, since, TOP], |row| {
            Ok((row.get(0)?, row.get(1)?, clock::rfc3339(row.get(2)?)))
        })?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}
