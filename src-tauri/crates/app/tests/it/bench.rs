//! The application over the real local workspace, the real keychain and real HTTP; between it and the server stands a proxy that
//! fails on demand.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use keystow_app::contract::*;
use keystow_app::{App, Doors, handlers, local_owner_password};
use keystow_core::clipboard::{ClipboardError, SecretClipboard};
use keystow_core::key::UnixMs;
use keystow_core::local::{LocalError, LocalWorkspace};
use keystow_core::remote::{Probe, ProbeError, Prober};
use keystow_core::{Clock, ConnectionId, KeyId, Secret, WorkspaceId};
use keystow_keychain::OsKeychain;
use keystow_remote::Remote;
use keystow_testkit::{FaultProxy, World};
use keystow_workspace::{Config, serve};
use url::Url;

/// Everything a test of use cases needs.
pub struct Bench {
    pub app: Arc<App>,
    /// What the person copied just now.
    pub copied: Arc<Absent>,
    pub proxy: FaultProxy,
    pub world: World,
    server: Server,
}

impl Bench {
    /// A fresh home in which nobody signed in yet.
    pub fn new() -> Self {
        let world = World::new();
        let keychain = OsKeychain::on_bus(world.bus_address());
        let password = local_owner_password(&keychain, false).unwrap();
        let server = Server::start(&world, password);
        let proxy = FaultProxy::start(server.address);
        let copied = Arc::new(Absent::default());
        let app = Arc::new(open_with(&world, &proxy.url(), copied.clone()));
        Self {
            app,
            copied,
            proxy,
            world,
            server,
        }
    }

    /// The application without the proxy in between: browser sign-in takes nobody else's description of the server.
    pub fn direct(&self) -> App {
        open(&self.world, &format!("http://{}", self.server.address))
    }

    /// The same, signed in to the local workspace.
    pub fn signed_in() -> Self {
        let bench = Self::new();
        let request = SignInRequest {
            provider: "local".into(),
            method: Some(Method::Password),
            url: None,
            login: None,
            from_clipboard: false,
        };
        handlers::sessions_sign_in(&bench.app, request).unwrap();
        bench
    }

    /// A second process of the same person, as far as the store and the keychain go.
    pub fn another(&self) -> App {
        open(&self.world, &self.proxy.url())
    }

    pub fn create(&self, name: &str) -> Result<KeyView, keystow_app::AppError> {
        handlers::keys_create(&self.app, new_key(name))
    }

    pub fn names(&self) -> Vec<String> {
        let page = handlers::keys_list(
            &self.app,
            KeysListRequest {
                search: None,
                page: None,
                limit: None,
                everybody: false,
                order: None,
            },
        )
        .unwrap();
        page.keys.into_iter().map(|key| key.name).collect()
    }

    /// The person copies a text.
    pub fn copy(&self, text: &str) {
        *self.copied.0.lock().unwrap() = Some(Secret::new(text.to_owned()));
    }

    /// Ends the server and keeps the rest.
    pub fn stop_server(&mut self) {
        self.server.stop();
    }
}

pub fn new_key(name: &str) -> KeyCreateRequest {
    KeyCreateRequest {
        name: name.into(),
        scopes: vec![],
        expires_in_days: None,
        read_only: false,
        preset: None,
        tools: vec![],
        mcp_permissions: vec![],
        projects: vec![],
        instances: vec![],
    }
}

pub fn named(key: &str) -> KeyRequest {
    KeyRequest { key: key.into() }
}

fn open(world: &World, origin: &str) -> App {
    open_with(world, origin, Arc::new(Absent::default()))
}

fn open_with(world: &World, origin: &str, clipboard: Arc<Absent>) -> App {
    let remote = Arc::new(Remote::new("keystow-test").unwrap());
    let program = world.home().join("keystow-program");
    std::fs::File::create(&program).unwrap();
    let doors = Doors {
        keychain: Arc::new(OsKeychain::on_bus(world.bus_address())),
        dialects: remote.clone(),
        server_sign_in: remote.clone(),
        proof: remote.clone(),
        opener: remote,
        local: Arc::new(At(Mutex::new(
            Url::parse(&format!("{origin}/api")).unwrap(),
        ))),
        prober: Arc::new(Absent::default()),
        clipboard,
        clock: Arc::new(Wall),
        program,
        host_name: "mira".into(),
    };
    App::open(world.paths(), doors).unwrap()
}

/// The local workspace where the proxy is.
struct At(Mutex<Url>);

impl LocalWorkspace for At {
    fn ensure_running(&self) -> Result<Url, LocalError> {
        Ok(self.0.lock().unwrap().clone())
    }
    fn running(&self) -> Result<Option<Url>, LocalError> {
        self.ensure_running().map(Some)
    }
    fn stop(&self) -> Result<(), LocalError> {
        Ok(())
    }
}

/// Bridges and clipboards are tested with the programs that have them.
#[derive(Default)]
pub struct Absent(Mutex<Option<Secret>>);

impl Prober for Absent {
    fn probe(&self, command: &str, _: &[String], _: u64) -> Result<Probe, ProbeError> {
        Err(ProbeError::Start {
            command: command.into(),
            detail: "not in this test".into(),
        })
    }
    fn probe_url(&self, _: &Url, _: &str, _: u64) -> Result<Probe, ProbeError> {
        Err(ProbeError::Helper {
            detail: "was not run in this test".into(),
        })
    }
}

impl SecretClipboard for Absent {
    fn copy_key(&self, _: &WorkspaceId, _: &KeyId, _: u32) -> Result<u32, ClipboardError> {
        no_clipboard()
    }
    fn copy_link(&self, _: &ConnectionId, _: u32, _: u32) -> Result<u32, ClipboardError> {
        no_clipboard()
    }
    fn take(&self) -> Result<Secret, ClipboardError> {
        self.0.lock().unwrap().take().ok_or(ClipboardError::Nothing)
    }
    fn copy_text(&self, _: &str) -> Result<u32, ClipboardError> {
        no_clipboard()
    }
}

fn no_clipboard() -> Result<u32, ClipboardError> {
    Err(ClipboardError::Absent {
        detail: "not in this test".into(),
    })
}

struct Wall;

impl Clock for Wall {
    fn now_ms(&self) -> UnixMs {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_millis() as UnixMs
    }
}

/// The real server on a thread of its own.
struct Server {
    address: std::net::SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(world: &World, password: keystow_core::Secret) -> Self {
        let config = Config {
            data: world.paths().data,
            listen: None,
            idle_exit: None,
            window_lock: false,
        };
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (up, address) = channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            let stop = async {
                let _ = stopped.await;
            };
            runtime
                .block_on(serve(config, Some(password), stop, move |running| {
                    up.send(running.address).unwrap()
                }))
                .unwrap();
        });
        Self {
            address: address.recv().unwrap(),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
