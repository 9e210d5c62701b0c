//! Numbers, times and names in words.

use keystow_app::contract::{KeyState, KeyView, ProblemView};
use time::OffsetDateTime;
use time::macros::format_description;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Text that came from outside, as it may stand on a terminal: nothing in it moves the cursor, changes colours or turns the
/// direction of writing.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// How long ago something was, or how soon it will be: `3 h ago`, `in 12 days`; beyond a month, the date.
pub(crate) fn when(now: i64, at: i64) -> String {
    let (gap, past) = (now.abs_diff(at), at <= now);
    let gap = i64::try_from(gap).unwrap_or(i64::MAX);
    // What was, is counted in whole units; what comes, to the nearest: a key made for two weeks expires in 14 days.
    let units = |unit| {
        if past {
            gap / unit
        } else {
            (gap + unit / 2) / unit
        }
    };
    let amount = match gap {
        ..MINUTE => return if past { "just now" } else { "in a minute" }.to_owned(),
        MINUTE..HOUR => format!("{} min", units(MINUTE)),
        HOUR..DAY => format!("{} h", units(HOUR)),
        _ if gap < 31 * DAY => {
            let days = usize::try_from(units(DAY)).unwrap_or_default();
            count(days, "day", "days")
        }
        _ => return date(at),
    };
    if past {
        format!("{amount} ago")
    } else {
        format!("in {amount}")
    }
}

/// `2026-11-21`, or a dash where the calendar ends.
fn date(at: i64) -> String {
    OffsetDateTime::from_unix_timestamp(at / 1000)
        .ok()
        .and_then(|at| at.format(format_description!("[year]-[month]-[day]")).ok())
        .unwrap_or_else(|| "–".to_owned())
}

/// A time that may not have come yet.
pub(crate) fn when_or(now: i64, at: Option<i64>, none: &str) -> String {
    at.map_or_else(|| none.to_owned(), |at| when(now, at))
}

/// The state of a key.
pub(crate) fn key_state(state: KeyState) -> &'static str {
    match state {
        KeyState::Enabled => "enabled",
        KeyState::Paused => "paused",
        KeyState::Expired => "expired",
    }
}

/// What uses a key, and since when it was not used: what a person wants to know before it goes.
pub(crate) fn consequences(now: i64, key: &KeyView) -> String {
    let mut users: Vec<String> = key.used_by.iter().map(|user| clean(&user.name)).collect();
    users.dedup();
    let used = match key.last_used_at {
        Some(at) => format!("last used {}", when(now, at)),
        None => "never used".to_owned(),
    };
    match users.len() {
        0 => format!("No client on this computer uses it; {used}."),
        1 => format!("{} uses it; {used}.", list(&users)),
        _ => format!("{} use it; {used}.", list(&users)),
    }
}

/// Steps, one on a line, with their numbers.
pub(crate) fn steps(steps: &[String]) -> String {
    let lines: Vec<String> = steps
        .iter()
        .enumerate()
        .map(|(at, step)| format!("  {}. {}", at + 1, clean(step)))
        .collect();
    lines.join("\n")
}

/// An error or warning with what to do about it.
pub(crate) fn problem(word: &str, problem: &ProblemView) -> String {
    let mut text = format!("{word}: {}", clean(&problem.detail));
    if let Some(hint) = &problem.hint {
        text.push_str(&format!("\n  {}", clean(hint)));
    }
    text
}

/// A first letter in capitals and a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut sentence: String = match chars.next() {
        Some(first) if first.is_ascii_lowercase() => first.to_uppercase().chain(chars).collect(),
        _ => text.to_owned(),
    };
    if !sentence.ends_with(['.', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_relative_for_a_month() {
        let now = 1_800_000_000_000;
        for (at, words) in [
            (now, "just now"),
            (now - 59_000, "just now"),
            (now - 5 * MINUTE, "5 min ago"),
            (now - 3 * HOUR - MINUTE, "3 h ago"),
            (now - DAY, "1 day ago"),
            (now - 30 * DAY, "30 days ago"),
            (now - 31 * DAY, "2026-12-15"),
            (now + 30_000, "in a minute"),
            (now + 2 * HOUR, "in 2 h"),
            (now + 14 * DAY - 500, "in 14 days"),
            (now + 12 * DAY + HOUR, "in 12 days"),
            (i64::MIN, "–"),
            (i64::MAX, "–"),
        ] {
            assert_eq!(when(now, at), words, "{at}");
        }
    }

    #[test]
    fn nothing_from_outside_moves_the_cursor() {
        assert_eq!(clean("a\u{1b}[2J\nb\u{202e}c\td"), "a�[2J�b�c d");
    }

    #[test]
    fn lists_read_as_people_write_them() {
        let names = |n: usize| {
            ["a", "b", "c"][..n]
                .iter()
                .map(|s| (*s).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(list(&names(0)), "");
        assert_eq!(list(&names(1)), "a");
        assert_eq!(list(&names(2)), "a and b");
        assert_eq!(list(&names(3)), "a, b and c");
    }
}
