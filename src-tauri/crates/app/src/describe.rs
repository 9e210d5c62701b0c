//! Errors in words: the one place where a code, a title, what happened and what to do are put together.

mod remote;

use keystow_core::edit::EditError;
use keystow_core::keychain::KeychainError;
use keystow_core::provider::AddressError;

use crate::contract::ProblemView;
use crate::error::AppError;
use crate::files::FileError;
use crate::store::StoreError;

pub(crate) use remote::probe;

/// Exit code of the CLI: 1 refused or failed, 2 usage, 3 environment, 70 bug.
pub fn exit_code(error: &AppError) -> u8 {
    match error {
        AppError::Unknown { .. }
        | AppError::Ambiguous { .. }
        | AppError::Name(_)
        | AppError::Invalid { .. } => 2,
        AppError::Keychain(_)
        | AppError::NotStowed { .. }
        | AppError::NoPassword { .. }
        | AppError::Local(_)
        | AppError::Store(_)
        | AppError::Clipboard(_) => 3,
        _ => 1,
    }
}

/// Turns an error into words.
pub fn describe(error: &AppError) -> ProblemView {
    let text = error.to_string();
    match error {
        AppError::Keychain(error) => keychain(error),
        AppError::NotStowed { revoked, error, .. } => {
            let hint = if *revoked {
                "Unlock the keychain, then create the key again."
            } else {
                "Unlock the keychain. Then revoke the orphaned key; nobody holds its secret."
            };
            problem(
                "key.not_stowed",
                "The key was not kept",
                &text,
                Some(hint),
                keychain(error).retry,
            )
        }
        AppError::CreateUnknown { .. } => problem(
            "key.create_unknown",
            "Nobody knows whether the key was made",
            &text,
            Some(
                "Look at the list of keys: one whose secret is not on this computer can be revoked.",
            ),
            false,
        ),
        AppError::Remote(error) => remote::remote(error),
        AppError::Local(_) => problem(
            "local.unavailable",
            "The local workspace is not running",
            &text,
            Some(
                "Run `keystow doctor`, or look into logs/workspace.log in Keystow's data directory.",
            ),
            true,
        ),
        AppError::SignedOut { .. } => problem(
            "session.signed_out",
            "Signed out",
            &text,
            Some("Sign in again. Connected clients go on working."),
            false,
        ),
        AppError::NoWorkspace => problem(
            "session.none",
            "Not signed in",
            &text,
            Some("Sign in, or try `keystow sign-in --provider local`: it asks nothing."),
            false,
        ),
        AppError::NoPassword { .. } => problem(
            "session.no_password",
            "No password is stowed",
            &text,
            Some("Sign in with the browser instead."),
            false,
        ),
        AppError::Unknown { what, .. } => {
            let hint = match *what {
                "client" => Some("`keystow clients` lists the clients."),
                "key" => Some("`keystow keys list` lists the keys of this workspace."),
                "server" => Some("`keystow servers` lists the servers."),
                "connection" => Some("It may have been disconnected. Connect the client again."),
                "change" => Some("`keystow history` lists the changes."),
                "rotation" => Some("`keystow rotations` lists the rotations."),
                "scope" => Some("`keystow providers` names the scopes."),
                _ => None,
            };
            problem("input.unknown", "Not found", &text, hint, false)
        }
        AppError::Ambiguous { .. } => problem(
            "input.ambiguous",
            "More than one fits",
            &text,
            Some("Name it by its id."),
            false,
        ),
        AppError::Name(_) => problem("input.name", "That name cannot be used", &text, None, false),
        AppError::Invalid { .. } => {
            problem("input.invalid", "That cannot be done", &text, None, false)
        }
        AppError::Address(AddressError::NoOrganization) => problem(
            "workspace.no_organization",
            "No organization is chosen",
            &text,
            Some("Choose one in the workspace's settings: `keystow workspaces organizations`."),
            false,
        ),
        AppError::Address(_) => problem(
            "provider.bad_address",
            "The address is not one",
            &text,
            Some("Look at the provider's file."),
            false,
        ),
        AppError::NotItsKey { .. } => problem(
            "key.not_recognised",
            "That does not look like a key",
            &text,
            Some("Nothing was sent or kept. Copy the key again, all of it and nothing else."),
            true,
        ),
        AppError::InUse { .. } => problem(
            "workspace.in_use",
            "The workspace is still used",
            &text,
            Some("Disconnect them first: `keystow disconnect`."),
            false,
        ),
        AppError::NoServer { .. } => problem(
            "server.none",
            "There is nothing to connect to",
            &text,
            Some("Add its server as a provider of your own: `keystow providers add`."),
            false,
        ),
        AppError::NoKey { .. } => problem(
            "key.none",
            "There is no key yet",
            &text,
            Some("Make one in the provider's dashboard and paste it: `keystow keys add NAME`."),
            false,
        ),
        AppError::ServerSignedOut { id, .. } => problem(
            "server.signed_out",
            "Signed out of the server",
            &text,
            Some(&format!("Sign in to it: `keystow servers sign-in {id}`.")),
            false,
        ),
        AppError::NotCapable { instead, .. } => problem(
            "provider.not_capable",
            "Not possible from here",
            &text,
            Some(instead),
            false,
        ),
        AppError::NotHere { .. } => problem(
            "key.not_here",
            "The secret is not on this computer",
            &text,
            Some("Add it with `keystow keys add`, or use another key."),
            false,
        ),
        AppError::Revoked => problem(
            "key.revoked",
            "This key was revoked",
            &text,
            Some("Open Keystow and connect this client again: it gets another key."),
            false,
        ),
        AppError::KeyRefused { .. } => problem(
            "key.refused",
            "The key is not taken",
            &text,
            Some("It may be revoked, expired or paused. Open Keystow to resume or replace it."),
            false,
        ),
        AppError::Moved { .. } => problem(
            "connection.moved",
            "The server moved",
            &text,
            Some("Connect the client again: its settings get the new address."),
            false,
        ),
        AppError::LinkNotOpened { .. } => problem(
            "link.not_opened",
            "The link was not opened",
            &text,
            Some("See whether the client is installed, or copy the link and open it yourself."),
            true,
        ),
        AppError::DeepLink(_) => problem(
            "link.refused",
            "This link is refused",
            &format!("The link is not followed: {text}."),
            Some("Nothing was done. Links never hold a key, and do nothing without being asked."),
            false,
        ),
        AppError::TooOld { .. } => problem(
            "client.too_old",
            "The client is too old for this mode",
            &text,
            Some("Update it, or use mode bridge, which works everywhere. Nothing was written."),
            false,
        ),
        AppError::Edit { error, .. } => edit(error, &text),
        AppError::File(error) => file(error),
        AppError::EntryName(_) => problem(
            "client.entry_name",
            "The client does not take that name",
            &text,
            Some("Choose another with --name. Nothing was written."),
            false,
        ),
        AppError::EntryTaken { .. } => problem(
            "edit.entry_taken",
            "There is an entry of that name already",
            &text,
            Some("Replace it on purpose, or rename it in the file first. Nothing was written."),
            false,
        ),
        AppError::EntryGone { .. } => problem(
            "entry.gone",
            "The entry is gone",
            &text,
            Some("Restore it, or forget the connection. Nothing was changed."),
            false,
        ),
        AppError::NotOurs { .. } => problem(
            "entry.not_ours",
            "The entry is not for this connection any more",
            &text,
            Some(
                "Forget the connection, and the entry stays as it is; or restore it. Nothing was changed.",
            ),
            false,
        ),
        AppError::NoTarget { .. } => problem(
            "client.no_target",
            "Nothing to write into",
            &text,
            None,
            false,
        ),
        AppError::NoMode { .. } => problem(
            "client.no_mode",
            "The client does not have this mode",
            &text,
            Some(
                "`keystow clients --json` lists the modes of each settings file; `bridge` works everywhere.",
            ),
            false,
        ),
        AppError::Quirk { .. } => problem(
            "edit.client_refuses",
            "The client could not read the result",
            &text,
            None,
            false,
        ),
        AppError::PlanGone => problem(
            "plan.gone",
            "The preview is gone",
            &text,
            Some("Make a new preview. Nothing was written."),
            true,
        ),
        AppError::UndoChanged { .. } => problem(
            "undo.changed_on_disk",
            "The file changed since",
            &text,
            Some("Disconnect instead: it takes out our entry only. Nothing was written."),
            false,
        ),
        AppError::UndoLaterFirst { change, .. } => problem(
            "undo.later_change",
            "A later change comes first",
            &text,
            Some(&format!(
                "Undo that one first: `keystow undo {change}`. Nothing was written."
            )),
            false,
        ),
        AppError::PartlyApplied { reason, change, .. } => ProblemView {
            change: Some(change.to_string()),
            ..problem(
                "apply.partly",
                "Not all of it was done",
                &text,
                Some(&format!(
                    "What was done is kept; `keystow undo {change}` takes it back. {}",
                    describe(reason)
                        .hint
                        .unwrap_or_default()
                        .replace("Nothing was written.", "")
                        .trim()
                )),
                false,
            )
        },
        AppError::RotationOver { .. } => problem(
            "rotation.over",
            "The rotation is over",
            &text,
            Some("`keystow rotations` lists what became of it. Nothing was changed."),
            false,
        ),
        AppError::NothingToUndo => problem("undo.nothing", "Nothing to undo", &text, None, false),
        AppError::Sealed { .. } => problem(
            "undo.sealed",
            "The before-image cannot be opened",
            &text,
            Some(
                "Before-images are kept for as long as the settings say and open with this computer's keychain only. Nothing was written.",
            ),
            false,
        ),
        AppError::Store(error) => store(error),
        AppError::Clipboard(_) => problem(
            "clipboard.absent",
            "Nothing was copied",
            &text,
            Some("Copying needs a desktop session."),
            false,
        ),
        AppError::Busy { .. } => problem(
            "busy",
            "Another Keystow is at work",
            &text,
            Some("Try again in a moment."),
            true,
        ),
    }
}

fn keychain(error: &KeychainError) -> ProblemView {
    let text = sentence(&error.to_string());
    match error {
        KeychainError::NoBus { .. } => problem(
            "keychain.no_bus",
            "No keychain in this session",
            &text,
            Some(
                "Start Keystow from a desktop session, or under `dbus-run-session` with an unlocked keychain.",
            ),
            true,
        ),
        KeychainError::NoDaemon { .. } => problem(
            "keychain.no_daemon",
            "No keychain is running",
            &text,
            Some("Install and start one, such as gnome-keyring or KWallet."),
            true,
        ),
        KeychainError::Locked => problem(
            "keychain.locked",
            "The keychain is locked",
            &text,
            Some("Unlock it, then try again. Nothing was written elsewhere."),
            true,
        ),
        KeychainError::PromptWaiting => problem(
            "keychain.prompt_waiting",
            "The keychain asks something",
            &text,
            Some("Answer its prompt, then try again."),
            true,
        ),
        KeychainError::TimedOut { .. } => problem(
            "keychain.timed_out",
            "The keychain does not answer",
            &text,
            Some("See whether it waits for you, or start it anew."),
            true,
        ),
        KeychainError::Missing { .. } => problem(
            "keychain.missing",
            "The keychain does not have it",
            &text,
            Some(
                "The keychain may be another one than before. If the entry is lost, sign in again or replace the key.",
            ),
            false,
        ),
        KeychainError::TooLarge { .. } => problem(
            "keychain.too_large",
            "Too large for the keychain",
            &text,
            None,
            false,
        ),
        _ => problem("keychain.failed", "The keychain failed", &text, None, true),
    }
}

fn edit(error: &EditError, text: &str) -> ProblemView {
    problem(
        error.code(),
        "The file was left as it is",
        text,
        Some("Mend it there, or ask its client to, then try again. Nothing was written."),
        true,
    )
}

fn file(error: &FileError) -> ProblemView {
    let text = error.to_string();
    let (code, title, hint) = match error {
        FileError::ChangedOnDisk { .. } => (
            "edit.changed_on_disk",
            "The file changed",
            "Look at a new preview. Nothing was written.",
        ),
        FileError::Dangling { .. } => (
            "file.dangling_link",
            "The link leads nowhere",
            "Make the file it points to, or remove the link. Nothing was written.",
        ),
        FileError::LinkLoop { .. } => (
            "file.link_loop",
            "The links lead in a circle",
            "Mend the links. Nothing was written.",
        ),
        FileError::NotAFile { .. } => ("file.not_a_file", "Not a file", "Nothing was written."),
        FileError::ReadOnly { .. } => (
            "file.read_only",
            "Read-only",
            "Make it writable, or change it where it is managed. Nothing was written.",
        ),
        FileError::ReadOnlyTarget { target, .. } => (
            "file.read_only_target",
            "Made by something else",
            match target.starts_with("/nix/store") || target.starts_with("/gnu/store") {
                true => {
                    "It comes out of a configuration, such as home-manager's: change it there. Nothing was written."
                }
                false => "Make it writable, or change it where it is made. Nothing was written.",
            },
        ),
        FileError::ClientBusy { .. } => (
            "file.client_busy",
            "The client is writing its settings",
            "Try again in a moment, or quit the client first. Nothing was written.",
        ),
        FileError::Denied { .. } => (
            "file.denied",
            "No permission",
            "Check who owns it. Nothing was written.",
        ),
        FileError::DiskFull { .. } => (
            "file.disk_full",
            "The disk is full",
            "Make room, then try again. Nothing was written.",
        ),
        FileError::TooLarge { .. } => (
            "file.too_large",
            "Too large for a settings file",
            "Nothing was written.",
        ),
        FileError::Io { .. } => (
            "file.failed",
            "The file cannot be used",
            "Nothing was written.",
        ),
    };
    problem(code, title, &text, Some(hint), true)
}

fn store(error: &StoreError) -> ProblemView {
    let text = error.to_string();
    match error {
        StoreError::NewerSchema { .. } => problem(
            "store.newer_schema",
            "Written by a newer Keystow",
            &text,
            Some("Update Keystow. Nothing was changed."),
            false,
        ),
        StoreError::Files { .. } | StoreError::Sqlite { .. } | StoreError::Migration { .. } => {
            problem(
                "store.unusable",
                "The store cannot be used",
                &text,
                Some("Check the data directory and the disk."),
                true,
            )
        }
    }
}

/// An error in words.
pub(crate) fn problem(
    code: &str,
    title: &str,
    detail: &str,
    hint: Option<&str>,
    retry: bool,
) -> ProblemView {
    ProblemView {
        code: code.to_owned(),
        title: title.to_owned(),
        detail: sentence(detail),
        hint: hint.map(str::to_owned),
        retry,
        change: None,
    }
}

/// A first letter in capitals (but not in paths and hosts) and a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first_word = text.split_whitespace().next().unwrap_or_default();
    let plain = first_word.chars().all(|c| c.is_ascii_alphabetic());
    let mut sentence: String = match chars.next() {
        Some(first) if plain => first.to_uppercase().chain(chars).collect(),
        _ => text.to_owned(),
    };
    if !sentence.ends_with(['.', '…', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sentences() {
        assert_eq!(
            sentence("the keychain is locked"),
            "The keychain is locked."
        );
        assert_eq!(
            sentence("127.0.0.1:1: not found (404)"),
            "127.0.0.1:1: not found (404)."
        );
        assert_eq!(sentence("/a/b: line 3"), "/a/b: line 3.");
    }

    #[test]
    fn a_locked_keychain_is_the_environments_fault() {
        let error = AppError::Keychain(KeychainError::Locked);
        assert_eq!(
            (describe(&error).code.as_str(), exit_code(&error)),
            ("keychain.locked", 3)
        );
    }
}
