//! Which AI clients run right now.

use keystow_core::System;
use keystow_core::clients::Client;

/// The names of all processes of this person, taken once for a whole plan.
pub(crate) struct Running(Vec<String>);

/// Linux keeps this many bytes of a process's name.
#[cfg(target_os = "linux")]
const NAME_LEN: usize = 15;
#[cfg(not(target_os = "linux"))]
const NAME_LEN: usize = usize::MAX;

impl Running {
    /// Looks. Only names are read: a desktop has hundreds of processes.
    #[cfg(target_os = "linux")]
    pub fn now() -> Self {
        use std::os::unix::fs::MetadataExt;

        let us = rustix::process::geteuid().as_raw();
        let name_of = |entry: std::fs::DirEntry| {
            entry.file_name().to_str()?.parse::<u32>().ok()?;
            // Another account's client has other settings.
            (entry.metadata().ok()?.uid() == us).then_some(())?;
            let name = std::fs::read(entry.path().join("comm")).ok()?;
            Some(String::from_utf8_lossy(&name).trim_end().to_owned())
        };
        let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        Self(entries.filter_map(name_of).collect())
    }

    /// Looks.
    #[cfg(not(target_os = "linux"))]
    pub fn now() -> Self {
        use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, RefreshKind};

        let Ok(mut system) = sysinfo::System::new_with_specifics(RefreshKind::nothing()) else {
            return Self(Vec::new());
        };
        system.refresh_processes_specifics(
            ProcessesToUpdate::All,
            true,
            ProcessRefreshKind::nothing(),
        );
        let name = |process: &sysinfo::Process| process.name().to_string_lossy().into_owned();
        Self(system.processes().values().map(name).collect())
    }

    /// Whether one of the client's processes is among them.
    pub fn has(&self, client: &Client, system: System) -> bool {
        client.running.on(system).iter().any(|wanted| {
            let wanted = wanted.get(..NAME_LEN).unwrap_or(wanted);
            self.0.iter().any(|name| match system {
                System::Windows => name.eq_ignore_ascii_case(wanted),
                System::Linux | System::Macos => name == wanted,
            })
        })
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use keystow_core::ClientId;
    use keystow_core::clients::Clients;

    use super::*;

    #[test]
    fn sees_a_process_by_its_name_and_only_while_it_runs() {
        // Longer than what Linux keeps of it, and nobody else's.
        let name = format!("keystow-{}-a-client", std::process::id());
        let text = format!(
            r#"
id = "mine"
name = "Mine"
source = "https://example.com"
[detect]
[running]
linux = ["{name}"]
[[target]]
kind = "user"
syntax = "json"
servers_at = ["mcpServers"]
entry.stdio = {{ command = "$command", args = "$args" }}
reload = "restart"
path.linux = ["${{HOME}}/mine.json"]
"#
        );
        let (clients, broken) = Clients::built_in().with_own(&[("mine.toml".to_owned(), text)]);
        assert!(broken.is_empty(), "{broken:?}");
        let client = clients.get(&ClientId::new("mine")).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join(name);
        std::fs::copy("/bin/sleep", &program).unwrap();
        let mut process = std::process::Command::new(program)
            .arg("60")
            .spawn()
            .unwrap();
        let runs = || Running::now().has(client, System::Linux);
        keystow_testkit::eventually("it runs", runs);
        process.kill().unwrap();
        process.wait().unwrap();
        keystow_testkit::eventually("it has ended", || !runs());
    }
}
