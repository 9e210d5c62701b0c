//! Words that views and requests choose from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

wire! {
    /// How bright the window is.
    enum Theme {
        /// As the system is.
        System,
        /// Light.
        Light,
        /// Dark.
        Dark,
    }
    /// The language of the window.
    enum Language {
        /// As the system speaks; English where it speaks another one than these.
        System,
        /// English.
        En,
        /// German.
        De,
    }
    /// What the system's notifications tell of.
    enum Notifications {
        /// Nothing.
        Off,
        /// What breaks a client or is about to.
        Important,
        /// That, and what went well.
        All,
    }
    /// What the keychain is up to.
    enum KeychainView {
        /// Ready.
        Unlocked,
        /// Locked: the person can unlock it.
        Locked,
        /// Not there; `problem` of the status says why.
        Absent,
    }
    /// A way to sign in.
    enum Method {
        /// In the person's browser.
        Browser,
        /// With a password; for the local workspace the stowed one, with no question asked.
        Password,
        /// With a code typed on another screen.
        Device,
        /// With a token that is pasted.
        Token,
    }
    /// Whether a sign-in is through.
    enum SignInState {
        /// The browser is open; call `sessions_wait`.
        Waiting,
        /// Signed in.
        Done,
        /// The person cancelled.
        Cancelled,
        /// A one-time code is asked for; call `sessions_code`.
        CodeNeeded,
    }
    /// Where a key stands.
    enum KeyState {
        /// Usable.
        Enabled,
        /// Refused until resumed.
        Paused,
        /// Past its expiry.
        Expired,
    }
    /// What became of an entry that we wrote.
    enum EntryState {
        /// As it would be written today.
        Fine,
        /// Changed by hand.
        Changed,
        /// Not in the file any more, while other servers are.
        Gone,
        /// As we wrote it, but Keystow (or the server) is somewhere else today.
        Stale,
        /// The file cannot be read or parsed; `problem` says where.
        Unreadable,
        /// The file is gone, or has no servers at all any more: the client wiped it.
        Wiped,
    }
    /// What to do about an entry that drifted.
    enum RepairAction {
        /// Write our entry, as of today, where it stood.
        Restore,
        /// Take what stands in the file for ours from now on.
        Adopt,
        /// Forget the connection and leave the file alone; the key is kept.
        Forget,
    }
    /// How a client reaches a server.
    enum ModeView {
        /// It starts `keystow bridge`, which relays.
        Bridge,
        /// It speaks HTTP itself and asks `keystow headers` for the headers.
        Helper,
        /// It starts `keystow exec`, which runs a server that takes its key in an environment variable.
        Exec,
        /// Nothing was written; the person handed it to the client.
        Link,
    }
    /// What a link is, and so what to do with it.
    enum LinkKindView {
        /// Opened, it brings up the client, which asks and then writes its own settings.
        DeepLink,
        /// A command line, for a terminal.
        Command,
        /// A command line that hands the entry over on standard input, where no process list shows it.
        StdinCommand,
        /// A server's address, for a field in the client.
        Url,
        /// A page to do it on by hand.
        Page,
    }
    /// What a plan does to a file.
    enum FileAction {
        /// The file is made.
        Create,
        /// The file is changed.
        Change,
        /// The file is deleted again: we made it, and nothing else is in it.
        Delete,
        /// Nothing to do.
        Keep,
    }
    /// How much a warning matters.
    enum Severity {
        /// Good to know.
        Note,
        /// A reason to stop and think.
        Caution,
    }
    /// One line of a unified diff.
    enum LineKind {
        /// Unchanged, for orientation.
        Context,
        /// Comes in.
        Added,
        /// Goes out.
        Removed,
        /// `@@ … @@` between distant places.
        Gap,
    }
    /// How a check of the doctor came out.
    enum CheckState {
        /// Fine.
        Ok,
        /// Works, but look at it.
        Warning,
        /// Does not work.
        Failed,
        /// Was broken and is repaired.
        Fixed,
    }
    /// How well the facts about a client are known.
    enum Checked {
        /// The real program was run.
        Run,
        /// Read in its source.
        Source,
        /// The vendor's documentation.
        Documentation,
        /// Second hand; verify before relying on it.
        Unverified,
    }
    /// When a client takes up a changed settings file.
    enum Reload {
        /// By itself.
        Live,
        /// After a reload of its window or server list.
        Window,
        /// After it was quit and started again.
        Restart,
    }
}
