//! What a key may do over MCP: its permissions, its preset, its allowlist, and whether it may change anything.

use crate::keys::{McpAccess, Settings};

/// Permissions of a key, and scopes of a token for the MCP endpoint; all of them is the default.
pub(crate) const SCOPES: &[&str] = &[VIEW_KEYS, CALL_TOOLS, WRITE_TOOLS];

/// The ones that change nothing.
pub(crate) const READING_SCOPES: &[&str] = &[VIEW_KEYS, CALL_TOOLS];

const VIEW_KEYS: &str = "view:keys";
const CALL_TOOLS: &str = "call:tools";
const WRITE_TOOLS: &str = "write:tools";

/// Presets: `read-only` leaves out what changes something, `reporting` everything but keys and usage, `full` nothing.
pub(crate) const PRESETS: &[&str] = &[READ_ONLY, REPORTING, "full"];

const READ_ONLY: &str = "read-only";
const REPORTING: &str = "reporting";

/// Whether the tool allowlist holds. An empty one holds nothing back.
pub(crate) const ALLOWLIST_MODES: &[&str] = &[ALL, ALLOWLIST];

const ALL: &str = "all";
const ALLOWLIST: &str = "allowlist";

/// The mode that goes with a tool allowlist where none is asked for.
pub(crate) fn mode_for(tools: &[String]) -> &'static str {
    if tools.is_empty() { ALL } else { ALLOWLIST }
}

/// What a scope allows, to follow "wants to".
pub(crate) fn about(scope: &str) -> Option<&'static str> {
    match scope {
        VIEW_KEYS => Some("see keys and their usage"),
        CALL_TOOLS => Some("call tools that only read"),
        WRITE_TOOLS => Some("call tools that change something"),
        _ => None,
    }
}

/// What a tool needs.
#[derive(Debug)]
pub(crate) struct Needs {
    pub(crate) tool: &'static str,
    /// `None`: any key may.
    pub(crate) scope: Option<&'static str>,
    pub(crate) writes: bool,
    /// Part of the `reporting` preset.
    pub(crate) reports: bool,
}

/// All tools, in the order they are listed.
pub(crate) const TOOLS: &[Needs] = &[
    Needs {
        tool: "whoami",
        scope: None,
        writes: false,
        reports: true,
    },
    Needs {
        tool: "list_keys",
        scope: Some(VIEW_KEYS),
        writes: false,
        reports: true,
    },
    Needs {
        tool: "usage",
        scope: Some(VIEW_KEYS),
        writes: false,
        reports: true,
    },
    Needs {
        tool: "echo",
        scope: Some(CALL_TOOLS),
        writes: false,
        reports: false,
    },
    Needs {
        tool: "stream",
        scope: Some(CALL_TOOLS),
        writes: false,
        reports: false,
    },
    Needs {
        tool: "slow",
        scope: Some(WRITE_TOOLS),
        writes: true,
        reports: false,
    },
];

/// Why a key may not call a tool.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Forbidden {
    #[error("there is no tool named {0}")]
    Unknown(String),
    #[error("this key may not call {tool}: it lacks the permission {scope}")]
    Scope {
        tool: &'static str,
        scope: &'static str,
    },
    #[error("this key may not call {0}: it is read-only")]
    ReadOnly(&'static str),
    #[error("this key may not call {tool}: its preset is {preset}")]
    Preset { tool: &'static str, preset: String },
    #[error("this key may not call {0}: the tool is not on its list")]
    Allowlist(&'static str),
}

/// Whether a key may call a tool.
pub(crate) fn check(settings: &Settings, tool: &str) -> Result<&'static Needs, Forbidden> {
    let needs = TOOLS
        .iter()
        .find(|needs| needs.tool == tool)
        .ok_or_else(|| Forbidden::Unknown(tool.chars().take(64).collect()))?;
    let tool = needs.tool;
    let McpAccess {
        read_only,
        preset,
        allowlist_mode,
        tool_allowlist,
        permissions,
        ..
    } = &settings.mcp;
    if let Some(scope) = needs.scope {
        let has = |list: &[String]| list.iter().any(|one| one == scope);
        if !has(&settings.permissions) || !(permissions.is_empty() || has(permissions)) {
            return Err(Forbidden::Scope { tool, scope });
        }
    }
    if *read_only && needs.writes {
        return Err(Forbidden::ReadOnly(tool));
    }
    if let Some(preset) = preset {
        let fits = match preset.as_str() {
            READ_ONLY => !needs.writes,
            REPORTING => needs.reports,
            _ => true,
        };
        if !fits {
            let preset = preset.clone();
            return Err(Forbidden::Preset { tool, preset });
        }
    }
    let listed = tool_allowlist.is_empty() || tool_allowlist.iter().any(|one| one == tool);
    if allowlist_mode == ALLOWLIST && !listed {
        return Err(Forbidden::Allowlist(tool));
    }
    Ok(needs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(change: impl FnOnce(&mut Settings)) -> Settings {
        let mut settings = Settings {
            name: "test".to_owned(),
            scope: "organization".to_owned(),
            permissions: SCOPES.iter().map(|&scope| scope.to_owned()).collect(),
            expires_at: None,
            rate_per_minute: 120,
            mcp: McpAccess {
                active: true,
                read_only: false,
                preset: None,
                allowlist_mode: ALL.to_owned(),
                tool_allowlist: Vec::new(),
                permissions: Vec::new(),
                instance_ids: Vec::new(),
                project_ids: Vec::new(),
            },
        };
        change(&mut settings);
        settings
    }

    fn allowed(settings: &Settings) -> Vec<&'static str> {
        TOOLS
            .iter()
            .filter(|needs| check(settings, needs.tool).is_ok())
            .map(|needs| needs.tool)
            .collect()
    }

    #[test]
    fn a_key_without_limits_may_call_everything() {
        assert_eq!(allowed(&settings(|_| {})).len(), 6);
    }

    #[test]
    fn each_limit_holds_by_itself() {
        let reading = ["whoami", "list_keys", "usage", "echo", "stream"];
        assert_eq!(allowed(&settings(|s| s.mcp.read_only = true)), reading);
        assert_eq!(
            allowed(&settings(|s| s.mcp.preset = Some(READ_ONLY.to_owned()))),
            reading
        );
        assert_eq!(
            allowed(&settings(|s| s.mcp.preset = Some(REPORTING.to_owned()))),
            ["whoami", "list_keys", "usage"]
        );
        assert_eq!(
            allowed(&settings(|s| s.permissions = vec![CALL_TOOLS.to_owned()])),
            ["whoami", "echo", "stream"]
        );
        assert_eq!(
            allowed(&settings(|s| s.mcp.permissions = vec![VIEW_KEYS.to_owned()])),
            ["whoami", "list_keys", "usage"]
        );
        assert_eq!(
            allowed(&settings(|s| {
                s.mcp.allowlist_mode = ALLOWLIST.to_owned();
                s.mcp.tool_allowlist = vec!["echo".to_owned(), "gone".to_owned()];
            })),
            ["echo"]
        );
    }

    #[test]
    fn limits_add_up() {
        let both = settings(|s| {
            s.mcp.read_only = true;
            s.mcp.allowlist_mode = ALLOWLIST.to_owned();
            s.mcp.tool_allowlist = vec!["slow".to_owned(), "echo".to_owned()];
        });
        assert_eq!(allowed(&both), ["echo"]);
        assert_eq!(
            check(&both, "slow").unwrap_err(),
            Forbidden::ReadOnly("slow")
        );
    }
}
