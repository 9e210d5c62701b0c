//! The shapes of a secret.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// A way in which bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// As it is.
    Raw,
    /// Base64 with `+` and `/`, wherever the secret stands among the encoded bytes (as in a Basic header).
    Base64,
    /// Base64 with `-` and `_`, wherever the secret stands.
    Base64Url,
    /// `%xx` for some or all characters.
    Percent,
    /// A JSON string, or a JSON string within one.
    Json,
    /// Two hexadecimal digits per byte.
    Hex,
    /// Two bytes per character, low byte first.
    Utf16Le,
    /// Two bytes per character, high byte first.
    Utf16Be,
    /// Any shape, in a file packed with gzip.
    Gzip,
    /// Any shape, in the name of a file or the target of a link.
    InPath,
}

/// Each shape once: those that do not differ from an earlier one are left out.
pub(super) fn patterns(secret: &str) -> Vec<(Encoding, Vec<u8>)> {
    let mut patterns: Vec<(Encoding, Vec<u8>)> = Vec::new();
    let mut add = |encoding, pattern: Vec<u8>| {
        if !patterns.iter().any(|(_, known)| *known == pattern) {
            patterns.push((encoding, pattern));
        }
    };
    add(Encoding::Raw, secret.as_bytes().to_vec());
    for before in 0..3 {
        add(Encoding::Base64, inner(&STANDARD_NO_PAD, secret, before));
        add(Encoding::Base64Url, inner(&URL_SAFE_NO_PAD, secret, before));
    }
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let form = |byte: u8| byte.is_ascii_alphanumeric() || b"-._*".contains(&byte);
    let component = |byte: u8| unreserved(byte) || b"!'()*".contains(&byte);
    let none = |_: u8| false;
    let kept: [&dyn Fn(u8) -> bool; 4] = [&unreserved, &form, &component, &none];
    for keep in kept {
        let upper = percent(secret, keep);
        for text in [upper.replace("%20", "+"), upper] {
            add(Encoding::Percent, lower_escapes(&text));
            add(Encoding::Percent, text.into_bytes());
        }
    }
    for escape in [
        json as fn(&str) -> String,
        json_slashes,
        json_ascii,
        json_all,
    ] {
        let once = escape(secret);
        add(Encoding::Json, json(&once).into_bytes());
        add(Encoding::Json, once.into_bytes());
    }
    let hex: String = secret.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    add(Encoding::Hex, hex.to_ascii_uppercase().into_bytes());
    add(Encoding::Hex, hex.into_bytes());
    let units = || secret.encode_utf16();
    add(
        Encoding::Utf16Le,
        units().flat_map(u16::to_le_bytes).collect(),
    );
    add(
        Encoding::Utf16Be,
        units().flat_map(u16::to_be_bytes).collect(),
    );
    patterns
}

/// The characters that depend on the secret alone when it stands `before` bytes (modulo three) into what is encoded.
fn inner(engine: &impl Engine, secret: &str, before: usize) -> Vec<u8> {
    let mut bytes = vec![0; before];
    bytes.extend_from_slice(secret.as_bytes());
    let encoded = engine.encode(&bytes).into_bytes();
    let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
    encoded[first..last].to_vec()
}

fn percent(secret: &str, keep: &dyn Fn(u8) -> bool) -> String {
    secret.bytes().fold(String::new(), |mut text, byte| {
        if keep(byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

fn lower_escapes(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let starts = memchr::memchr_iter(b'%', text.as_bytes());
    starts.for_each(|at| bytes[at..at + 3].make_ascii_lowercase());
    bytes
}

fn escaped(secret: &str, rule: impl Fn(char) -> Option<String>) -> String {
    secret
        .chars()
        .map(|c| rule(c).unwrap_or_else(|| c.to_string()))
        .collect()
}

fn unicode(c: char) -> String {
    let mut units = [0; 2];
    c.encode_utf16(&mut units)
        .iter()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect()
}

/// As `serde_json` and `JSON.stringify` write it.
fn json(secret: &str) -> String {
    escaped(secret, |c| match c {
        '"' | '\\' => Some(format!("\\{c}")),
        '\n' => Some("\\n".to_owned()),
        '\r' => Some("\\r".to_owned()),
        '\t' => Some("\\t".to_owned()),
        c if c < ' ' => Some(unicode(c)),
        _ => None,
    })
}

/// As PHP and some C libraries write it.
fn json_slashes(secret: &str) -> String {
    json(secret).replace('/', "\\/")
}

/// As Python writes it.
fn json_ascii(secret: &str) -> String {
    escaped(&json(secret), |c| (!c.is_ascii()).then(|| unicode(c)))
}

/// As writers that mind HTML do.
fn json_all(secret: &str) -> String {
    escaped(&json(secret), |c| "<>&'=+".contains(c).then(|| unicode(c)))
}
