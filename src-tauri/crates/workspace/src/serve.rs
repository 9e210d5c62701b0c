use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use keystow_core::Secret;
use tokio::net::TcpListener;
use url::Url;

use crate::db::{self, Db, DbError, off_the_runtime};
use crate::instance::{Instance, Note};
use crate::state::State;
use crate::{ServeError, accounts, directory, http, idle, random};

/// How long requests under way may take to end once we were told to stop.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// How often free ports are looked for before the system is asked for any.
const PORT_TRIES: usize = 20;

/// What to serve, and for how long.
#[derive(Clone, Debug)]
pub struct Config {
    /// Keystow's data directory; the server keeps everything in `workspace/` in it.
    pub data: PathBuf,
    /// Where to listen, a loopback address. `None`: the port used before, or a free one that is kept from then on.
    pub listen: Option<SocketAddr>,
    /// End when there was no request, and none is under way, for this long.
    pub idle_exit: Option<Duration>,
    /// Do not end for idleness while some process holds a shared lock on [`crate::WINDOW_LOCK`].
    pub window_lock: bool,
}

/// A server that takes requests.
#[derive(Clone, Debug)]
pub struct Running {
    /// Base URL, such as `http://127.0.0.1:21234/api`.
    pub url: Url,
    /// Where it listens.
    pub address: SocketAddr,
    /// Made anew at each start; `GET /api/health` tells it too.
    pub instance: String,
}

/// Serves until `stop` resolves or it was idle for long enough, and then ends cleanly: streams are closed, requests under way
/// get two seconds, and the database is left in one file.
///
/// `owner_password` makes the owner's account where there is none ([`crate::owner_exists`]). Where there is one it becomes the
/// new password, and every session ends, unless it is the password already. `ready` is called once requests are answered.
///
/// # Errors
/// [`ServeError::AlreadyRunning`] when another process serves the same data directory.
pub async fn serve(
    config: Config,
    owner_password: Option<Secret>,
    stop: impl Future<Output = ()>,
    ready: impl FnOnce(Running),
) -> Result<(), ServeError> {
    if let Some(address) = config.listen
        && !address.ip().is_loopback()
    {
        return Err(ServeError::NotLoopback { address });
    }
    let place = directory(&config.data);
    let (instance, db) = off_the_runtime(move || {
        let instance = Instance::take(&place)?;
        let db = Db::open(&place)?;
        accounts::settle_owner(&db, owner_password)?;
        Ok::<_, ServeError>((instance, db))
    })
    .await?;
    let listener = match config.listen {
        Some(address) => listen(address).await?,
        None => listen_as_before(&db).await?,
    };
    let address = listener.local_addr().map_err(ServeError::Listener)?;
    let state = Arc::new(State::new(db.clone(), address));
    let running = Running {
        url: state.base.clone(),
        address,
        instance: state.instance.clone(),
    };
    let note = Note {
        url: running.url.clone(),
        pid: std::process::id(),
        instance: running.instance.clone(),
    };
    let instance = off_the_runtime(move || instance.announce(&note).map(|()| instance)).await?;
    tracing::info!(url = %running.url, "the local workspace listens");

    let housekeeping = tokio::spawn(http::housekeeping(Arc::clone(&state)));
    let closing = state.closing.clone();
    // Answers are small and somebody waits for each: held back to be sent together, they would take 40 ms.
    let prompt = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let mut server = pin!(
        axum::serve(prompt, http::router(Arc::clone(&state)))
            .with_graceful_shutdown(async move { closing.cancelled().await })
            .into_future()
    );
    ready(running);

    let idle = idle::wait(&state, &config);
    // Kept to the end when we leave because no window is open: one that opens now waits for us to be gone.
    let mut no_window = None;
    let served = tokio::select! {
        served = &mut server => Some(served),
        () = stop => None,
        lock = idle => {
            tracing::info!("idle for long enough");
            no_window = lock;
            None
        }
    };
    state.close();
    let served = match served {
        Some(served) => served,
        // Whoever still holds a connection after that loses it when the runtime or the process ends.
        None => tokio::time::timeout(LAST_WORDS, server)
            .await
            .unwrap_or(Ok(())),
    };
    housekeeping.abort();
    if let Err(error) = state.usage.flush(&db).await {
        tracing::warn!(%error, "the last requests are not in the activity log");
    }
    off_the_runtime(move || {
        db.checkpoint();
        drop((instance, no_window));
    })
    .await;
    served.map_err(ServeError::Listener)
}

/// Listens on the port used before. When another program has it, a new one is chosen and kept.
async fn listen_as_before(db: &Db) -> Result<TcpListener, ServeError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error: DbError| ServeError::database(&path)(error.0)
    };
    let stored = db
        .read(|c| db::setting(c, "port").map_err(DbError))
        .await
        .map_err(failed(db.path()))?
        .and_then(|port| port.parse().ok());
    if let Some(port) = stored {
        match listen((Ipv4Addr::LOCALHOST, port).into()).await {
            Ok(listener) => return Ok(listener),
            Err(error) => tracing::warn!(%error, "another program has our port; taking a new one"),
        }
    }
    let listener = listen_anywhere().await?;
    let port = listener.local_addr().map_err(ServeError::Listener)?.port();
    db.write(move |c| db::set_setting(c, "port", &port.to_string()).map_err(DbError))
        .await
        .map_err(failed(db.path()))?;
    Ok(listener)
}

async fn listen_anywhere() -> Result<TcpListener, ServeError> {
    for _ in 0..PORT_TRIES {
        if let Ok(listener) = listen((Ipv4Addr::LOCALHOST, random::port()).into()).await {
            return Ok(listener);
        }
    }
    listen((Ipv4Addr::LOCALHOST, 0).into()).await
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| ServeError::Listen { address, source })
}
