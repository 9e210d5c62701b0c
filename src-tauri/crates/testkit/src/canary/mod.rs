//! A search for a known secret in places where it must not be.

mod encoding;
mod files;
#[cfg(target_os = "linux")]
mod processes;

use std::path::{Path, PathBuf};

use memchr::memmem::Finder;

pub use encoding::Encoding;
#[cfg(target_os = "linux")]
pub use processes::Watch;

/// A secret that a test sent through the product, and all the shapes in which it may have leaked.
///
/// ```
/// use keystow_testkit::{Canary, Encoding};
///
/// let canary = Canary::new("sk_live_0123456789abcdef");
/// let leaks = canary.search_bytes("log line", b"Authorization: Bearer sk_live_0123456789abcdef");
/// assert_eq!((leaks[0].encoding, leaks[0].offset), (Encoding::Raw, 22));
/// ```
pub struct Canary {
    patterns: Vec<(Encoding, Finder<'static>)>,
    longest: usize,
    excepted: Vec<PathBuf>,
}

/// Where the secret was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The file (`…/cmdline` or `…/environ` below `/proc` for a process), or the name given to bytes.
    pub path: PathBuf,
    /// In which shape.
    pub encoding: Encoding,
    /// At which byte; of the unpacked content for [`Encoding::Gzip`], of the path itself for [`Encoding::InPath`].
    pub offset: u64,
}

impl Canary {
    /// Takes a secret of at least 16 bytes, so that no shape of it turns up by chance.
    ///
    /// # Panics
    /// When it is shorter.
    pub fn new(secret: &str) -> Self {
        let none = Self {
            patterns: Vec::new(),
            longest: 1,
            excepted: Vec::new(),
        };
        none.and(secret)
    }

    /// Searches for another secret at the same time. Of secrets that leaked in one shape to one file, one is told.
    ///
    /// # Panics
    /// As [`Canary::new`].
    #[must_use]
    pub fn and(mut self, secret: &str) -> Self {
        assert!(secret.len() >= 16, "too short to be told from chance");
        for (encoding, pattern) in encoding::patterns(secret) {
            self.longest = self.longest.max(pattern.len());
            let finder = Finder::new(&pattern).into_owned();
            self.patterns.push((encoding, finder));
        }
        self
    }

    /// Leaves a file or a directory out of the search.
    #[must_use]
    pub fn except(mut self, path: impl Into<PathBuf>) -> Self {
        self.excepted.push(path.into());
        self
    }

    /// Searches every file below `root` (or the file `root`): content, names, targets of links, and what is packed with gzip. Of
    /// each shape the first place in each file is told.
    ///
    /// # Panics
    /// When something there cannot be read: a place not searched would pass for a clean one.
    pub fn search_files(&self, root: &Path) -> Vec<Leak> {
        let mut leaks = Vec::new();
        files::search(self, root, &mut leaks);
        leaks
    }

    /// Searches bytes, and tells of leaks under `name`.
    pub fn search_bytes(&self, name: &str, bytes: &[u8]) -> Vec<Leak> {
        self.search_slice(Path::new(name), bytes)
    }

    fn search_slice(&self, path: &Path, bytes: &[u8]) -> Vec<Leak> {
        let found = self.patterns.iter().filter_map(|(encoding, finder)| {
            Some(Leak {
                path: path.to_owned(),
                encoding: *encoding,
                offset: finder.find(bytes)? as u64,
            })
        });
        found.collect()
    }
}
