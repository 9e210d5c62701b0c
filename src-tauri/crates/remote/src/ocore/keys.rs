use keystow_core::KeyId;
use keystow_core::key::{ApiKey, CreatedKey, KeyChange, KeyPage, KeyQuery, NewKey};
use keystow_core::provider::Capability;
use keystow_core::remote::{Caller, KeyApi, RemoteError, RemoteErrorKind};
use reqwest::Method;
use serde::Serialize;
use serde_json::{Map, Value};

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
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mcp_tool_allowlist: &'a [String],
}

/// What changes; what is left out stays.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeDto<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mcp_read_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mcp_preset: Option<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mcp_tool_allowlist: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mcp_permissions: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mcp_project_ids: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mcp_instance_ids: Option<&'a [String]>,
}

impl Ocore {
    fn ask(
        &self,
        method: Method,
        caller: &Caller<'_>,
        below: &[&str],
    ) -> Result<Ask<'_>, RemoteError> {
        let segments: Vec<&str> = ["api-keys"].iter().chain(below).copied().collect();
        let ask = self.remote.ask(method, caller.base, &segments)?;
        let ask = match caller.organization {
            Some(slug) => ask.header("x-org-slug", slug),
            None => ask,
        };
        ask.bearer(caller.access)
    }

    /// Reads one key as it is now.
    fn fetch(&self, caller: &Caller<'_>, id: &KeyId) -> Result<(Answer, KeyDto), RemoteError> {
        let answer = self
            .ask(Method::GET, caller, &[id.as_str()])?
            .send()?
            .success()?;
        let key = answer.json::<OneDto>()?.key();
        Ok((answer, key))
    }
}

fn in_our_words(answer: &Answer, key: KeyDto) -> Result<ApiKey, RemoteError> {
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
        };
        let answer = self
            .ask(Method::GET, caller, &[])?
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
            budget: None,
        })
    }

    fn get(&self, caller: &Caller<'_>, id: &KeyId) -> Result<ApiKey, RemoteError> {
        let (answer, key) = self.fetch(caller, id)?;
        in_our_words(&answer, key)
    }

    fn create(&self, caller: &Caller<'_>, key: &NewKey) -> Result<CreatedKey, RemoteError> {
        let expires_at = match key.expires_at {
            None => None,
            Some(at) => Some(rfc3339(at).ok_or_else(|| {
                let detail = "the expiry lies outside the years that can be written".to_owned();
                error_at(
                    host_of(caller.base),
                    RemoteErrorKind::Refused {
                        status: 422,
                        detail,
                    },
                )
            })?),
        };
        let body = NewKeyDto {
            name: &key.name,
            permissions: &key.scopes,
            expires_at,
            mcp_active: true,
            mcp_read_only: key.read_only,
            mcp_preset: key.preset.as_deref(),
            mcp_tool_allowlist: &key.tools,
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
        let body = ChangeDto {
            name: change.name.as_deref(),
            permissions: change.scopes.as_deref(),
            mcp_read_only: change.read_only,
            mcp_preset: change.preset.as_ref().map(Option::as_deref),
            mcp_tool_allowlist: change.tools.as_deref(),
            mcp_permissions: change.mcp_permissions.as_deref(),
            mcp_project_ids: change.projects.as_deref(),
            mcp_instance_ids: change.instances.as_deref(),
        };
        let answer = self
            .ask(Method::PATCH, caller, &[id.as_str()])?
            .json(&body)
            .send()?
            .success()?;
        if answer.is_empty() {
            return self.get(caller, id);
        }
        let key = answer.json::<OneDto>()?.key();
        in_our_words(&answer, key)
    }

    fn set_paused(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
        paused: bool,
    ) -> Result<ApiKey, RemoteError> {
        let (answer, before) = self.fetch(caller, id)?;
        if before.paused() == paused {
            return in_our_words(&answer, before);
        }
        let toggled = self
            .ask(Method::POST, caller, &[id.as_str(), "toggle"])?
            .send()
            .and_then(|answer| Ok(answer.success().map(|_| ())?));
        let toggled = match toggled {
            Err(error) if !error.outcome_unknown() => return Err(error),
            other => other,
        };
        // A toggle says what to change, not what to reach: only reading tells, and a second try could undo the first.
        match (self.fetch(caller, id), toggled) {
            (Ok((answer, after)), _) if after.paused() == paused => in_our_words(&answer, after),
            (_, Err(unknown)) => Err(unknown),
            (Ok((answer, _)), Ok(())) => {
                let (found, expected) = if paused {
                    ("a key that is still enabled", "a paused one")
                } else {
                    ("a key that is still paused", "an enabled one")
                };
                Err(answer.not_what(found, expected))
            }
            (Err(error), Ok(())) => Err(error),
        }
    }

    fn delete(&self, caller: &Caller<'_>, id: &KeyId) -> Result<(), RemoteError> {
        let outcome = self
            .ask(Method::DELETE, caller, &[id.as_str()])?
            .send()?
            .success();
        match outcome.map_err(RemoteError::from) {
            Ok(_) => Ok(()),
            Err(error) if error.kind == RemoteErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}
