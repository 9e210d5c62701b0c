use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystow_core::Secret;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// 256 random bits as 43 characters that need no escaping: a verifier or a state.
pub(super) fn random() -> Secret {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    getrandom::fill(bytes.as_mut_slice()).expect("the system has randomness");
    Secret::new(URL_SAFE_NO_PAD.encode(*bytes))
}

/// What the authorization server is told of a verifier (method S256).
pub(super) fn challenge(verifier: &Secret) -> String {
    // EXPOSE: hashed; only the hash leaves
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenge_is_the_one_of_the_standard() {
        // RFC 7636, appendix B.
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into());
        assert_eq!(
            challenge(&verifier),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn random_is_long_and_never_the_same() {
        let (one, other) = (random(), random());
        assert!(one.len() == 43 && one != other);
    }
}
