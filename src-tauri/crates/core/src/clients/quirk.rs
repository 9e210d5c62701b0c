use serde::Deserialize;
use serde_json::Value;

use crate::edit::{self, Servers, Syntax};

use super::commas::has_trailing_comma;
use super::{Client, Mode, Target};

/// What to beware of in a client. A closed set: each is one documented rule, named in client files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quirk {
    /// Takes a byte order mark for damage: it ignores the file, stops, or falls back to defaults and rewrites it without servers.
    NoBom,
    /// Reads comments but stops at a trailing comma.
    NoTrailingCommas,
    /// Keeps its settings in memory and writes them back when it quits, logs in or updates: what was written meanwhile is lost.
    RewritesWhileRunning,
    /// Its own writes lose comments and keys it does not know.
    RewritesPlainly,
    /// Its own writes put a file in the place of a symbolic link.
    ReplacesLinks,
    /// It is not known whether it reads comments and trailing commas.
    CommentsUnverified,
    /// Takes a file that has no map of servers for damaged.
    MapRequired,
    /// One entry that is not as it wants keeps Codex from starting, or makes it drop all settings: `bearer_token`, or a `url`
    /// together with anything that is told of a command.
    CodexRules,
    /// One entry that is not as it wants keeps opencode from starting: each is `local` with a list `command`, or `remote` with a
    /// `url`.
    OpencodeRules,
    /// Carries the file to the person's other computers, where our program is not at the same place.
    SyncsElsewhere,
    /// Starts servers of a project only after the person has trusted it, or approved each.
    NeedsTrust,
    /// Where the command for headers fails it goes on without them, and asks to sign in.
    HelperFailsOpen,
}

/// Something a quirk makes of a certain file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which quirk.
    pub quirk: Quirk,
    /// Such as `plan.bom_refused`; append-only.
    pub code: &'static str,
    /// Whether the file must not be written as it is.
    pub refuses: bool,
    /// One or two sentences for people, state before advice.
    pub text: String,
}

/// A settings file as it is before we write an entry into it.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// What it holds; `None` where there is no file.
    pub bytes: Option<&'a [u8]>,
    /// Whether the path is a symbolic link.
    pub is_link: bool,
    /// How the client is to reach the server.
    pub mode: Mode,
}

/// What a notice is about.
struct Case<'a> {
    client: &'a str,
    servers: Option<Servers>,
    seen: Seen<'a>,
}

impl Quirk {
    /// Whether it only matters while the client runs; the host knows whether it does.
    pub const fn only_while_running(self) -> bool {
        matches!(self, Self::RewritesWhileRunning)
    }

    /// What it makes of a file.
    fn notice(self, case: &Case<'_>) -> Option<Notice> {
        let bytes = case.seen.bytes.unwrap_or_default();
        let (holds, code, refuses) = match self {
            Self::NoBom => (bytes.starts_with(BOM), "plan.bom_refused", true),
            Self::NoTrailingCommas => (
                std::str::from_utf8(bytes).is_ok_and(has_trailing_comma),
                "plan.trailing_comma_refused",
                true,
            ),
            Self::RewritesWhileRunning => (true, "plan.client_running", false),
            Self::RewritesPlainly => (case.has_comments(), "plan.comments_at_risk", false),
            Self::ReplacesLinks => (case.seen.is_link, "plan.link_at_risk", false),
            Self::CommentsUnverified => (beyond_json(bytes), "plan.comments_unverified", false),
            Self::MapRequired => (case.lacks_map(), "plan.map_required", false),
            Self::CodexRules => (
                case.bad_entry(&|entry| !codex_takes(entry)).is_some(),
                "plan.other_entry_bad",
                false,
            ),
            Self::OpencodeRules => (
                case.bad_entry(&|entry| !opencode_takes(entry)).is_some(),
                "plan.other_entry_bad",
                false,
            ),
            Self::SyncsElsewhere => (true, "plan.synced_by_client", false),
            Self::NeedsTrust => (true, "plan.needs_trust", false),
            Self::HelperFailsOpen => (
                case.seen.mode == Mode::Helper,
                "plan.helper_fails_open",
                false,
            ),
        };
        holds.then(|| Notice {
            quirk: self,
            code,
            refuses,
            text: self.text(case),
        })
    }

    fn text(self, case: &Case<'_>) -> String {
        let client = case.client;
        match self {
            Self::NoBom => format!(
                "The file begins with a byte order mark, with which {client} does not read it and may even replace it. Save it as \
                 UTF-8 without BOM, then try again."
            ),
            Self::NoTrailingCommas => format!(
                "The file has a trailing comma, at which {client} stops with an error. Take it out, then try again."
            ),
            Self::RewritesWhileRunning => format!(
                "{client} is running and may write its own settings back over this change. Quit it completely first, from its \
                 tray or menu bar icon too."
            ),
            Self::RewritesPlainly => format!(
                "This change keeps your comments, but {client} drops them when it adds or removes a server itself."
            ),
            Self::ReplacesLinks => format!(
                "This change keeps the link, but {client} puts a file in its place when it adds or removes a server itself."
            ),
            Self::CommentsUnverified => format!(
                "The file holds comments or trailing commas; they are kept, but {client} may not read a file that has them."
            ),
            Self::MapRequired => format!(
                "{client} takes this file for damaged, because it names no servers. This change mends that; taking the entry out \
                 again brings it back."
            ),
            Self::CodexRules => format!(
                "{client} does not start with the entry {:?} in this file: it has a bearer_token, or both a url and a command. \
                 Correct it, or this change will not help.",
                case.bad_entry(&|entry| !codex_takes(entry))
                    .unwrap_or_default()
            ),
            Self::OpencodeRules => format!(
                "{client} does not start with the entry {:?} in this file: it is neither local with a list of command words nor \
                 remote with a url. Correct it, or this change will not help.",
                case.bad_entry(&|entry| !opencode_takes(entry))
                    .unwrap_or_default()
            ),
            Self::SyncsElsewhere => format!(
                "{client} can carry this file to your other computers. The entry holds no key, but it only works where Keystow is."
            ),
            Self::NeedsTrust => format!(
                "{client} starts servers of a project only after you have trusted the project or approved the server there."
            ),
            Self::HelperFailsOpen => format!(
                "Where the key cannot be had, {client} asks the server without it, and then offers to sign in."
            ),
        }
    }
}

impl Case<'_> {
    fn has_comments(&self) -> bool {
        let bytes = self.seen.bytes.unwrap_or_default();
        match self.servers.as_ref().map(|servers| servers.syntax) {
            // A line that begins with # may stand within a long string; then the warning is one too many.
            Some(Syntax::Toml | Syntax::Yaml) => bytes
                .split(|byte| *byte == b'\n')
                .any(|line| line.trim_ascii_start().starts_with(b"#")),
            _ => edit::has_comments(bytes),
        }
    }

    fn lacks_map(&self) -> bool {
        let (Some(bytes), Some(servers)) = (self.seen.bytes, &self.servers) else {
            return false;
        };
        matches!(edit::read_names(bytes, servers), Ok(None))
    }

    /// The name of the first entry the client does not take.
    fn bad_entry(&self, is_bad: &dyn Fn(&Value) -> bool) -> Option<String> {
        let (bytes, servers) = (self.seen.bytes?, self.servers.as_ref()?);
        // The map itself is an entry of what it stands in, so that one parse gives all of it.
        let (map, way) = servers.at.split_last()?;
        let all = Servers::map(servers.syntax, way.to_vec());
        let map = edit::read_entry(bytes, &all, map).ok()??;
        let bad = map.as_object()?.iter().find(|(_, entry)| is_bad(entry))?;
        Some(bad.0.clone())
    }
}

/// Source: Codex 0.169.0, run; checked 2026-11-20.
fn codex_takes(entry: &Value) -> bool {
    let has = |key: &str| entry.get(key).is_some();
    let of_command = ["command", "args", "env", "cwd"].into_iter().any(has);
    let two_ways = has("url") && of_command;
    !two_ways && !has("bearer_token")
}

/// Source: opencode 1.18.33, run; checked 2026-11-20.
fn opencode_takes(entry: &Value) -> bool {
    match entry.get("type").and_then(Value::as_str) {
        Some("local") => entry.get("command").is_some_and(Value::is_array),
        Some("remote") => entry.get("url").is_some_and(Value::is_string),
        // `{"enabled": false}` switches off a server that another file tells of.
        Some(_) => false,
        None => entry.get("command").is_none() && entry.get("url").is_none(),
    }
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Whether a document is JSONC but not JSON.
fn beyond_json(bytes: &[u8]) -> bool {
    let reads = |syntax| edit::read_entry(bytes, &Servers::map(syntax, [""; 0]), "").is_ok();
    reads(Syntax::Jsonc) && !reads(Syntax::Json)
}

impl Client {
    /// What the quirks of the client and of one of its targets make of a settings file as it is now, most important first.
    /// Those with [`Quirk::only_while_running`] are the caller's to leave out when the client does not run.
    pub fn notices(&self, target: &Target, seen: &Seen<'_>) -> Vec<Notice> {
        self.notices_of(&target.quirks, Some(target.servers(None)), seen)
    }

    fn notices_of(&self, more: &[Quirk], servers: Option<Servers>, seen: &Seen<'_>) -> Vec<Notice> {
        let case = Case {
            client: &self.name,
            servers,
            seen: *seen,
        };
        let quirks = self.quirks.iter().chain(more);
        let mut notices: Vec<Notice> = quirks.filter_map(|quirk| quirk.notice(&case)).collect();
        notices.sort_by_key(|notice| !notice.refuses);
        notices
    }
}

/// [`Client::notices`] for the client's first target and a bridge; `before` is `None` where there is no file.
pub fn check_quirks(client: &Client, before: Option<&[u8]>) -> Vec<Notice> {
    let seen = Seen {
        bytes: before,
        is_link: false,
        mode: Mode::Bridge,
    };
    match client.targets.first() {
        Some(target) => client.notices(target, &seen),
        None => client.notices_of(&[], None, &seen),
    }
}
