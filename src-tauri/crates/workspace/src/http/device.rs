//! Signing in on a device without a browser of its own (RFC 8628): what it asks for, and what it is told when it asks again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json as Answer;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::Problem;
use super::authorize::{audience, granted_scope};
use super::body::Either;
use super::device_page::Pages;
use super::register::{self, Client};
use super::token::{granted, refusal};
use crate::grants::{self, Audience};
use crate::random::{self, Hash};
use crate::state::State;
use crate::throttle::Throttle;

/// The grant's name at the token endpoints.
pub(super) const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// How long a code can be approved and redeemed. For as long again a device is told that it has expired.
const LIFE: Duration = Duration::from_secs(900);

/// How long a device waits between two polls, and how much longer once it was too quick.
const INTERVAL: Duration = Duration::from_secs(5);

/// Codes kept at most; the oldest go first.
const MOST: usize = 200;

/// Letters before the hyphen of a user code.
const USER_CODE_HALF: usize = 4;

/// How much of a device's name is kept.
const NAME_CHARACTERS: usize = 60;

/// What the owner said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Nothing,
    Yes,
    No,
}

/// A device that asks. Its codes are known by their hashes only.
#[derive(Clone)]
pub(super) struct Asking {
    made: Instant,
    user_code: Hash,
    pub(super) client: Client,
    /// What it calls itself; may be empty.
    pub(super) device: String,
    pub(super) audience: Audience,
    pub(super) scope: String,
    said: Said,
    interval: Duration,
    polled: Option<Instant>,
}

/// Devices that ask; in memory only, as no code outlives half an hour.
pub(crate) struct Devices {
    /// By the hash of the device code.
    asking: Mutex<HashMap<Hash, Asking>>,
    pub(super) pages: Pages,
    /// Codes that were asked for.
    requests: Throttle,
    /// User codes that were wrong.
    pub(super) guesses: Throttle,
}

impl Default for Devices {
    fn default() -> Self {
        Self {
            asking: Mutex::default(),
            pages: Pages::default(),
            requests: Throttle::new(20),
            guesses: Throttle::new(10),
        }
    }
}

impl Devices {
    fn asking(&self) -> std::sync::MutexGuard<'_, HashMap<Hash, Asking>> {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, device_code: &str, asking: Asking) {
        let mut all = self.asking();
        while all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, asking)| asking.made);
            let Some(oldest) = oldest.map(|(hash, _)| *hash) else {
                break;
            };
            all.remove(&oldest);
        }
        all.insert(random::hash(device_code), asking);
    }

    /// The device that shows a user code, however that is typed, while it waits for an answer.
    pub(super) fn showing(&self, user_code: &str, now: Instant) -> Option<Hash> {
        let typed = hash_of_user_code(user_code);
        let all = self.asking();
        let found = all.iter().find(|(_, asking)| asking.user_code == typed);
        found
            .filter(|(_, asking)| asking.waits(now))
            .map(|(hash, _)| *hash)
    }

    /// A device that waits for an answer.
    pub(super) fn waiting(&self, device: &Hash, now: Instant) -> Option<Asking> {
        let all = self.asking();
        all.get(device).filter(|asking| asking.waits(now)).cloned()
    }

    /// Takes the owner's answer, once; `false` when nobody waits for it any more.
    pub(super) fn answer(&self, device: &Hash, said: Said, now: Instant) -> bool {
        match self.asking().get_mut(device) {
            Some(asking) if asking.waits(now) => {
                asking.said = said;
                true
            }
            _ => false,
        }
    }

    /// What a device is told: what it may have, once, or an error of RFC 8628 (3.5) with a sentence.
    fn poll(
        &self,
        device_code: &str,
        client: &str,
        now: Instant,
    ) -> Result<Asking, (&'static str, &'static str)> {
        let hash = random::hash(device_code);
        let mut all = self.asking();
        let asking = match all.get_mut(&hash) {
            Some(asking) if asking.client.id == client => asking,
            _ => {
                return Err((
                    "invalid_grant",
                    "this device code is not known, or was used before",
                ));
            }
        };
        if now.duration_since(asking.made) >= LIFE {
            return Err((
                "expired_token",
                "this code has expired; ask for another one",
            ));
        }
        match asking.said {
            Said::No => Err(("access_denied", "the owner said no")),
            Said::Yes => Ok(all.remove(&hash).expect("it was there just now")),
            Said::Nothing => {
                let last = asking.polled.replace(now);
                if last.is_some_and(|last| now.duration_since(last) < asking.interval) {
                    asking.interval += INTERVAL;
                    return Err(("slow_down", "wait five seconds longer between two requests"));
                }
                Err(("authorization_pending", "the owner has not answered yet"))
            }
        }
    }

    /// Forgets what has expired.
    pub(crate) fn prune(&self) {
        self.asking()
            .retain(|_, asking| asking.made.elapsed() < 2 * LIFE);
        self.pages.prune();
    }
}

impl Asking {
    fn waits(&self, now: Instant) -> bool {
        self.said == Said::Nothing && now.duration_since(self.made) < LIFE
    }
}

/// A user code as it is shown, from what was typed: case, hyphens and spaces do not matter.
pub(super) fn as_shown(typed: &str) -> String {
    let mut code: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if code.len() > USER_CODE_HALF {
        code.insert(USER_CODE_HALF, '-');
    }
    code
}

fn hash_of_user_code(typed: &str) -> Hash {
    random::hash(&as_shown(typed))
}

#[derive(Deserialize)]
pub(super) struct CodeRequest {
    client_id: Option<String>,
    scope: Option<String>,
    resource: Option<String>,
    /// What the device calls itself, to be shown to the owner.
    device_name: Option<String>,
}

/// `POST /api/auth/device/code`.
pub(super) async fn code(
    Shared(state): Shared<Arc<State>>,
    Either(request): Either<CodeRequest>,
) -> Result<Response, Problem> {
    let devices = &state.devices;
    devices
        .requests
        .begin()
        .map_err(|seconds| Problem::too_many("Too many devices ask at once.", seconds))?;
    let client = match request.client_id {
        Some(id) => state.db.read(move |c| register::find(c, &id)).await?,
        None => None,
    };
    let Some(client) = client else {
        return Ok(refusal("invalid_client", "client_id is not known here"));
    };
    let Some(audience) = audience(&state, request.resource.as_deref()) else {
        return Ok(refusal(
            "invalid_target",
            "resource is not one of this server",
        ));
    };
    let Some(scope) = granted_scope(audience, request.scope.as_deref()) else {
        return Ok(refusal("invalid_scope", "scope names something unknown"));
    };
    let (device_code, user_code) = (random::token("kd_"), random::user_code());
    let device: String = request
        .device_name
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(NAME_CHARACTERS)
        .collect();
    devices.add(
        &device_code,
        Asking {
            made: Instant::now(),
            user_code: hash_of_user_code(&user_code),
            client,
            device: device.trim().to_owned(),
            audience,
            scope,
            said: Said::Nothing,
            interval: INTERVAL,
            polled: None,
        },
    );
    let page = format!("{}/device", state.origin);
    Ok(Answer(json!({
        "device_code": device_code,
        "verification_uri_complete": format!("{page}?user_code={user_code}"),
        "user_code": user_code,
        "verification_uri": page,
        "expires_in": LIFE.as_secs(),
        "interval": INTERVAL.as_secs(),
    }))
    .into_response())
}

#[derive(Deserialize)]
pub(super) struct TokenRequest {
    grant_type: Option<String>,
    client_id: Option<String>,
    device_code: Option<String>,
}

/// `POST /api/auth/device/token`: the tokens are those of a sign-in by password, refreshed at `/api/auth/refresh`.
pub(super) async fn token(
    Shared(state): Shared<Arc<State>>,
    Either(request): Either<TokenRequest>,
) -> Result<Response, Problem> {
    if request.grant_type.as_deref() != Some(DEVICE_GRANT) {
        return Ok(refusal(
            "unsupported_grant_type",
            "grant_type must be the device code grant",
        ));
    }
    let Some(client) = request.client_id else {
        return Ok(refusal("invalid_client", "client_id is missing"));
    };
    redeem(&state, &client, request.device_code, None).await
}

/// Gives tokens for a device code that was approved; `owner` is the client they are refreshed by.
pub(super) async fn redeem(
    state: &State,
    client: &str,
    device_code: Option<String>,
    owner: Option<String>,
) -> Result<Response, Problem> {
    let Some(device_code) = device_code else {
        return Ok(refusal("invalid_request", "device_code is needed"));
    };
    let Asking {
        audience, scope, ..
    } = match state.devices.poll(&device_code, client, Instant::now()) {
        Ok(allowed) => allowed,
        Err((error, sentence)) => return Ok(refusal(error, sentence)),
    };
    let (_, tokens) = state
        .db
        .write(move |c| grants::open(c, owner.as_deref(), audience, &scope))
        .await?;
    Ok(granted(&tokens))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(user_code: &str) -> Asking {
        Asking {
            made: Instant::now(),
            user_code: hash_of_user_code(user_code),
            client: Client::keystow(),
            device: String::new(),
            audience: Audience::Api,
            scope: "workspace".to_owned(),
            said: Said::Nothing,
            interval: INTERVAL,
            polled: None,
        }
    }

    fn error(polled: Result<Asking, (&'static str, &'static str)>) -> &'static str {
        polled.err().map_or("none", |(error, _)| error)
    }

    #[test]
    fn a_device_that_asks_too_often_has_to_wait_longer_each_time() {
        let devices = Devices::default();
        devices.add("kd_1", asking("BCDF-GHJK"));
        let began = Instant::now();
        let at =
            |seconds| error(devices.poll("kd_1", "keystow", began + Duration::from_secs(seconds)));
        assert_eq!(at(0), "authorization_pending");
        assert_eq!(at(5), "authorization_pending");
        assert_eq!(at(9), "slow_down");
        assert_eq!(at(18), "slow_down", "ten seconds now");
        assert_eq!(at(33), "authorization_pending", "fifteen");
        // An answer is told at once.
        let device = random::hash("kd_1");
        assert!(devices.answer(&device, Said::Yes, began));
        assert_eq!(at(34), "none");
        assert_eq!(at(35), "invalid_grant", "given once");
    }

    #[test]
    fn a_code_expires_whether_it_was_answered_or_not() {
        let devices = Devices::default();
        devices.add("kd_1", asking("BCDF-GHJK"));
        devices.add("kd_2", asking("BCDF-GHJL"));
        let now = Instant::now();
        assert!(devices.answer(&random::hash("kd_2"), Said::Yes, now));
        let late = now + LIFE;
        for code in ["kd_1", "kd_2"] {
            assert_eq!(error(devices.poll(code, "keystow", late)), "expired_token");
        }
        assert!(devices.showing("bcdf ghjk", now).is_some());
        assert!(devices.showing("BCDF-GHJK", late).is_none());
        assert!(!devices.answer(&random::hash("kd_1"), Said::Yes, late));
    }

    #[test]
    fn a_code_is_answered_once_and_only_its_client_is_told() {
        let devices = Devices::default();
        devices.add("kd_1", asking("BCDF-GHJK"));
        let (now, device) = (Instant::now(), random::hash("kd_1"));
        assert!(devices.answer(&device, Said::No, now));
        assert!(!devices.answer(&device, Said::Yes, now));
        assert!(devices.showing("BCDF-GHJK", now).is_none());
        assert_eq!(
            error(devices.poll("kd_1", "stranger", now)),
            "invalid_grant"
        );
        assert_eq!(error(devices.poll("kd_1", "keystow", now)), "access_denied");
        assert_eq!(error(devices.poll("kd_3", "keystow", now)), "invalid_grant");
    }

    #[test]
    fn the_oldest_make_room() {
        let devices = Devices::default();
        for number in 0..=MOST {
            devices.add(&format!("kd_{number}"), asking(&format!("CODE-{number}")));
        }
        let now = Instant::now();
        assert_eq!(error(devices.poll("kd_0", "keystow", now)), "invalid_grant");
        let newest = format!("kd_{MOST}");
        assert_eq!(
            error(devices.poll(&newest, "keystow", now)),
            "authorization_pending"
        );
    }
}
