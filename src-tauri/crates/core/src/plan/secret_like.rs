//! What a secret looks like, and which names speak of one.

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

/// The words of a name, in small letters: `X-Api-Key`, `sshKey` and `API_KEY` have two or three each.
struct Words {
    joined: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Words {
    fn of(name: &str) -> Self {
        let mut words = Self {
            joined: String::with_capacity(name.len()),
            ends: Vec::with_capacity(4),
        };
        let mut chars = name.chars().peekable();
        let mut before: Option<char> = None;
        while let Some(c) = chars.next() {
            let hump = c.is_uppercase()
                && before.is_some_and(|b| {
                    b.is_lowercase()
                        || (b.is_uppercase() && chars.peek().is_some_and(|a| a.is_lowercase()))
                });
            if !c.is_alphanumeric() || hump {
                words.end();
            }
            if c.is_alphanumeric() {
                words.joined.extend(c.to_lowercase());
            }
            before = Some(c);
        }
        words.end();
        words
    }

    fn end(&mut self) {
        if self.joined.len() > self.ends.last().copied().unwrap_or_default() {
            self.ends.push(self.joined.len());
        }
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        (0..self.ends.len()).filter_map(|index| {
            let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
            self.joined.get(start..self.ends[index])
        })
    }
}

/// Whether a name is one of a secret's.
pub(crate) fn speaks_of_secrets(name: &str) -> bool {
    let words = Words::of(name);
    ANYWHERE.iter().any(|part| words.joined.contains(part))
        || words
            .iter()
            .any(|word| WHOLE.contains(&word) && (word != "default" || words.ends.len() == 1))
}

/// Whether a name is one of an object (or list) all of whose values are private: an environment or headers.
pub(super) fn holds_secrets(name: &str) -> bool {
    Words::of(name).iter().next_back().is_some_and(|word| {
        matches!(
            word,
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

/// Whether a word begins, after any sign in it, like a well-known product's key.
pub(super) fn has_known_prefix(word: &str) -> bool {
    /// Fewer characters behind a prefix are a word of its own.
    const LEAST: usize = 6;
    let mut begins = true;
    word.char_indices().any(|(at, c)| {
        let here = begins;
        begins = !c.is_alphanumeric();
        let rest = word.get(at..).unwrap_or_default();
        here && PREFIXES
            .iter()
            .any(|prefix| rest.len() >= prefix.len() + LEAST && rest.starts_with(prefix))
    })
}

/// Base64 with signs that paths and words do not have.
pub(crate) fn looks_encoded(word: &str) -> bool {
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
pub(crate) fn is_secret(word: &str) -> bool {
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
