//! What all syntaxes share: bytes to text, white space, line ends and places.

use super::{EditError, Place};

/// The byte order mark, as it stands in a decoded text.
pub(super) const BOM: char = '\u{FEFF}';

/// The text of a settings file, byte order mark and all.
pub(super) fn decoded(bytes: &[u8]) -> Result<&str, EditError> {
    let other = |reason: &str| EditError::Encoding {
        place: None,
        reason: reason.to_owned(),
    };
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(other("the file is UTF-16; save it as UTF-8"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        EditError::Encoding {
            place: Some(place_after(&String::from_utf8_lossy(valid))),
            reason: "the file is not UTF-8".to_owned(),
        }
    })?;
    match text.find('\0') {
        Some(at) => Err(EditError::Encoding {
            place: text.get(..at).map(place_after),
            reason: "the file holds NUL bytes".to_owned(),
        }),
        None => Ok(text),
    }
}

/// Whether there is nothing but white space (and perhaps a byte order mark) in it.
pub(super) fn is_blank(text: &str) -> bool {
    text.strip_prefix(BOM).unwrap_or(text).bytes().all(is_space)
}

/// White space as JSON has it.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether a line ends in it.
pub(super) fn has_break(text: &str) -> bool {
    text.contains(['\n', '\r'])
}

/// The place just behind a text.
pub(super) fn place_after(text: &str) -> Place {
    let text = text.strip_prefix(BOM).unwrap_or(text);
    let (mut line, mut column) = (1, 1);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\n' || (c == '\r' && chars.peek() != Some(&'\n')) {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    Place { line, column }
}
