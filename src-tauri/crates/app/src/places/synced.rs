use std::path::Path;

/// Directories by whose names, anywhere in a path, a program that syncs is known.
const NAMES: &[(&str, &str)] = &[
    ("Dropbox", "Dropbox"),
    ("OneDrive", "OneDrive"),
    ("Mobile Documents", "iCloud Drive"),
    ("iCloudDrive", "iCloud Drive"),
    ("Google Drive", "Google Drive"),
    ("GoogleDrive", "Google Drive"),
    ("My Drive", "Google Drive"),
    ("Nextcloud", "Nextcloud"),
    ("ownCloud", "ownCloud"),
    ("Box Sync", "Box"),
    ("pCloudDrive", "pCloud"),
    ("pCloud Drive", "pCloud"),
    ("pCloudSync", "pCloud"),
    ("MEGAsync", "MEGA"),
];

/// The same for words that only mean that directly in the home directory.
const NAMES_AT_HOME: &[(&str, &str)] = &[("Box", "Box"), ("MEGA", "MEGA"), ("Sync", "Sync.com")];

/// Files that such a program leaves in the directory it syncs.
const MARKS: &[(&str, &str)] = &[
    (".stfolder", "Syncthing"),
    (".dropbox.cache", "Dropbox"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
];

/// The name of the program that carries a file to other computers.
pub(super) fn by(home: &Path, file: &Path) -> Option<&'static str> {
    let marked = |dir: &Path| {
        let found = MARKS.iter().find(|(mark, _)| dir.join(mark).exists());
        found.map(|(_, name)| *name)
    };
    file.ancestors()
        .skip(1)
        .find_map(|dir| named(home, dir).or_else(|| marked(dir)))
}

/// By the name of one directory.
fn named(home: &Path, dir: &Path) -> Option<&'static str> {
    let name = dir.file_name()?.to_str()?;
    let parent = dir.parent()?;
    // macOS keeps one directory for each account of each provider here, such as `OneDrive-Personal`.
    if parent.ends_with("Library/CloudStorage") {
        let provider = name.split('-').next().unwrap_or(name);
        let found = NAMES.iter().chain(NAMES_AT_HOME);
        return Some(
            found
                .into_iter()
                .find(|(name, _)| *name == provider)
                .map_or("a cloud storage", |(_, shown)| *shown),
        );
    }
    // `Dropbox (Personal)`, `OneDrive - Acme`.
    let is = |wanted: &str| {
        name.strip_prefix(wanted)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(" (") || rest.starts_with(" -"))
    };
    let anywhere = NAMES.iter().find(|(wanted, _)| is(wanted));
    let at_home = NAMES_AT_HOME
        .iter()
        .find(|(wanted, _)| parent == home && is(wanted));
    anywhere.or(at_home).map(|(_, shown)| *shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_directories_of_programs_that_sync() {
        let home = Path::new("/home/ada");
        for (file, wanted) in [
            ("/home/ada/Dropbox/dotfiles/mcp.json", Some("Dropbox")),
            ("/home/ada/Dropbox (Personal)/mcp.json", Some("Dropbox")),
            ("/home/ada/OneDrive - Acme/x/mcp.json", Some("OneDrive")),
            (
                "/Users/ada/Library/Mobile Documents/com~apple~CloudDocs/mcp.json",
                Some("iCloud Drive"),
            ),
            (
                "/Users/ada/Library/CloudStorage/GoogleDrive-ada@example.com/My Drive/mcp.json",
                Some("Google Drive"),
            ),
            (
                "/Users/ada/Library/CloudStorage/Box-Box/mcp.json",
                Some("Box"),
            ),
            ("/home/ada/Nextcloud/mcp.json", Some("Nextcloud")),
            ("/home/ada/ownCloud/mcp.json", Some("ownCloud")),
            ("/home/ada/pCloudDrive/mcp.json", Some("pCloud")),
            ("/home/ada/MEGA/mcp.json", Some("MEGA")),
            ("/home/ada/Box/mcp.json", Some("Box")),
            ("/home/ada/work/Box/mcp.json", None),
            ("/home/ada/Dropboxes/mcp.json", None),
            ("/home/ada/.cursor/mcp.json", None),
        ] {
            assert_eq!(by(home, Path::new(file)), wanted, "{file}");
        }
    }

    #[test]
    fn knows_the_marks_they_leave() {
        for (mark, name) in MARKS {
            let dir = tempfile::tempdir().unwrap();
            let home = dir.path();
            std::fs::create_dir_all(home.join("notes/deep")).unwrap();
            let file = home.join("notes/deep/mcp.json");
            assert_eq!(by(home, &file), None);
            std::fs::create_dir(home.join("notes").join(mark)).unwrap();
            assert_eq!(by(home, &file), Some(*name));
            assert_eq!(by(home, &home.join("mcp.json")), None);
        }
    }
}
