//! Showing a key to the product it belongs to.

mod facts;
mod mcp;

pub(crate) use mcp::greeting;

use keystow_core::Secret;
use keystow_core::key::KeyFacts;
use keystow_core::remote::{KeyProof, Proof, ProofKind, RemoteError, RemoteErrorKind};
use reqwest::Method;
use serde_json::Value;

use crate::Remote;
use crate::transport::Ask;

impl KeyProof for Remote {
    fn prove(&self, proof: &Proof<'_>, key: &Secret) -> Result<KeyFacts, RemoteError> {
        let answer = match proof.kind {
            ProofKind::Mcp => {
                let answer = mcp::greet(self, proof, key)?;
                return Ok(KeyFacts {
                    budget: answer.budget(),
                    ..KeyFacts::default()
                });
            }
            ProofKind::Get => with_key(self, Method::GET, proof, key)?.send()?.success()?,
        };
        let told: Value = answer.json()?;
        if told.is_null() {
            // better-auth's way to say that nobody is signed in. Source: better-auth 1.7.5, checked 2026-11-20.
            return Err(answer.of_kind(RemoteErrorKind::Unauthorised));
        }
        Ok(KeyFacts {
            budget: answer.budget(),
            ..facts::read(&told, proof.tells)
        })
    }
}

/// A request with the key and the headers beside it.
fn with_key<'a>(
    remote: &'a Remote,
    method: Method,
    proof: &Proof<'_>,
    key: &Secret,
) -> Result<Ask<'a>, RemoteError> {
    let mut ask = remote
        .transport()
        .ask(method, proof.url.clone())?
        .secret_header(proof.header, proof.scheme, key)?;
    for (name, value) in proof.headers {
        ask = ask.header(name, value);
    }
    Ok(ask)
}
