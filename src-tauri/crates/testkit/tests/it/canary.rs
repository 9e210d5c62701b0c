use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use keystow_testkit::{Canary, Encoding, Leak};

/// Has something in it that every encoding changes, but for the raw one.
const SECRET: &str = "sk_\"live\"/a+b c?~\\ü>>>0123456789abcdef";

fn canary() -> Canary {
    Canary::new(SECRET)
}

/// Every shape as some program writes it, made here by other means than the search has.
fn planted() -> Vec<(Encoding, Vec<u8>)> {
    let mut planted = vec![
        (Encoding::Raw, SECRET.as_bytes().to_vec()),
        (
            Encoding::Percent,
            b"sk_%22live%22%2Fa%2Bb%20c%3F~%5C%C3%BC%3E%3E%3E0123456789abcdef".to_vec(),
        ),
        (
            Encoding::Percent,
            b"sk_%22live%22%2fa%2bb+c%3f%7e%5c%c3%bc%3e%3e%3e0123456789abcdef".to_vec(),
        ),
        (
            Encoding::Json,
            br#"sk_\"live\"/a+b c?~\\"#
                .iter()
                .copied()
                .chain("ü>>>0123456789abcdef".bytes())
                .collect(),
        ),
        (
            Encoding::Json,
            br#"sk_\"live\"\/a+b c?~\\"#
                .iter()
                .copied()
                .chain("ü>>>0123456789abcdef".bytes())
                .collect(),
        ),
        (
            Encoding::Json,
            br#"sk_\"live\"/a+b c?~\\\u00fc>>>0123456789abcdef"#.to_vec(),
        ),
        (
            Encoding::Json,
            // A JSON text as a string within another.
            br#"sk_\\\"live\\\"/a+b c?~\\\\"#
                .iter()
                .copied()
                .chain("ü>>>0123456789abcdef".bytes())
                .collect(),
        ),
        (
            Encoding::Hex,
            b"736b5f226c697665222f612b6220633f7e5cc3bc3e3e3e30313233343536373839616263646566"
                .to_vec(),
        ),
        (
            Encoding::Hex,
            b"736B5F226C697665222F612B6220633F7E5CC3BC3E3E3E30313233343536373839616263646566"
                .to_vec(),
        ),
        (
            Encoding::Utf16Le,
            SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        (
            Encoding::Utf16Be,
            SECRET.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ),
    ];
    for before in ["", "u", "us", "user:", "account:"] {
        for after in ["", "x", "yz"] {
            let text = format!("{before}{SECRET}{after}");
            planted.push((Encoding::Base64, STANDARD.encode(&text).into_bytes()));
            planted.push((
                Encoding::Base64Url,
                URL_SAFE_NO_PAD.encode(&text).into_bytes(),
            ));
        }
    }
    planted
}

fn told(leaks: &[Leak], path: &Path, encoding: Encoding) -> bool {
    // Where both alphabets write the same, the first one is told.
    let same = |found: Encoding| {
        found == encoding || (encoding, found) == (Encoding::Base64Url, Encoding::Base64)
    };
    leaks
        .iter()
        .any(|leak| leak.path == path && same(leak.encoding))
}

#[test]
fn finds_every_encoding_planted_in_a_file() {
    let root = tempfile::tempdir().unwrap();
    for (number, (encoding, bytes)) in planted().into_iter().enumerate() {
        let path = root.path().join(format!("{number}.log"));
        let text = [b"before >", bytes.as_slice(), b"< after"].concat();
        std::fs::write(&path, text).unwrap();
        let leaks = canary().search_files(root.path());
        assert!(told(&leaks, &path, encoding), "{number} {encoding:?}");
        std::fs::remove_file(&path).unwrap();
    }
    assert_eq!(canary().search_files(root.path()), []);
}

#[test]
fn finds_what_lies_on_the_seam_of_two_chunks() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("large");
    let chunk = 1 << 20;
    for start in [
        chunk - 1,
        chunk - 20,
        chunk - SECRET.len(),
        chunk,
        3 * chunk - 7,
    ] {
        let mut bytes = vec![b'.'; 4 * chunk];
        bytes[start..start + SECRET.len()].copy_from_slice(SECRET.as_bytes());
        std::fs::write(&path, bytes).unwrap();
        let leaks = canary().search_files(root.path());
        let expected = Leak {
            path: path.clone(),
            encoding: Encoding::Raw,
            offset: start as u64,
        };
        assert_eq!(leaks, [expected]);
    }
}

#[test]
fn finds_what_is_packed() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("rotated.log.gz");
    let file = std::fs::File::create(&path).unwrap();
    let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::best());
    packed
        .write_all(format!("a {SECRET} b").as_bytes())
        .unwrap();
    packed.finish().unwrap();
    let leaks = canary().search_files(root.path());
    assert!(told(&leaks, &path, Encoding::Gzip));
}

#[test]
fn finds_it_in_names() {
    let secret = "sk_live_0123456789abcdef";
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join(format!("{secret}.json"));
    std::fs::create_dir(&path).unwrap();
    let leaks = Canary::new(secret).search_files(root.path());
    assert!(told(&leaks, &path, Encoding::InPath));
}

#[test]
fn leaves_out_what_it_is_told_to_and_nothing_beside() {
    let root = tempfile::tempdir().unwrap();
    let (allowed, other) = (root.path().join("allowed"), root.path().join("allowed-not"));
    for path in [&allowed, &other] {
        std::fs::create_dir(path).unwrap();
        std::fs::write(path.join("file"), SECRET).unwrap();
    }
    let leaks = canary().except(&allowed).search_files(root.path());
    assert_eq!(leaks.len(), 1);
    assert!(leaks[0].path.starts_with(&other));
}

#[test]
fn is_not_fooled_by_what_is_only_alike() {
    let masked = "sk_\"live\"/••••••••cdef, sk_\"live\"/a+b c?~\\ü>>>0123456789abcde";
    assert_eq!(canary().search_bytes("log", masked.as_bytes()), []);
}

#[cfg(target_os = "linux")]
mod processes {
    use std::sync::Arc;

    use keystow_testkit::{World, eventually};

    use super::*;

    #[test]
    fn finds_it_in_arguments_and_environments_of_descendants() {
        let world = World::without_bus();
        let mut parent = world
            .command("sh")
            .args(["-c", "LEAK=$1 sleep 600 & wait", "sh", SECRET])
            .spawn()
            .unwrap();
        let found = |file: &str| {
            let leaks = canary().search_processes(&[parent.id()]);
            let mut found = leaks.into_iter().filter(|leak| leak.path.ends_with(file));
            found.next().map(|leak| leak.path)
        };
        eventually("the argument shows up", || found("cmdline").is_some());
        eventually("the environment of the child shows up", || {
            found("environ").is_some()
        });
        let own = format!("/proc/{}", parent.id());
        assert!(found("cmdline").unwrap().starts_with(&own));
        assert!(!found("environ").unwrap().starts_with(&own));
        parent.kill().unwrap();
        parent.wait().unwrap();
    }

    #[test]
    fn a_watch_sees_processes_that_live_for_a_moment() {
        let world = World::without_bus();
        let watch = Arc::new(canary()).watch(&world);
        let output = world.command("sleep").arg("0.2").output().unwrap();
        assert!(output.status.success());
        let (seen, leaks) = watch.finish();
        assert!(seen >= 1);
        assert_eq!(leaks, []);
        let watch = Arc::new(canary()).watch(&world);
        world
            .command("sh")
            .args(["-c", "sleep 0.2", SECRET])
            .output()
            .unwrap();
        let (_, leaks) = watch.finish();
        assert!(leaks.iter().any(|leak| leak.path.ends_with("cmdline")));
    }
}
