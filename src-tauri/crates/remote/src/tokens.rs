use keystow_core::Secret;
use keystow_core::key::UnixMs;
use serde::{Deserialize, Deserializer};

use crate::clock::now_ms;

/// A token in an answer; it is a [`Secret`] from the moment it is read.
pub(crate) struct TokenDto(pub(crate) Secret);

impl<'de> Deserialize<'de> for TokenDto {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if text.is_empty() {
            return Err(serde::de::Error::custom("an empty token"));
        }
        Ok(Self(Secret::new(text)))
    }
}

/// When a token that lives for `seconds` from now expires, by our clock: it is compared with that one.
pub(crate) fn expiry(seconds: Option<f64>) -> Option<UnixMs> {
    let seconds = seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0)?;
    Some(now_ms().saturating_add((seconds * 1000.0) as UnixMs))
}
