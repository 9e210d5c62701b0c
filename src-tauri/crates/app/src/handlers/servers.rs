use keystow_core::provider::SignInMethod;

use crate::app::App;
use crate::contract::*;
use crate::error::AppError;

/// All providers.
pub fn providers_list(app: &App, _: Empty) -> Result<Vec<ProviderView>, AppError> {
    Ok(app
        .providers
        .iter()
        .map(|provider| ProviderView {
            id: provider.id.to_string(),
            name: provider.name.clone(),
            about: provider.about.clone(),
            methods: provider
                .sign_in
                .iter()
                .map(|method| match method {
                    SignInMethod::Password => Method::Password,
                    SignInMethod::Browser => Method::Browser,
                })
                .collect(),
        })
        .collect())
}

/// MCP servers of the workspace in use.
pub fn servers_list(app: &App, _: Empty) -> Result<Vec<ServerView>, AppError> {
    let workspace = app.current()?;
    let provider = app.provider_of(&workspace)?;
    let base = app.base_of(provider)?;
    Ok(provider
        .servers
        .iter()
        .map(|server| ServerView {
            id: provider.server_id(server).to_string(),
            name: server.title.clone(),
            about: server.about.clone(),
            entry: server.entry.clone(),
            url: format!("{}{}", base.as_str().trim_end_matches('/'), server.path),
        })
        .collect())
}
