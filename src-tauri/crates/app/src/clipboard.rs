//! Copying a key, or a link with one in it, by way of the `keystow` program, so that its plaintext enters no other process.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use keystow_core::clipboard::{ClipboardError, SecretClipboard};
use keystow_core::{ConnectionId, KeyId, Secret, WorkspaceId};

/// A key or token is shorter than this, in bytes.
const MOST_TAKEN: u64 = 16 * 1024;

/// Runs `keystow clipboard-hold`, which reads the key from the keychain by itself, puts it on the clipboard and stays until it is
/// taken off again. Ids are all that is on its command line.
pub struct ClipboardHolder {
    /// The `keystow` program.
    pub program: PathBuf,
}

impl ClipboardHolder {
    /// The program, about to be given its arguments.
    fn program(&self) -> Command {
        #[allow(unused_mut)]
        let mut command = Command::new(&self.program);
        #[cfg(windows)]
        {
            // CREATE_NO_WINDOW: no console flashes up beside the window that copies.
            std::os::windows::process::CommandExt::creation_flags(&mut command, 0x0800_0000);
        }
        command
    }

    fn not_started(&self) -> impl Fn(std::io::Error) -> ClipboardError + Copy + '_ {
        |source| ClipboardError::Start {
            program: self.program.clone(),
            source,
        }
    }

    /// The holder says `holding 30` on its first line (the seconds until it clears), or one sentence why not.
    fn hold(&self, args: &[&str], input: Option<&str>) -> Result<u32, ClipboardError> {
        let start = self.not_started();
        let mut holder = self
            .program()
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
    fn copy_key(
        &self,
        workspace: &WorkspaceId,
        key: &KeyId,
        seconds: u32,
    ) -> Result<u32, ClipboardError> {
        let (workspace, key, seconds) = (workspace.as_str(), key.as_str(), seconds.to_string());
        let args = [
            "--workspace",
            workspace,
            "--key",
            key,
            "--seconds",
            &seconds,
        ];
        self.hold(&args, None)
    }

    fn copy_link(
        &self,
        connection: &ConnectionId,
        number: u32,
        seconds: u32,
    ) -> Result<u32, ClipboardError> {
        let (number, seconds) = (number.to_string(), seconds.to_string());
        let connection = connection.as_str();
        let args = [
            "--connection",
            connection,
            "--link",
            &number,
            "--seconds",
            &seconds,
        ];
        self.hold(&args, None)
    }

    fn take(&self) -> Result<Secret, ClipboardError> {
        let mut command = self.program();
        let mut taker = command
            .arg("clipboard-take")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(self.not_started())?;
        let mut text = String::new();
        if let Some(stdout) = taker.stdout.take() {
            let read = stdout.take(MOST_TAKEN).read_to_string(&mut text);
            read.map_err(self.not_started())?;
        }
        let text = Secret::new(text);
        let mut said = String::new();
        if let Some(stderr) = taker.stderr.take() {
            let _ = stderr.take(1024).read_to_string(&mut said);
        }
        let ended = taker.wait().map_err(self.not_started())?;
        match ended.success() {
            false => Err(ClipboardError::Absent {
                detail: said.trim().to_owned(),
            }),
            true if text.is_empty() => Err(ClipboardError::Nothing),
            true => Ok(text),
        }
    }

    fn copy_text(&self, text: &str) -> Result<u32, ClipboardError> {
        self.hold(&["--text"], Some(text))
    }
}
