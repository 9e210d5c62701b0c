use std::fmt;

use serde::Deserialize;

/// A client's version, as far as it is told by numbers: `0.148.0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Version(Vec<u64>);

/// Why a text is not a version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a version such as 1.2.3")]
pub struct VersionError {
    text: String,
}

impl TryFrom<String> for Version {
    type Error = VersionError;

    fn try_from(text: String) -> Result<Self, VersionError> {
        match Self::word(&text) {
            Some(version) if version.to_string() == text => Ok(version),
            _ => Err(VersionError { text }),
        }
    }
}

impl Version {
    /// The first version in what a program says of itself, such as `codex-cli 0.169.0` or `v2.1.329 (Claude Code)`.
    pub fn told_in(text: &str) -> Option<Self> {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-' && c != '+')
            .find_map(Self::word)
    }

    /// Two to four numbers with dots, perhaps after a `v` and before a `-` or `+`.
    fn word(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let numbers = text.split(['-', '+']).next()?;
        let numbers: Vec<u64> = numbers
            .split('.')
            .map(|number| number.parse().ok())
            .collect::<Option<_>>()?;
        (2..=4).contains(&numbers.len()).then_some(Self(numbers))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.0.iter().map(u64::to_string).collect();
        f.write_str(&numbers.join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_found_in_what_programs_say() {
        let told = |text: &str| Version::told_in(text).map(|version| version.to_string());
        assert_eq!(told("codex-cli 0.169.0\n").as_deref(), Some("0.169.0"));
        assert_eq!(told("2.1.329 (Claude Code)").as_deref(), Some("2.1.329"));
        assert_eq!(told("v1.18.33-beta.2").as_deref(), Some("1.18.33"));
        assert_eq!(told("no version 7 here"), None);
    }

    #[test]
    fn versions_compare_by_number() {
        let version = |text: &str| Version::told_in(text).unwrap();
        assert!(version("0.148.0") > version("0.99.9"));
        assert!(version("0.148.0") <= version("0.148.0"));
        assert!(version("1.0") < version("1.0.1"));
    }
}
