use std::fmt;

use base64::Engine as _;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Plaintext of an API key, token or password: the one type in which it may travel.
///
/// It cannot be printed, serialised or cloned by accident: there is no `Display`, `Serialize` or `Clone`, `Debug` shows
/// `Secret(…)`, comparison takes constant time, and memory is wiped on drop.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of plaintext; the caller's copy is this one.
    pub fn new(plaintext: String) -> Self {
        Self(Zeroizing::new(plaintext))
    }

    /// The plaintext itself.
    ///
    /// Every call stands under a comment `// EXPOSE: why`; a test counts those places and names the crates that may have
    /// them.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Another owner of the same plaintext, spelled out so that a copy is always a decision.
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }

    /// A header value: `word`, a space and the secret, or the secret alone where `word` is empty.
    pub fn after_word(&self, word: &str) -> Self {
        if word.is_empty() {
            return self.duplicate();
        }
        let mut value = String::with_capacity(word.len() + 1 + self.0.len());
        value.push_str(word);
        value.push(' ');
        value.push_str(&self.0);
        Self::new(value)
    }

    /// When it runs out, in Unix milliseconds, where it is a JWT that says so. Nothing is verified: whoever takes it decides.
    pub fn jwt_expiry_ms(&self) -> Option<i64> {
        #[derive(serde::Deserialize)]
        struct Claims {
            exp: f64,
        }
        let payload = self.0.split('.').nth(1)?;
        let json = base64::prelude::BASE64_URL_SAFE_NO_PAD
            .decode(payload.trim_end_matches('='))
            .ok()?;
        let claims: Claims = serde_json::from_slice(&json).ok()?;
        (claims.exp.is_finite() && claims.exp > 0.0).then_some((claims.exp * 1000.0) as i64)
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What may be shown of a key: its prefix up to the last `_` within the first 12 characters, and the last four characters,
    /// such as `mii_prod_••••••••3f9c`. Short secrets show nothing but dots.
    pub fn masked(&self) -> String {
        let chars: Vec<char> = self.0.chars().collect();
        if chars.len() < 20 {
            return "••••••••".to_owned();
        }
        let prefix = chars[..12]
            .iter()
            .rposition(|c| *c == '_')
            .map_or(0, |at| at + 1);
        let head: String = chars[..prefix].iter().collect();
        let tail: String = chars[chars.len() - 4..].iter().collect();
        format!("{head}••••••••{tail}")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::new("hunter2".into())), "Secret(…)");
    }

    #[test]
    fn masks_all_but_prefix_and_last_four() {
        let secret = Secret::new("mii_prod_abcdefghijklmnopqrst3f9c".into());
        assert_eq!(secret.masked(), "mii_prod_••••••••3f9c");
        assert_eq!(Secret::new("short_secret".into()).masked(), "••••••••");
    }

    #[test]
    fn a_jwt_tells_when_it_runs_out_and_other_texts_do_not() {
        // {"alg":"none"} . {"sub":"ada","exp":1800000000}
        let jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEiLCJleHAiOjE4MDAwMDAwMDB9.sig";
        assert_eq!(
            Secret::new(jwt.into()).jwt_expiry_ms(),
            Some(1_800_000_000_000)
        );
        for other in ["", "a.b.c", "opaque", "eyJhbGciOiJub25lIn0.e30.sig"] {
            assert_eq!(Secret::new(other.into()).jwt_expiry_ms(), None, "{other}");
        }
    }

    #[test]
    fn compares_by_content() {
        assert_eq!(Secret::new("a".into()), Secret::new("a".into()));
        assert_ne!(Secret::new("a".into()), Secret::new("b".into()));
    }
}
