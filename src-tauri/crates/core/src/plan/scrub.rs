//! Takes out of a text what looks like a secret or is announced as one, word by word.

use super::redact::REDACTED;
use super::secret_like::{has_known_prefix, is_secret, looks_encoded, speaks_of_secrets};

/// What an argument says about the one after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Argument {
    /// Nothing.
    #[default]
    Plain,
    /// It is a secret (`--token`).
    Secret,
    /// It is `NAME=value` (`-e`).
    Variable,
    /// It is `Name: value` (`--header`).
    Header,
}

impl Argument {
    /// What a flag announces.
    pub(super) fn announced_by(flag: &str) -> Self {
        if !flag.starts_with(['-', '/']) || flag.contains(['=', ' ']) {
            return Self::Plain;
        }
        match flag {
            "-e" | "--env" | "--environment" => Self::Variable,
            "-H" | "--header" | "--headers" => Self::Header,
            "-u" | "--user" | "-k" | "-t" => Self::Secret,
            _ if flag.starts_with('-') && speaks_of_secrets(flag) => Self::Secret,
            _ => Self::Plain,
        }
    }

    /// The argument so announced, as it may be shown.
    pub(super) fn redacted(self, text: &str) -> String {
        let Some(from) = self.secret_from(text) else {
            return scrubbed(text);
        };
        let (name, _) = text.split_at_checked(from).unwrap_or_default();
        let bare = name.strip_suffix(['=', ':']).unwrap_or(name);
        let sign = name.strip_prefix(bare).unwrap_or_default();
        format!("{}{sign}{REDACTED}", scrubbed(bare))
    }

    /// From which byte on the argument so announced is secret, if it is. One may announce itself, as `--token=abc` does.
    pub(super) fn secret_from(self, text: &str) -> Option<usize> {
        let after = |sign: char| text.find(sign).map(|at| at + 1);
        match self {
            Self::Plain if text.starts_with('-') => {
                let (name, value) = text.split_once('=')?;
                (!value.is_empty() && speaks_of_secrets(name)).then_some(name.len() + 1)
            }
            Self::Plain => None,
            Self::Secret => Some(0),
            Self::Variable => after('='),
            Self::Header => after(':'),
        }
    }
}

/// A text with everything in it replaced that looks like a secret or follows what announces one.
pub(super) fn scrubbed(text: &str) -> String {
    let mut scrubber = Scrubber::default();
    for chunk in text.split_inclusive(char::is_whitespace) {
        let word = chunk.trim_end();
        let space = chunk.strip_prefix(word).unwrap_or_default();
        if !word.is_empty() {
            scrubber.word(word);
        }
        scrubber.space(space);
    }
    scrubber.out
}

#[derive(Default)]
struct Scrubber {
    out: String,
    /// What the word before announces.
    announced: Argument,
    /// Whether the word before is a name of a secret.
    named: bool,
    hiding: Hiding,
}

/// How far a secret goes on.
#[derive(Default, PartialEq, Eq)]
enum Hiding {
    /// It is over.
    #[default]
    No,
    /// To the end of the line, as in `Authorization: Bearer abc`.
    Line,
    /// To the closing quote, as in `--password 'two words'`.
    Quote(char),
}

impl Scrubber {
    fn word(&mut self, word: &str) {
        match self.hiding {
            Hiding::Quote(quote) => {
                if word.contains(quote) {
                    self.hiding = Hiding::No;
                }
                return;
            }
            Hiding::Line => {
                if !self.out.ends_with(REDACTED) {
                    self.out.push_str(REDACTED);
                }
                return;
            }
            Hiding::No => {}
        }
        let announced = std::mem::take(&mut self.announced);
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if announced == Argument::Plain {
            self.out.push_str(&scrubbed_word(word));
            let told = self.named && matches!(bare, "is" | "was" | "are" | "");
            let named = word
                .strip_suffix([':', '='])
                .is_some_and(|name| speaks_of_secrets(last_name(name)));
            if told || named {
                self.hiding = Hiding::Line;
            }
            self.announced = match bare.to_lowercase().as_str() {
                "bearer" | "basic" => Argument::Secret,
                _ => Argument::announced_by(word),
            };
        } else {
            self.out.push_str(&announced.redacted(word));
            if announced == Argument::Header {
                self.hiding = Hiding::Line;
            }
        }
        self.named = !bare.is_empty() && speaks_of_secrets(bare);
        if self.hiding == Hiding::No
            && self.out.ends_with(REDACTED)
            && let Some(quote) = open_quote(word)
        {
            self.hiding = Hiding::Quote(quote);
        }
    }

    fn space(&mut self, space: &str) {
        if space.contains('\n') {
            self.hiding = Hiding::No;
            self.named = false;
        }
        if self.hiding == Hiding::No || !self.out.ends_with(REDACTED) {
            self.out.push_str(space);
        }
    }
}

/// The quote that a word opens and does not close.
fn open_quote(word: &str) -> Option<char> {
    ['\'', '"', '`']
        .into_iter()
        .find(|quote| word.matches(*quote).count() % 2 == 1)
}

/// What comes after the last sign that may stand before a name.
fn last_name(text: &str) -> &str {
    text.trim_end_matches(|c: char| !c.is_alphanumeric())
        .rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
        .next()
        .unwrap_or(text)
}

fn scrubbed_word(word: &str) -> String {
    if let Some((scheme, rest)) = word.split_once("://") {
        return format!("{}://{}", scrubbed_parts(scheme), scrubbed_url(rest));
    }
    if let Some((user, host)) = word.rsplit_once('@')
        && user.contains(':')
    {
        return format!("{REDACTED}@{}", scrubbed_parts(host));
    }
    for sign in ['=', ':'] {
        if let Some((name, value)) = word.split_once(sign)
            && !value.is_empty()
            && speaks_of_secrets(last_name(name))
        {
            return format!("{}{sign}{REDACTED}", scrubbed_parts(name));
        }
    }
    if looks_encoded(word) {
        return REDACTED.to_owned();
    }
    match word.split_once('?') {
        Some((path, query)) if query.contains('=') => {
            format!("{}?{}", scrubbed_parts(path), scrubbed_query(query))
        }
        _ => scrubbed_parts(word),
    }
}

/// What follows `scheme://`.
fn scrubbed_url(rest: &str) -> String {
    let mut end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    // A password may hold the signs that end an authority; a port is a number.
    let port = rest
        .get(..end)
        .and_then(|authority| authority.split_once(':'))
        .map_or("", |(_, port)| port);
    if !port.bytes().all(|b| b.is_ascii_digit())
        && let Some(at) = rest.rfind('@')
        && end < at
    {
        end = rest
            .get(at..)
            .and_then(|host| host.find(['/', '?', '#']))
            .map_or(rest.len(), |host| at + host);
    }
    let (authority, rest) = rest.split_at(end);
    let mut out = match authority.rsplit_once('@') {
        Some((_, host)) => format!("{REDACTED}@{}", scrubbed_parts(host)),
        None => scrubbed_parts(authority),
    };
    let (path, tail) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    out.push_str(&scrubbed_parts(path));
    if let Some(sign) = tail.chars().next() {
        out.push(sign);
        out.push_str(&scrubbed_query(tail.get(1..).unwrap_or_default()));
    }
    out
}

/// Parameters of a URL. Short plain values stay unless their name speaks of a secret.
fn scrubbed_query(query: &str) -> String {
    query
        .split_inclusive(['&', ';', '#'])
        .map(|part| {
            let body = part.trim_end_matches(['&', ';', '#']);
            let sign = part.strip_prefix(body).unwrap_or_default();
            match body.split_once('=') {
                Some((name, value)) if speaks_of_secrets(name) || value.len() >= 16 => {
                    format!("{}={REDACTED}{sign}", scrubbed_parts(name))
                }
                Some((name, value)) => {
                    format!("{}={}{sign}", scrubbed_parts(name), scrubbed_parts(value))
                }
                None => format!("{}{sign}", scrubbed_parts(body)),
            }
        })
        .collect()
}

/// Replaces the parts of a word (of a path, a list, a sentence) that look like secrets.
fn scrubbed_parts(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for part in word.split_inclusive(|c: char| {
        !(c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.' | '~'))
    }) {
        let body = part.trim_end_matches(|c: char| {
            !(c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '.' | '~'))
        });
        let sign = part.strip_prefix(body).unwrap_or_default();
        if has_known_prefix(body) {
            out.push_str(REDACTED);
        } else {
            for dotted in body.split_inclusive('.') {
                let name = dotted.trim_end_matches('.');
                if is_secret(name) {
                    out.push_str(REDACTED);
                    out.push_str(dotted.strip_prefix(name).unwrap_or_default());
                } else {
                    out.push_str(dotted);
                }
            }
        }
        out.push_str(sign);
    }
    out
}
