use keystow_core::KeyId;
use keystow_core::key::{
    ApiKey, CreatedKey, KeyChange, KeyOrder, KeyPage, KeyQuery, KeySort, KeyUsage, NewKey, UnixMs,
};
use keystow_core::provider::Capability;
use keystow_core::remote::{Caller, KeyApi, RemoteError, RemoteErrorKind};
use reqwest::Method;
use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;

use super::dto::{KeyDto, OneDto, PageDto};
use super::{Ocore, created};
use crate::parse::rfc3339;
use crate::transport::{Answer, Ask, error_at, host_of};

#[derive(Serialize)]
struct QueryDto<'a> {
    page: u32,
    limit: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<&'static str>,
}

/// How the local workspace names an order. oCore documents none: there, nobody asks for one.
fn named(order: KeyOrder) -> (&'static str, &'static str) {
    let by = match order.by {
        KeySort::Name => "name",
        KeySort::Created => "createdAt",
        KeySort::Expires => "expiresAt",
        KeySort::LastUsed => "lastUsedAt",
    };
    (by, if order.descending { "desc" } else { "asc" })
}

/// What is left out takes the provider's default.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewKeyDto<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    permissions: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    mcp_active: bool,
    mcp_read_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    mcp_preset: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mcp_allowlist_mode: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mcp_tool_allowlist: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mcp_permissions: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mcp_project_ids: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mcp_instance_ids: &'a [String],
}

/// A moment as oCore takes it.
pub(super) fn written(base: &Url, at: UnixMs) -> Result<String, RemoteError> {
    rfc3339(at).ok_or_else(|| {
        let detail = "the expiry lies outside the years that can be written".to_owned();
        error_at(
            host_of(base),
            RemoteErrorKind::Refused {
                status: 422,
                detail,
            },
        )
    })
}

/// The mode that goes with a list of tools. oCore's documentation names the field and not its values; these are the local
/// workspace's. Source: docs.ocore.sh/docs/api-reference/a-p-i--keys, checked 2026-11-20.
pub(super) fn allowlist_mode(tools: &[String]) -> &'static str {
    if tools.is_empty() { "all" } else { "allowlist" }
}

impl Ocore {
    /// Begins a request about the keys of the organization in use.
    pub(super) fn ask(
        &self,
        method: Method,
        caller: &Caller<'_>,
        below: &[&str],
    ) -> Result<Ask<'_>, RemoteError> {
        let segments: Vec<&str> = ["api-keys"].iter().chain(below).copied().collect();
        self.ask_at(method, caller, &segments)
    }

    fn ask_at(
        &self,
        method: Method,
        caller: &Caller<'_>,
        segments: &[&str],
    ) -> Result<Ask<'_>, RemoteError> {
        let ask = self.remote.ask(method, caller.base, segments)?;
        let ask = match caller.organization {
            Some(slug) => ask.header("x-org-slug", slug),
            None => ask,
        };
        ask.bearer(caller.access)
    }

    /// Reads one key as it is now.
    pub(super) fn fetch(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
    ) -> Result<(Answer, KeyDto), RemoteError> {
        let answer = self
            .ask(Method::GET, caller, &[id.as_str()])?
            .send()?
            .success()?;
        let key = answer.json::<OneDto>()?.key();
        Ok((answer, key))
    }
}

pub(super) fn in_our_words(answer: &Answer, key: KeyDto) -> Result<ApiKey, RemoteError> {
    key.into_key(answer.now_ms())
        .map_err(|bad| answer.not_what(&format!("something else in {}", bad.0), "an RFC 3339 date"))
}

impl KeyApi for Ocore {
    fn capabilities(&self) -> &'static [Capability] {
        use Capability as C;
        &[
            C::List,
            C::Search,
            C::Paginate,
            C::Sort,
            C::Create,
            C::Rename,
            C::UpdateScopes,
            C::Expire,
            C::Pause,
            C::Delete,
            C::Usage,
            C::Activity,
            C::Workspaces,
            C::Everybody,
            C::McpAccess,
        ]
    }

    fn list(&self, caller: &Caller<'_>, query: &KeyQuery) -> Result<KeyPage, RemoteError> {
        let asked = QueryDto {
            page: query.page.max(1),
            limit: query.limit.max(1),
            search: query.search.as_deref().filter(|text| !text.is_empty()),
            sort: query.order.map(|order| named(order).0),
            order: query.order.map(|order| named(order).1),
        };
        // Everybody's list has a route of its own, for administrators of the server.
        let route: &[&str] = match query.everybody {
            true => &["admin", "api-keys"],
            false => &["api-keys"],
        };
        let answer = self
            .ask_at(Method::GET, caller, route)?
            .query(&asked)
            .send()?
            .success()?;
        let page: PageDto = answer.json()?;
        let total = page.total;
        let keys: Vec<ApiKey> = page
            .api_keys
            .into_iter()
            .map(|key| in_our_words(&answer, key))
            .collect::<Result<_, _>>()?;
        Ok(KeyPage {
            total: total.unwrap_or(keys.len() as u64),
            keys,
            budget: answer.budget(),
        })
    }

    fn get(&self, caller: &Caller<'_>, id: &KeyId) -> Result<ApiKey, RemoteError> {
        let (answer, key) = self.fetch(caller, id)?;
        in_our_words(&answer, key)
    }

    fn create(&self, caller: &Caller<'_>, key: &NewKey) -> Result<CreatedKey, RemoteError> {
        let expires_at = match key.expires_at {
            Some(at) => Some(written(caller.base, at)?),
            None => None,
        };
        let body = NewKeyDto {
            name: &key.name,
            permissions: &key.scopes,
            expires_at,
            mcp_active: true,
            mcp_read_only: key.read_only,
            mcp_preset: key.preset.as_deref(),
            mcp_allowlist_mode: (!key.tools.is_empty()).then(|| allowlist_mode(&key.tools)),
            mcp_tool_allowlist: &key.tools,
            mcp_permissions: &key.mcp_permissions,
            mcp_project_ids: &key.projects,
            mcp_instance_ids: &key.instances,
        };
        let answer = self
            .ask(Method::POST, caller, &[])?
            .json(&body)
            .send()?
            .success()?;
        let body: Map<String, Value> = answer.json()?;
        let (secret, key) = created::parts(body)
            .ok_or_else(|| answer.not_what("a new key without its plaintext", "the plaintext"))?;
        Ok(CreatedKey {
            key: in_our_words(&answer, key)?,
            secret,
        })
    }

    fn update(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
        change: &KeyChange,
    ) -> Result<ApiKey, RemoteError> {
        self.change(caller, id, change)
    }

    fn set_paused(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
        paused: bool,
    ) -> Result<ApiKey, RemoteError> {
        self.pause(caller, id, paused)
    }

    /// A key that is not among the organization's may be one of everybody's list, which an administrator revokes by that
    /// list's route; a no from there says that nothing is left to do here.
    fn delete(&self, caller: &Caller<'_>, id: &KeyId) -> Result<(), RemoteError> {
        let revoke = |route: &[&str]| -> Result<(), RemoteError> {
            self.ask_at(Method::DELETE, caller, route)?
                .send()?
                .success()?;
            Ok(())
        };
        match revoke(&["api-keys", id.as_str()]) {
            // It is the organization that is not there; the key may well be.
            Err(error) if error.code.as_deref() == Some("organization_not_found") => {
                return Err(error);
            }
            Err(error) if error.kind == RemoteErrorKind::NotFound => {}
            other => return other,
        }
        match revoke(&["admin", "api-keys", id.as_str()]) {
            Err(error) if error.outcome_unknown() => Err(error),
            _ => Ok(()),
        }
    }

    fn usage(&self, caller: &Caller<'_>, id: &KeyId) -> Result<KeyUsage, RemoteError> {
        self.activity(caller, id)
    }
}
