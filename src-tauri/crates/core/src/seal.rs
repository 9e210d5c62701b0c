//! Sealing of before-images: people's settings files hold other people's secrets, so the journal keeps them encrypted.
//!
//! XChaCha20-Poly1305 with a key that only the keychain holds (`seal/1`) and the change's id as associated data, so that an image
//! cannot be moved to another change. An image is sealed in parts (the STREAM construction), so that a large one is never in memory
//! twice: a part's nonce is the image's 19 random bytes, its number, and whether it is the last; none can be left out, swapped or
//! added. The first part begins with the random bytes. Within, a part says by its first byte whether the rest is as it was or LZ4 (a
//! block, its length before it). Images of before that were in one piece: 24 bytes of nonce, then the ciphertext with its 16-byte
//! tag.

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

/// Bytes of an image in one part.
const PART: usize = 1 << 20;
/// What a part begins with whose bytes are as they were.
const AS_IT_WAS: u8 = 0;
/// What a part begins with that is LZ4.
const LZ4: u8 = 1;
/// Random bytes that an image's nonces share.
const SHARED: usize = 19;

/// Seals an image for the change `about`, part by part; `shared` must be fresh random bytes.
///
/// # Errors
/// [`SealError::Key`].
pub fn parts<'a>(
    key: &Secret,
    shared: [u8; SHARED],
    about: &'a str,
    plain: &'a [u8],
) -> Result<impl Iterator<Item = Vec<u8>> + 'a, SealError> {
    let cipher = cipher(key)?;
    let mut left = Some(plain);
    let mut number = 0;
    Ok(std::iter::from_fn(move || {
        let (part, rest) = match left?.split_at_checked(PART) {
            Some((part, rest)) if !rest.is_empty() => (part, Some(rest)),
            _ => (left?, None),
        };
        left = rest;
        let packed = pack(part);
        let payload = Payload {
            msg: &packed,
            aad: about.as_bytes(),
        };
        let sealed = cipher
            .encrypt(&nonce(shared, number, rest.is_none()), payload)
            .expect("a part is far shorter than the cipher's limit");
        number += 1;
        Some(match number {
            1 => [shared.as_slice(), &sealed].concat(),
            _ => sealed,
        })
    }))
}

/// Opens an image that [`parts`] sealed for the same change.
pub struct Opener {
    cipher: XChaCha20Poly1305,
    shared: Option<[u8; SHARED]>,
    about: String,
    number: u32,
    plain: Vec<u8>,
}

impl Opener {
    /// For the change `about`.
    ///
    /// # Errors
    /// [`SealError::Key`].
    pub fn new(key: &Secret, about: &str) -> Result<Self, SealError> {
        Ok(Self {
            cipher: cipher(key)?,
            shared: None,
            about: about.to_owned(),
            number: 0,
            plain: Vec::new(),
        })
    }

    /// Takes the next part.
    ///
    /// # Errors
    /// [`SealError::Opening`].
    pub fn part(&mut self, sealed: &[u8], last: bool) -> Result<(), SealError> {
        let (shared, sealed) = match self.shared {
            Some(shared) => (shared, sealed),
            None => {
                let (shared, sealed) = sealed.split_first_chunk().ok_or(SealError::Opening)?;
                (*self.shared.insert(*shared), sealed)
            }
        };
        let payload = Payload {
            msg: sealed,
            aad: self.about.as_bytes(),
        };
        let plain = self
            .cipher
            .decrypt(&nonce(shared, self.number, last), payload)
            .map_err(|_| SealError::Opening)?;
        match plain.split_first() {
            Some((&AS_IT_WAS, plain)) => self.plain.extend_from_slice(plain),
            Some((&LZ4, packed)) => {
                let plain = lz4_flex::block::decompress_size_prepended(packed);
                self.plain
                    .extend_from_slice(&plain.map_err(|_| SealError::Opening)?);
            }
            _ => return Err(SealError::Opening),
        }
        self.number += 1;
        Ok(())
    }

    /// The whole image.
    pub fn done(self) -> Vec<u8> {
        self.plain
    }
}

/// Smaller, where that helps.
fn pack(part: &[u8]) -> Vec<u8> {
    let packed = lz4_flex::block::compress_prepend_size(part);
    match packed.len() < part.len() {
        true => [[LZ4].as_slice(), &packed].concat(),
        false => [[AS_IT_WAS].as_slice(), part].concat(),
    }
}

fn nonce(shared: [u8; SHARED], number: u32, last: bool) -> XNonce {
    let mut nonce = [0; 24];
    let (front, back) = nonce.split_at_mut(SHARED);
    front.copy_from_slice(&shared);
    let (counter, flag) = back.split_at_mut(4);
    counter.copy_from_slice(&number.to_be_bytes());
    flag.copy_from_slice(&[u8::from(last)]);
    XNonce::from(nonce)
}

/// Opens an image that was sealed in one piece, as they once were.
///
/// # Errors
/// [`SealError::Key`], [`SealError::Opening`].
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

    fn sealed(plain: &[u8]) -> Vec<Vec<u8>> {
        parts(&new_key([7; 32]), [1; 19], "ch-1", plain)
            .expect("seals")
            .collect()
    }

    fn opened(key: u8, about: &str, parts: &[Vec<u8>]) -> Result<Vec<u8>, SealError> {
        let mut opener = Opener::new(&new_key([key; 32]), about).expect("a key");
        for (number, part) in parts.iter().enumerate() {
            opener.part(part, number + 1 == parts.len())?;
        }
        Ok(opener.done())
    }

    #[test]
    fn opens_only_with_key_and_change() {
        let parts = sealed(b"{}");
        assert_eq!(opened(7, "ch-1", &parts).expect("opens"), b"{}");
        assert_eq!(opened(7, "ch-2", &parts), Err(SealError::Opening));
        assert_eq!(opened(8, "ch-1", &parts), Err(SealError::Opening));
        assert_eq!(
            opened(7, "ch-1", &[parts[0][..10].to_vec()]),
            Err(SealError::Opening)
        );
    }

    #[test]
    fn images_of_any_size_come_back_and_no_part_can_be_missing() {
        for len in [0, 1, PART - 1, PART, PART + 1, 3 * PART] {
            let plain: Vec<u8> = (0..len).map(|at| (at % 251) as u8).collect();
            let parts = sealed(&plain);
            assert_eq!(parts.len(), len.div_ceil(PART).max(1));
            let size: usize = parts.iter().map(Vec::len).sum();
            assert!(size < 100 + len / 50 + parts.len() * 32, "{len}: {size}");
            assert!(opened(7, "ch-1", &parts).expect("opens") == plain, "{len}");
            if let [rest @ .., last] = parts.as_slice() {
                assert!(rest.is_empty() || opened(7, "ch-1", rest).is_err());
                let twice = [parts.as_slice(), std::slice::from_ref(last)].concat();
                assert!(opened(7, "ch-1", &twice).is_err());
            }
            if let [first, second, ..] = parts.as_slice() {
                let swapped = [second.clone(), first.clone()];
                assert!(opened(7, "ch-1", &swapped).is_err());
            }
        }
    }
}
