use std::collections::BTreeMap;

use keystow_core::KeyId;
use keystow_core::key::{ApiKey, Budget, KeyStatus, UnixMs};
use serde::Deserialize;
use serde_json::Value;

use crate::parse::rfc3339_ms;
use crate::text::plain;

/// A key as better-auth tells it. Only the id is sure to be there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyDto {
    id: String,
    name: Option<String>,
    /// The first characters of the key, the prefix among them.
    start: Option<String>,
    prefix: Option<String>,
    enabled: Option<bool>,
    expires_at: Option<String>,
    created_at: Option<String>,
    last_request: Option<String>,
    rate_limit_enabled: Option<bool>,
    rate_limit_time_window: Option<f64>,
    rate_limit_max: Option<f64>,
    request_count: Option<f64>,
    remaining: Option<f64>,
    permissions: Option<Value>,
    metadata: Option<Value>,
    config_id: Option<String>,
    reference_id: Option<String>,
}

/// All of them, or a page of them.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum ListDto {
    /// 1.6 and later.
    Page {
        #[serde(rename = "apiKeys")]
        keys: Vec<KeyDto>,
        total: Option<u64>,
    },
    /// Until 1.4.
    All(Vec<KeyDto>),
}

/// A key in our words, and what only dialects need to know of it.
pub(crate) struct Told {
    pub(crate) key: ApiKey,
    /// Which of the app's kinds of keys it is; `None`: the default one.
    pub(crate) config: Option<String>,
    /// The id of the account or organization it belongs to.
    pub(crate) reference: Option<String>,
    /// What the app keeps with it.
    pub(crate) metadata: Option<Value>,
}

/// A date that is none. An expiry that nobody can read must not look like "never".
pub(super) struct BadDate(pub(super) &'static str);

impl KeyDto {
    /// The key in our words, at `now_ms` by the server's clock.
    pub(super) fn told(self, now_ms: UnixMs) -> Result<Told, BadDate> {
        let expires_at = date("expiresAt", self.expires_at.as_deref())?;
        let last_used_at = date("lastRequest", self.last_request.as_deref())?;
        let (requests, budget) = self.use_of_it(last_used_at, now_ms);
        let status = match expires_at {
            Some(at) if at <= now_ms => KeyStatus::Expired,
            _ if self.enabled == Some(false) => KeyStatus::Paused,
            _ => KeyStatus::Enabled,
        };
        let key = ApiKey {
            masked: masked(self.start.as_deref(), self.prefix.as_deref()),
            created_at: date("createdAt", self.created_at.as_deref())?,
            id: KeyId::new(self.id),
            name: plain(&self.name.unwrap_or_default(), 300),
            status,
            scopes: self.permissions.map(scopes).unwrap_or_default(),
            read_only: false,
            preset: None,
            tools: Vec::new(),
            expires_at,
            last_used_at,
            requests,
            mcp_permissions: Vec::new(),
            projects: Vec::new(),
            instances: Vec::new(),
            reconnect: None,
            owner: None,
            budget,
        };
        Ok(Told {
            key,
            config: self
                .config_id
                .filter(|id| !id.is_empty() && id != "default"),
            reference: self.reference_id,
            metadata: self.metadata.map(unpacked),
        })
    }

    /// Requests in the current window, and what is left of the key's own budget. A window begins with the last request before
    /// it and lasts until nothing came for its length; `remaining` counts down for good.
    fn use_of_it(&self, last: Option<UnixMs>, now_ms: UnixMs) -> (Option<u64>, Option<Budget>) {
        let whole = |number: Option<f64>| number.filter(|n| *n >= 0.0).map(|n| n as u64);
        let (limit, window) = (
            whole(self.rate_limit_max),
            whole(self.rate_limit_time_window),
        );
        let ends = last
            .zip(window)
            .map(|(at, window)| at.saturating_add_unsigned(window))
            .filter(|ends| *ends > now_ms);
        let count = whole(self.request_count).map(|count| if ends.is_some() { count } else { 0 });
        let rate = match (self.rate_limit_enabled, limit) {
            (Some(true), Some(limit)) => Some(Budget {
                limit,
                remaining: Some(limit.saturating_sub(count.unwrap_or(0))),
                window_ms: window,
                resets_at: ends,
            }),
            _ => None,
        };
        let budget = match (rate, whole(self.remaining)) {
            (Some(rate), Some(left)) if rate.remaining <= Some(left) => Some(rate),
            (_, Some(left)) => Some(Budget {
                limit: left,
                remaining: Some(left),
                window_ms: None,
                resets_at: None,
            }),
            (rate, None) => rate,
        };
        (count, budget)
    }
}

/// Metadata is an object, but some versions keep it as a text with JSON in it, once or twice.
fn unpacked(value: Value) -> Value {
    let inner = |value: &Value| serde_json::from_str(value.as_str()?).ok();
    let once = inner(&value).unwrap_or(value);
    inner(&once).unwrap_or(once)
}

/// `{"files": ["read"]}` as `files:read`.
fn scopes(permissions: Value) -> Vec<String> {
    let lists: BTreeMap<String, Vec<String>> =
        serde_json::from_value(unpacked(permissions)).unwrap_or_default();
    lists
        .into_iter()
        .flat_map(|(what, actions)| {
            actions
                .into_iter()
                .map(move |action| plain(&format!("{what}:{action}"), 200))
        })
        .collect()
}

/// `start` has the prefix in it, so both are never shown together.
fn masked(start: Option<&str>, prefix: Option<&str>) -> String {
    let known = [start, prefix].into_iter().flatten();
    let shown = known.max_by_key(|text| text.len()).unwrap_or_default();
    format!("{}••••••••", plain(shown, 12))
}

fn date(field: &'static str, text: Option<&str>) -> Result<Option<UnixMs>, BadDate> {
    match text {
        None | Some("") => Ok(None),
        Some(text) => rfc3339_ms(text).map(Some).ok_or(BadDate(field)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    const NOW: UnixMs = 1_000_000;

    fn told(body: Value) -> Told {
        let dto: KeyDto = serde_json::from_value(body).unwrap();
        dto.told(NOW).ok().unwrap()
    }

    #[test]
    fn an_id_is_enough() {
        let told = told(json!({"id": "k", "unknown": {}}));
        assert_eq!(told.key.status, KeyStatus::Enabled);
        assert_eq!(told.key.masked, "••••••••");
        assert!(told.config.is_none() && told.key.budget.is_none());
    }

    #[test]
    fn the_prefix_is_shown_once() {
        let masked = |start: Value, prefix: Value| {
            told(json!({"id": "k", "start": start, "prefix": prefix}))
                .key
                .masked
        };
        assert_eq!(masked(json!("ref_Ke"), json!("ref_")), "ref_Ke••••••••");
        assert_eq!(
            masked(json!("atlas_"), json!("atlas_wk_")),
            "atlas_wk_••••••••"
        );
        assert_eq!(masked(Value::Null, json!("ref_")), "ref_••••••••");
    }

    #[test]
    fn expired_is_stronger_than_paused() {
        let state = |at: &str| {
            told(json!({"id": "k", "enabled": false, "expiresAt": at}))
                .key
                .status
        };
        assert_eq!(state("1970-01-01T00:16:40Z"), KeyStatus::Expired);
        assert_eq!(state("1970-01-01T00:16:41.000Z"), KeyStatus::Paused);
    }

    #[test]
    fn an_expiry_that_cannot_be_read_is_not_never() {
        let dto: KeyDto = serde_json::from_value(json!({"id": "k", "expiresAt": "soon"})).unwrap();
        assert_eq!(dto.told(NOW).err().map(|bad| bad.0), Some("expiresAt"));
    }

    #[test]
    fn the_budget_is_that_of_the_window() {
        let key = |last: &str, remaining: Value| {
            told(json!({
                "id": "k", "rateLimitEnabled": true, "rateLimitMax": 10, "rateLimitTimeWindow": 1000, "requestCount": 4,
                "lastRequest": last, "remaining": remaining,
            }))
            .key
        };
        let now = key("1970-01-01T00:16:39.500Z", Value::Null);
        assert_eq!(now.requests, Some(4));
        assert_eq!(
            now.budget,
            Some(Budget {
                limit: 10,
                remaining: Some(6),
                window_ms: Some(1000),
                resets_at: Some(NOW + 500)
            })
        );
        let before = key("1970-01-01T00:16:30Z", Value::Null);
        assert_eq!(before.requests, Some(0));
        assert_eq!(before.budget.and_then(|b| b.remaining), Some(10));
        let last_ones = key("1970-01-01T00:16:39.500Z", json!(2)).budget.unwrap();
        assert_eq!((last_ones.limit, last_ones.window_ms), (2, None));
    }

    #[test]
    fn metadata_and_permissions_may_be_texts() {
        for metadata in [
            json!({"orgId": "o"}),
            json!("{\"orgId\":\"o\"}"),
            json!("\"{\\\"orgId\\\":\\\"o\\\"}\""),
        ] {
            let told = told(
                json!({"id": "k", "metadata": metadata, "permissions": "{\"files\":[\"read\"]}"}),
            );
            assert_eq!(told.metadata.unwrap()["orgId"], "o");
            assert_eq!(told.key.scopes, ["files:read"]);
        }
    }

    #[test]
    fn both_shapes_of_a_list_are_read() {
        for (body, total) in [
            (json!([{"id": "k"}]), None),
            (json!({"apiKeys": [{"id": "k"}], "total": 7}), Some(7)),
        ] {
            let (keys, told) = match serde_json::from_value(body).unwrap() {
                ListDto::Page { keys, total } => (keys, total),
                ListDto::All(keys) => (keys, None),
            };
            assert_eq!((keys.len(), told), (1, total));
        }
    }
}
