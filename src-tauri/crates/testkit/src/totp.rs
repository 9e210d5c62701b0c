//! One-time codes, as an authenticator shows them.

use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};

/// The code for a secret in base32 (SHA-1, 6 digits, 30 s): that of now, or of so many steps later.
///
/// A code is good once, so a test that enrols with the code of now signs in with that of one step later.
pub fn one_time_code(secret: &str, later: u64) -> String {
    let bits: Vec<u8> = secret
        .bytes()
        .map(|c| {
            if c.is_ascii_uppercase() {
                c - b'A'
            } else {
                c - b'2' + 26
            }
        })
        .flat_map(|value| (0..5).rev().map(move |bit| value >> bit & 1))
        .collect();
    let byte = |eight: &[u8]| eight.iter().fold(0, |byte, bit| byte << 1 | bit);
    let key: Vec<u8> = bits.chunks_exact(8).map(byte).collect();
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&key).unwrap();
    mac.update(&(since.as_secs() / 30 + later).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let four = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap());
    format!("{:06}", (four & 0x7fff_ffff) % 1_000_000)
}
