//! A QR code in half blocks: two rows of it in one line of text.

/// Light around it, in cells; scanners need some.
const QUIET: usize = 2;

/// Draws rows of `#` (dark) and blanks (light) for a dark terminal, light cells as blocks. `None` where it has no rows, or no place
/// in `columns`.
pub(crate) fn drawn(rows: &[String], columns: usize) -> Option<String> {
    let width = rows.first()?.len() + 2 * QUIET;
    if width > columns {
        return None;
    }
    let dark = |x: usize, y: usize| {
        let cell = y
            .checked_sub(QUIET)
            .and_then(|y| rows.get(y))
            .zip(x.checked_sub(QUIET))
            .and_then(|(row, x)| row.as_bytes().get(x));
        cell == Some(&b'#')
    };
    let lines = (0..rows.len() + 2 * QUIET).step_by(2).map(|y| {
        (0..width)
            .map(|x| match (dark(x, y), dark(x, y + 1)) {
                (false, false) => '█',
                (false, true) => '▀',
                (true, false) => '▄',
                (true, true) => ' ',
            })
            .collect::<String>()
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::drawn;

    #[test]
    fn two_rows_share_a_line_and_light_is_all_around() {
        let rows = ["# #", " # ", "###"].map(str::to_owned);
        assert_eq!(
            drawn(&rows, 80).unwrap(),
            "███████\n██▄▀▄██\n██▄▄▄██\n███████"
        );
        assert_eq!(drawn(&rows, 7).map(|text| text.lines().count()), Some(4));
    }

    #[test]
    fn it_is_left_out_where_it_does_not_fit() {
        assert_eq!(drawn(&["#".to_owned()], 4), None);
        assert_eq!(drawn(&[], 80), None);
    }
}
