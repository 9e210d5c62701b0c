use url::Url;

use super::RemoteError;
use crate::Secret;
use crate::key::KeyFacts;
use crate::provider::Tells;

/// How a key is shown to be good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofKind {
    /// A `GET` that answers JSON.
    Get,
    /// A greeting of an MCP server that answers nobody without a good key.
    Mcp,
}

/// One request that only a good key gets an answer to.
#[derive(Clone, Debug)]
pub struct Proof<'a> {
    /// Where.
    pub url: &'a Url,
    /// How.
    pub kind: ProofKind,
    /// The header that carries the key, in lower case.
    pub header: &'a str,
    /// The word before it; empty: none.
    pub scheme: &'a str,
    /// Headers beside it, such as that of a workspace, with their values.
    pub headers: &'a [(String, String)],
    /// What its answer tells of the key.
    pub tells: &'a Tells,
}

/// Shows keys to the products they belong to. Calls block.
pub trait KeyProof: Send + Sync {
    /// Whether `key` is accepted, and what the answer tells of it.
    ///
    /// # Errors
    /// `Unauthorised` or `Forbidden` when it is not accepted.
    fn prove(&self, proof: &Proof<'_>, key: &Secret) -> Result<KeyFacts, RemoteError>;
}
