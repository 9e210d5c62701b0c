//! Keys in use, in memory: every request asks here first, and a change made through the API holds from the next one on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::clock::{self, SECOND, UnixMs};
use crate::db::{Db, DbError};
use crate::grants::{self, Audience};
use crate::keys::{self, Key, McpAccess, RATE_PER_MINUTE, Settings};
use crate::organizations::{self, Organization};
use crate::random::{self, Hash, KEY_PREFIX};
use crate::state::Ending;

/// What a request may be refused for before it is looked at.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("this key or token is not known here")]
    Unknown,
    #[error("this key was revoked")]
    Revoked,
    #[error("this key has expired")]
    Expired,
    #[error("this access token has expired")]
    TokenExpired,
    #[error("this access token is not for the MCP endpoint")]
    WrongAudience,
    #[error("this key is paused")]
    Paused,
    #[error(transparent)]
    Db(#[from] DbError),
}

/// A key, or an OAuth access token for the MCP endpoint, that is in use.
#[derive(Debug)]
pub(crate) struct LiveKey {
    /// Its id in the API; a token has one of its own that is known nowhere else.
    pub(crate) id: String,
    /// Its number in the usage log; a token has none.
    pub(crate) seq: Option<i64>,
    /// The organization it belongs to, and sees.
    pub(crate) organization: Organization,
    /// What may be shown of it.
    pub(crate) masked: String,
    grant: Option<String>,
    settings: RwLock<Arc<Settings>>,
    /// Given when it is revoked or paused: open streams end.
    pub(crate) ending: Ending,
    window: Mutex<Window>,
    reconnect: AtomicBool,
}

/// The minute requests are counted in.
#[derive(Debug)]
struct Window {
    began: Instant,
    ends_at: UnixMs,
    requests: u32,
}

/// Where a key stands in its minute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// When the next minute begins, in Unix seconds.
    pub(crate) reset: i64,
    /// The same, in seconds from now.
    pub(crate) left: u64,
    /// Seconds to wait, when this request is one too many.
    pub(crate) wait: Option<u64>,
}

const MINUTE: Duration = Duration::from_secs(60);

impl LiveKey {
    fn new(
        id: String,
        seq: Option<i64>,
        organization: Organization,
        grant: Option<String>,
        masked: String,
        settings: Settings,
    ) -> Self {
        Self {
            id,
            seq,
            organization,
            masked,
            grant,
            settings: RwLock::new(Arc::new(settings)),
            ending: Ending::new(),
            window: Mutex::new(Window {
                began: Instant::now(),
                ends_at: clock::now() + 60 * SECOND,
                requests: 0,
            }),
            reconnect: AtomicBool::new(false),
        }
    }

    /// What it may do, as of now.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Counts a request.
    pub(crate) fn count(&self) -> Rate {
        let limit = self.settings().rate_per_minute;
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.began.elapsed() >= MINUTE {
            *window = Window {
                began: Instant::now(),
                ends_at: clock::now() + 60 * SECOND,
                requests: 0,
            };
        }
        let refused = window.requests >= limit;
        if !refused {
            window.requests += 1;
        }
        let left = MINUTE.saturating_sub(window.began.elapsed());
        let left = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Rate {
            limit,
            remaining: limit.saturating_sub(window.requests),
            reset: (window.ends_at + SECOND - 1) / SECOND,
            left,
            wait: refused.then_some(left.max(1)),
        }
    }

    /// Its client has listed the tools as they are now.
    pub(crate) fn reconnected(&self) {
        self.reconnect.store(false, Ordering::Relaxed);
    }
}

/// The keys in use.
#[derive(Debug, Default)]
pub(crate) struct Registry(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    keys: HashMap<Hash, Arc<LiveKey>>,
    /// Grows with every change, so that what was read before a change is not kept after it.
    changes: u64,
}

impl Registry {
    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who presents a key or access token, if that may use the MCP endpoint now.
    pub(crate) async fn authorise(
        &self,
        db: &Db,
        credential: &str,
    ) -> Result<Arc<LiveKey>, Refused> {
        let hash = random::hash(credential);
        let is_key = credential.starts_with(KEY_PREFIX);
        let key = loop {
            let before = {
                let known = self.known();
                if let Some(key) = known.keys.get(&hash) {
                    break Arc::clone(key);
                }
                known.changes
            };
            let loaded = Arc::new(if is_key {
                load_key(db, hash).await?
            } else {
                load_token(db, credential.to_owned()).await?
            });
            let mut known = self.known();
            if known.changes == before {
                // Somebody who came with it at the same time may have been faster; a key counts, and ends, in one place.
                break Arc::clone(known.keys.entry(hash).or_insert(loaded));
            }
        };
        let settings = key.settings();
        if settings.expires_at.is_some_and(|at| at <= clock::now()) {
            return Err(if is_key {
                Refused::Expired
            } else {
                Refused::TokenExpired
            });
        }
        if !settings.mcp.active {
            return Err(Refused::Paused);
        }
        Ok(key)
    }

    /// Takes over a change to a key. A key that is paused loses its open streams.
    pub(crate) fn changed(&self, key: &Key) {
        let mut known = self.known();
        known.changes += 1;
        let Some((hash, live)) = find(&known, |live| live.seq == Some(key.seq)) else {
            return;
        };
        let before = live.settings();
        let mut mcp_before = before.mcp.clone();
        mcp_before.active = key.settings.mcp.active;
        if mcp_before != key.settings.mcp || before.permissions != key.settings.permissions {
            live.reconnect.store(true, Ordering::Relaxed);
        }
        *live
            .settings
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(key.settings.clone());
        if !key.settings.mcp.active {
            known.keys.remove(&hash);
            live.ending.end();
        }
    }

    /// Forgets a key that was revoked and ends its open streams.
    pub(crate) fn revoked(&self, id: &str) {
        self.forget(|live| live.seq.is_some() && live.id == id);
    }

    /// Forgets the access tokens of a sign-in that was ended.
    pub(crate) fn grant_ended(&self, grant: &str) {
        self.forget(|live| live.grant.as_deref() == Some(grant));
    }

    /// Whether clients of this key still show the tools of before a change.
    pub(crate) fn reconnect_required(&self, seq: i64) -> bool {
        find(&self.known(), |live| live.seq == Some(seq))
            .is_some_and(|(_, live)| live.reconnect.load(Ordering::Relaxed))
    }

    /// Forgets tokens that have expired; keys stay, as there are few.
    pub(crate) fn prune(&self) {
        let now = clock::now();
        self.known().keys.retain(|_, live| {
            live.grant.is_none() || live.settings().expires_at.is_some_and(|at| at > now)
        });
    }

    fn forget(&self, which: impl Fn(&LiveKey) -> bool) {
        let mut known = self.known();
        known.changes += 1;
        known.keys.retain(|_, live| {
            let gone = which(live);
            if gone {
                live.ending.end();
            }
            !gone
        });
    }
}

fn find(known: &Known, which: impl Fn(&LiveKey) -> bool) -> Option<(Hash, Arc<LiveKey>)> {
    known
        .keys
        .iter()
        .find(|(_, live)| which(live))
        .map(|(hash, live)| (*hash, Arc::clone(live)))
}

async fn load_key(db: &Db, hash: Hash) -> Result<LiveKey, Refused> {
    let (key, revoked) = db
        .read(move |c| Ok::<_, DbError>((keys::by_hash(c, &hash)?, keys::was_revoked(c, &hash)?)))
        .await?;
    match key {
        Some(key) => {
            let masked = format!("{}••••••••{}", key.prefix, key.last_four);
            Ok(LiveKey::new(
                key.id,
                Some(key.seq),
                key.organization,
                None,
                masked,
                key.settings,
            ))
        }
        None if revoked => Err(Refused::Revoked),
        None => Err(Refused::Unknown),
    }
}

/// A token may do in the default organization what its scopes say, and nothing else restricts it.
async fn load_token(db: &Db, token: String) -> Result<LiveKey, Refused> {
    let (access, organization) = db
        .read(move |c| Ok::<_, DbError>((grants::access(c, &token)?, organizations::default(c)?)))
        .await?;
    let access = access.ok_or(Refused::Unknown)?;
    if access.audience != Audience::Mcp {
        return Err(Refused::WrongAudience);
    }
    let settings = Settings {
        name: access.client.clone().unwrap_or_else(|| "OAuth".to_owned()),
        scope: "oauth".to_owned(),
        permissions: access.scope.split(' ').map(str::to_owned).collect(),
        expires_at: Some(access.expires_at),
        rate_per_minute: RATE_PER_MINUTE,
        mcp: McpAccess {
            active: true,
            read_only: false,
            preset: None,
            allowlist_mode: "all".to_owned(),
            tool_allowlist: Vec::new(),
            permissions: Vec::new(),
            instance_ids: Vec::new(),
            project_ids: Vec::new(),
        },
    };
    let id = format!("grant-{}", access.grant);
    Ok(LiveKey::new(
        id,
        None,
        organization,
        Some(access.grant),
        "OAuth access token".to_owned(),
        settings,
    ))
}
