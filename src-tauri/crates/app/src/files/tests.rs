//! On real files.

use std::io::Write;

use super::*;

/// No client's lock.
fn replace(seen: &Snapshot, after: Option<&[u8]>, made: &[PathBuf]) -> Result<(), FileError> {
    let locks = ClientLocks {
        data: Path::new(""),
        client: "",
        locks: Vec::new(),
    };
    super::replace(seen, after, made, &locks)
}

fn dir() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn put(path: &Path, text: &str) {
    File::create(path)
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
}

fn names(dir: &Path) -> Vec<String> {
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn replaces_and_leaves_nothing_beside() {
    let dir = dir();
    let path = dir.path().join("mcp.json");
    put(&path, "old");
    replace(&read(&path).unwrap(), Some(b"new"), &[]).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(names(dir.path()), ["mcp.json"]);
}

#[test]
fn refuses_to_write_when_file_changed() {
    let dir = dir();
    let path = dir.path().join("mcp.json");
    put(&path, "old");
    let seen = read(&path).unwrap();
    put(&path, "theirs");
    let error = replace(&seen, Some(b"new"), &[]).unwrap_err();
    assert!(matches!(error, FileError::ChangedOnDisk { .. }));
    assert_eq!(fs::read(&path).unwrap(), b"theirs");
    assert_eq!(names(dir.path()), ["mcp.json"]);
}

#[test]
fn refuses_to_make_a_file_that_appeared_meanwhile() {
    let dir = dir();
    let path = dir.path().join("mcp.json");
    let seen = read(&path).unwrap();
    put(&path, "theirs");
    assert!(matches!(
        replace(&seen, Some(b"new"), &[]).unwrap_err(),
        FileError::ChangedOnDisk { .. }
    ));
    assert_eq!(fs::read(&path).unwrap(), b"theirs");
}

#[test]
fn makes_directories_and_takes_them_away_again() {
    let dir = dir();
    let path = dir.path().join("a/b/mcp.json");
    let seen = read(&path).unwrap();
    let made = missing_dirs(&seen.real);
    assert_eq!(made, [dir.path().join("a/b"), dir.path().join("a")]);
    replace(&seen, Some(b"{}"), &made).unwrap();
    replace(&read(&path).unwrap(), None, &made).unwrap();
    assert!(names(dir.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn keeps_links_and_modes() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = dir();
    fs::create_dir(dir.path().join("dotfiles")).unwrap();
    let real = dir.path().join("dotfiles/mcp.json");
    put(&real, "old");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("dotfiles/mcp.json", dir.path().join("hop")).unwrap();
    let link = dir.path().join("mcp.json");
    symlink(dir.path().join("hop"), &link).unwrap();
    replace(&read(&link).unwrap(), Some(b"new"), &[]).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&real).unwrap(), b"new");
    assert_eq!(
        fs::metadata(&real).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

#[cfg(unix)]
#[test]
fn names_dangling_links_and_loops() {
    use std::os::unix::fs::symlink;
    let dir = dir();
    symlink("nowhere.json", dir.path().join("dangling")).unwrap();
    assert!(matches!(
        read(&dir.path().join("dangling")).unwrap_err(),
        FileError::Dangling { .. }
    ));
    symlink("b", dir.path().join("a")).unwrap();
    symlink("a", dir.path().join("b")).unwrap();
    assert!(matches!(
        read(&dir.path().join("a")).unwrap_err(),
        FileError::LinkLoop { .. }
    ));
    assert!(matches!(
        read(dir.path()).unwrap_err(),
        FileError::NotAFile { .. }
    ));
}

#[cfg(unix)]
#[test]
fn refuses_read_only_files_and_directories() {
    use std::os::unix::fs::PermissionsExt;
    let dir = dir();
    let path = dir.path().join("mcp.json");
    put(&path, "old");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let refused = replace(&read(&path).unwrap(), Some(b"new"), &[]).unwrap_err();
    assert!(matches!(refused, FileError::ReadOnly { path } if path.ends_with("mcp.json")));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let refused = replace(&read(&path).unwrap(), Some(b"new"), &[]).unwrap_err();
    assert!(matches!(refused, FileError::ReadOnly { .. }));
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(dir.path()), ["mcp.json"]);
}

#[cfg(unix)]
#[test]
fn names_the_target_of_links_into_a_read_only_store() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = dir();
    let home = dir.path().canonicalize().unwrap();
    let store = home.join("store/abc-home-files");
    fs::create_dir_all(&store).unwrap();
    let made = home.join("store/def-mcp.json");
    put(&made, "old");
    symlink(&made, store.join("mcp.json")).unwrap();
    symlink(store.join("mcp.json"), home.join("mcp.json")).unwrap();
    let close = |mode| {
        for dir in [&store, &home.join("store")] {
            fs::set_permissions(dir, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    fs::set_permissions(&made, fs::Permissions::from_mode(0o444)).unwrap();
    close(0o555);
    let seen = read(&home.join("mcp.json")).unwrap();
    let refused = check_writable(&seen).unwrap_err();
    assert!(
        matches!(&refused, FileError::ReadOnlyTarget { path, target }
            if *path == home.join("mcp.json") && *target == made),
        "{refused}"
    );
    assert!(replace(&seen, Some(b"new"), &[]).is_err());
    close(0o755);
    assert_eq!(fs::read(&made).unwrap(), b"old");
    assert_eq!(names(&home.join("store")).len(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn keeps_extended_attributes_and_access_lists() {
    let dir = dir();
    let path = dir.path().join("mcp.json");
    put(&path, "old");
    let acl = |args: &[&str]| {
        let output = std::process::Command::new(args[0])
            .args(&args[1..])
            .arg(&path)
            .output();
        output
            .ok()
            .filter(|output| output.status.success())
            .map(|output| String::from_utf8(output.stdout).unwrap())
    };
    let tagged = xattr::set(&path, "user.tag", b"mine").is_ok();
    let listed = acl(&["setfacl", "-m", "u:65534:r,g::-,m::rw"]);
    let before = acl(&["getfacl", "-n", "-c", "-p"]);
    replace(&read(&path).unwrap(), Some(b"new"), &[]).unwrap();
    assert_eq!(acl(&["getfacl", "-n", "-c", "-p"]), before);
    if listed.is_some() {
        assert!(before.unwrap().contains("user:65534:r--"));
    }
    if tagged {
        let kept = xattr::get(&path, "user.tag").unwrap();
        assert_eq!(kept.as_deref(), Some(b"mine".as_slice()));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn does_not_take_on_the_access_list_of_its_directory() {
    let dir = dir();
    let path = dir.path().join("mcp.json");
    put(&path, "old");
    let set = std::process::Command::new("setfacl")
        .args(["-d", "-m", "u:65534:rw"])
        .arg(dir.path())
        .status();
    if !set.is_ok_and(|status| status.success()) {
        println!("Not tried: no setfacl here, or a file system without access lists.");
        return;
    }
    replace(&read(&path).unwrap(), Some(b"new"), &[]).unwrap();
    assert_eq!(xattr::get(&path, "system.posix_acl_access").unwrap(), None);
}

#[test]
fn hashes_of_both_kinds_know_their_bytes() {
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert!(is_hash_of(sha256, b"abc") && !is_hash_of(sha256, b"abd"));
    assert!(is_hash_of(&hash(b"abc"), b"abc") && !is_hash_of(&hash(b"abc"), b""));
}

#[test]
fn sees_a_change_of_one_byte_anywhere_in_a_large_file() {
    let dir = dir();
    let path = dir.path().join("mcp.json");
    let text = "x".repeat(200_000);
    put(&path, &text);
    let seen = read(&path).unwrap();
    unchanged(&seen).unwrap();
    for at in [0, 65_535, 65_536, 199_999] {
        let mut other = text.clone();
        other.replace_range(at..=at, "y");
        put(&path, &other);
        assert!(unchanged(&seen).is_err(), "{at}");
    }
    put(&path, &"x".repeat(199_999));
    assert!(unchanged(&seen).is_err());
    fs::remove_file(&path).unwrap();
    assert!(unchanged(&seen).is_err());
}
