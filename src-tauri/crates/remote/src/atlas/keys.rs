use keystow_core::key::{
    ApiKey, CreatedKey, KeyChange, KeyPage, KeyQuery, KeyStatus, KeyUsage, NewKey, UnixMs,
};
use keystow_core::provider::Capability;
use keystow_core::remote::{Caller, KeyApi, RemoteError, RemoteErrorKind, Session, SignIn};
use keystow_core::{KeyId, Secret};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Atlas;
use crate::better_auth::{Told, asks_for_limits, page_of, seconds_until};
use crate::clock::now_ms;
use crate::text::plain;
use crate::tokens::TokenDto;
use crate::transport::{error_at, host_of, unsupported};

/// The mint route takes 100 characters, but the part that makes the key fails at more than 32 and says no more than that it
/// failed. Source: AtlasDevHQ/atlas e84e80b and @better-auth/api-key 1.6.25, checked 2026-11-20.
const NAME_CHARACTERS: usize = 32;

const DAY_S: i64 = 86_400;

/// How long a key lives where nothing is asked for, and at most, in days.
const DEFAULT_DAYS: i64 = 90;
const MOST_DAYS: i64 = 365;

/// What is remembered of a deployment that has no route of its own to make keys.
const MINTS: &str = "where keys are made";
const OLDER: &str = "better-auth";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MintDto<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in_days: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MintedDto {
    key: TokenDto,
    id: String,
    name: Option<String>,
    org_id: Option<String>,
}

/// Whose a key is, by what Atlas keeps with it; `None`: it was not made at Atlas's own route.
fn workspace_of(metadata: Option<&Value>) -> Option<&str> {
    let metadata = metadata?;
    let made_there = metadata.get("atlasWorkspaceKey")? == &Value::Bool(true);
    metadata.get("orgId")?.as_str().filter(|_| made_there)
}

/// The keys of one workspace. Keys without a workspace are shown where Atlas's own route is not there: none has one then.
fn of_workspace(keys: Vec<Told>, organization: Option<&str>, older: bool) -> Vec<ApiKey> {
    let older = older
        || keys
            .iter()
            .all(|told| workspace_of(told.metadata.as_ref()).is_none());
    keys.into_iter()
        .filter_map(|told| {
            let of = workspace_of(told.metadata.as_ref()).map(str::to_owned);
            match (&of, organization) {
                (None, _) if !older => return None,
                (Some(of), Some(wanted)) if of != wanted => return None,
                _ => {}
            }
            Some(ApiKey {
                owner: of,
                ..told.key
            })
        })
        .collect()
}

impl Atlas {
    fn is_older(&self, caller: &Caller<'_>) -> bool {
        self.remote.learned().get(caller.base, MINTS).as_deref() == Some(OLDER)
    }

    /// A key is made for the workspace that the session stands for, so it is made to stand for the one in use.
    fn standing_for_it(&self, caller: &Caller<'_>) -> Result<Option<Secret>, RemoteError> {
        let Some(wanted) = caller.organization else {
            return Ok(None);
        };
        let active = self.inner.active_organization(caller.base, caller.access)?;
        if active.as_deref() == Some(wanted) {
            return Ok(None);
        }
        let session = Session {
            access: caller.access.duplicate(),
            refresh: None,
            expires_at: None,
            oauth_client: None,
            issuer: None,
        };
        let newer = self
            .inner
            .choose_organization(caller.base, &session, wanted)?;
        Ok(newer.map(|session| session.access))
    }

    /// Makes a key at Atlas's own route; `None` where it is not there.
    fn mint(&self, caller: &Caller<'_>, key: &NewKey) -> Result<Option<CreatedKey>, RemoteError> {
        let days = match key.expires_at {
            // Whole days only; never more than was asked for, but for less than one.
            Some(at) => Some((seconds_until(caller.base, at)? / DAY_S).clamp(1, MOST_DAYS)),
            None => None,
        };
        let newer = self.standing_for_it(caller)?;
        let answer = self
            .remote
            .ask(
                Method::POST,
                caller.base,
                &["api", "v1", "admin", "workspace-keys"],
            )?
            .bearer(newer.as_ref().unwrap_or(caller.access))?
            .json(&MintDto {
                name: &key.name,
                expires_in_days: days,
            })
            .send()?;
        let answer = match answer.success().map_err(RemoteError::from) {
            Err(RemoteError {
                kind: RemoteErrorKind::NotFound | RemoteErrorKind::Refused { status: 405, .. },
                ..
            }) => return Ok(None),
            other => other?,
        };
        let minted: MintedDto = answer.json()?;
        let made_at = now_ms();
        let lives_ms: UnixMs = days.unwrap_or(DEFAULT_DAYS) * DAY_S * 1000;
        Ok(Some(CreatedKey {
            key: ApiKey {
                id: KeyId::new(minted.id),
                name: plain(minted.name.as_deref().unwrap_or(&key.name), 300),
                masked: minted.key.0.masked(),
                status: KeyStatus::Enabled,
                scopes: Vec::new(),
                read_only: false,
                preset: None,
                tools: Vec::new(),
                created_at: Some(made_at),
                // The answer does not tell; the list does.
                expires_at: Some(made_at.saturating_add(lives_ms)),
                last_used_at: None,
                requests: None,
                mcp_permissions: Vec::new(),
                projects: Vec::new(),
                instances: Vec::new(),
                reconnect: None,
                owner: minted.org_id,
                budget: None,
            },
            secret: minted.key.0,
        }))
    }
}

fn too_long(caller: &Caller<'_>, name: &str) -> Option<RemoteError> {
    (name.chars().count() > NAME_CHARACTERS).then(|| RemoteError {
        code: Some("INVALID_NAME_LENGTH".to_owned()),
        ..error_at(
            host_of(caller.base),
            RemoteErrorKind::Refused {
                status: 422,
                detail: format!("names of Atlas's keys have at most {NAME_CHARACTERS} characters"),
            },
        )
    })
}

impl KeyApi for Atlas {
    fn capabilities(&self) -> &'static [Capability] {
        self.inner.capabilities()
    }

    fn list(&self, caller: &Caller<'_>, query: &KeyQuery) -> Result<KeyPage, RemoteError> {
        if query.everybody {
            return Err(unsupported(caller.base));
        }
        let keys = self.inner.own(caller)?;
        let older = self.is_older(caller);
        Ok(page_of(
            of_workspace(keys, caller.organization, older),
            query,
        ))
    }

    fn get(&self, caller: &Caller<'_>, id: &KeyId) -> Result<ApiKey, RemoteError> {
        self.inner.get(&all_workspaces(caller), id)
    }

    fn create(&self, caller: &Caller<'_>, key: &NewKey) -> Result<CreatedKey, RemoteError> {
        if asks_for_limits(key) {
            return Err(unsupported(caller.base));
        }
        if let Some(error) = too_long(caller, &key.name) {
            return Err(error);
        }
        if !self.is_older(caller) {
            if let Some(created) = self.mint(caller, key)? {
                return Ok(created);
            }
            self.remote.learned().set(caller.base, MINTS, OLDER);
        }
        self.inner.make(&all_workspaces(caller), key, None)
    }

    fn update(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
        change: &KeyChange,
    ) -> Result<ApiKey, RemoteError> {
        if let Some(error) = change
            .name
            .as_deref()
            .and_then(|name| too_long(caller, name))
        {
            return Err(error);
        }
        self.inner.update(&all_workspaces(caller), id, change)
    }

    fn set_paused(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
        paused: bool,
    ) -> Result<ApiKey, RemoteError> {
        self.inner.set_paused(&all_workspaces(caller), id, paused)
    }

    fn delete(&self, caller: &Caller<'_>, id: &KeyId) -> Result<(), RemoteError> {
        self.inner.delete(&all_workspaces(caller), id)
    }

    fn usage(&self, caller: &Caller<'_>, id: &KeyId) -> Result<KeyUsage, RemoteError> {
        self.inner.usage(&all_workspaces(caller), id)
    }
}

/// Keys are the account's own, whatever workspace they are for; none belongs to an organization in better-auth's sense.
fn all_workspaces<'a>(caller: &Caller<'a>) -> Caller<'a> {
    Caller {
        organization: None,
        ..*caller
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_key_of_atlas_itself_has_a_workspace() {
        let of = |metadata: Value| workspace_of(Some(&metadata)).map(str::to_owned);
        assert_eq!(
            of(json!({"orgId": "o", "atlasWorkspaceKey": true})).as_deref(),
            Some("o")
        );
        for other in [
            json!({"orgId": "o"}),
            json!({"orgId": "o", "atlasWorkspaceKey": "true"}),
            json!({"atlasWorkspaceKey": true}),
            Value::Null,
        ] {
            assert_eq!(of(other), None);
        }
    }
}
