use std::collections::HashSet;

use keystow_core::KeyId;
use keystow_core::key::{
    ApiKey, CreatedKey, KeyChange, KeyPage, KeyQuery, KeyUsage, NewKey, UnixMs,
};
use keystow_core::provider::Capability;
use keystow_core::remote::{Caller, KeyApi, RemoteError, RemoteErrorKind};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;

use super::dto::{KeyDto, ListDto};
use super::{BetterAuth, Told};
use crate::clock::now_ms;
use crate::tokens::TokenDto;
use crate::transport::{Answer, error_at, host_of, unsupported};

/// Keys asked for at once. Any number is taken; the answer stays well below what is read of one.
const PAGE: u64 = 500;

/// After so many pages a list that has no end is left.
const MOST_PAGES: u64 = 1_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListQueryDto<'a> {
    limit: u64,
    offset: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GetQueryDto<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    config_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewKeyDto<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    config_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_id: Option<&'a str>,
}

#[derive(Deserialize)]
struct CreatedDto {
    /// Its plaintext.
    key: TokenDto,
    #[serde(flatten)]
    rest: KeyDto,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct ChangeDto<'a> {
    key_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    config_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    /// `null` says never.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<Option<i64>>,
}

/// Seconds from now until `at`, to the minute: a limit of whole days must not be missed by the time a person took to say yes.
pub(crate) fn seconds_until(base: &Url, at: UnixMs) -> Result<i64, RemoteError> {
    let minutes = (at.saturating_sub(now_ms()).saturating_add(30_000)).div_euclid(60_000);
    match minutes {
        ..1 => Err(error_at(
            host_of(base),
            RemoteErrorKind::Refused {
                status: 422,
                detail: "the expiry lies in the past".to_owned(),
            },
        )),
        minutes => Ok(minutes * 60),
    }
}

fn in_our_words(answer: &Answer, key: KeyDto) -> Result<Told, RemoteError> {
    key.told(answer.now_ms())
        .map_err(|bad| answer.not_what(&format!("something else in {}", bad.0), "an RFC 3339 date"))
}

/// Whether a query finds a key, by its name or by what is shown of it.
fn finds(search: &str, key: &ApiKey) -> bool {
    let search = search.to_lowercase();
    let shown = key.masked.trim_end_matches('•').to_lowercase();
    key.name.to_lowercase().contains(&search) || shown.contains(&search)
}

/// The page of `keys` that is asked for, newest first where no order is.
pub(crate) fn page_of(mut keys: Vec<ApiKey>, query: &KeyQuery) -> KeyPage {
    if let Some(search) = query.search.as_deref().map(str::trim) {
        keys.retain(|key| search.is_empty() || finds(search, key));
    }
    match query.order {
        Some(order) => keys.sort_by(|a, b| order.compare(a, b)),
        None => {
            keys.sort_by(|a, b| (b.created_at, b.id.as_str()).cmp(&(a.created_at, a.id.as_str())));
        }
    }
    let limit = query.limit.max(1) as usize;
    let skipped = (query.page.max(1) as usize - 1).saturating_mul(limit);
    KeyPage {
        total: keys.len() as u64,
        keys: keys.into_iter().skip(skipped).take(limit).collect(),
        budget: None,
    }
}

impl BetterAuth {
    /// The account's own keys, or those of an organization: all of them, since the server can neither search nor sort enough.
    fn everything(
        &self,
        caller: &Caller<'_>,
        organization: Option<&str>,
    ) -> Result<Vec<Told>, RemoteError> {
        let (mut found, mut seen) = (Vec::<Told>::new(), HashSet::<KeyId>::new());
        for _ in 0..MOST_PAGES {
            let asked = ListQueryDto {
                limit: PAGE,
                offset: found.len() as u64,
                organization_id: organization,
            };
            let answer = self
                .ask(
                    Method::GET,
                    caller.base,
                    &["api-key", "list"],
                    caller.access,
                )?
                .query(&asked)
                .send()?
                .success()?;
            let (keys, total) = match answer.json()? {
                ListDto::All(keys) => (keys, Some(0)),
                ListDto::Page { keys, total } => (keys, total),
            };
            let before = found.len();
            for key in keys {
                let mut told = in_our_words(&answer, key)?;
                if let Some(organization) = organization {
                    told.key.owner = Some(organization.to_owned());
                }
                self.learn(caller, &told);
                if seen.insert(told.key.id.clone()) {
                    found.push(told);
                }
            }
            // A server that does not page gives the same keys again.
            let all = total.is_some_and(|total| found.len() as u64 >= total);
            if all || found.len() == before {
                break;
            }
        }
        Ok(found)
    }

    /// The account's own keys.
    pub(crate) fn own(&self, caller: &Caller<'_>) -> Result<Vec<Told>, RemoteError> {
        self.everything(caller, None)
    }

    /// Those of an organization; none where the app has no such keys or the account may not see them. Versions before
    /// organizations had keys ignore what they are asked for and tell the account's own, which are left out.
    pub(super) fn of_organization(
        &self,
        caller: &Caller<'_>,
        organization: &str,
    ) -> Result<Vec<Told>, RemoteError> {
        match self.everything(caller, Some(organization)) {
            Ok(mut keys) => {
                keys.retain(|told| told.reference.as_deref() == Some(organization));
                Ok(keys)
            }
            Err(error) => match (&error.kind, error.code.as_deref()) {
                (RemoteErrorKind::Forbidden { .. } | RemoteErrorKind::Refused { .. }, _)
                | (_, Some("ORGANIZATION_PLUGIN_REQUIRED")) => Ok(Vec::new()),
                _ => Err(error),
            },
        }
    }

    /// All keys that the account can manage: its own, and those of the organization in use.
    pub(super) fn all(&self, caller: &Caller<'_>) -> Result<Vec<Told>, RemoteError> {
        let mut keys = self.own(caller)?;
        if let Some(organization) = caller.organization {
            keys.extend(self.of_organization(caller, organization)?);
        }
        Ok(keys)
    }

    fn change(&self, caller: &Caller<'_>, body: &ChangeDto<'_>) -> Result<ApiKey, RemoteError> {
        let id = KeyId::new(body.key_id);
        self.with_config(caller, &id, |config_id| {
            let body = ChangeDto { config_id, ..*body };
            let answer = self
                .ask(
                    Method::POST,
                    caller.base,
                    &["api-key", "update"],
                    caller.access,
                )?
                .json(&body)
                .send()?
                .success()?;
            self.owned(caller, in_our_words(&answer, answer.json()?)?)
        })
    }

    /// The key with its owner, where that is the organization in use.
    fn owned(&self, caller: &Caller<'_>, told: Told) -> Result<ApiKey, RemoteError> {
        self.learn(caller, &told);
        let owner = told
            .reference
            .filter(|id| caller.organization == Some(id.as_str()));
        Ok(ApiKey { owner, ..told.key })
    }

    /// Makes a key of the account's own, or of an organization.
    pub(crate) fn make(
        &self,
        caller: &Caller<'_>,
        key: &NewKey,
        of: Option<(&str, &str)>,
    ) -> Result<CreatedKey, RemoteError> {
        let expires_in = match key.expires_at {
            Some(at) => Some(seconds_until(caller.base, at)?),
            None => None,
        };
        let ask_for_it = |config_id: Option<&str>| {
            let body = NewKeyDto {
                name: &key.name,
                expires_in,
                config_id: config_id.filter(|id| !id.is_empty()),
                organization_id: of.map(|(organization, _)| organization),
            };
            let answer = self
                .ask(
                    Method::POST,
                    caller.base,
                    &["api-key", "create"],
                    caller.access,
                )?
                .json(&body)
                .send()?
                .success()?;
            let created: CreatedDto = answer.json()?;
            Ok(CreatedKey {
                key: self.owned(caller, in_our_words(&answer, created.rest)?)?,
                secret: created.key.0,
            })
        };
        match of {
            Some((_, config)) => ask_for_it(Some(config)),
            None => self.with_own_config(caller, ask_for_it),
        }
    }
}

/// Whether somebody asks for limits that only the app's own server can set. They are never left out in silence.
pub(crate) fn asks_for_limits(key: &NewKey) -> bool {
    let lists = [
        &key.scopes,
        &key.tools,
        &key.mcp_permissions,
        &key.projects,
        &key.instances,
    ];
    key.read_only || key.preset.is_some() || lists.iter().any(|list| !list.is_empty())
}

fn changes_limits(change: &KeyChange) -> bool {
    let lists = [
        &change.scopes,
        &change.tools,
        &change.mcp_permissions,
        &change.projects,
        &change.instances,
    ];
    change.read_only.is_some() || change.preset.is_some() || lists.iter().any(|list| list.is_some())
}

impl KeyApi for BetterAuth {
    fn capabilities(&self) -> &'static [Capability] {
        use Capability as C;
        &[
            C::List,
            C::Search,
            C::Paginate,
            C::Sort,
            C::Create,
            C::Rename,
            C::Expire,
            C::Pause,
            C::Delete,
            C::Usage,
            C::Workspaces,
        ]
    }

    fn list(&self, caller: &Caller<'_>, query: &KeyQuery) -> Result<KeyPage, RemoteError> {
        if query.everybody {
            return Err(unsupported(caller.base));
        }
        let keys = self.all(caller)?;
        Ok(page_of(
            keys.into_iter().map(|told| told.key).collect(),
            query,
        ))
    }

    fn get(&self, caller: &Caller<'_>, id: &KeyId) -> Result<ApiKey, RemoteError> {
        self.with_config(caller, id, |config_id| {
            let asked = GetQueryDto {
                id: id.as_str(),
                config_id,
            };
            let answer = self
                .ask(Method::GET, caller.base, &["api-key", "get"], caller.access)?
                .query(&asked)
                .send()?
                .success()?;
            self.owned(caller, in_our_words(&answer, answer.json()?)?)
        })
    }

    fn create(&self, caller: &Caller<'_>, key: &NewKey) -> Result<CreatedKey, RemoteError> {
        if asks_for_limits(key) {
            return Err(unsupported(caller.base));
        }
        let config = match caller.organization {
            Some(organization) => self.config_of_organization(caller, organization)?,
            None => None,
        };
        let of = caller.organization.zip(config.as_deref());
        self.make(caller, key, of)
    }

    fn update(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
        change: &KeyChange,
    ) -> Result<ApiKey, RemoteError> {
        if changes_limits(change) {
            return Err(unsupported(caller.base));
        }
        let expires_in = match change.expires_at {
            Some(Some(at)) => Some(Some(seconds_until(caller.base, at)?)),
            other => other.map(|_| None),
        };
        if change.name.is_none() && expires_in.is_none() {
            return self.get(caller, id);
        }
        let body = ChangeDto {
            key_id: id.as_str(),
            name: change.name.as_deref(),
            expires_in,
            ..ChangeDto::default()
        };
        self.change(caller, &body)
    }

    fn set_paused(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
        paused: bool,
    ) -> Result<ApiKey, RemoteError> {
        let body = ChangeDto {
            key_id: id.as_str(),
            enabled: Some(!paused),
            ..ChangeDto::default()
        };
        self.change(caller, &body)
    }

    fn delete(&self, caller: &Caller<'_>, id: &KeyId) -> Result<(), RemoteError> {
        let outcome = self.with_config(caller, id, |config_id| {
            let body = ChangeDto {
                key_id: id.as_str(),
                config_id,
                ..ChangeDto::default()
            };
            self.ask(
                Method::POST,
                caller.base,
                &["api-key", "delete"],
                caller.access,
            )?
            .json(&body)
            .send()?
            .success()?;
            Ok(())
        });
        match outcome {
            Err(error) if error.kind == RemoteErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn usage(&self, caller: &Caller<'_>, id: &KeyId) -> Result<KeyUsage, RemoteError> {
        let key = self.get(caller, id)?;
        Ok(KeyUsage {
            last_used_at: key.last_used_at,
            requests: key.requests,
            ..KeyUsage::default()
        })
    }
}
