use keystow_core::KeyId;
use keystow_core::key::{ApiKey, KeyStatus, UnixMs};
use serde::Deserialize;
use serde_json::Value;

use crate::parse::rfc3339_ms;
use crate::text::plain;

/// A key as oCore tells it. Only the id is sure to be there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KeyDto {
    id: String,
    name: Option<String>,
    prefix: Option<String>,
    last_four: Option<String>,
    scope: Option<String>,
    permissions: Option<Vec<String>>,
    created_at: Option<String>,
    expires_at: Option<String>,
    last_used_at: Option<String>,
    mcp_active: Option<bool>,
    mcp_preset: Option<String>,
    mcp_read_only: Option<bool>,
    mcp_tool_allowlist: Option<Vec<String>>,
    request_count: Option<u64>,
    mcp_permissions: Option<Vec<String>>,
    mcp_project_ids: Option<Vec<String>>,
    mcp_instance_ids: Option<Vec<String>>,
    mcp_reconnect_required: Option<bool>,
    mcp_reconnect_required_message: Option<String>,
    /// Whose it is. The documentation of everybody's list shows no owner, so any usual spelling is taken.
    organization: Option<Value>,
    organization_name: Option<String>,
}

/// One page of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageDto {
    pub(super) api_keys: Vec<KeyDto>,
    pub(super) total: Option<u64>,
}

/// One of them, wrapped or bare.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum OneDto {
    #[serde(rename_all = "camelCase")]
    Wrapped {
        api_key: KeyDto,
    },
    Data {
        data: KeyDto,
    },
    Bare(KeyDto),
}

impl OneDto {
    pub(super) fn key(self) -> KeyDto {
        match self {
            Self::Wrapped { api_key: key } | Self::Data { data: key } | Self::Bare(key) => key,
        }
    }
}

/// A date that is none. An expiry that nobody can read must not look like "never".
pub(super) struct BadDate(pub(super) &'static str);

impl KeyDto {
    /// Whether it is paused, whatever else is to be said of it.
    pub(super) fn paused(&self) -> bool {
        self.mcp_active == Some(false)
    }

    /// The key in our words, at `now_ms`.
    pub(super) fn into_key(self, now_ms: UnixMs) -> Result<ApiKey, BadDate> {
        let expires_at = date("expiresAt", self.expires_at.as_deref())?;
        let status = match expires_at {
            Some(at) if at <= now_ms => KeyStatus::Expired,
            _ if self.paused() => KeyStatus::Paused,
            _ => KeyStatus::Enabled,
        };
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        let permissions = self.permissions.unwrap_or_default();
        let scopes = match said(self.scope) {
            Some(scope) if permissions.is_empty() => {
                scope.split_whitespace().map(str::to_owned).collect()
            }
            _ => permissions,
        };
        Ok(ApiKey {
            masked: masked(
                &self.prefix.unwrap_or_default(),
                &self.last_four.unwrap_or_default(),
            ),
            created_at: date("createdAt", self.created_at.as_deref())?,
            last_used_at: date("lastUsedAt", self.last_used_at.as_deref())?,
            name: plain(&self.name.unwrap_or_default(), 300),
            id: KeyId::new(self.id),
            status,
            scopes,
            read_only: self.mcp_read_only.unwrap_or(false),
            preset: said(self.mcp_preset),
            tools: self.mcp_tool_allowlist.unwrap_or_default(),
            expires_at,
            requests: self.request_count,
            mcp_permissions: self.mcp_permissions.unwrap_or_default(),
            projects: self.mcp_project_ids.unwrap_or_default(),
            instances: self.mcp_instance_ids.unwrap_or_default(),
            reconnect: self.mcp_reconnect_required.unwrap_or(false).then(|| {
                said(self.mcp_reconnect_required_message)
                    .map(|text| plain(&text, 300))
                    .unwrap_or_else(|| "Clients must connect anew.".to_owned())
            }),
            owner: owner(self.organization.as_ref())
                .or(self.organization_name.as_deref())
                .map(|name| plain(name, 200))
                .filter(|name| !name.is_empty()),
            budget: None,
        })
    }
}

fn owner(organization: Option<&Value>) -> Option<&str> {
    let organization = organization?;
    let named = |field: &str| organization.get(field).and_then(Value::as_str);
    named("name")
        .or_else(|| named("slug"))
        .or_else(|| organization.as_str())
}

/// At most twelve characters of the prefix and the last four: even a server that told a whole key would not make us show it.
fn masked(prefix: &str, last_four: &str) -> String {
    let tail: Vec<char> = last_four.chars().collect();
    let tail: String = tail[tail.len().saturating_sub(4)..].iter().collect();
    format!("{}••••••••{}", plain(prefix, 12), plain(&tail, 4))
}

/// Nothing, an empty text and the year 1 (how some servers write "never") are no date.
fn date(field: &'static str, text: Option<&str>) -> Result<Option<UnixMs>, BadDate> {
    match text {
        None | Some("") => Ok(None),
        Some(text) if text.starts_with("0001-") => Ok(None),
        Some(text) => rfc3339_ms(text).map(Some).ok_or(BadDate(field)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn key(body: Value) -> ApiKey {
        let dto: KeyDto = serde_json::from_value(body).unwrap();
        dto.into_key(1_000_000).ok().unwrap()
    }

    #[test]
    fn an_id_is_enough() {
        let key = key(json!({"id": "k1", "somethingNew": [1, 2]}));
        assert_eq!(key.status, KeyStatus::Enabled);
        assert_eq!(key.masked, "••••••••");
        assert!(key.scopes.is_empty() && key.expires_at.is_none());
    }

    #[test]
    fn the_owner_is_read_in_every_spelling() {
        let owner = |fields: Value| {
            let mut body = json!({"id": "k"});
            let fields = fields.as_object().unwrap().clone();
            body.as_object_mut().unwrap().extend(fields);
            key(body).owner
        };
        for body in [
            json!({"organization": {"slug": "acme", "name": "Acme"}}),
            json!({"organization": "Acme"}),
            json!({"organizationName": "Acme"}),
        ] {
            assert_eq!(owner(body).as_deref(), Some("Acme"));
        }
        for body in [
            json!({}),
            json!({"organization": 7}),
            json!({"organization": {}}),
        ] {
            assert_eq!(owner(body), None);
        }
    }

    #[test]
    fn null_is_as_good_as_nothing() {
        let key = key(
            json!({"id": "k1", "permissions": null, "mcpActive": null, "expiresAt": null, "name": null, "mcpPreset": ""}),
        );
        assert_eq!((key.status, key.preset), (KeyStatus::Enabled, None));
    }

    #[test]
    fn expired_is_stronger_than_paused() {
        let state = |at: &str, active: bool| {
            key(json!({"id": "k", "expiresAt": at, "mcpActive": active})).status
        };
        assert_eq!(state("1970-01-01T00:16:40Z", false), KeyStatus::Expired);
        assert_eq!(state("1970-01-01T00:16:41Z", false), KeyStatus::Paused);
        assert_eq!(state("1970-01-01T00:16:41Z", true), KeyStatus::Enabled);
        assert_eq!(state("0001-01-01T00:00:00Z", true), KeyStatus::Enabled);
    }

    #[test]
    fn an_expiry_that_cannot_be_read_is_not_never() {
        let dto: KeyDto = serde_json::from_value(json!({"id": "k", "expiresAt": "soon"})).unwrap();
        assert_eq!(dto.into_key(0).err().map(|bad| bad.0), Some("expiresAt"));
    }

    #[test]
    fn shows_no_more_of_a_key_than_its_ends() {
        assert_eq!(masked("ksl_", "3f9c"), "ksl_••••••••3f9c");
        let whole = "ocore_k_abcdefghijklmnopqrstuvwxyz";
        assert_eq!(masked(whole, whole), "ocore_k_abcd••••••••wxyz");
    }

    #[test]
    fn finds_one_key_wherever_it_stands() {
        for body in [
            json!({"apiKey": {"id": "k"}}),
            json!({"data": {"id": "k"}}),
            json!({"id": "k"}),
        ] {
            let one: OneDto = serde_json::from_value(body).unwrap();
            assert_eq!(one.key().id, "k");
        }
    }
}
