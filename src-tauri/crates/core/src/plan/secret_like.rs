//! What a secret looks like, and which names speak of one.

use super::redact::REDACTED;

/// Words that make a name speak of a secret, as a part of any of its words.
const ANYWHERE: [&str; 14] = [
    "token",
    "secret",
    "passw",
    "passphrase",
    "credential",
    "authoriz",
    "apikey",
    "accesskey",
    "privatekey",
    "authkey",
    "webhook",
    "connectionstring",
    "bearer",
    "cookie",
];

/// Words that make a name speak of a secret, as a whole word of it.
const WHOLE: [&str; 17] = [
    "key",
    "keys",
    "auth",
    "pass",
    "pwd",
    "pat",
    "pin",
    "jwt",
    "sig",
    "signature",
    "otp",
    "dsn",
    "oauth",
    "apitoken",
    "userpass",
    "session",
    "default",
];

/// How keys of well-known products begin.
const PREFIXES: [&str; 44] = [
    "sk-",
    "sk_",
    "pk_live_",
    "rk_",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxa-",
    "xoxp-",
    "xoxr-",
    "xoxs-",
    "xoxe",
    "xapp-",
    "mii_prod_",
    "mii_",
    "mf_oauth_",
    "aidelly_",
    "ocore_",
    "ksl_",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29",
    "eyJ",
    "npm_",
    "pypi-",
    "hf_",
    "dop_v1_",
    "shpat_",
    "SG.",
    "whsec_",
    "lin_api_",
    "figd_",
    "tvly-",
    "gsk_",
    "xai-",
    "pplx-",
    "nvapi-",
    "sbp_",
];

/// The words of a name: `X-Api-Key`, `sshKey` and `API_KEY` have two or three each.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let chars: Vec<char> = name.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1);
        let hump = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || (b.is_uppercase() && after.is_some_and(|a| a.is_lowercase()))
            });
        if !c.is_alphanumeric() || hump {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a name is one of a secret's.
pub(super) fn speaks_of_secrets(name: &str) -> bool {
    let words = words(name);
    let joined = words.concat();
    ANYWHERE.iter().any(|part| joined.contains(part))
        || words
            .iter()
            .any(|word| WHOLE.contains(&word.as_str()) && (word != "default" || words.len() == 1))
}

/// Whether a name is one of an object (or list) all of whose values are private: an environment or headers.
pub(super) fn holds_secrets(name: &str) -> bool {
    words(name).last().is_some_and(|word| {
        matches!(
            word.as_str(),
            "env"
                | "envs"
                | "environ"
                | "environment"
                | "header"
                | "headers"
                | "vars"
                | "variables"
        )
    })
}

/// Whether a value only says where the secret is, such as `${input:token}` or `Bearer ${API_TOKEN}`.
pub(super) fn is_reference(text: &str) -> bool {
    let text = text
        .strip_prefix("Bearer ")
        .or_else(|| text.strip_prefix("Basic "))
        .unwrap_or(text);
    let Some(name) = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
    else {
        return false;
    };
    match name.split_once(':') {
        Some(("env" | "input", name)) => {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
                && !is_secret(name)
        }
        Some(_) => false,
        None => {
            name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
                && name
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
                && !is_secret(name)
        }
    }
}

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
        let after = |sign: char| match text.split_once(sign) {
            Some((name, _)) => format!("{}{sign}{REDACTED}", scrubbed(name)),
            None => scrubbed(text),
        };
        match self {
            Self::Plain => scrubbed(text),
            Self::Secret => REDACTED.to_owned(),
            Self::Variable => after('='),
            Self::Header => after(':'),
        }
    }
}

/// A text with everything in it replaced that looks like a secret.
pub(super) fn scrubbed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut announced = Argument::Plain;
    // Set where the rest of the line is a secret.
    let mut hide_line = false;
    let mut secret_name_before = false;
    for chunk in text.split_inclusive(char::is_whitespace) {
        let word = chunk.trim_end();
        let space = chunk.strip_prefix(word).unwrap_or_default();
        if hide_line {
            if !word.is_empty() && !out.ends_with(REDACTED) {
                out.push_str(REDACTED);
            }
        } else if announced != Argument::Plain && !word.is_empty() {
            out.push_str(&announced.redacted(word));
            // A header's value goes on to the end.
            hide_line = announced == Argument::Header;
            announced = Argument::Plain;
        } else {
            out.push_str(&scrubbed_word(word));
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let scheme = matches!(bare.to_lowercase().as_str(), "bearer" | "basic");
            let told = secret_name_before && matches!(bare, "is" | "was" | "" | "are");
            hide_line = told
                || word
                    .strip_suffix([':', '='])
                    .is_some_and(|name| speaks_of_secrets(last_name(name)));
            announced = if scheme {
                Argument::Secret
            } else {
                Argument::announced_by(word)
            };
            if !word.is_empty() {
                secret_name_before = !bare.is_empty() && speaks_of_secrets(bare);
            }
        }
        if space.contains('\n') {
            hide_line = false;
            secret_name_before = false;
        }
        out.push_str(if hide_line && out.ends_with(REDACTED) {
            ""
        } else {
            space
        });
    }
    out
}

/// What comes after the last sign that may stand before a name.
fn last_name(text: &str) -> &str {
    text.rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
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

fn has_known_prefix(word: &str) -> bool {
    PREFIXES.iter().any(|prefix| {
        word.match_indices(prefix).any(|(at, _)| {
            let starts = word
                .get(..at)
                .and_then(|before| before.chars().next_back())
                .is_none_or(|c| !c.is_alphanumeric());
            starts && word.len() - at >= prefix.len() + 6
        })
    })
}

/// Base64 with signs that paths and words do not have.
fn looks_encoded(word: &str) -> bool {
    let word = word.trim_matches(['"', '\'', '`', '(', ')', ',', ';']);
    word.len() >= 16
        && word
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'-' | b'_'))
        && (word.contains('+') || word.ends_with('='))
        && word
            .bytes()
            .any(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// Whether one word looks random, which names and identifiers do not.
fn is_secret(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let upper = word.chars().filter(|c| c.is_uppercase()).count();
    let length = word.chars().count();
    if has_known_prefix(word) {
        return true;
    }
    if length < 16 || letters == 0 {
        return false;
    }
    let mixed = digits > 0 && upper > 0 && letters > upper;
    if digits > 0 && (length >= 20 || mixed) {
        return word.split(['-', '_', '+', '~']).any(|part| !is_plain(part));
    }
    // Letters only: an identifier has humps of some length, and vowels.
    let humps = 1 + word
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
        .count();
    let vowels = word.chars().filter(|c| "aeiouyAEIOUY".contains(*c)).count();
    length >= 20
        && digits == 0
        && ((upper > 0 && upper < letters && letters < humps * 3)
            || (letters == length && vowels * 5 < letters))
}

/// A part of an identifier as people write them: letters, digits, or letters with a number at one end.
fn is_plain(part: &str) -> bool {
    let start = part.trim_start_matches(|c: char| c.is_ascii_digit());
    let core = start.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = part.len() - core.len();
    part.chars().count() <= 4
        || (core.chars().all(char::is_alphabetic) && (core.is_empty() || digits <= 4))
}
