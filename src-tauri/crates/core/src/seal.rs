//! Sealing of before-images: people's settings files hold other people's secrets, so the journal keeps them encrypted.
//!
//! XChaCha20-Poly1305 with a key that only the keychain holds (`seal/1`) and the change's id as associated data, so that an image
//! cannot be moved to another change. Shape: 24 bytes of nonce, then the ciphertext with its 16-byte tag.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::Secret;

/// Why a sealed image cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key in the keychain is not one of ours.
    #[error("the sealing key has the wrong shape")]
    Key,
    /// Another key, another change, or damaged bytes.
    #[error("the sealed bytes do not open with this key")]
    Opening,
}

/// Makes a sealing key from 32 random bytes, as text for the keychain.
pub fn new_key(random: [u8; 32]) -> Secret {
    let random = Zeroizing::new(random);
    Secret::new(STANDARD_NO_PAD.encode(random.as_slice()))
}

/// Seals `plain` for the change `about`; `nonce` must be 24 fresh random bytes.
pub fn seal(
    key: &Secret,
    nonce: [u8; 24],
    about: &str,
    plain: &[u8],
) -> Result<Vec<u8>, SealError> {
    let sealed = cipher(key)?
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: plain,
                aad: about.as_bytes(),
            },
        )
        .map_err(|_| SealError::Key)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] made for the same change.
pub fn open(key: &Secret, about: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let (nonce, sealed) = sealed.split_first_chunk::<24>().ok_or(SealError::Opening)?;
    cipher(key)?
        .decrypt(
            &XNonce::from(*nonce),
            Payload {
                msg: sealed,
                aad: about.as_bytes(),
            },
        )
        .map_err(|_| SealError::Opening)
}

fn cipher(key: &Secret) -> Result<XChaCha20Poly1305, SealError> {
    // EXPOSE: decoded into the cipher, which wipes itself
    let bytes = Zeroizing::new(
        STANDARD_NO_PAD
            .decode(key.expose())
            .map_err(|_| SealError::Key)?,
    );
    XChaCha20Poly1305::new_from_slice(&bytes).map_err(|_| SealError::Key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_with_key_and_change() {
        let key = new_key([7; 32]);
        let sealed = seal(&key, [1; 24], "ch-1", b"{}").expect("seals");
        assert_eq!(open(&key, "ch-1", &sealed).expect("opens"), b"{}");
        assert_eq!(open(&key, "ch-2", &sealed), Err(SealError::Opening));
        assert_eq!(
            open(&new_key([8; 32]), "ch-1", &sealed),
            Err(SealError::Opening)
        );
        assert_eq!(open(&key, "ch-1", &sealed[..10]), Err(SealError::Opening));
    }
}
