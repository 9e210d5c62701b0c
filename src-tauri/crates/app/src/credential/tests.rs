#![allow(clippy::unwrap_used)]
use keystow_core::edit::Receipt;
use keystow_core::provider::Providers;
use keystow_core::remote::{BrowserSignIn, RemoteError};
use keystow_core::{ClientId, KeyId, ServerId, WorkspaceId};
use keystow_keychain::OsKeychain;
use keystow_testkit::World;

use super::*;
use crate::store::LedgerEntry;
use crate::testing::Nowhere;

const NOW: i64 = 1_800_000_000_000;

struct Fixed;

impl Clock for Fixed {
    fn now_ms(&self) -> i64 {
        NOW
    }
}

/// An authorization server that gives `fresh-1`, `fresh-2`, … or says that the session ended.
#[derive(Default)]
struct Tokens {
    given: Mutex<u32>,
    ended: bool,
}

impl ServerSignIn for Tokens {
    fn begin(
        &self,
        _: &Url,
        _: Option<&str>,
        _: &[String],
    ) -> Result<Box<dyn BrowserSignIn>, RemoteError> {
        unreachable!("nobody signs in here")
    }
    fn refresh(&self, _: &Url, _: &Session) -> Result<Session, RemoteError> {
        if self.ended {
            return Err(RemoteError {
                host: "auth.example.com".into(),
                kind: RemoteErrorKind::SessionEnded,
                request_id: None,
                code: None,
            });
        }
        let mut given = lock_of(&self.given);
        *given += 1;
        Ok(session(&format!("fresh-{given}"), NOW + 3_600_000))
    }
    fn revoke(&self, _: &Url, _: &Session) -> Result<(), RemoteError> {
        Ok(())
    }
}

fn session(access: &str, expires_at: i64) -> Session {
    Session {
        access: Secret::new(access.to_owned()),
        refresh: Some(Secret::new(format!("refresh of {access}"))),
        expires_at: Some(expires_at),
        oauth_client: None,
        issuer: None,
    }
}

fn stowed() -> Item {
    Item::Oauth(WorkspaceId::new("adlyse"), "insights".into())
}

/// A connection that sends a token of Adlyse's server for insights.
fn carrying(world: &World, tokens: Arc<Tokens>) -> Carried {
    let providers: &'static Providers = Box::leak(Box::new(Providers::built_in()));
    let provider = providers
        .iter()
        .find(|provider| provider.id.as_str() == "adlyse")
        .unwrap();
    let nowhere = Arc::new(Nowhere);
    Carried {
        keychain: Arc::new(OsKeychain::on_bus(world.bus_address())),
        local: nowhere.clone(),
        proof: nowhere,
        server_sign_in: tokens,
        clock: Arc::new(Fixed),
        connection: ConnectionId::new("c-1"),
        mode: Mode::Bridge,
        variable: None,
        entry: Value::Null,
        first: Mutex::new(Some(stowed())),
        using: Mutex::default(),
        looked_at: AtomicU64::default(),
        record: Mutex::default(),
        left: AtomicBool::default(),
        rotating: false,
        last: Mutex::default(),
        data: world.paths().data,
        provider,
        workspace: Workspace {
            id: WorkspaceId::new("adlyse"),
            provider: provider.id.clone(),
            name: "Adlyse".into(),
            login: String::new(),
            organization: None,
            url: "https://mcp.adlyse.com/".into(),
            signed_in: true,
            current: true,
            created_at: 0,
            headers: Default::default(),
            expires_at: None,
        },
        server: provider.servers[0].clone(),
        client: "cursor".into(),
    }
}

fn sent(carried: &Carried) -> Secret {
    let headers = carried.headers().unwrap();
    assert_eq!(headers.len(), 1);
    assert_eq!(headers[0].0, "authorization");
    headers.into_iter().next().unwrap().1
}

fn bearer(token: &str) -> Secret {
    Secret::new(format!("Bearer {token}"))
}

#[test]
fn a_token_that_is_good_is_sent_and_not_refreshed() {
    let world = World::new();
    let tokens = Arc::new(Tokens::default());
    let carried = carrying(&world, tokens.clone());
    let good = session("good", NOW + 600_000);
    carried.keychain.set(&stowed(), &good.to_secret()).unwrap();
    assert!(sent(&carried) == bearer("good"));
    assert_eq!(*lock_of(&tokens.given), 0);
}

#[test]
fn a_token_that_is_over_is_refreshed_and_the_new_one_stowed_before_it_is_sent() {
    let world = World::new();
    let carried = carrying(&world, Arc::default());
    let over = session("over", NOW + 1_000);
    carried.keychain.set(&stowed(), &over.to_secret()).unwrap();
    assert!(sent(&carried) == bearer("fresh-1"));
    let kept = carried.keychain.get(&stowed()).unwrap().unwrap();
    assert!(Session::from_secret(&kept).unwrap().access == Secret::new("fresh-1".into()));
}

#[test]
fn bridges_that_are_refused_with_the_same_token_refresh_it_once() {
    let world = World::new();
    let tokens = Arc::new(Tokens::default());
    let both = [
        carrying(&world, tokens.clone()),
        carrying(&world, tokens.clone()),
    ];
    let refused = session("refused", NOW + 600_000);
    both[0]
        .keychain
        .set(&stowed(), &refused.to_secret())
        .unwrap();
    for carried in &both {
        assert!(sent(carried) == bearer("refused"));
    }
    // The server said 401 to both of them, so both ask again.
    std::thread::scope(|scope| {
        for carried in &both {
            scope.spawn(move || {
                assert!(carried.token(&stowed()).unwrap() == Secret::new("fresh-1".into()))
            });
        }
    });
    assert_eq!(*lock_of(&tokens.given), 1);
}

#[test]
fn a_session_that_ended_is_said_plainly() {
    let world = World::new();
    let ended = Arc::new(Tokens {
        ended: true,
        ..Tokens::default()
    });
    let carried = carrying(&world, ended);
    assert!(matches!(
        carried.headers(),
        Err(AppError::ServerSignedOut { .. })
    ));
    let over = session("over", 0);
    let again = carrying(
        &world,
        Arc::new(Tokens {
            ended: true,
            ..Tokens::default()
        }),
    );
    again.keychain.set(&stowed(), &over.to_secret()).unwrap();
    assert!(matches!(
        again.headers(),
        Err(AppError::ServerSignedOut { .. })
    ));
}

#[test]
fn a_connection_made_again_with_a_key_sends_it_as_a_key() {
    let world = World::new();
    let carried = carrying(&world, Arc::default());
    let good = session("good", NOW + 600_000);
    carried.keychain.set(&stowed(), &good.to_secret()).unwrap();
    assert!(sent(&carried) == bearer("good"));

    let key = Secret::new("mii_prod_pasted".into());
    let item = Item::Key(WorkspaceId::new("adlyse"), KeyId::new("k-1"));
    carried.keychain.set(&item, &key).unwrap();
    let store = Store::open(&carried.data).unwrap();
    store.put_workspace(&carried.workspace).unwrap();
    let connected = Connected {
        id: carried.connection.clone(),
        client: ClientId::new("cursor"),
        target: "user".into(),
        path: PathBuf::new(),
        mode: Mode::Bridge,
        variable: None,
        name: "adlyse".into(),
        server: ServerId::new("adlyse/insights"),
        workspace: carried.workspace.id.clone(),
        key: KeyId::new("k-1"),
        created_at: 0,
        ledger: LedgerEntry {
            entry: Value::Null,
            receipt: Receipt::default(),
            made_dirs: Vec::new(),
        },
    };
    store.put_connection(&connected).unwrap();
    let headers = carried.headers().unwrap();
    assert_eq!(headers[0].0, "authorization");
    assert!(headers[0].1 == bearer("mii_prod_pasted"));
    assert!(lock_of(&carried.last).is_none());
}
