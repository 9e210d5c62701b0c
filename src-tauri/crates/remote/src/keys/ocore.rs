use keystow_core::key::{ApiKey, CreatedKey, KeyPage, KeyQuery, NewKey};
use keystow_core::remote::{KeyApi, RemoteError, RemoteErrorKind};
use keystow_core::{KeyId, Secret};
use reqwest::Method;
use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;

use super::created;
use super::dto::{KeyDto, OneDto, PageDto};
use super::verify::verify;
use crate::Remote;
use crate::parse::rfc3339;
use crate::transport::{Answer, Ask, error_at, host_of};

/// oCore's routes, which the local workspace speaks too.
pub(crate) struct Ocore {
    remote: Remote,
}

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

#[derive(Serialize)]
struct RenameDto<'a> {
    name: &'a str,
}

impl Ocore {
    pub(crate) fn new(remote: Remote) -> Self {
        Self { remote }
    }

    fn ask(
        &self,
        method: Method,
        base: &Url,
        access: &Secret,
        below: &[&str],
    ) -> Result<Ask<'_>, RemoteError> {
        let segments: Vec<&str> = ["api-keys"].iter().chain(below).copied().collect();
        self.remote.ask(method, base, &segments)?.bearer(access)
    }

    /// Reads one key as it is now.
    fn fetch(
        &self,
        base: &Url,
        access: &Secret,
        id: &KeyId,
    ) -> Result<(Answer, KeyDto), RemoteError> {
        let answer = self
            .ask(Method::GET, base, access, &[id.as_str()])?
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
    fn list(&self, base: &Url, access: &Secret, query: &KeyQuery) -> Result<KeyPage, RemoteError> {
        let asked = QueryDto {
            page: query.page.max(1),
            limit: query.limit.max(1),
            search: query.search.as_deref().filter(|text| !text.is_empty()),
        };
        let answer = self
            .ask(Method::GET, base, access, &[])?
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
        })
    }

    fn get(&self, base: &Url, access: &Secret, id: &KeyId) -> Result<ApiKey, RemoteError> {
        let (answer, key) = self.fetch(base, access, id)?;
        in_our_words(&answer, key)
    }

    fn create(&self, base: &Url, access: &Secret, key: &NewKey) -> Result<CreatedKey, RemoteError> {
        let expires_at = match key.expires_at {
            None => None,
            Some(at) => Some(rfc3339(at).ok_or_else(|| {
                let detail = "the expiry lies outside the years that can be written".to_owned();
                error_at(
                    host_of(base),
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
            .ask(Method::POST, base, access, &[])?
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

    fn rename(
        &self,
        base: &Url,
        access: &Secret,
        id: &KeyId,
        name: &str,
    ) -> Result<ApiKey, RemoteError> {
        let answer = self
            .ask(Method::PATCH, base, access, &[id.as_str()])?
            .json(&RenameDto { name })
            .send()?
            .success()?;
        if answer.is_empty() {
            return self.get(base, access, id);
        }
        let key = answer.json::<OneDto>()?.key();
        in_our_words(&answer, key)
    }

    fn set_paused(
        &self,
        base: &Url,
        access: &Secret,
        id: &KeyId,
        paused: bool,
    ) -> Result<ApiKey, RemoteError> {
        let (answer, before) = self.fetch(base, access, id)?;
        if before.paused() == paused {
            return in_our_words(&answer, before);
        }
        let toggled = self
            .ask(Method::POST, base, access, &[id.as_str(), "toggle"])?
            .send()
            .and_then(|answer| Ok(answer.success().map(|_| ())?));
        let toggled = match toggled {
            Err(error) if !error.outcome_unknown() => return Err(error),
            other => other,
        };
        // A toggle says what to change, not what to reach: only reading tells, and a second try could undo the first.
        match (self.fetch(base, access, id), toggled) {
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

    fn verify(
        &self,
        url: &Url,
        header: &str,
        scheme: &str,
        key: &Secret,
    ) -> Result<(), RemoteError> {
        verify(&self.remote, url, header, scheme, key)
    }

    fn delete(&self, base: &Url, access: &Secret, id: &KeyId) -> Result<(), RemoteError> {
        let outcome = self
            .ask(Method::DELETE, base, access, &[id.as_str()])?
            .send()?
            .success();
        match outcome.map_err(RemoteError::from) {
            Ok(_) => Ok(()),
            Err(error) if error.kind == RemoteErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}
