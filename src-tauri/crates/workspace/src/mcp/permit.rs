//! What a key may do over MCP: its permissions, its preset, its allowlist, the instances and projects it is for, and whether it
//! may change anything.

use crate::keys::{McpAccess, Settings};
use crate::organizations::Organization;

/// This workspace, in a key's list of instances. Organizations are its projects, by slug or id.
pub(crate) const INSTANCE: &str = "local";

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
    #[error("this key may not call {0}: this instance is not on its list")]
    Instance(&'static str),
    #[error("this key may not call {0}: its organization is not on its list of projects")]
    Project(&'static str),
}

/// Whether a key of an organization may call a tool. Instances and projects hold for every tool that any key needs a permission
/// for; an empty list of them holds nothing back.
pub(crate) fn check(
    settings: &Settings,
    organization: &Organization,
    tool: &str,
) -> Result<&'static Needs, Forbidden> {
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
        instance_ids,
        project_ids,
        active: _,
    } = &settings.mcp;
    if let Some(scope) = needs.scope {
        if !settings.permissions.iter().any(|one| one == scope) || !fits(permissions, &[scope]) {
            return Err(Forbidden::Scope { tool, scope });
        }
        if !fits(instance_ids, &[INSTANCE]) {
            return Err(Forbidden::Instance(tool));
        }
        if !fits(project_ids, &[&organization.slug, &organization.id]) {
            return Err(Forbidden::Project(tool));
        }
    }
    if *read_only && needs.writes {
        return Err(Forbidden::ReadOnly(tool));
    }
    if let Some(preset) = preset {
        let allowed = match preset.as_str() {
            READ_ONLY => !needs.writes,
            REPORTING => needs.reports,
            _ => true,
        };
        if !allowed {
            let preset = preset.clone();
            return Err(Forbidden::Preset { tool, preset });
        }
    }
    if allowlist_mode == ALLOWLIST && !fits(tool_allowlist, &[tool]) {
        return Err(Forbidden::Allowlist(tool));
    }
    Ok(needs)
}

/// Whether a list has one of some names; an empty list has all.
fn fits(list: &[String], names: &[&str]) -> bool {
    list.is_empty() || list.iter().any(|one| names.contains(&one.as_str()))
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

    fn check(settings: &Settings, tool: &str) -> Result<&'static Needs, Forbidden> {
        let organization = Organization {
            seq: 1,
            id: "o-1".to_owned(),
            slug: "acme".to_owned(),
            name: "Acme".to_owned(),
        };
        super::check(settings, &organization, tool)
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
        let instances = |ids: &[&str]| {
            let ids = ids.iter().map(|&id| id.to_owned()).collect();
            allowed(&settings(|s| s.mcp.instance_ids = ids)).len()
        };
        assert_eq!(
            (instances(&["other", "local"]), instances(&["other"])),
            (6, 1)
        );
        let projects = |ids: &[&str]| {
            let ids = ids.iter().map(|&id| id.to_owned()).collect();
            allowed(&settings(|s| s.mcp.project_ids = ids)).len()
        };
        assert_eq!((projects(&["acme"]), projects(&["x", "o-1"])), (6, 6));
        assert_eq!(projects(&["personal"]), 1);
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
