//! Which of an app's kinds of keys (`configId`) a key is of, and which kind belongs to organizations.
//!
//! An app may have several kinds; those of an organization are got, changed and revoked only by a request that repeats theirs,
//! and else are "not found". No request tells the kinds.
//! Source: better-auth 1.7.5 (run, and @better-auth/api-key's source), checked 2026-11-20.

use keystow_core::KeyId;
use keystow_core::remote::{Caller, RemoteError, RemoteErrorKind};
use reqwest::Method;
use serde_json::json;

use super::{BetterAuth, Told};

/// The names under which apps are likely to have the kind that belongs to organizations; the empty one is the default kind. The
/// first two are the documentation's.
const LIKELY: &[&str] = &["", "org-keys", "organization", "org", "organization-keys"];

/// The same for the kind that is an account's own, where the app has no default kind. The first is the documentation's.
const LIKELY_OWN: &[&str] = &["user-keys", "user", "personal"];

/// No app takes a name as long as this, so that a request with it makes no key.
const REFUSED_NAME: usize = 10_000;

/// An app whose kinds all have names refuses what names none, before it does anything.
fn has_no_default(error: &RemoteError) -> bool {
    error.code.as_deref() == Some("NO_DEFAULT_API_KEY_CONFIGURATION_FOUND")
}

fn says_another_kind(error: &RemoteError) -> bool {
    error.kind == RemoteErrorKind::NotFound || has_no_default(error)
}

impl BetterAuth {
    fn question(id: &KeyId) -> String {
        format!("config of {}", id.as_str())
    }

    /// Remembers what a list told.
    pub(super) fn learn(&self, caller: &Caller<'_>, told: &Told) {
        if let Some(config) = &told.config {
            self.remote
                .learned()
                .set(caller.base, &Self::question(&told.key.id), config);
        }
    }

    /// Does something about one key with the kind it is of, as far as that is known; "not found" may mean another kind, which
    /// the lists tell. Nothing has happened then, so a write is made again.
    pub(super) fn with_config<T>(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
        act: impl Fn(Option<&str>) -> Result<T, RemoteError>,
    ) -> Result<T, RemoteError> {
        let known = self.remote.learned().get(caller.base, &Self::question(id));
        let error = match act(known.as_deref()) {
            Err(error) if known.is_none() && says_another_kind(&error) => error,
            other => return other,
        };
        let keys = self.all(caller)?;
        let config = keys
            .into_iter()
            .find(|told| told.key.id == *id)
            .and_then(|told| told.config);
        match config {
            Some(config) => act(Some(&config)),
            None => Err(RemoteError {
                kind: RemoteErrorKind::NotFound,
                ..error
            }),
        }
    }

    /// Makes a key of the account's own kind, which need not be the default: `act` is told which.
    pub(super) fn with_own_config<T>(
        &self,
        caller: &Caller<'_>,
        act: impl Fn(Option<&str>) -> Result<T, RemoteError>,
    ) -> Result<T, RemoteError> {
        const QUESTION: &str = "config of accounts";
        let known = self.remote.learned().get(caller.base, QUESTION);
        let mut error = match act(known.as_deref()) {
            Err(error) if known.is_none() && has_no_default(&error) => error,
            other => return other,
        };
        let existing = self.own(caller)?.into_iter().find_map(|told| told.config);
        let likely = LIKELY_OWN.iter().map(|name| (*name).to_owned());
        for config in existing.into_iter().chain(likely) {
            match act(Some(&config)) {
                Err(again) if has_no_default(&again) => error = again,
                other => {
                    self.remote.learned().set(caller.base, QUESTION, &config);
                    return other;
                }
            }
        }
        Err(error)
    }

    /// The kind that keys of `organization` are of: the empty text for the default one, `None` where the app has none.
    pub(super) fn config_of_organization(
        &self,
        caller: &Caller<'_>,
        organization: &str,
    ) -> Result<Option<String>, RemoteError> {
        const QUESTION: &str = "config of organizations";
        const NONE: &str = " none";
        if let Some(known) = self.remote.learned().get(caller.base, QUESTION) {
            return Ok(Some(known).filter(|known| known != NONE));
        }
        let existing = self.of_organization(caller, organization)?;
        let config = match existing.into_iter().next() {
            Some(told) => Some(told.config.unwrap_or_default()),
            None => self.likely_config(caller)?,
        };
        let known = config.as_deref().unwrap_or(NONE);
        self.remote.learned().set(caller.base, QUESTION, known);
        Ok(config)
    }

    /// Asks for a key with a name that is refused and without an organization: what it is refused for first tells the kind.
    fn likely_config(&self, caller: &Caller<'_>) -> Result<Option<String>, RemoteError> {
        for name in LIKELY {
            let mut body = json!({"name": "x".repeat(REFUSED_NAME)});
            if !name.is_empty() {
                body["configId"] = json!(name);
            }
            let answer = self
                .ask(
                    Method::POST,
                    caller.base,
                    &["api-key", "create"],
                    caller.access,
                )?
                .json(&body)
                .send()?;
            let failure = match answer.success() {
                Ok(answer) => return Err(answer.not_what("a key with a name that is none", "no")),
                Err(failure) => failure,
            };
            match (failure.code.as_deref(), &failure.error.kind) {
                (Some("ORGANIZATION_ID_REQUIRED"), _) => return Ok(Some((*name).to_owned())),
                (_, RemoteErrorKind::Refused { .. }) => {}
                _ => return Err(failure.into()),
            }
        }
        Ok(None)
    }
}
