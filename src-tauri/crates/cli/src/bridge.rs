//! `keystow bridge ID`: what AI clients start. Standard output is protocol and nothing else.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread;
use std::time::Duration;

use keystow_app::contract::ProblemView;
use keystow_app::credential::{Carried, carried};
use keystow_app::{AppError, describe, handlers, let_go_of_starting_code};
use keystow_bridge::{Credential, CredentialSource, EndpointSource, Options, SourceError, Usage};
use keystow_core::{Clock, Secret};
use url::Url;

use crate::error::CliError;
use crate::log;
use crate::memory::Remembered;
use crate::output::{Console, words};
use crate::parent;
use crate::platform::Stop;
use crate::stdio;
use crate::wire::{Surroundings, Wall};

/// How long after the first answer a bridge counts as started: client and server have greeted each other, and the keychain rests.
const GREETING: Duration = Duration::from_millis(100);

/// Relays until the client is gone. A bridge that cannot even find its connection still answers every request with the reason,
/// because that is what clients show to people; its exit code is that of the reason.
pub(crate) fn run(
    surroundings: &Surroundings,
    console: &Console,
    connection: &str,
) -> Result<u8, CliError> {
    if let Ok(paths) = surroundings.paths() {
        log::to_file(
            surroundings.log.as_deref(),
            &paths.data,
            "bridge",
            connection,
        );
    }
    let mut carried_on = None;
    let (options, credential, endpoint, code): Parts = match find(surroundings, connection) {
        Ok(found) => {
            let mut options = Options::new(found.user_agent());
            if let Ok(paths) = surroundings.paths() {
                options.memory = Some(Arc::new(Remembered::of(&paths.data, connection)));
            }
            let carrying = Arc::new(Carrying::new(found, surroundings.clone()));
            carried_on = Some(carrying.clone());
            (options, carrying.clone(), carrying, 0)
        }
        Err(error) => {
            let problem = error.problem();
            console.say(&words::problem("error", &problem));
            tracing::error!(code = problem.code, "the connection cannot be carried");
            let stuck = Arc::new(Stuck(failure(problem)));
            let options = Options::new(concat!("keystow/", env!("CARGO_PKG_VERSION")));
            (options, stuck.clone(), stuck, error.exit_code())
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    let ended = runtime.block_on(async {
        let asked = Stop::listen().asked();
        let stop = async {
            tokio::select! {
                () = asked => {}
                () = parent::gone() => {}
            }
        };
        let (input, output) = (stdio::input(), stdio::output());
        keystow_bridge::run(options, credential, endpoint, input, output, stop).await
    });
    // A read of standard input may hang in there for as long as the client lives; the process does not wait for it.
    runtime.shutdown_background();
    if let Some(carrying) = carried_on {
        carrying.connection.leave();
    }
    ended?;
    Ok(code)
}

type Parts = (
    Options,
    Arc<dyn CredentialSource>,
    Arc<dyn EndpointSource>,
    u8,
);

fn find(surroundings: &Surroundings, connection: &str) -> Result<Carried, CliError> {
    let app = surroundings.open_to_read()?;
    Ok(carried(&app, connection)?)
}

/// A connection that was found.
struct Carrying {
    connection: Carried,
    surroundings: Surroundings,
    /// When rotations are to be looked after next, in Unix milliseconds; `i64::MAX`: there are none.
    due: Arc<AtomicI64>,
    /// The key that was last seen to be in use.
    seen: Mutex<String>,
    started: Once,
}

impl Carrying {
    fn new(connection: Carried, surroundings: Surroundings) -> Self {
        let due = if connection.is_rotating() {
            0
        } else {
            i64::MAX
        };
        Self {
            connection,
            surroundings,
            due: Arc::new(AtomicI64::new(due)),
            seen: Mutex::default(),
            started: Once::new(),
        }
    }

    fn credential(&self, headers: Vec<(String, Secret)>) -> Credential {
        Credential {
            mark: self.connection.key_in_use(),
            headers,
        }
    }

    /// Rotations are carried on by whoever runs. It may take a while, and nobody waits for it.
    fn look_after_rotations(&self) {
        if Wall.now_ms() < self.due.load(Ordering::SeqCst) {
            return;
        }
        self.due.store(i64::MAX, Ordering::SeqCst);
        let (surroundings, due) = (self.surroundings.clone(), self.due.clone());
        thread::spawn(move || {
            let carried_on = surroundings
                .open_to_read()
                .and_then(|app| Ok(handlers::rotations_carry_on(&app)?));
            match carried_on {
                Ok(next) => {
                    due.fetch_min(next.unwrap_or(i64::MAX), Ordering::SeqCst);
                }
                Err(error) => {
                    let code = error.problem().code;
                    tracing::warn!(code, "a rotation could not be carried on");
                }
            }
        });
    }
}

impl CredentialSource for Carrying {
    fn read(&self) -> Result<Credential, SourceError> {
        let headers = self.connection.headers().map_err(source_error)?;
        Ok(self.credential(headers))
    }

    fn may_have_changed(&self) -> bool {
        self.connection.may_have_changed()
    }

    fn read_if_other(&self) -> Result<Option<Credential>, SourceError> {
        let headers = self.connection.headers_if_other().map_err(source_error)?;
        Ok(headers.map(|headers| self.credential(headers)))
    }

    fn used(&self, usage: Usage) {
        self.connection
            .tell(&usage.mark, usage.accepted, usage.behind);
        if !usage.accepted {
            return;
        }
        self.started.call_once(|| let_go_of_starting_code(GREETING));
        let replaced = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            let before = std::mem::replace(&mut *seen, usage.mark);
            !before.is_empty() && before != *seen
        };
        if replaced && !usage.behind {
            self.due.store(0, Ordering::SeqCst);
        }
        self.look_after_rotations();
    }

    fn refused(&self, mark: &str) {
        self.connection.refused(mark);
    }
}

impl EndpointSource for Carrying {
    fn locate(&self) -> Result<Url, SourceError> {
        self.connection.locate().map_err(source_error)
    }
}

/// A connection that was not.
struct Stuck(SourceError);

impl CredentialSource for Stuck {
    fn read(&self) -> Result<Credential, SourceError> {
        Err(self.0.clone())
    }
}

impl EndpointSource for Stuck {
    fn locate(&self) -> Result<Url, SourceError> {
        Err(self.0.clone())
    }
}

fn source_error(error: AppError) -> SourceError {
    let problem = describe(&error);
    tracing::warn!(
        code = problem.code,
        "asked for the key or the server in vain"
    );
    failure(problem)
}

fn failure(problem: ProblemView) -> SourceError {
    let message = match &problem.hint {
        Some(hint) => format!("{} {hint}", problem.detail),
        None => problem.detail,
    };
    SourceError {
        code: problem.code,
        message,
    }
}
