//! Where in a provider file something stands.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::edit::Place;

/// One step from a table to a value in it, or from a list to one of its items.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Key(&'static str),
    Item(usize),
}

impl From<&'static str> for Step {
    fn from(key: &'static str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step {
    fn from(at: usize) -> Self {
        Self::Item(at)
    }
}

/// Where a file says what the steps lead to, as far as they do.
pub(super) fn of(text: &str, steps: &[Step]) -> Option<Place> {
    let document = DeTable::parse(text).ok()?;
    let mut at: Option<&Spanned<DeValue<'_>>> = None;
    for step in steps {
        let next = match (step, at.map(Spanned::get_ref)) {
            (Step::Key(key), None) => document.get_ref().get(*key),
            (Step::Key(key), Some(DeValue::Table(table))) => table.get(*key),
            (Step::Item(item), Some(DeValue::Array(items))) => items.get(*item),
            _ => None,
        };
        match next {
            Some(next) => at = Some(next),
            None => break,
        }
    }
    at.map(|found| offset(text, found.span().start))
}

/// The place of a byte.
pub(super) fn offset(text: &str, at: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Place {
        line: count(before.matches('\n').count() + 1),
        column: count(line.chars().count() + 1),
    }
}
