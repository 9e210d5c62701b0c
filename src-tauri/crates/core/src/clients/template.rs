use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Paths;
use crate::paths::{BASES, OVERRIDES};

use super::Look;

/// The base of paths within a project.
pub(super) const PROJECT: &str = "PROJECT";

/// Bases that a client keeps in a file of its own; see [`pointed_to`].
const POINTED_TO: &[&str] = &["LMSTUDIO_HOME"];

/// Why a path in a client file is not one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Not a path at all, or one that could lead anywhere.
    #[error("{text:?} is not ${{NAME}}/… or an absolute path, with at most one * and no .. in it")]
    Shape {
        /// As written.
        text: String,
    },
    /// A base that nobody knows.
    #[error("{text:?} begins at an unknown base; known are {}", known_bases().collect::<Vec<_>>().join(", "))]
    Base {
        /// As written.
        text: String,
    },
}

fn known_bases() -> impl Iterator<Item = &'static str> {
    let all = [&[PROJECT], BASES, OVERRIDES, POINTED_TO];
    all.into_iter().flatten().copied()
}

/// A place a client file names, such as `${LOCALAPPDATA}/Packages/Claude_*/LocalCache/settings.json`: a base that [`Paths`]
/// knows (or an absolute path), then segments, one of which may hold a `*` for any run of characters. With `existing:` in front it
/// only counts where the file is there, so that an old place wins over the usual one just as it does in the client.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Candidate {
    text: String,
    must_exist: bool,
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
        let refused = || TemplateError::Shape { text: text.clone() };
        let (must_exist, path) = match text.strip_prefix("existing:") {
            Some(path) => (true, path),
            None => (false, text.as_str()),
        };
        let (base, rest) = match path.strip_prefix("${") {
            Some(rest) => {
                let (base, rest) = rest.split_once('}').ok_or_else(refused)?;
                if !known_bases().any(|known| known == base) {
                    return Err(TemplateError::Base { text });
                }
                // An override may name the file itself.
                let rest = match rest {
                    "" => None,
                    rest => Some(rest.strip_prefix('/').ok_or_else(refused)?),
                };
                (Some(base.to_owned()), rest)
            }
            None => (None, Some(path.strip_prefix('/').ok_or_else(refused)?)),
        };
        let mut before = Vec::new();
        let mut glob: Option<Glob> = None;
        for segment in rest.into_iter().flat_map(|rest| rest.split('/')) {
            if matches!(segment, "" | "." | "..") || segment.contains(['$', '\\', ':']) {
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
            must_exist,
            base,
            before,
            glob,
            text,
        })
    }
}

impl Candidate {
    /// As the client file writes it, without `existing:`.
    pub fn as_str(&self) -> &str {
        self.text.strip_prefix("existing:").unwrap_or(&self.text)
    }

    /// Whether it only counts where the file is there.
    pub fn must_exist(&self) -> bool {
        self.must_exist
    }

    /// The name of its base, where it has one.
    pub fn base(&self) -> Option<&str> {
        self.base.as_deref()
    }

    /// Whether it has a `*`.
    pub(super) fn has_glob(&self) -> bool {
        self.glob.is_some()
    }

    /// Every path it stands for here, the likeliest first: none where its base is not set or nothing matches its `*`. Of several
    /// matches those that exist come first, then by name.
    pub fn resolve(&self, paths: &Paths, look: &dyn Look) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = self
            .matches(paths, look)
            .into_iter()
            .map(|(_, path)| path)
            .collect();
        found.sort_by_key(|path| !look.exists(path));
        found
    }

    /// Every path it stands for here, with what its `*` stands for, by name.
    pub(super) fn matches(&self, paths: &Paths, look: &dyn Look) -> Vec<(String, PathBuf)> {
        let Some(mut place) = self.start(paths, look) else {
            return Vec::new();
        };
        place.extend(&self.before);
        let mut found = match &self.glob {
            None => vec![(String::new(), place)],
            Some(glob) => {
                let mut names = look.names_in(&place);
                names.sort();
                names
                    .iter()
                    .filter_map(|name| {
                        let matched = glob.matched(name)?.to_owned();
                        let mut path = place.join(name);
                        path.extend(&glob.after);
                        Some((matched, path))
                    })
                    .collect()
            }
        };
        found.retain(|(_, path)| !self.must_exist || look.exists(path));
        found
    }

    /// The path for showing to people when nothing was found: the base filled in, the `*` left; `None` where the base is not set.
    pub(super) fn pattern(&self, paths: &Paths, look: &dyn Look) -> Option<PathBuf> {
        let mut place = self.start(paths, look)?;
        place.extend(&self.before);
        if let Some(glob) = &self.glob {
            place.push(format!("{}*{}", glob.prefix, glob.suffix));
            place.extend(&glob.after);
        }
        Some(place)
    }

    fn start(&self, paths: &Paths, look: &dyn Look) -> Option<PathBuf> {
        match &self.base {
            Some(base) => paths
                .vars
                .get(base)
                .cloned()
                .or_else(|| pointed_to(base, paths, look)),
            None => Some(PathBuf::from("/")),
        }
    }
}

/// A base that a client keeps in a file of its own, read and not set by anybody.
///
/// `LMSTUDIO_HOME`: the one line in `~/.lmstudio-home-pointer`, an absolute path. Source: LM Studio's documentation of where its
/// files are, second hand, checked 2026-11-20.
fn pointed_to(base: &str, paths: &Paths, look: &dyn Look) -> Option<PathBuf> {
    let pointer = match base {
        "LMSTUDIO_HOME" => paths.home.join(".lmstudio-home-pointer"),
        _ => return None,
    };
    let text = look.text(&pointer)?;
    Some(PathBuf::from(text.trim())).filter(|path| paths.system.is_absolute(path))
}

impl Glob {
    /// What the `*` stands for in a name.
    fn matched<'n>(&self, name: &'n str) -> Option<&'n str> {
        name.strip_prefix(self.prefix.as_str())?
            .strip_suffix(self.suffix.as_str())
            .filter(|matched| !matched.is_empty())
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
            Some(_) => Err(TemplateError::Shape { text }),
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
    pub(super) fn wanted(&self, paths: &Paths, look: &dyn Look) -> Option<String> {
        match self {
            Self::Place(place) => place.pattern(paths, look).map(|path| paths.shown(&path)),
            Self::Program(name) => Some(format!("{name} in PATH")),
        }
    }
}
