use granit_parser::{ScalarStyle, StructureStyle};
use serde_json::Value;

use super::document::{Document, Kind};
use super::places::{Level, Part, line_break, line_end, line_start};
use super::quote::Quote;
use super::value::scalar;

/// How the lines around an entry are written.
#[derive(Clone, Debug)]
pub(super) struct Style {
    /// What a level of nesting adds to the indentation.
    pub(super) unit: usize,
    /// What it adds for a list under its key; often nothing.
    pub(super) list_unit: usize,
    /// From a dash to what follows it.
    pub(super) dash: usize,
    /// Whether lists of scalars stand in brackets.
    pub(super) lists_in_brackets: bool,
    pub(super) keys: Quote,
    pub(super) texts: Quote,
    /// Quotes for what needs some.
    pub(super) fallback: Quote,
    /// What ends a line.
    pub(super) eol: &'static str,
}

impl Style {
    /// Ours, where nothing shows another.
    pub(super) const fn new(eol: &'static str) -> Self {
        Self {
            unit: 2,
            list_unit: 2,
            dash: 2,
            lists_in_brackets: false,
            keys: Quote::Plain,
            texts: Quote::Plain,
            fallback: Quote::Double,
            eol,
        }
    }
}

/// How many nodes are looked at to find a style.
const ENOUGH: usize = 20_000;

#[derive(Default)]
struct Seen {
    unit: Option<usize>,
    list_unit: Option<usize>,
    dash: Option<usize>,
    /// Lists of scalars: in lines, in brackets.
    lists: [usize; 2],
    /// Plain, single, double.
    keys: [usize; 3],
    texts: [usize; 3],
    looked_at: usize,
}

impl Document<'_> {
    /// The style around the innermost of these collections: its own first, then that of those it stands in.
    pub(super) fn style(&self, levels: &[Level], eol: &'static str) -> Style {
        let mut seen = Seen::default();
        for (depth, level) in levels.iter().enumerate().rev() {
            let before = (seen.keys, seen.texts, seen.lists);
            if let Some(above) = depth.checked_sub(1).map(|above| &levels[above])
                && let Some(part) = above.parts.iter().find(|part| part.value == level.node)
            {
                self.look_at_nesting(part, &level.parts, &mut seen);
            }
            self.look_at_parts(level.node, &level.parts, &mut seen);
            // What the inner collection shows counts more than what is around it.
            if before.0 != [0; 3] {
                seen.keys = before.0;
            }
            if before.1 != [0; 3] {
                seen.texts = before.1;
            }
            if before.2 != [0; 2] {
                seen.lists = before.2;
            }
        }
        let unit = seen.unit.unwrap_or(2);
        Style {
            unit,
            list_unit: seen.list_unit.unwrap_or(unit),
            dash: seen.dash.unwrap_or(2),
            lists_in_brackets: seen.lists[0] == 0 && seen.lists[1] > 0,
            keys: chosen(seen.keys),
            texts: if seen.texts == [0; 3] {
                chosen(seen.keys)
            } else {
                chosen(seen.texts)
            },
            fallback: if seen.keys[1] + seen.texts[1] > seen.keys[2] + seen.texts[2] {
                Quote::Single
            } else {
                Quote::Double
            },
            eol,
        }
    }

    fn look_at(&self, node: usize, from: usize, seen: &mut Seen) {
        let it = &self.nodes[node];
        seen.looked_at += 1;
        match it.kind {
            Kind::Scalar(style) => {
                if matches!(scalar(it), Value::String(_)) {
                    count(&mut seen.texts, style);
                }
            }
            Kind::List(_) | Kind::Mapping(_) if seen.looked_at < ENOUGH => {
                let parts = self.parts(node, from);
                self.look_at_parts(node, &parts, seen);
            }
            _ => {}
        }
    }

    fn look_at_parts(&self, node: usize, parts: &[Part], seen: &mut Seen) {
        let it = &self.nodes[node];
        if let Kind::List(style) = it.kind {
            let scalars = parts
                .iter()
                .all(|part| matches!(self.nodes[part.value].kind, Kind::Scalar(_)));
            if scalars && !parts.is_empty() {
                seen.lists[usize::from(style == StructureStyle::Flow)] += 1;
            }
        }
        // The last ones are the nearest.
        for part in parts.iter().rev() {
            if seen.looked_at >= ENOUGH {
                break;
            }
            if let Some(key) = part.key
                && let Kind::Scalar(style) = self.nodes[key].kind
            {
                count(&mut seen.keys, style);
            } else if part.key.is_none()
                && it.is_block()
                && !self.nodes[part.value].is_nothing()
                && !self
                    .slice(part.from, self.nodes[part.value].start())
                    .contains(['\n', '\r', '#', '&', '!'])
                && let inner = self.skip(part.from)
                && inner > part.start
            {
                seen.dash = seen.dash.or(Some(inner - part.start));
            }
            if it.is_block() && part.key.is_some() && self.nodes[part.value].is_block() {
                let inner = self.parts(part.value, part.from);
                self.look_at_nesting(part, &inner, seen);
                seen.looked_at += 1;
                self.look_at_parts(part.value, &inner, seen);
            } else {
                self.look_at(part.value, part.from, seen);
            }
        }
    }

    /// How far the parts of a member's value are indented.
    fn look_at_nesting(&self, part: &Part, inner: &[Part], seen: &mut Seen) {
        let it = &self.nodes[part.value];
        let Some(first) = inner.first().filter(|_| it.is_block()) else {
            return;
        };
        let added = self
            .column(first.start)
            .checked_sub(self.column(part.start));
        let on_own_line = self.begins_line(first.start);
        match (it.kind, added) {
            (Kind::Mapping(_), Some(added)) if added > 0 && on_own_line => {
                seen.unit = seen.unit.or(Some(added));
            }
            (Kind::List(_), Some(added)) if on_own_line => {
                seen.list_unit = seen.list_unit.or(Some(added));
            }
            _ => {}
        }
    }

    /// How many characters stand before a byte on its line.
    pub(super) fn column(&self, at: usize) -> usize {
        self.slice(line_start(self.body, at), at).chars().count()
    }

    /// Whether nothing but spaces stands before a byte on its line.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        self.slice(line_start(self.body, at), at)
            .bytes()
            .all(|b| b == b' ')
    }

    /// What ends the lines near a byte.
    pub(super) fn eol_near(&self, at: usize) -> &'static str {
        let end = line_end(self.body, at);
        let before = line_start(self.body, at);
        line_break(self.slice(end, self.body.len()))
            .or_else(|| {
                let above = self.slice(0, before);
                ["\r\n", "\n", "\r"]
                    .into_iter()
                    .find(|eol| above.ends_with(eol))
            })
            .unwrap_or("\n")
    }
}

const fn count(counts: &mut [usize; 3], style: ScalarStyle) {
    match style {
        ScalarStyle::Plain => counts[0] += 1,
        ScalarStyle::SingleQuoted => counts[1] += 1,
        ScalarStyle::DoubleQuoted => counts[2] += 1,
        ScalarStyle::Literal | ScalarStyle::Folded => {}
    }
}

/// What all do, if they do anything else than leave quotes out.
const fn chosen([plain, single, double]: [usize; 3]) -> Quote {
    if plain > 0 || single + double == 0 {
        Quote::Plain
    } else if single > double {
        Quote::Single
    } else {
        Quote::Double
    }
}
