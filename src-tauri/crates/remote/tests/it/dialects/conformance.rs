//! What every dialect does, whatever it speaks: written against the traits and their capabilities, run against real servers.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use keystow_core::key::{
    ApiKey, KeyChange, KeyOrder, KeyQuery, KeySort, KeyStatus, NewKey, UnixMs,
};
use keystow_core::provider::Capability as C;
use keystow_core::remote::{Caller, KeyApi, RemoteErrorKind as Kind, Session, SignIn};
use keystow_core::{KeyId, Secret};
use keystow_testkit::{Fault, FaultProxy};
use url::Url;

const DAY: UnixMs = 86_400_000;

/// An expiry may be off by the minute that it is rounded to, and by what the test took.
const NEARLY: UnixMs = 150_000;

/// A dialect, somebody who may manage keys, and where the server is.
pub struct Subject<'a> {
    pub keys: &'a dyn KeyApi,
    pub by: Caller<'a>,
    pub server: SocketAddr,
    /// The request that makes a key, such as `POST /api/api-keys`.
    pub create: &'static str,
}

pub fn conforms(subject: &Subject<'_>) {
    subject.a_key_lives_from_create_to_delete();
    subject.keys_are_searched_and_paged();
    subject.an_unknown_key_is_not_found();
    subject.nobody_else_gets_in();
    subject.a_lost_answer_is_an_unknown_outcome();
}

/// A session tells whose it is until it is signed out.
pub fn signs_out(sign_in: &dyn SignIn, base: &Url, session: &Session, login: &str) {
    let account = sign_in.account(base, &session.access).unwrap();
    assert_eq!(account.login, login);
    sign_in.sign_out(base, session).unwrap();
    let error = sign_in.account(base, &session.access).unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorised);
    let error = sign_in.refresh(base, session).unwrap_err();
    assert_eq!(error.kind, Kind::SessionEnded);
    sign_in.sign_out(base, session).unwrap();
}

fn now() -> UnixMs {
    let since: Duration = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_millis().try_into().unwrap()
}

fn named(name: &str) -> NewKey {
    NewKey {
        name: name.into(),
        ..NewKey::default()
    }
}

fn near(found: Option<UnixMs>, wanted: UnixMs) -> bool {
    found.is_some_and(|at| (at - wanted).abs() <= NEARLY)
}

impl Subject<'_> {
    fn can(&self, capability: C) -> bool {
        self.keys.capabilities().contains(&capability)
    }

    fn list(&self, search: Option<&str>, page: u32, limit: u32) -> (Vec<ApiKey>, u64) {
        let query = KeyQuery {
            search: search.map(str::to_owned),
            page,
            limit,
            everybody: false,
            order: None,
        };
        let page = self.keys.list(&self.by, &query).unwrap();
        (page.keys, page.total)
    }

    fn listed(&self, id: &KeyId) -> usize {
        let (keys, _) = self.list(None, 1, 100);
        keys.iter().filter(|key| key.id == *id).count()
    }

    fn change(&self, id: &KeyId, change: KeyChange) -> ApiKey {
        self.keys.update(&self.by, id, &change).unwrap()
    }

    fn a_key_lives_from_create_to_delete(&self) {
        let expires_at = now() + 30 * DAY;
        let new = NewKey {
            expires_at: self.can(C::Expire).then_some(expires_at),
            scopes: match self.can(C::UpdateScopes) {
                true => vec!["view:keys".into(), "call:tools".into()],
                false => Vec::new(),
            },
            read_only: self.can(C::McpAccess),
            ..named("Cursor on mira")
        };
        let created = self.keys.create(&self.by, &new).unwrap();
        let (id, secret) = (&created.key.id, created.secret.expose());
        assert_eq!(created.key.name, "Cursor on mira");
        assert_eq!(created.key.status, KeyStatus::Enabled);
        assert!(secret.len() >= 16 && !created.key.masked.contains(secret));
        assert_eq!(self.listed(id), 1);
        let key = self.keys.get(&self.by, id).unwrap();
        assert_eq!((&key.id, key.name.as_str()), (id, "Cursor on mira"));
        assert!(key.created_at.is_some() && key.last_used_at.is_none());
        assert!(!key.masked.contains(secret) && key.masked.contains('•'));
        assert_eq!(key.scopes, new.scopes);
        assert_eq!(key.read_only, new.read_only);
        if self.can(C::Expire) {
            assert!(near(created.key.expires_at, expires_at));
            assert!(near(key.expires_at, expires_at), "{:?}", key.expires_at);
        }

        self.its_settings_change(id);
        if self.can(C::Pause) {
            let set = |paused| self.keys.set_paused(&self.by, id, paused).unwrap().status;
            assert_eq!(set(true), KeyStatus::Paused);
            assert_eq!(set(true), KeyStatus::Paused);
            let key = self.keys.get(&self.by, id).unwrap();
            assert_eq!(key.status, KeyStatus::Paused);
            assert_eq!(set(false), KeyStatus::Enabled);
        }
        if self.can(C::Usage) {
            let usage = self.keys.usage(&self.by, id).unwrap();
            assert!(usage.last_used_at.is_none() && usage.requests.unwrap_or(0) == 0);
        }
        self.keys.delete(&self.by, id).unwrap();
        self.keys.delete(&self.by, id).unwrap();
        let gone = self.keys.get(&self.by, id).unwrap_err();
        assert_eq!(gone.kind, Kind::NotFound);
        assert_eq!(self.listed(id), 0);
    }

    fn its_settings_change(&self, id: &KeyId) {
        if self.can(C::Rename) {
            let change = KeyChange {
                name: Some("Cursor".into()),
                ..KeyChange::default()
            };
            assert_eq!(self.change(id, change).name, "Cursor");
        }
        if self.can(C::UpdateScopes) {
            let change = KeyChange {
                scopes: Some(vec!["view:keys".into()]),
                ..KeyChange::default()
            };
            assert_eq!(self.change(id, change).scopes, ["view:keys"]);
        }
        if self.can(C::McpAccess) {
            let change = KeyChange {
                read_only: Some(false),
                tools: Some(vec!["whoami".into()]),
                mcp_permissions: Some(vec!["view:keys".into()]),
                projects: Some(vec!["p-1".into()]),
                instances: Some(vec!["i-1".into(), "i-2".into()]),
                ..KeyChange::default()
            };
            let key = self.change(id, change);
            assert!(!key.read_only);
            assert_eq!(key.tools, ["whoami"]);
            assert_eq!(key.mcp_permissions, ["view:keys"]);
            assert_eq!(key.projects, ["p-1"]);
            assert_eq!(key.instances, ["i-1", "i-2"]);
        } else {
            // What cannot be limited is never left unlimited in silence.
            let limited = NewKey {
                read_only: true,
                ..named("limited")
            };
            let error = self.keys.create(&self.by, &limited).unwrap_err();
            assert_eq!(error.kind, Kind::Unsupported);
        }
        if self.can(C::Expire) {
            let expiry = |at: Option<UnixMs>| {
                let change = KeyChange {
                    expires_at: Some(at),
                    ..KeyChange::default()
                };
                self.change(id, change).expires_at
            };
            let later = now() + 60 * DAY;
            assert!(near(expiry(Some(later)), later));
            assert_eq!(expiry(None), None);
        }
        let key = self.keys.get(&self.by, id).unwrap();
        assert_eq!(key.name, "Cursor");
    }

    fn keys_are_searched_and_paged(&self) {
        let made: Vec<KeyId> = (1..=5)
            .map(|number| {
                let new = named(&format!("page {number}"));
                self.keys.create(&self.by, &new).unwrap().key.id
            })
            .collect();
        let mut found = Vec::new();
        for (page, length) in [(1, 2), (2, 2), (3, 1), (4, 0)] {
            let (keys, total) = self.list(Some("page "), page, 2);
            assert_eq!((keys.len(), total), (length, 5), "page {page}");
            found.extend(keys.into_iter().map(|key| key.id));
        }
        found.sort();
        let mut all = made.clone();
        all.sort();
        assert_eq!(found, all);
        if self.can(C::Sort) {
            let query = KeyQuery {
                search: Some("page ".to_owned()),
                page: 2,
                limit: 2,
                everybody: false,
                order: Some(KeyOrder {
                    by: KeySort::Name,
                    descending: true,
                }),
            };
            let keys = self.keys.list(&self.by, &query).unwrap().keys;
            let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
            assert_eq!(names, ["page 3", "page 2"]);
        }
        let (keys, _) = self.list(Some("page 3"), 1, 50);
        assert_eq!(keys.len(), 1);
        assert_eq!(keys[0].id, made[2]);
        assert_eq!(self.list(Some("100%&page=9"), 1, 50).1, 0);
        for id in &made {
            self.keys.delete(&self.by, id).unwrap();
        }
        assert_eq!(self.list(Some("page "), 1, 50).1, 0);
    }

    fn an_unknown_key_is_not_found(&self) {
        let id = KeyId::new("no-such-key");
        let error = self.keys.get(&self.by, &id).unwrap_err();
        assert_eq!(error.kind, Kind::NotFound);
        let change = KeyChange {
            name: Some("x".into()),
            ..KeyChange::default()
        };
        let error = self.keys.update(&self.by, &id, &change).unwrap_err();
        assert_eq!(error.kind, Kind::NotFound);
        if self.can(C::Pause) {
            let error = self.keys.set_paused(&self.by, &id, true).unwrap_err();
            assert_eq!(error.kind, Kind::NotFound);
        }
        self.keys.delete(&self.by, &id).unwrap();
    }

    fn nobody_else_gets_in(&self) {
        let nobody = Secret::new("a-token-that-nobody-gave".into());
        let by = Caller {
            access: &nobody,
            ..self.by
        };
        let query = KeyQuery {
            page: 1,
            limit: 10,
            ..KeyQuery::default()
        };
        let error = self.keys.list(&by, &query).unwrap_err();
        assert_eq!(error.kind, Kind::Unauthorised);
        let error = self.keys.create(&by, &named("x")).unwrap_err();
        assert_eq!(error.kind, Kind::Unauthorised);
        let error = self.keys.delete(&by, &KeyId::new("x")).unwrap_err();
        assert_eq!(error.kind, Kind::Unauthorised);
    }

    fn a_lost_answer_is_an_unknown_outcome(&self) {
        let proxy = FaultProxy::start(self.server);
        let path = self.by.base.path().trim_end_matches('/');
        let base = Url::parse(&format!("{}{path}", proxy.url())).unwrap();
        let by = Caller {
            base: &base,
            ..self.by
        };
        // What a dialect has to find out about the server is found out by then.
        let first = self.keys.create(&by, &named("not lost")).unwrap();
        proxy.once(self.create, Fault::DropResponse);
        let error = self.keys.create(&by, &named("lost")).unwrap_err();
        assert!(error.outcome_unknown(), "{error}");
        let asked = proxy.requests();
        let creates = asked.iter().filter(|asked| asked.starts_with(self.create));
        assert!(creates.count() >= 2, "{asked:?}");
        let (keys, _) = self.list(Some("lost"), 1, 50);
        let lost: Vec<&ApiKey> = keys.iter().filter(|key| key.name == "lost").collect();
        assert_eq!(lost.len(), 1, "a write is never made twice");
        self.keys.delete(&self.by, &lost[0].id).unwrap();
        self.keys.delete(&self.by, &first.key.id).unwrap();
    }
}
