use qrcode::{Color, EcLevel, QrCode};

/// A text as rows of a QR code, `#` for dark and a blank for light, without the quiet zone. Empty when the text is too long for one.
pub(crate) fn rows(text: &str) -> Vec<String> {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return Vec::new();
    };
    code.to_colors()
        .chunks(code.width())
        .map(|row| {
            let cell = |color: &Color| if *color == Color::Dark { '#' } else { ' ' };
            row.iter().map(cell).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn is_a_square_with_finders_in_three_corners() {
        let rows = rows("https://example.com/device?user_code=ABCD-EFGH");
        assert!(rows.len() >= 21 && rows.iter().all(|row| row.len() == rows.len()));
        let last = &rows[rows.len() - 1];
        assert!(
            rows[0].starts_with("#######")
                && rows[0].ends_with("#######")
                && last.starts_with("#######")
        );
        assert!(!last.ends_with("#######"));
    }

    #[test]
    fn what_is_too_long_has_none() {
        assert!(rows(&"x".repeat(5000)).is_empty());
    }
}
