use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Paths;

use super::Look;

/// Why a path in a client file is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not ${{NAME}}/… or an absolute path with at most one * in its segments")]
pub struct TemplateError {
    /// As written.
    pub text: String,
}

/// A place a client file names, such as `${LOCALAPPDATA}/Packages/Claude_*/LocalCache/settings.json`: a base that [`Paths`]
/// knows (or an absolute path), then segments, one of which may hold a `*` for any run of characters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Candidate {
    text: String,
    base: Option<String>,
    before: Vec<String>,
    glob: Option<Glob>,
}

/// A segment with a `*` and what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Glob {
    prefix: String,
    suffix: String,
    after: Vec<String>,
}

impl TryFrom<String> for Candidate {
    type Error = TemplateError;

    fn try_from(text: String) -> Result<Self, TemplateError> {
        let refused = || TemplateError { text: text.clone() };
        let (base, rest) = match text.strip_prefix("${") {
            Some(rest) => {
                let (base, rest) = rest.split_once("}/").ok_or_else(refused)?;
                (Some(base.to_owned()), rest)
            }
            None => (None, text.strip_prefix('/').ok_or_else(refused)?),
        };
        let mut before = Vec::new();
        let mut glob: Option<Glob> = None;
        for segment in rest.split('/') {
            if segment.is_empty() || segment == ".." || segment.contains('$') {
                return Err(refused());
            }
            match (segment.split_once('*'), &mut glob) {
                (None, None) => before.push(segment.to_owned()),
                (None, Some(glob)) => glob.after.push(segment.to_owned()),
                (Some((prefix, suffix)), None) if !suffix.contains('*') => {
                    glob = Some(Glob {
                        prefix: prefix.to_owned(),
                        suffix: suffix.to_owned(),
                        after: Vec::new(),
                    });
                }
                (Some(_), _) => return Err(refused()),
            }
        }
        Ok(Self {
            base,
            before,
            glob,
            text,
        })
    }
}

impl Candidate {
    /// As the client file writes it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name of its base, where it has one.
    pub(super) fn base(&self) -> Option<&str> {
        self.base.as_deref()
    }

    /// Every path it stands for here, the likeliest first: none where its base is not set or nothing matches its `*`. Of several
    /// matches those that exist come first, then by name.
    pub fn resolve(&self, paths: &Paths, look: &dyn Look) -> Vec<PathBuf> {
        let Some(mut place) = self.start(paths) else {
            return Vec::new();
        };
        place.extend(&self.before);
        let Some(glob) = &self.glob else {
            return vec![place];
        };
        let mut names: Vec<String> = look
            .names_in(&place)
            .into_iter()
            .filter(|name| glob.matches(name))
            .collect();
        names.sort();
        let mut found: Vec<PathBuf> = names
            .iter()
            .map(|name| {
                let mut path = place.join(name);
                path.extend(&glob.after);
                path
            })
            .collect();
        found.sort_by_key(|path| !look.exists(path));
        found
    }

    /// The path for showing to people when nothing was found: the base filled in, the `*` left; `None` where the base is not set.
    pub(super) fn pattern(&self, paths: &Paths) -> Option<PathBuf> {
        let mut place = self.start(paths)?;
        place.extend(&self.before);
        if let Some(glob) = &self.glob {
            place.push(format!("{}*{}", glob.prefix, glob.suffix));
            place.extend(&glob.after);
        }
        Some(place)
    }

    fn start(&self, paths: &Paths) -> Option<PathBuf> {
        match &self.base {
            Some(base) => paths.vars.get(base).cloned(),
            None => Some(PathBuf::from("/")),
        }
    }
}

impl Glob {
    fn matches(&self, name: &str) -> bool {
        name.len() >= self.prefix.len() + self.suffix.len()
            && name.starts_with(&self.prefix)
            && name.ends_with(&self.suffix)
    }
}

/// What tells that a client is installed: a place that exists, or a program on the search path (`bin:code`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Sign {
    /// A file or directory.
    Place(Candidate),
    /// A program, by its name without an extension.
    Program(String),
}

impl TryFrom<String> for Sign {
    type Error = TemplateError;

    fn try_from(text: String) -> Result<Self, TemplateError> {
        match text.strip_prefix("bin:") {
            Some(name) if !name.is_empty() && !name.contains(['/', '\\']) => {
                Ok(Self::Program(name.to_owned()))
            }
            Some(_) => Err(TemplateError { text }),
            None => Candidate::try_from(text).map(Self::Place),
        }
    }
}

impl Sign {
    /// Where it was found.
    pub(super) fn found(&self, paths: &Paths, look: &dyn Look) -> Option<PathBuf> {
        match self {
            Self::Place(place) => place
                .resolve(paths, look)
                .into_iter()
                .find(|path| look.exists(path)),
            Self::Program(name) => {
                let endings: &[&str] = match paths.system {
                    crate::System::Windows => &[".exe", ".cmd"],
                    crate::System::Linux | crate::System::Macos => &[""],
                };
                let programs = |dir: &Path| -> Vec<PathBuf> {
                    endings
                        .iter()
                        .map(|ending| dir.join(format!("{name}{ending}")))
                        .collect()
                };
                paths
                    .search
                    .iter()
                    .flat_map(|dir| programs(dir))
                    .find(|path| look.exists(path))
            }
        }
    }

    /// What would be looked for, for people; `None` where it cannot exist here.
    pub(super) fn wanted(&self, paths: &Paths) -> Option<String> {
        match self {
            Self::Place(place) => place.pattern(paths).map(|path| paths.shown(&path)),
            Self::Program(name) => Some(format!("{name} in PATH")),
        }
    }
}
