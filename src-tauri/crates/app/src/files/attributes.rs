//! Owner, mode, extended attributes and access lists of a file that is replaced.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

/// Something of a file that its replacement cannot keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(unix), allow(dead_code, reason = "nothing is lost there"))]
pub(crate) enum Loss {
    /// It belongs to another account (its number), and will belong to ours.
    Owner(u32),
    /// Its group (by number) is none of ours, and what the group may do goes with it.
    Group(u32),
}

#[cfg(unix)]
pub(crate) use unix::losses;
#[cfg(unix)]
pub(super) use unix::{keep, of_a_new_file};

/// What would be lost if the file were replaced. A directory's owner comes with the file on Windows.
#[cfg(not(unix))]
pub(crate) fn losses(_: &Path) -> Vec<Loss> {
    Vec::new()
}

#[cfg(not(unix))]
pub(super) fn keep(_: &Path, old: &Metadata, new: &File) -> io::Result<()> {
    new.set_permissions(old.permissions())
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)] // the same shape as on Unix
pub(super) fn of_a_new_file(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    use rustix::process::{getegid, geteuid, getgroups};
    use xattr::FileExt;

    use super::*;

    /// Where Linux keeps an access list.
    const ACCESS_LIST: &str = "system.posix_acl_access";

    /// What would be lost if the file were replaced: only root may give files away, and others only to groups they are in.
    pub(crate) fn losses(real: &Path) -> Vec<Loss> {
        let euid = geteuid();
        let Ok(found) = fs::metadata(real) else {
            return Vec::new();
        };
        if euid.is_root() {
            return Vec::new();
        }
        let owner = (found.uid() != euid.as_raw()).then_some(Loss::Owner(found.uid()));
        let ours = |gid: u32| {
            gid == getegid().as_raw()
                || getgroups().is_ok_and(|groups| groups.iter().any(|group| group.as_raw() == gid))
        };
        let group = (!ours(found.gid())).then_some(Loss::Group(found.gid()));
        owner.into_iter().chain(group).collect()
    }

    /// Gives a new file what the old one has. What [`losses`] told of is lost, and never becomes more than it was.
    pub(in crate::files) fn keep(real: &Path, old: &Metadata, new: &File) -> io::Result<()> {
        let made = new.metadata()?;
        if made.uid() != old.uid() {
            let _ = fchown(new, Some(old.uid()), None);
        }
        let mut mode = old.mode() & 0o7777;
        if made.gid() != old.gid() && fchown(new, None, Some(old.gid())).is_err() {
            // What the old group could do is not for ours, beyond what everybody can.
            mode &= !0o2070 | ((mode & 0o007) << 3);
        }
        new.set_permissions(fs::Permissions::from_mode(mode))?;
        let names: Vec<_> = xattr::list(real).into_iter().flatten().collect();
        for name in &names {
            let kept = match xattr::get(real, name) {
                Ok(Some(value)) => new.set_xattr(name, &value),
                Ok(None) => Ok(()),
                Err(error) => Err(error),
            };
            // Without its list, a file would be open to whom the list shuts out.
            if name.as_bytes() == ACCESS_LIST.as_bytes() {
                kept?;
            }
        }
        // A directory can give the files made in it a list of their own.
        let inherits = new
            .list_xattr()
            .into_iter()
            .flatten()
            .any(|name| name.as_bytes() == ACCESS_LIST.as_bytes() && !names.contains(&name));
        if inherits {
            new.remove_xattr(ACCESS_LIST)?;
            new.set_permissions(fs::Permissions::from_mode(mode))?;
        }
        Ok(())
    }

    /// A settings file we make is for its owner only: it may come to hold secrets of other servers.
    pub(in crate::files) fn of_a_new_file(new: &File) -> io::Result<()> {
        new.set_permissions(fs::Permissions::from_mode(0o600))
    }
}
