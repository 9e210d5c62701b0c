//! Showing a key to the product it belongs to.

mod mcp;

use keystow_core::Secret;
use keystow_core::key::KeyFacts;
use keystow_core::remote::{KeyProof, Proof, ProofKind, RemoteError};
use reqwest::Method;

use crate::Remote;
use crate::transport::Ask;

impl KeyProof for Remote {
    fn prove(&self, proof: &Proof<'_>, key: &Secret) -> Result<KeyFacts, RemoteError> {
        match proof.kind {
            ProofKind::Mcp => {
                mcp::greet(self, proof, key)?;
                Ok(KeyFacts::default())
            }
            ProofKind::Get => {
                with_key(self, Method::GET, proof, key)?.send()?.success()?;
                Ok(KeyFacts::default())
            }
        }
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
