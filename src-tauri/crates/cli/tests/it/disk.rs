//! A disk that is full: a real file system of 64 KiB, mounted where only the tested program sees it.

use std::process::Command;

use crate::support::*;

/// Mounts the small disk over `~/.cursor`, fills it but for a few hundred bytes, tries to connect, and tells what is left.
const SCRIPT: &str = r#"
set -eu
mount -t tmpfs -o size=64k,mode=700 none "$HOME/.cursor"
printf '{"mcpServers": {}, "padding": "%050000d"}' 0 > "$HOME/.cursor/mcp.json"
before=$(sha256sum < "$HOME/.cursor/mcp.json")
code=0
"$1" connect cursor --yes --json || code=$?
[ "$before" = "$(sha256sum < "$HOME/.cursor/mcp.json")" ] && echo "untouched" >&2
ls -A "$HOME/.cursor" >&2
exit $code
"#;

#[test]
fn a_full_disk_is_named_and_leaves_nothing_behind() {
    // A mount of one's own takes root, or a system that lends its people that right.
    let may = |flags: &str| {
        let tried = Command::new("unshare")
            .args([flags, "mount", "-t", "tmpfs", "none", "/mnt"])
            .output();
        tried.is_ok_and(|output| output.status.success())
    };
    let Some(flags) = ["-m", "-rm"].into_iter().find(|flags| may(flags)) else {
        println!("A full disk was not tried: this system lets nobody mount one.");
        return;
    };
    let world = signed_in();
    std::fs::create_dir_all(world.home().join(".cursor")).unwrap();
    let output = world
        .command("unshare")
        .args([flags, "sh", "-c", SCRIPT, "sh", KEYSTOW])
        .output()
        .unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (said(&output.stdout), said(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{stdout}\n{stderr}");
    assert!(stdout.contains("file.disk_full"), "{stdout}\n{stderr}");
    assert!(stderr.contains("untouched\nmcp.json\n"), "{stderr}");
    let keys = keystow(&world, &["keys", "list", "--json"]).ok().json();
    assert_eq!(
        keys["total"], 0,
        "the key that was made for it is revoked again"
    );
}
