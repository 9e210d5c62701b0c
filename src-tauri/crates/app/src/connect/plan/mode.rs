//! How an entry reaches its server: what is written for each mode.

use keystow_core::clients::{Client, Fill, Launch, Mode, Target, quoted};
use keystow_core::provider::Server;
use keystow_core::{ConnectionId, System};
use serde_json::Value;

use super::{Planner, Warning, Wish};
use crate::error::AppError;
use crate::store::Workspace;
use crate::version;

/// What an entry is made for.
pub(super) struct Asked<'a> {
    pub client: &'a Client,
    pub target: &'a Target,
    /// How the client starts our program.
    pub launch: &'a Launch,
    pub id: &'a ConnectionId,
    pub name: &'a str,
    pub workspace: &'a Workspace,
    pub server: &'a Server,
}

impl Planner<'_> {
    /// The entry in the client's shape.
    ///
    /// # Errors
    /// `client.no_mode` and `client.too_old` where the client does not have the mode, `input.invalid` where the path of our program
    /// cannot be written into a command line; what keeps a server's URL from being told.
    pub(super) fn entry(
        &self,
        asked: &Asked<'_>,
        wish: &Wish,
        warnings: &mut Vec<Warning>,
    ) -> Result<Value, AppError> {
        let no_mode = || AppError::NoMode {
            client: asked.client.name.clone(),
            mode: wish.mode.as_str(),
        };
        if !asked.target.modes().contains(&wish.mode) {
            return Err(no_mode());
        }
        let stable = self.app.paths.stable_binary();
        let (command, args) = asked
            .launch
            .command(&stable.to_string_lossy(), &arguments(asked.id, wish));
        // A URL in a file is that of a running server.
        let (url, helper) = match wish.mode {
            Mode::Helper => {
                self.check_version(asked, warnings)?;
                let url = self.app.endpoint(asked.workspace, asked.server)?;
                let system = match asked.launch {
                    Launch::Direct => self.app.paths.system,
                    Launch::Wsl { .. } => System::Windows,
                };
                (url.to_string(), shell_line(&command, &args, system)?)
            }
            Mode::Bridge | Mode::Exec | Mode::Link => Default::default(),
        };
        let fill = Fill {
            name: asked.name,
            command: &command,
            args: &args,
            url: &url,
            helper: &helper,
        };
        asked.target.entry(wish.mode, &fill).ok_or_else(no_mode)
    }

    /// Whether the client knows entries with a helper. Older ones ignore it and call the server without a key.
    fn check_version(
        &self,
        asked: &Asked<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), AppError> {
        let Some(needed) = &asked.target.helper_since else {
            return Ok(());
        };
        let client = &asked.client.name;
        // What runs on the Windows around us is not what is found here.
        let found = match asked.launch {
            Launch::Direct => version::told(&asked.client.version_command, &self.app.paths),
            Launch::Wsl { .. } => None,
        };
        match found {
            Some(found) if found < *needed => Err(AppError::TooOld {
                client: client.clone(),
                found: found.to_string(),
                needed: needed.to_string(),
            }),
            Some(_) => Ok(()),
            None => {
                warnings.push(Warning {
                    code: "plan.version_unknown",
                    text: format!(
                        "The version of {client} cannot be told. Headers from a command work from {needed} on; older ones call the server without a key."
                    ),
                });
                Ok(())
            }
        }
    }
}

/// What our program is told to do for a connection.
fn arguments(id: &ConnectionId, wish: &Wish) -> Vec<String> {
    let word = match wish.mode {
        Mode::Bridge | Mode::Link => "bridge",
        Mode::Helper => "headers",
        Mode::Exec => "exec",
    };
    let mut args = vec![word.to_owned(), id.to_string()];
    if let Some(exec) = &wish.exec {
        args.push("--".to_owned());
        args.extend(exec.command.iter().cloned());
    }
    args
}

/// A command line for the shell that a client runs its helper with: `sh -c`, or the Command Prompt on Windows.
fn shell_line(command: &str, args: &[String], system: System) -> Result<String, AppError> {
    let words: Option<Vec<String>> = std::iter::once(command)
        .chain(args.iter().map(String::as_str))
        .map(|word| quoted(word, system))
        .collect();
    words
        .map(|words| words.join(" "))
        .ok_or_else(|| AppError::Invalid {
            reason: format!(
                "{command} cannot be written into a command line safely; mode bridge needs none"
            ),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helper_lines_are_quoted_where_it_matters() {
        let line = |command: &str, system| {
            let args = ["headers".to_owned(), "c-1".to_owned()];
            shell_line(command, &args, system).ok()
        };
        assert_eq!(
            line("/home/ada/.local/share/keystow/bin/keystow", System::Linux).unwrap(),
            "/home/ada/.local/share/keystow/bin/keystow headers c-1"
        );
        assert_eq!(
            line("/Users/ada/Library/Application Support/k", System::Macos).unwrap(),
            "'/Users/ada/Library/Application Support/k' headers c-1"
        );
        assert_eq!(
            line("/it's $HOME/k", System::Linux).unwrap(),
            r"'/it'\''s $HOME/k' headers c-1"
        );
        assert_eq!(
            line(r"C:\Users\Ada L\keystow.exe", System::Windows).unwrap(),
            r#""C:\Users\Ada L\keystow.exe" headers c-1"#
        );
        assert_eq!(line(r"C:\100%PATH%\keystow.exe", System::Windows), None);
    }
}
