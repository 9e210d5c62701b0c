use serde::Deserialize;

use crate::edit::{self, Servers, Syntax};

use super::Client;

/// What to beware of in a client. A closed set: each is one documented rule, named in client files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quirk {
    /// Takes a byte order mark for damage, falls back to defaults and rewrites the file without its servers.
    NoBom,
    /// Keeps its settings in memory and writes them back when it quits, logs in or updates: what was written meanwhile is lost.
    RewritesWhileRunning,
    /// Its own writes lose comments and keys it does not know, and delete the file when no servers are left.
    RewritesPlainly,
    /// It is not known whether it reads comments and trailing commas.
    CommentsUnverified,
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
    /// One sentence for people, state before advice.
    pub text: String,
}

impl Quirk {
    /// Whether it only matters while the client runs; the host knows whether it does.
    pub const fn only_while_running(self) -> bool {
        matches!(self, Self::RewritesWhileRunning)
    }

    /// What it makes of a file with these bytes.
    fn notice(self, client: &str, before: Option<&[u8]>) -> Option<Notice> {
        let notice = |code, refuses, text| {
            Some(Notice {
                quirk: self,
                code,
                refuses,
                text,
            })
        };
        match self {
            Self::NoBom if before.is_some_and(|bytes| bytes.starts_with(BOM)) => notice(
                "plan.bom_refused",
                true,
                format!(
                    "The file begins with a byte order mark, which makes {client} discard its settings. Save it as UTF-8 without \
                     BOM, then try again."
                ),
            ),
            Self::RewritesWhileRunning => notice(
                "plan.client_running",
                false,
                format!(
                    "{client} is running and may write its own settings back over this change. Quit it completely first, from \
                     its tray or menu bar icon too."
                ),
            ),
            Self::RewritesPlainly if before.is_some_and(edit::has_comments) => notice(
                "plan.comments_at_risk",
                false,
                format!(
                    "This change keeps your comments, but {client} drops them when you add or remove a server in its own window."
                ),
            ),
            Self::CommentsUnverified if before.is_some_and(beyond_json) => notice(
                "plan.comments_unverified",
                false,
                format!(
                    "The file holds comments or trailing commas; they are kept, but {client} may not read a file that has them."
                ),
            ),
            Self::NoBom | Self::RewritesPlainly | Self::CommentsUnverified => None,
        }
    }
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Whether a document is JSONC but not JSON.
fn beyond_json(bytes: &[u8]) -> bool {
    let reads = |syntax| edit::read_entry(bytes, &Servers::map(syntax, [""; 0]), "").is_ok();
    reads(Syntax::Jsonc) && !reads(Syntax::Json)
}

/// What a client's quirks make of a settings file as it is now, most important first; `before` is `None` where there is no file.
/// Those with [`Quirk::only_while_running`] are the caller's to leave out when the client does not run.
pub fn check_quirks(client: &Client, before: Option<&[u8]>) -> Vec<Notice> {
    let mut notices: Vec<Notice> = client
        .quirks
        .iter()
        .filter_map(|quirk| quirk.notice(&client.name, before))
        .collect();
    notices.sort_by_key(|notice| !notice.refuses);
    notices
}
