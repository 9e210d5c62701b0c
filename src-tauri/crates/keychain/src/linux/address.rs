//! Where the session bus of this process is.

use std::os::unix::fs::MetadataExt;

/// The only place of this crate that reads the environment: the bus address is the keychain's own business, and a bridge that an
/// AI client started has to find it by itself.
#[allow(clippy::disallowed_methods, reason = "see above")]
pub(super) fn of_this_session() -> String {
    address(&|name| std::env::var(name).ok(), user_id())
}

/// A variable that is set decides, even when what it names is not there: a program that was given a private session must never
/// reach for the person's own.
fn address(var: &dyn Fn(&str) -> Option<String>, user: Option<u32>) -> String {
    let set = |name| var(name).filter(|value| !value.is_empty());
    if let Some(address) = set("DBUS_SESSION_BUS_ADDRESS") {
        return address;
    }
    let runtime = set("XDG_RUNTIME_DIR")
        .or_else(|| user.map(|user| format!("/run/user/{user}")))
        .unwrap_or_default();
    format!("unix:path={}/bus", escaped(&runtime))
}

/// Whose process this is; its directory in `/proc` tells.
fn user_id() -> Option<u32> {
    Some(std::fs::metadata("/proc/self").ok()?.uid())
}

/// Bytes outside the set that may stand in a bus address are written as `%xx`.
/// Source: D-Bus specification, "Server Addresses", checked 2026-11-20.
fn escaped(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'-' | b'_' | b'/' | b'.' | b'\\' | b'*' => char::from(byte).to_string(),
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02x}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::address;

    fn with(vars: &[(&str, &str)]) -> String {
        let vars: Vec<(String, String)> = vars
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        address(
            &|name| {
                let found = vars.iter().find(|(key, _)| key == name)?;
                Some(found.1.clone())
            },
            Some(1000),
        )
    }

    #[test]
    fn what_the_environment_names_comes_first() {
        assert_eq!(
            with(&[
                ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/a/bus,guid=1"),
                ("XDG_RUNTIME_DIR", "/run/user/7"),
            ]),
            "unix:path=/a/bus,guid=1"
        );
    }

    #[test]
    fn a_scrubbed_environment_falls_back_to_the_runtime_directory() {
        assert_eq!(
            with(&[("XDG_RUNTIME_DIR", "/run/user/7")]),
            "unix:path=/run/user/7/bus"
        );
        assert_eq!(
            with(&[("DBUS_SESSION_BUS_ADDRESS", "")]),
            "unix:path=/run/user/1000/bus"
        );
    }

    #[test]
    fn odd_characters_in_the_path_are_escaped() {
        assert_eq!(
            with(&[("XDG_RUNTIME_DIR", "/run/a b,c")]),
            "unix:path=/run/a%20b%2cc/bus"
        );
    }
}
