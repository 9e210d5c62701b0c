use crate::Secret;
use crate::key::UnixMs;

/// What sign-in gave. It goes to the keychain before it is used.
#[derive(Debug)]
pub struct Session {
    /// Sent as bearer token.
    pub access: Secret,
    /// Rotating: each use gives a new one, and reuse ends the session.
    pub refresh: Option<Secret>,
    /// When the access token expires.
    pub expires_at: Option<UnixMs>,
    /// The OAuth client id it was issued to, where it was OAuth.
    pub oauth_client: Option<String>,
    /// The OAuth issuer that gave it, where the client was registered there: the one a refresh goes to.
    pub issuer: Option<String>,
}

/// How a session lies in the keychain.
#[derive(serde::Serialize)]
struct Packed<'a> {
    access: &'a str,
    refresh: Option<&'a str>,
    expires_at: Option<UnixMs>,
    oauth_client: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<&'a str>,
}

/// The same, owned.
#[derive(serde::Deserialize)]
struct Unpacked {
    access: String,
    refresh: Option<String>,
    expires_at: Option<UnixMs>,
    oauth_client: Option<String>,
    #[serde(default)]
    issuer: Option<String>,
}

impl Session {
    /// The session as one secret for the keychain: a JSON object that [`Session::from_secret`] reads.
    pub fn to_secret(&self) -> Secret {
        let packed = Packed {
            access: self.access.expose(), // EXPOSE: packed into the secret that is stowed
            refresh: self.refresh.as_ref().map(|token| token.expose()), // EXPOSE: packed likewise
            expires_at: self.expires_at,
            oauth_client: self.oauth_client.as_deref(),
            issuer: self.issuer.as_deref(),
        };
        Secret::new(serde_json::to_string(&packed).expect("strings and numbers always serialise"))
    }

    /// Reads what [`Session::to_secret`] wrote; `None` when it is something else.
    pub fn from_secret(secret: &Secret) -> Option<Self> {
        // EXPOSE: unpacked from the secret that was stowed
        let unpacked: Unpacked = serde_json::from_str(secret.expose()).ok()?;
        Some(Self {
            access: Secret::new(unpacked.access),
            refresh: unpacked.refresh.map(Secret::new),
            expires_at: unpacked.expires_at,
            oauth_client: unpacked.oauth_client,
            issuer: unpacked.issuer,
        })
    }
}
