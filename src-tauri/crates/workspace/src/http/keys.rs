//! The key API.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json as Answer;
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use keystow_core::key::checked_name;
use serde::{Deserialize, Deserializer, Serialize};

use super::auth::{Owner, SignedIn};
use super::body::Json;
use super::problem::{FieldError, Problem};
use crate::clock;
use crate::db::DbError;
use crate::keys::{self, Key, KeyView, McpAccess, Order, RATE_PER_MINUTE, Settings, Sort, Whose};
use crate::mcp::permit;
use crate::state::State;
use crate::usage::{self, Report};

/// Keys a page where nothing is asked for, and at most.
const DEFAULT_LIMIT: u32 = 50;
const MOST_LIMIT: u32 = 200;

/// How long a search may be, and how many entries a list may have, and how long they may be.
const SEARCH_CHARACTERS: usize = 200;
const LIST_ENTRIES: usize = 100;
const ENTRY_CHARACTERS: usize = 200;

/// The most requests a minute a key may be given.
const MOST_RATE: u32 = 1_000_000;

/// What a client says about a key; what it leaves out stays as it is, or takes its default.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct KeyRequest {
    name: Option<String>,
    scope: Option<String>,
    permissions: Option<Vec<String>>,
    /// `null` says never.
    #[serde(deserialize_with = "given")]
    expires_at: Option<Option<String>>,
    rate_limit_per_minute: Option<u32>,
    mcp_active: Option<bool>,
    mcp_allowlist_mode: Option<String>,
    mcp_instance_ids: Option<Vec<String>>,
    mcp_permissions: Option<Vec<String>>,
    /// `null` says none.
    #[serde(deserialize_with = "given")]
    mcp_preset: Option<Option<String>>,
    mcp_project_ids: Option<Vec<String>>,
    mcp_read_only: Option<bool>,
    mcp_tool_allowlist: Option<Vec<String>>,
}

/// Tells a field that is `null` from one that is not there.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageView {
    api_keys: Vec<KeyView>,
    total: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OneView {
    api_key: KeyView,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreatedView {
    api_key: KeyView,
    key: String,
}

#[derive(Serialize)]
pub(super) struct MessageView {
    message: &'static str,
}

pub(super) async fn list(
    SignedIn { organization }: SignedIn,
    Shared(state): Shared<Arc<State>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Answer<PageView>, Problem> {
    page(&state, Whose::Organization(organization.seq), asked).await
}

pub(super) async fn list_everybodys(
    _: Owner,
    Shared(state): Shared<Arc<State>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Answer<PageView>, Problem> {
    page(&state, Whose::Everybody, asked).await
}

async fn page(
    state: &State,
    whose: Whose,
    asked: HashMap<String, String>,
) -> Result<Answer<PageView>, Problem> {
    let query = checked_query(whose, asked)?;
    state.usage.flush(&state.db).await?;
    let (keys, total) = state.db.read(move |c| keys::list(c, &query)).await?;
    let api_keys = keys.into_iter().map(|key| view(state, key)).collect();
    Ok(Answer(PageView { api_keys, total }))
}

pub(super) async fn create(
    SignedIn { organization }: SignedIn,
    Shared(state): Shared<Arc<State>>,
    Json(request): Json<KeyRequest>,
) -> Result<(StatusCode, Answer<CreatedView>), Problem> {
    let settings = request.applied(None)?;
    let (key, plaintext) = state
        .db
        .write(move |c| keys::create(c, organization.seq, &settings))
        .await?;
    let created = CreatedView {
        api_key: view(&state, key),
        key: plaintext,
    };
    Ok((StatusCode::CREATED, Answer(created)))
}

pub(super) async fn show(
    signed_in: SignedIn,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
) -> Result<Answer<OneView>, Problem> {
    state.usage.flush(&state.db).await?;
    let whose = signed_in.whose();
    let key = state.db.read(move |c| keys::get(c, whose, &id)).await?;
    let key = key.ok_or_else(no_such_key)?;
    Ok(Answer(OneView {
        api_key: view(&state, key),
    }))
}

pub(super) async fn update(
    signed_in: SignedIn,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
    Json(request): Json<KeyRequest>,
) -> Result<Answer<OneView>, Problem> {
    change(&state, signed_in.whose(), id, move |key| {
        request.applied(Some(key.settings.clone()))
    })
    .await
}

pub(super) async fn toggle(
    signed_in: SignedIn,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
) -> Result<Answer<OneView>, Problem> {
    change(&state, signed_in.whose(), id, |key| {
        let mut settings = key.settings.clone();
        settings.mcp.active = !settings.mcp.active;
        Ok(settings)
    })
    .await
}

pub(super) async fn revoke(
    signed_in: SignedIn,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
) -> Result<Answer<MessageView>, Problem> {
    revoke_one(&state, signed_in.whose(), id).await
}

pub(super) async fn revoke_anybodys(
    _: Owner,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
) -> Result<Answer<MessageView>, Problem> {
    revoke_one(&state, Whose::Everybody, id).await
}

async fn revoke_one(
    state: &State,
    whose: Whose,
    id: String,
) -> Result<Answer<MessageView>, Problem> {
    let _turn = state.changing.lock().await;
    let deleted = id.clone();
    let found = state
        .db
        .write(move |c| keys::delete(c, whose, &deleted))
        .await?;
    if !found {
        return Err(no_such_key());
    }
    state.keys.revoked(&id);
    state.sessions.end_of_key(&id).await;
    Ok(Answer(MessageView {
        message: "The key is revoked.",
    }))
}

pub(super) async fn activity(
    signed_in: SignedIn,
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
) -> Result<Answer<Report>, Problem> {
    let whose = signed_in.whose();
    state.usage.flush(&state.db).await?;
    let report = state
        .db
        .read(move |c| match keys::get(c, whose, &id)? {
            Some(key) => usage::report(c, key.seq).map(Some),
            None => Ok::<_, DbError>(None),
        })
        .await?;
    report.map(Answer).ok_or_else(no_such_key)
}

/// Changes one key in the database and then in memory.
async fn change(
    state: &State,
    whose: Whose,
    id: String,
    decide: impl FnOnce(&Key) -> Result<Settings, Problem> + Send + 'static,
) -> Result<Answer<OneView>, Problem> {
    let _turn = state.changing.lock().await;
    let key = state
        .db
        .write(move |c| {
            let mut key = keys::get(c, whose, &id)?.ok_or_else(no_such_key)?;
            let settings = decide(&key)?;
            keys::update(c, key.seq, &settings)?;
            key.settings = settings;
            Ok::<_, Problem>(key)
        })
        .await?;
    state.keys.changed(&key);
    if !key.settings.mcp.active {
        state.sessions.end_of_key(&key.id).await;
    }
    Ok(Answer(OneView {
        api_key: view(state, key),
    }))
}

fn view(state: &State, key: Key) -> KeyView {
    let reconnect = state.keys.reconnect_required(key.seq);
    key.view(reconnect)
}

fn no_such_key() -> Problem {
    Problem::not_found("There is no such key. It may have been revoked.")
}

/// Reads `page`, `limit`, `search`, `sort` and `order`; anything else is not for us.
fn checked_query(whose: Whose, asked: HashMap<String, String>) -> Result<keys::Query, Problem> {
    let mut errors = Vec::new();
    let mut number = |field, default: u32, most: u32| match asked.get(field) {
        None => default,
        Some(text) => match text.parse() {
            Ok(number) if (1..=most).contains(&number) => number,
            _ => {
                let message = format!("a number from 1 to {most}");
                errors.push(FieldError { field, message });
                default
            }
        },
    };
    let page = number("page", 1, 1_000_000);
    let limit = number("limit", DEFAULT_LIMIT, MOST_LIMIT);
    let search = asked.get("search").map(|text| text.trim().to_owned());
    if search
        .as_ref()
        .is_some_and(|text| text.chars().count() > SEARCH_CHARACTERS)
    {
        let message = format!("at most {SEARCH_CHARACTERS} characters");
        errors.push(FieldError {
            field: "search",
            message,
        });
    }
    let by = match asked.get("sort").map(String::as_str) {
        None | Some("createdAt") => Sort::CreatedAt,
        Some("name") => Sort::Name,
        Some("expiresAt") => Sort::ExpiresAt,
        Some("lastUsedAt") => Sort::LastUsedAt,
        Some(_) => {
            errors.push(FieldError {
                field: "sort",
                message: "name, createdAt, expiresAt or lastUsedAt".to_owned(),
            });
            Sort::CreatedAt
        }
    };
    let ascending = match asked.get("order").map(String::as_str) {
        // What is asked for by a field begins at its beginning; nothing asked for: the newest first.
        None => asked.contains_key("sort"),
        Some("asc") => true,
        Some("desc") => false,
        Some(_) => {
            errors.push(FieldError {
                field: "order",
                message: "asc or desc".to_owned(),
            });
            false
        }
    };
    if !errors.is_empty() {
        return Err(Problem::validation(errors));
    }
    Ok(keys::Query {
        order: Order { by, ascending },
        whose,
        search: search.filter(|text| !text.is_empty()),
        page,
        limit,
    })
}

impl KeyRequest {
    /// The settings a key has after this request: those it had, or the defaults, with what is asked for.
    fn applied(self, before: Option<Settings>) -> Result<Settings, Problem> {
        let is_new = before.is_none();
        let mut settings = before.unwrap_or_else(defaults);
        let mut check = Check::default();
        match self.name {
            Some(name) => match checked_name(&name) {
                Ok(name) => settings.name = name,
                Err(error) => check.refuse("name", error.to_string()),
            },
            None if is_new => check.refuse("name", "a key needs a name".to_owned()),
            None => {}
        }
        if let Some(at) = self.expires_at {
            settings.expires_at = check.future("expiresAt", at);
        }
        if let Some(scope) = self.scope {
            settings.scope = check.text("scope", scope);
        }
        if let Some(permissions) = self.permissions.filter(|list| !list.is_empty()) {
            settings.permissions = check.known("permissions", permissions, permit::SCOPES);
        }
        if let Some(rate) = self.rate_limit_per_minute {
            settings.rate_per_minute = rate;
            if !(1..=MOST_RATE).contains(&rate) {
                check.refuse(
                    "rateLimitPerMinute",
                    format!("a number from 1 to {MOST_RATE}"),
                );
            }
        }
        let mcp = &mut settings.mcp;
        mcp.active = self.mcp_active.unwrap_or(mcp.active);
        mcp.read_only = self.mcp_read_only.unwrap_or(mcp.read_only);
        if let Some(preset) = self.mcp_preset {
            mcp.preset = preset
                .filter(|preset| !preset.is_empty())
                .and_then(|preset| {
                    check
                        .known("mcpPreset", vec![preset], permit::PRESETS)
                        .pop()
                });
        }
        if let Some(permissions) = self.mcp_permissions {
            mcp.permissions = check.known("mcpPermissions", permissions, permit::SCOPES);
        }
        if let Some(tools) = self.mcp_tool_allowlist {
            mcp.tool_allowlist = check.list("mcpToolAllowlist", tools);
            mcp.allowlist_mode = permit::mode_for(&mcp.tool_allowlist).to_owned();
        }
        if let Some(mode) = self.mcp_allowlist_mode.filter(|mode| !mode.is_empty()) {
            mcp.allowlist_mode = check
                .known("mcpAllowlistMode", vec![mode], permit::ALLOWLIST_MODES)
                .pop()
                .unwrap_or_default();
        }
        if let Some(ids) = self.mcp_instance_ids {
            mcp.instance_ids = check.list("mcpInstanceIds", ids);
        }
        if let Some(ids) = self.mcp_project_ids {
            mcp.project_ids = check.list("mcpProjectIds", ids);
        }
        check.done(settings)
    }
}

fn defaults() -> Settings {
    Settings {
        name: String::new(),
        scope: "organization".to_owned(),
        permissions: permit::SCOPES
            .iter()
            .map(|&scope| scope.to_owned())
            .collect(),
        expires_at: None,
        rate_per_minute: RATE_PER_MINUTE,
        mcp: McpAccess {
            active: true,
            read_only: false,
            preset: None,
            allowlist_mode: permit::mode_for(&[]).to_owned(),
            tool_allowlist: Vec::new(),
            permissions: Vec::new(),
            instance_ids: Vec::new(),
            project_ids: Vec::new(),
        },
    }
}

/// Collects what is not acceptable, so that all of it is told at once.
#[derive(Default)]
struct Check(Vec<FieldError>);

impl Check {
    fn refuse(&mut self, field: &'static str, message: String) {
        self.0.push(FieldError { field, message });
    }

    fn text(&mut self, field: &'static str, text: String) -> String {
        if text.is_empty()
            || text.chars().count() > ENTRY_CHARACTERS
            || text.chars().any(char::is_control)
        {
            self.refuse(
                field,
                format!("1 to {ENTRY_CHARACTERS} characters, no control characters"),
            );
        }
        text
    }

    fn list(&mut self, field: &'static str, list: Vec<String>) -> Vec<String> {
        if list.len() > LIST_ENTRIES {
            self.refuse(field, format!("at most {LIST_ENTRIES} entries"));
            return Vec::new();
        }
        list.into_iter()
            .map(|entry| self.text(field, entry))
            .collect()
    }

    fn known(&mut self, field: &'static str, list: Vec<String>, known: &[&str]) -> Vec<String> {
        if !list.iter().all(|entry| known.contains(&entry.as_str())) {
            self.refuse(field, format!("known are {}", known.join(", ")));
            return Vec::new();
        }
        let mut list = list;
        let mut seen = Vec::new();
        list.retain(|entry| {
            let fresh = !seen.contains(entry);
            seen.push(entry.clone());
            fresh
        });
        list
    }

    fn future(&mut self, field: &'static str, at: Option<String>) -> Option<clock::UnixMs> {
        let text = at.filter(|text| !text.is_empty())?;
        match clock::parse(&text) {
            Some(at) if at > clock::now() => Some(at),
            Some(_) => {
                self.refuse(field, "must lie in the future".to_owned());
                None
            }
            None => {
                self.refuse(
                    field,
                    "must be a time such as 2027-01-31T00:00:00Z".to_owned(),
                );
                None
            }
        }
    }

    fn done(self, settings: Settings) -> Result<Settings, Problem> {
        if self.0.is_empty() {
            Ok(settings)
        } else {
            Err(Problem::validation(self.0))
        }
    }
}
