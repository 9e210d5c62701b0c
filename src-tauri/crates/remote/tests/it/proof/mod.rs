//! Keys shown to products, each of which answers as its documentation says. The requests are those of the provider files.

mod adlyse;
mod aidelly;
mod creatoraudit;
mod shapes;

use keystow_core::Secret;
use keystow_core::key::KeyFacts;
use keystow_core::provider::{Provider, Providers, Tells, VerifyRequest};
use keystow_core::remote::{KeyProof, Proof, ProofKind, RemoteError};
use url::Url;

use crate::scripted::Scripted;
use crate::server::remote;

fn provider(id: &str) -> Provider {
    let all = Providers::built_in();
    let found = all.iter().find(|provider| provider.id.as_str() == id);
    found.unwrap().clone()
}

/// A key that the provider's pattern recognises.
fn key(provider: &Provider) -> Secret {
    let key = Secret::new(format!(
        "{}{}",
        provider.key.prefix,
        "k3yOfTheTest".repeat(4)
    ));
    assert!(provider.key.recognises(&key));
    key
}

/// Shows the key to `server` in the provider's place, as the provider's file says.
fn prove(
    provider: &Provider,
    server: &Scripted,
    headers: &[(String, String)],
) -> Result<KeyFacts, RemoteError> {
    let nothing = Tells::default();
    let (url, kind, tells) = match provider.verify.as_ref().unwrap() {
        VerifyRequest::Get { url, tells } => (below(server, url), ProofKind::Get, tells),
        VerifyRequest::Mcp { server: name } => {
            let mcp = provider.servers.iter().find(|mcp| mcp.name == *name);
            (below(server, &mcp.unwrap().url), ProofKind::Mcp, &nothing)
        }
    };
    let proof = Proof {
        url: &url,
        kind,
        header: &provider.key.header,
        scheme: &provider.key.scheme,
        headers,
        tells,
    };
    remote().prove(&proof, &key(provider))
}

fn below(server: &Scripted, path: &str) -> Url {
    assert!(path.starts_with('/'), "{path}");
    server.url(path)
}

/// The key comes as the provider wants it, and no error quotes it.
fn arrives(provider: &Provider, server: &Scripted, what: &str) {
    let sent = &server.all(what)[0].headers[provider.key.header.as_str()];
    let expected = format!("Bearer {}k3yOfTheTest", provider.key.prefix);
    assert!(sent.to_str().unwrap().starts_with(&expected));
}

fn hidden(error: &RemoteError) {
    assert!(!format!("{error} {error:?}").contains("k3yOfTheTest"));
}
