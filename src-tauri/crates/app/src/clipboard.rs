//! Copying a key, or a link with one in it, by way of the `keystow` program, so that its plaintext enters no other process.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use keystow_core::clipboard::{ClipboardError, SecretClipboard};
use keystow_core::{ConnectionId, KeyId, WorkspaceId};

/// Runs `keystow clipboard-hold`, which reads the key from the keychain by itself, puts it on the clipboard and stays until it is
/// taken off again. Ids are all that is on its command line.
pub struct ClipboardHolder {
    /// The `keystow` program.
    pub program: PathBuf,
}

impl ClipboardHolder {
    /// The holder says `holding 30` on its first line (the seconds until it clears), or one sentence why not.
    fn hold(&self, args: &[&str], input: Option<&str>) -> Result<u32, ClipboardError> {
        let start = |source| ClipboardError::Start {
            program: self.program.clone(),
            source,
        };
        let mut command = Command::new(&self.program);
        #[cfg(windows)]
        {
            // CREATE_NO_WINDOW: no console flashes up beside the window that copies.
            std::os::windows::process::CommandExt::creation_flags(&mut command, 0x0800_0000);
        }
        let mut holder = command
            .arg("clipboard-hold")
            .args(args)
            .stdin(input.map_or_else(Stdio::null, |_| Stdio::piped()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(start)?;
        if let (Some(text), Some(mut stdin)) = (input, holder.stdin.take()) {
            stdin.write_all(text.as_bytes()).map_err(start)?;
        }
        let mut line = String::new();
        if let Some(stdout) = holder.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(start)?;
        }
        // Waits for the holder's end on the side, so that it does not stay behind as a zombie.
        std::thread::spawn(move || holder.wait());
        match line.trim().strip_prefix("holding ").map(str::parse) {
            Some(Ok(seconds)) => Ok(seconds),
            _ => Err(ClipboardError::Absent {
                detail: line.trim().to_owned(),
            }),
        }
    }
}

impl SecretClipboard for ClipboardHolder {
    fn copy_key(&self, workspace: &WorkspaceId, key: &KeyId) -> Result<u32, ClipboardError> {
        let (workspace, key) = (workspace.as_str(), key.as_str());
        self.hold(&["--workspace", workspace, "--key", key], None)
    }

    fn copy_link(&self, connection: &ConnectionId, number: u32) -> Result<u32, ClipboardError> {
        let number = number.to_string();
        let args = ["--connection", connection.as_str(), "--link", &number];
        self.hold(&args, None)
    }

    fn copy_text(&self, text: &str) -> Result<u32, ClipboardError> {
        self.hold(&["--text"], Some(text))
    }
}
