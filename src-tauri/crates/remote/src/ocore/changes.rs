//! Changing and pausing keys, for which oCore's documentation names neither verbs nor paths: each way that a server may have is
//! tried until one is there, which is then remembered. A server that says "no such route" has done nothing; every other answer,
//! and none at all, ends the search.
//! Source: docs.ocore.sh/docs/api-reference/a-p-i--keys, checked 2026-11-20.

use keystow_core::KeyId;
use keystow_core::key::{ApiKey, KeyChange};
use keystow_core::remote::{Caller, RemoteError, RemoteErrorKind};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::Ocore;
use super::dto::{KeyDto, OneDto};
use super::keys::{allowlist_mode, in_our_words, written};
use crate::transport::{Answer, unsupported};

/// All that an update may say. Source: as above.
const CHANGEABLE: &[&str] = &[
    "name",
    "permissions",
    "expiresAt",
    "mcpActive",
    "mcpAllowlistMode",
    "mcpInstanceIds",
    "mcpPermissions",
    "mcpPreset",
    "mcpProjectIds",
    "mcpReadOnly",
    "mcpToolAllowlist",
];

/// One way to ask for something.
struct Way {
    name: &'static str,
    method: Method,
    /// Below the key.
    route: &'static [&'static str],
}

/// `PUT` says the whole key, so that nothing is lost where it replaces.
const UPDATE: &[Way] = &[
    Way {
        name: "patch",
        method: Method::PATCH,
        route: &[],
    },
    Way {
        name: "put",
        method: Method::PUT,
        route: &[],
    },
];

const TOGGLE: &[Way] = &[
    Way {
        name: "post-toggle",
        method: Method::POST,
        route: &["toggle"],
    },
    Way {
        name: "patch-toggle",
        method: Method::PATCH,
        route: &["toggle"],
    },
    Way {
        name: "put-toggle",
        method: Method::PUT,
        route: &["toggle"],
    },
];

/// Whether an answer says that there is no such route, or no such key.
fn not_there(kind: &RemoteErrorKind) -> bool {
    matches!(
        kind,
        RemoteErrorKind::NotFound
            | RemoteErrorKind::Refused {
                status: 405 | 501,
                ..
            }
    )
}

fn body_of(caller: &Caller<'_>, change: &KeyChange) -> Result<Map<String, Value>, RemoteError> {
    let mut body = Map::new();
    let mut say = |field: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(field.to_owned(), value);
        }
    };
    say("name", change.name.as_ref().map(|name| json!(name)));
    say(
        "permissions",
        change.scopes.as_ref().map(|list| json!(list)),
    );
    say("mcpReadOnly", change.read_only.map(Value::Bool));
    say(
        "mcpPreset",
        change.preset.as_ref().map(|preset| json!(preset)),
    );
    if let Some(tools) = &change.tools {
        say("mcpAllowlistMode", Some(json!(allowlist_mode(tools))));
        say("mcpToolAllowlist", Some(json!(tools)));
    }
    for (field, list) in [
        ("mcpPermissions", &change.mcp_permissions),
        ("mcpProjectIds", &change.projects),
        ("mcpInstanceIds", &change.instances),
    ] {
        say(field, list.as_ref().map(|list| json!(list)));
    }
    if let Some(at) = change.expires_at {
        let at = at.map(|at| written(caller.base, at)).transpose()?;
        say("expiresAt", Some(json!(at)));
    }
    Ok(body)
}

impl Ocore {
    /// Asks in one way after the other. "Not there" of a key that is there means that the way is not.
    fn ask_in_some_way(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
        question: &str,
        ways: &[Way],
        body: impl Fn(&Way) -> Result<Option<Value>, RemoteError>,
    ) -> Result<Option<Answer>, RemoteError> {
        let known = self.remote.learned().get(caller.base, question);
        let known = known.and_then(|name| ways.iter().find(|way| way.name == name));
        for way in known.map_or(ways, std::slice::from_ref) {
            let route: Vec<&str> = [id.as_str()].iter().chain(way.route).copied().collect();
            let mut ask = self.ask(way.method.clone(), caller, &route)?;
            if let Some(body) = body(way)? {
                ask = ask.json(&body);
            }
            match ask.send()?.success().map_err(RemoteError::from) {
                Ok(answer) => {
                    self.remote.learned().set(caller.base, question, way.name);
                    return Ok(Some(answer));
                }
                // The key may be gone: then so is the question.
                Err(error) if not_there(&error.kind) => {
                    self.fetch(caller, id)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// What can be changed of a key, as it is now.
    fn whole(&self, caller: &Caller<'_>, id: &KeyId) -> Result<Map<String, Value>, RemoteError> {
        let answer = self
            .ask(Method::GET, caller, &[id.as_str()])?
            .send()?
            .success()?;
        let mut body: Map<String, Value> = answer.json()?;
        let wrapped = ["apiKey", "data"]
            .iter()
            .find_map(|name| body.get_mut(*name)?.as_object_mut().map(std::mem::take));
        let mut key = wrapped.unwrap_or(body);
        key.retain(|field, _| CHANGEABLE.contains(&field.as_str()));
        Ok(key)
    }

    pub(super) fn change(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
        change: &KeyChange,
    ) -> Result<ApiKey, RemoteError> {
        let said = body_of(caller, change)?;
        if said.is_empty() {
            return self.fetched(caller, id);
        }
        let answer = self.ask_in_some_way(caller, id, "update", UPDATE, |way| {
            if way.method != Method::PUT {
                return Ok(Some(Value::Object(said.clone())));
            }
            let mut whole = self.whole(caller, id)?;
            whole.extend(said.clone());
            Ok(Some(Value::Object(whole)))
        })?;
        let Some(answer) = answer else {
            return Err(unsupported(caller.base));
        };
        // Some answer with the key, some with nothing or a message.
        let key = match answer.json::<OneDto>() {
            Ok(one) => one.key(),
            Err(_) => return self.fetched(caller, id),
        };
        in_our_words(&answer, key)
    }

    fn fetched(&self, caller: &Caller<'_>, id: &KeyId) -> Result<ApiKey, RemoteError> {
        let (answer, key) = self.fetch(caller, id)?;
        in_our_words(&answer, key)
    }

    /// A toggle says what to change, not what to reach: only reading tells, and a second try could undo the first. Where there
    /// is none, `mcpActive` is changed like everything else.
    pub(super) fn pause(
        &self,
        caller: &Caller<'_>,
        id: &KeyId,
        paused: bool,
    ) -> Result<ApiKey, RemoteError> {
        let (answer, before) = self.fetch(caller, id)?;
        if before.paused() == paused {
            return in_our_words(&answer, before);
        }
        let asked = self
            .ask_in_some_way(caller, id, "toggle", TOGGLE, |_| Ok(None))
            .and_then(|toggled| match toggled {
                Some(_) => Ok(()),
                None => self.set_active(caller, id, !paused),
            });
        let asked = match asked {
            Err(error) if !error.outcome_unknown() => return Err(error),
            other => other,
        };
        match (self.fetch(caller, id), asked) {
            (Ok((answer, after)), _) if after.paused() == paused => in_our_words(&answer, after),
            (_, Err(unknown)) => Err(unknown),
            (Ok((answer, after)), Ok(())) => Err(unchanged(&answer, &after)),
            (Err(error), Ok(())) => Err(error),
        }
    }

    fn set_active(&self, caller: &Caller<'_>, id: &KeyId, active: bool) -> Result<(), RemoteError> {
        let answer = self.ask_in_some_way(caller, id, "update", UPDATE, |way| {
            let mut body = match way.method == Method::PUT {
                true => self.whole(caller, id)?,
                false => Map::new(),
            };
            body.insert("mcpActive".to_owned(), Value::Bool(active));
            Ok(Some(Value::Object(body)))
        })?;
        answer.map(|_| ()).ok_or_else(|| unsupported(caller.base))
    }
}

fn unchanged(answer: &Answer, after: &KeyDto) -> RemoteError {
    let (found, expected) = match after.paused() {
        false => ("a key that is still enabled", "a paused one"),
        true => ("a key that is still paused", "an enabled one"),
    };
    answer.not_what(found, expected)
}
