//! Fresh randomness: ids, nonces and the sealing key.

const LETTERS: &[u8; 32] = b"abcdefghijkmnopqrstuvwxyz0123456";

/// `N` random bytes from the operating system.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("every supported system has a source of randomness");
    bytes
}

/// An id such as `c-x7k2m9qa`: a prefix and eight characters of `[a-z0-9]`, 40 bits.
pub(crate) fn id(prefix: &str) -> String {
    let tail: String = bytes::<8>()
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect();
    format!("{prefix}-{tail}")
}

/// A password for an account that no person types: 28 characters of `[a-z0-9]`, 140 bits.
pub(crate) fn password() -> keystow_core::Secret {
    let letters = bytes::<28>().map(|byte| LETTERS[usize::from(byte % 32)]);
    keystow_core::Secret::new(letters.iter().copied().map(char::from).collect())
}
