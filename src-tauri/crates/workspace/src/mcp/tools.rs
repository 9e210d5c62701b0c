//! The tools: few, and useful for trying whether a connection works.

use std::sync::Arc;
use std::time::Duration;

use axum::http::request::Parts;
use rmcp::ErrorData;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    JsonObject, ListToolsResult, PaginatedRequestParams, ProgressNotificationParam,
    ServerCapabilities, ServerConfig, Tool, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer};
use rusqlite::params;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::permit::{self, Forbidden};
use crate::clock;
use crate::db::DbError;
use crate::keys::{self, Whose};
use crate::live::LiveKey;
use crate::state::State;
use crate::usage;

/// How long `slow` may take, and how often it tells its progress.
const MOST_SECONDS: f64 = 300.0;
const PROGRESS_EVERY: Duration = Duration::from_millis(250);

/// How much `stream` may send.
const MOST_MESSAGES: u32 = 100;
const MOST_INTERVAL_MS: u64 = 5_000;

/// How much text `echo` takes.
const MOST_ECHO: usize = 100_000;

/// Jobs that are remembered, and shown.
const JOBS_KEPT: i64 = 1_000;
const JOBS_SHOWN: i64 = 5;

/// The handler behind the endpoint. The key is not its own: it comes with each request.
pub(crate) struct Tools {
    state: Arc<State>,
}

impl Tools {
    pub(crate) fn new(state: Arc<State>) -> Self {
        Self { state }
    }
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().build();
        let me = Implementation::new("keystow-local-workspace", env!("CARGO_PKG_VERSION"))
            .with_title("Keystow local workspace");
        ServerConfig::new(capabilities)
            .with_server_info(me)
            .with_instructions(
                "Tools to try a connection with: whoami, list_keys, usage, echo, stream and slow.",
            )
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let key = caller(&context)?;
        let tools = allowed(&key).map(described).collect();
        Ok(ListToolsResult::with_all_items(tools))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let key = caller(&context)?;
        let needs =
            permit::check(&key.settings(), &key.organization, &request.name).map_err(refused)?;
        let arguments = request.arguments.unwrap_or_default();
        let result = match needs.tool {
            "whoami" => Ok(whoami(&key)),
            "list_keys" => self.list_keys(parsed(arguments)?, &key).await,
            "usage" => self.usage(&key).await,
            "echo" => echo(parsed(arguments)?),
            "stream" => stream(parsed(arguments)?, &key, &context).await,
            "slow" => self.slow(parsed(arguments)?, &key, &context).await,
            other => return Err(refused(Forbidden::Unknown(other.to_owned()))),
        };
        result.map(Into::into)
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ListKeys {
    search: Option<String>,
    page: Option<u32>,
    limit: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Echo {
    text: String,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Stream {
    count: Option<u32>,
    interval_ms: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Slow {
    seconds: Option<f64>,
}

/// The tools a key may call now.
fn allowed(key: &LiveKey) -> impl Iterator<Item = &'static permit::Needs> {
    let settings = key.settings();
    permit::TOOLS
        .iter()
        .filter(move |needs| permit::check(&settings, &key.organization, needs.tool).is_ok())
}

fn whoami(key: &LiveKey) -> CallToolResult {
    let settings = key.settings();
    let tools: Vec<&str> = allowed(key).map(|needs| needs.tool).collect();
    CallToolResult::structured(json!({
        "workspace": "Local workspace",
        "organization": key.organization,
        "key": {"name": settings.name, "masked": key.masked},
        "permissions": settings.permissions,
        "readOnly": settings.mcp.read_only,
        "preset": settings.mcp.preset,
        "expiresAt": settings.expires_at.map(clock::rfc3339),
        "tools": tools,
    }))
}

fn echo(asked: Echo) -> Result<CallToolResult, ErrorData> {
    if asked.text.len() > MOST_ECHO {
        return Err(invalid(format!("text has at most {MOST_ECHO} bytes")));
    }
    Ok(CallToolResult::success(vec![ContentBlock::text(
        asked.text,
    )]))
}

/// Sends progress on the way, when the caller asked for it with a progress token.
async fn stream(
    asked: Stream,
    key: &LiveKey,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResult, ErrorData> {
    let count = asked.count.unwrap_or(5).clamp(1, MOST_MESSAGES);
    let interval = Duration::from_millis(asked.interval_ms.unwrap_or(200).min(MOST_INTERVAL_MS));
    for sent in 1..=count {
        if !pause(interval, key, context).await {
            return Ok(stopped());
        }
        progress(
            context,
            f64::from(sent),
            f64::from(count),
            format!("message {sent} of {count}"),
        )
        .await;
    }
    Ok(CallToolResult::structured(json!({"messages": count})))
}

impl Tools {
    async fn list_keys(&self, asked: ListKeys, key: &LiveKey) -> Result<CallToolResult, ErrorData> {
        let query = keys::Query {
            whose: Whose::Organization(key.organization.seq),
            search: asked.search.filter(|text| !text.trim().is_empty()),
            page: asked.page.unwrap_or(1).max(1),
            limit: asked.limit.unwrap_or(50).clamp(1, 200),
            order: keys::Order::default(),
        };
        let state = &self.state;
        state.usage.flush(&state.db).await.map_err(failed)?;
        let (keys, total) = state
            .db
            .read(move |c| keys::list(c, &query))
            .await
            .map_err(failed)?;
        let keys: Vec<Value> = keys
            .into_iter()
            .map(|key| {
                json!({
                    "name": key.settings.name,
                    "masked": format!("{}••••••••{}", key.prefix, key.last_four),
                    "paused": !key.settings.mcp.active,
                    "permissions": key.settings.permissions,
                    "createdAt": clock::rfc3339(key.created_at),
                    "expiresAt": key.settings.expires_at.map(clock::rfc3339),
                    "lastUsedAt": key.last_used_at.map(clock::rfc3339),
                    "requests": key.requests,
                })
            })
            .collect();
        Ok(CallToolResult::structured(
            json!({"total": total, "keys": keys}),
        ))
    }

    async fn usage(&self, key: &LiveKey) -> Result<CallToolResult, ErrorData> {
        let Some(seq) = key.seq else {
            return Ok(CallToolResult::structured(
                json!({"note": "Usage is counted for API keys; this is an OAuth access token."}),
            ));
        };
        let state = &self.state;
        state.usage.flush(&state.db).await.map_err(failed)?;
        let (report, jobs) = state
            .db
            .read(move |c| {
                let jobs: Vec<Value> = c
                    .prepare_cached(
                        "SELECT seconds, finished, finished_at FROM jobs WHERE key = ?1 ORDER BY id DESC LIMIT ?2",
                    )?
                    .query_map([seq, JOBS_SHOWN], |row| {
                        Ok(json!({
                            "seconds": row.get::<_, f64>(0)?,
                            "finished": row.get::<_, bool>(1)?,
                            "at": clock::rfc3339(row.get(2)?),
                        }))
                    })?
                    .collect::<Result<_, _>>()?;
                Ok::<_, DbError>((usage::report(c, seq)?, jobs))
            })
            .await
            .map_err(failed)?;
        let mut value = serde_json::to_value(report).expect("a report always serialises");
        value["latestJobs"] = jobs.into();
        Ok(CallToolResult::structured(value))
    }

    /// A job of some length. It can be cancelled, and leaves a line among the key's jobs either way.
    async fn slow(
        &self,
        asked: Slow,
        key: &LiveKey,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        let seconds = asked.seconds.unwrap_or(3.0);
        if !(0.0..=MOST_SECONDS).contains(&seconds) {
            return Err(invalid(format!(
                "seconds is a number from 0 to {MOST_SECONDS}"
            )));
        }
        let whole = Duration::from_secs_f64(seconds);
        let began = tokio::time::Instant::now();
        let mut finished = true;
        while let left = whole.saturating_sub(began.elapsed())
            && !left.is_zero()
        {
            if !pause(left.min(PROGRESS_EVERY), key, context).await {
                finished = false;
                break;
            }
            let done = began.elapsed().min(whole).as_secs_f64();
            progress(
                context,
                done,
                seconds,
                format!("{done:.1} of {seconds} seconds"),
            )
            .await;
        }
        if let Some(key) = key.seq {
            let took = began.elapsed().min(whole).as_secs_f64();
            self.note_job(key, took, finished).await.map_err(failed)?;
        }
        if finished {
            Ok(CallToolResult::structured(
                json!({"slept_seconds": seconds}),
            ))
        } else {
            Ok(stopped())
        }
    }

    async fn note_job(&self, key: i64, seconds: f64, finished: bool) -> Result<(), DbError> {
        self.state
            .db
            .write(move |c| {
                c.prepare_cached(
                    "INSERT INTO jobs (key, seconds, finished, finished_at) SELECT seq, ?2, ?3, ?4 FROM keys WHERE seq = ?1",
                )?
                .execute(params![key, seconds, finished, clock::now()])?;
                c.prepare_cached("DELETE FROM jobs WHERE id <= (SELECT max(id) FROM jobs) - ?1")?
                    .execute([JOBS_KEPT])?;
                Ok(())
            })
            .await
    }
}

/// Waits; `false` when the call was cancelled meanwhile, or its key revoked or paused.
async fn pause(time: Duration, key: &LiveKey, context: &RequestContext<RoleServer>) -> bool {
    tokio::select! {
        () = tokio::time::sleep(time) => true,
        () = context.ct.cancelled() => false,
        () = key.ending.cancelled() => false,
    }
}

async fn progress(context: &RequestContext<RoleServer>, done: f64, total: f64, message: String) {
    let Some(token) = context.meta.get_progress_token() else {
        return;
    };
    let note = ProgressNotificationParam::new(token, done)
        .with_total(total)
        .with_message(message);
    // Whoever no longer listens does not miss it.
    if let Err(error) = context.peer.notify_progress(note).await {
        tracing::debug!(%error, "progress could not be told");
    }
}

fn stopped() -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text("Stopped before it was done.")])
}

/// Who calls: the endpoint put it beside the request.
fn caller(context: &RequestContext<RoleServer>) -> Result<Arc<LiveKey>, ErrorData> {
    context
        .extensions
        .get::<Parts>()
        .and_then(|parts| parts.extensions.get::<Arc<LiveKey>>())
        .cloned()
        .ok_or_else(|| ErrorData::internal_error("the request came without its key", None))
}

fn parsed<T: DeserializeOwned>(arguments: JsonObject) -> Result<T, ErrorData> {
    serde_json::from_value(Value::Object(arguments)).map_err(|error| invalid(error.to_string()))
}

fn invalid(message: String) -> ErrorData {
    ErrorData::invalid_params(message, None)
}

fn refused(why: Forbidden) -> ErrorData {
    let code = match &why {
        Forbidden::Unknown(_) => "unknown_tool",
        _ => "tool_not_allowed",
    };
    ErrorData::invalid_params(why.to_string(), Some(json!({"code": code})))
}

fn failed(error: DbError) -> ErrorData {
    tracing::error!(%error, "a tool failed");
    ErrorData::internal_error("the workspace's database failed", None)
}

/// A tool as clients see it.
fn described(needs: &permit::Needs) -> Tool {
    let (title, about, properties, required) = match needs.tool {
        "whoami" => (
            "Who am I",
            "Tells which key this is and what it may do.",
            json!({}),
            json!([]),
        ),
        "list_keys" => (
            "List keys",
            "Lists the keys of this key's organization, without their plaintext.",
            json!({
                "search": {"type": "string", "description": "Part of a name or of the last four characters."},
                "page": {"type": "integer", "minimum": 1, "default": 1},
                "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
            }),
            json!([]),
        ),
        "usage" => (
            "Usage",
            "Tells how this key was used: requests this month, endpoints, clients, latest jobs.",
            json!({}),
            json!([]),
        ),
        "echo" => (
            "Echo",
            "Says back what it is told.",
            json!({"text": {"type": "string", "maxLength": MOST_ECHO}}),
            json!(["text"]),
        ),
        "stream" => (
            "Stream",
            "Sends some progress messages one after the other, then a result.",
            json!({
                "count": {"type": "integer", "minimum": 1, "maximum": MOST_MESSAGES, "default": 5},
                "interval_ms": {"type": "integer", "minimum": 0, "maximum": MOST_INTERVAL_MS, "default": 200},
            }),
            json!([]),
        ),
        _ => (
            "Slow",
            "Runs a job that takes some seconds, with progress on the way. Can be cancelled. Leaves a line among the jobs that usage shows.",
            json!({"seconds": {"type": "number", "minimum": 0, "maximum": MOST_SECONDS, "default": 3}}),
            json!([]),
        ),
    };
    let schema = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    let Value::Object(schema) = schema else {
        unreachable!("written as an object just above")
    };
    Tool::new(needs.tool, about, Arc::new(schema))
        .with_title(title)
        .with_annotations(
            ToolAnnotations::with_title(title)
                .read_only(!needs.writes)
                .destructive(false)
                .idempotent(!needs.writes)
                .open_world(false),
        )
}
