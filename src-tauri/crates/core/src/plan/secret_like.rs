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

/// Whether a word begins, after any sign in it, like a well-known product's key.
pub(super) fn has_known_prefix(word: &str) -> bool {
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
pub(super) fn looks_encoded(word: &str) -> bool {
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
pub(super) fn is_secret(word: &str) -> bool {
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
