//! What lies in a world's keychain, read by the keychain's own tool.

use keystow_testkit::World;

/// The service name of debug builds.
const SERVICE: &str = "keystow-dev";

/// Plaintext of an item, such as `key/local/…`.
pub fn read(world: &World, account: &str) -> Option<String> {
    let output = world
        .command("secret-tool")
        .args(["lookup", "service", SERVICE, "username", account])
        .output()
        .expect("secret-tool is installed");
    let text = String::from_utf8(output.stdout).expect("text");
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// Puts an item there before Keystow does.
pub fn put(world: &World, account: &str, plaintext: &str) {
    use std::io::Write;
    let mut tool = world
        .command("secret-tool")
        .args([
            "store",
            "--label=test",
            "service",
            SERVICE,
            "username",
            account,
        ])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("secret-tool is installed");
    tool.stdin
        .take()
        .expect("piped")
        .write_all(plaintext.as_bytes())
        .expect("the tool reads");
    assert!(tool.wait().expect("the tool ends").success());
}
