//! Secrets and ids nobody can guess, and the hashes we keep of them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// SHA-256 of a secret. Enough for random ones: there is nothing to guess.
pub(crate) type Hash = [u8; 32];

/// What API keys begin with.
pub(crate) const KEY_PREFIX: &str = "ksl_";

/// How many characters follow the prefix of an API key: 238 bits.
const KEY_CHARACTERS: usize = 40;

const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Bytes nobody can guess.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has a source of randomness");
    bytes
}

/// A new API key: `ksl_` and 40 letters and digits.
pub(crate) fn api_key() -> String {
    let mut key = String::with_capacity(KEY_PREFIX.len() + KEY_CHARACTERS);
    key.push_str(KEY_PREFIX);
    while key.len() < KEY_PREFIX.len() + KEY_CHARACTERS {
        for byte in bytes::<64>() {
            // 248 = 4 × 62: what lies above would make some characters likelier than others.
            if byte < 248 && key.len() < KEY_PREFIX.len() + KEY_CHARACTERS {
                key.push(char::from(ALPHABET[usize::from(byte % 62)]));
            }
        }
    }
    key
}

/// A new token of 256 bits behind a prefix that says what it is.
pub(crate) fn token(prefix: &str) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes::<32>()))
}

/// A new id, a random UUID.
pub(crate) fn uuid() -> String {
    let mut raw = bytes::<16>();
    raw[6] = raw[6] & 0x0f | 0x40;
    raw[8] = raw[8] & 0x3f | 0x80;
    let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
    [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)]
        .map(|(from, to)| hex.get(from..to).expect("32 hexadecimal digits"))
        .join("-")
}

/// A new id of 64 bits behind a prefix.
pub(crate) fn short_id(prefix: &str) -> String {
    let hex: String = bytes::<8>()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{prefix}{hex}")
}

/// Letters of a user code: consonants, so that none looks like another and no word comes about (RFC 8628, 6.1).
const USER_CODE_ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// A new code for a person to type, such as `WDJB-MJHT`: 34 bits.
pub(crate) fn user_code() -> String {
    let mut code = String::new();
    while code.len() < 9 {
        let [byte] = bytes::<1>();
        if code.len() == 4 {
            code.push('-');
        }
        // 240 = 12 × 20: what lies above would make some letters likelier than others.
        if byte < 240 {
            code.push(char::from(USER_CODE_ALPHABET[usize::from(byte % 20)]));
        }
    }
    code
}

/// A port outside the range systems hand out on their own, so that it is likely still free at the next start.
pub(crate) fn port() -> u16 {
    21_000 + u16::from_le_bytes(bytes()) % 11_000
}

/// The hash we keep instead of a secret.
pub(crate) fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// The PKCE challenge (S256) of a verifier.
pub(crate) fn pkce_challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(hash(verifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_catalogues_shape() {
        let key = api_key();
        let rest = key.strip_prefix(KEY_PREFIX).expect("the prefix");
        assert_eq!(rest.len(), 40);
        assert!(rest.chars().all(|c| c.is_ascii_alphanumeric()));
        assert_ne!(key, api_key());
    }

    #[test]
    fn user_codes_are_eight_letters_without_look_alikes() {
        let code = user_code();
        let (first, second) = code.split_once('-').expect("two halves");
        assert_eq!((first.len(), second.len()), (4, 4));
        assert!(
            code.bytes()
                .all(|b| b == b'-' || USER_CODE_ALPHABET.contains(&b))
        );
        assert_ne!(code, user_code());
    }

    #[test]
    fn ids_are_uuids_of_version_4() {
        let id = uuid();
        assert_eq!(id.len(), 36);
        assert_eq!(id.as_bytes()[14], b'4');
        assert!(matches!(id.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
    }

    #[test]
    fn challenge_is_the_one_of_rfc_7636() {
        assert_eq!(
            pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
