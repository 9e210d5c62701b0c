//! What a provider cannot do remotely, and where a person does it instead.

use keystow_core::provider::{Capability, Provider};

use crate::app::App;
use crate::error::AppError;
use crate::store::Workspace;

impl App {
    /// The provider of a workspace, where its remote API can do something.
    ///
    /// # Errors
    /// `provider.not_capable`, with where to do it instead.
    pub(crate) fn provider_that_can(
        &self,
        workspace: &Workspace,
        capability: Capability,
    ) -> Result<&'static Provider, AppError> {
        let provider = self.provider_of(workspace)?;
        match provider.can(capability) {
            true => Ok(provider),
            false => Err(AppError::NotCapable {
                provider: provider.name.clone(),
                what: deed(capability),
                instead: self.instead(workspace, provider, capability),
            }),
        }
    }

    /// Where a person does what the remote API cannot: the steps on the dashboard, or at least the page.
    fn instead(
        &self,
        workspace: &Workspace,
        provider: &Provider,
        capability: Capability,
    ) -> String {
        let Some(dashboard) = &provider.dashboard else {
            return format!("If {} can, then on its own pages.", provider.name);
        };
        let organization = workspace.organization.as_ref().map(|o| o.id.as_str());
        let page = self.base_of(workspace).ok().and_then(|base| {
            let page = provider.address(&dashboard.keys, &base, organization);
            page.ok()
        });
        let place = match page {
            Some(page) => format!("its dashboard ({page})"),
            None => "its dashboard".to_owned(),
        };
        let steps = match capability {
            Capability::Create => Some(&dashboard.create),
            Capability::Delete => Some(&dashboard.revoke),
            other => dashboard.also.get(other.as_str()),
        };
        match steps {
            Some(steps) => format!("On {place}: {}", steps.join(" ")),
            None => format!("If {} can, then on {place}.", provider.name),
        }
    }
}

/// What a capability lets one do, after "cannot".
fn deed(capability: Capability) -> &'static str {
    match capability {
        Capability::List => "list keys",
        Capability::Search => "search keys",
        Capability::Paginate => "page through keys",
        Capability::Sort => "put keys in order",
        Capability::Create => "make keys",
        Capability::Rename => "rename keys",
        Capability::UpdateScopes => "change what a key may do",
        Capability::Expire => "give keys an expiry",
        Capability::Pause => "pause and resume keys",
        Capability::Delete => "revoke keys",
        Capability::Usage => "tell what a key was used for",
        Capability::Activity => "tell what keys did",
        Capability::Workspaces => "list organizations",
        Capability::Everybody => "list everybody's keys",
        Capability::McpAccess => "limit keys over MCP",
    }
}

/// A way in, or a page, that a provider does not have.
pub(crate) fn no_way(provider: &Provider, what: &'static str) -> AppError {
    AppError::NotCapable {
        provider: provider.name.clone(),
        what,
        instead: match provider.sign_in.is_empty() {
            true => format!(
                "Nobody signs in to {}: a key from its dashboard is pasted.",
                provider.name
            ),
            false => format!("`keystow providers {}` says what it can do.", provider.id),
        },
    }
}
