use std::path::Path;

/// What other accounts of this computer can do with a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Others {
    pub read: bool,
    pub write: bool,
}

/// By the modes of the file and of every directory above it. People in its group are not looked at: most have one of their own.
#[cfg(unix)]
pub(super) fn of_others(file: &Path) -> Others {
    use std::os::unix::fs::PermissionsExt;

    let mode = |path: &Path| std::fs::metadata(path).map_or(0, |found| found.permissions().mode());
    let lets_through = file.ancestors().skip(1).all(|dir| mode(dir) & 0o001 != 0);
    if !lets_through {
        return Others::default();
    }
    // In a directory where everybody may write, everybody can put another file in the place of this one, unless it is sticky.
    let replaceable = file
        .parent()
        .is_some_and(|dir| mode(dir) & 0o1002 == 0o0002);
    Others {
        read: mode(file) & 0o004 != 0,
        write: mode(file) & 0o002 != 0 || replaceable,
    }
}

/// A person's profile on Windows is closed to others.
#[cfg(not(unix))]
pub(super) fn of_others(_: &Path) -> Others {
    Others::default()
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn counts_only_what_every_directory_above_lets_others_reach() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("mcp.json");
        fs::File::create(&file).unwrap();
        let chmod = |path: &Path, mode| {
            fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        };
        for (dir_mode, file_mode, read, write) in [
            (0o700, 0o666, false, false),
            (0o711, 0o600, false, false),
            (0o711, 0o644, true, false),
            (0o755, 0o646, true, true),
            (0o755, 0o602, false, true),
            (0o777, 0o600, false, true),
            (0o1777, 0o600, false, false),
        ] {
            chmod(dir.path(), dir_mode);
            chmod(&file, file_mode);
            let wanted = Others { read, write };
            assert_eq!(of_others(&file), wanted, "{dir_mode:o} {file_mode:o}");
        }
    }
}
