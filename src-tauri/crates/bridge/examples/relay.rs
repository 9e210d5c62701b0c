//! A bridge with nothing around it, for tests with programs that want a command to start: no store, no keychain.
//!
//! `relay URL [KEY]`: relays between standard input and output and the server at URL.

use std::process::ExitCode;
use std::sync::Arc;

use keystow_bridge::{Credential, CredentialSource, EndpointSource, Options, SourceError};
use keystow_core::Secret;
use url::Url;

struct Told {
    url: Url,
    key: Option<String>,
}

impl EndpointSource for Told {
    fn locate(&self) -> Result<Url, SourceError> {
        Ok(self.url.clone())
    }
}

impl CredentialSource for Told {
    fn read(&self) -> Result<Credential, SourceError> {
        let key = self.key.iter();
        let headers = key.map(|key| ("authorization".into(), Secret::new(format!("Bearer {key}"))));
        Ok(Credential {
            mark: String::new(),
            headers: headers.collect(),
        })
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(Ok(url)) = arguments.next().map(|url| Url::parse(&url)) else {
        return ExitCode::from(2);
    };
    let told = Arc::new(Told {
        url,
        key: arguments.next(),
    });
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    else {
        return ExitCode::FAILURE;
    };
    let options = Options::new(concat!("keystow/", env!("CARGO_PKG_VERSION"), " (test)"));
    let (input, output) = (tokio::io::stdin(), tokio::io::stdout());
    let ended = runtime.block_on(keystow_bridge::run(
        options,
        told.clone(),
        told,
        input,
        output,
        std::future::pending(),
    ));
    runtime.shutdown_background();
    match ended {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
