//! `keystow bridge ID`: what AI clients start. Standard output is protocol and nothing else.

use std::sync::Arc;

use keystow_app::contract::ProblemView;
use keystow_app::credential::{Carried, carried};
use keystow_app::{AppError, describe};
use keystow_bridge::{Credential, CredentialSource, EndpointSource, Options, SourceError};
use url::Url;

use crate::error::CliError;
use crate::log;
use crate::output::{Console, words};
use crate::platform::Stop;
use crate::wire::Surroundings;

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
    let (options, credential, endpoint, code): Parts = match find(surroundings, connection) {
        Ok(connection) => {
            let options = Options::new(connection.user_agent());
            let carrying = Arc::new(Carrying(connection));
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
        let stop = Stop::listen();
        let (input, output) = (tokio::io::stdin(), tokio::io::stdout());
        keystow_bridge::run(options, credential, endpoint, input, output, stop.asked()).await
    });
    // A read of standard input may hang in there for as long as the client lives; the process does not wait for it.
    runtime.shutdown_background();
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
struct Carrying(Carried);

impl CredentialSource for Carrying {
    fn read(&self) -> Result<Credential, SourceError> {
        let headers = self.0.headers().map_err(source_error)?;
        Ok(Credential {
            mark: String::new(),
            headers,
        })
    }
}

impl EndpointSource for Carrying {
    fn locate(&self) -> Result<Url, SourceError> {
        self.0.locate().map_err(source_error)
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
