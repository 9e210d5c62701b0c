use std::io::Write;

use keystow_core::ProviderId;
use keystow_core::provider::{Base, Provider, Scope, SignInMethod, custom_file};

use super::{servers, views};
use crate::app::App;
use crate::contract::*;
use crate::error::AppError;
use crate::files::{FileError, private_dir};
use crate::store::Workspace;

/// All providers.
pub fn providers_list(app: &App, _: Empty) -> Result<Vec<ProviderView>, AppError> {
    Ok(app.providers().iter().map(view).collect())
}

/// The person's own provider files: where they are, and those that are not used.
pub fn providers_own(app: &App, _: Empty) -> Result<OwnProvidersView, AppError> {
    Ok(OwnProvidersView {
        directory: app.paths.shown(&app.providers().directory),
        broken: app
            .providers()
            .broken
            .iter()
            .map(|(file, reason)| BrokenFileView {
                file: file.clone(),
                reason: reason.clone(),
            })
            .collect(),
    })
}

/// Writes a provider file of the person's own for one server and its key. It is there from the next start on, and in this process
/// for whoever opens the application anew.
pub fn providers_add_custom(
    app: &App,
    request: CustomProviderRequest,
) -> Result<ProviderView, AppError> {
    let (file, text) = custom_file(
        &request.name,
        &request.url,
        request.header.as_deref().unwrap_or("authorization"),
        request.scheme.as_deref().unwrap_or("Bearer"),
    )
    .map_err(|error| AppError::Invalid {
        reason: error.to_string(),
    })?;
    let directory = app.paths.own_providers();
    let path = directory.join(&file);
    let failed = |source| AppError::File(FileError::at(&path, source));
    private_dir(&directory).map_err(failed)?;
    let mut written = std::fs::File::options()
        .write(true)
        .create_new(true)
        .open(&path)
        .map_err(failed)?;
    written
        .write_all(text.as_bytes())
        .and_then(|()| written.sync_all())
        .map_err(failed)?;
    app.read_providers_again();
    let provider = app
        .providers()
        .iter()
        .find(|provider| provider.own_file.as_deref() == Some(file.as_str()))
        .map(view);
    provider.ok_or_else(|| AppError::Unknown {
        what: "provider",
        id: views::shown(&request.name),
    })
}

/// A provider as the window and `--json` get it.
pub(crate) fn view(provider: &Provider) -> ProviderView {
    let scopes = |scopes: &[Scope]| {
        scopes
            .iter()
            .map(|scope| ScopeView {
                id: scope.id.clone(),
                about: scope.about.clone(),
            })
            .collect()
    };
    ProviderView {
        id: provider.id.to_string(),
        name: provider.name.clone(),
        about: provider.about.clone(),
        documentation: provider.documentation.as_ref().map(ToString::to_string),
        checked: match provider.checked.how.as_str() {
            "run" => Checked::Run,
            "source" => Checked::Source,
            "documentation" => Checked::Documentation,
            _ => Checked::Unverified,
        },
        checked_on: provider.checked.on.clone(),
        unsure: provider.checked.unsure.clone(),
        methods: provider
            .sign_in
            .iter()
            .map(|method| method_view(*method))
            .collect(),
        capabilities: provider
            .capabilities
            .iter()
            .map(|capability| capability.as_str().to_owned())
            .collect(),
        base: match &provider.base {
            Base::Asked { example, choices } => Some(BaseView {
                example: example.clone(),
                choices: choices
                    .iter()
                    .map(|choice| ChoiceView {
                        title: choice.title.clone(),
                        url: choice.url.to_string(),
                    })
                    .collect(),
            }),
            Base::Local | Base::Fixed { .. } => None,
        },
        key: KeyStyleView {
            prefix: provider.key.prefix.clone(),
            name_max: provider.key.name_max,
            days_max: provider.key.days_max,
            days_default: provider.key.days_default,
            budget: provider.key.budget.clone(),
        },
        headers: headers(provider, None),
        scopes: scopes(&provider.scopes),
        more_scopes: provider.more_scopes,
        presets: scopes(&provider.presets),
        dashboard: provider.dashboard.as_ref().map(|dashboard| DashboardView {
            url: dashboard_page(provider, &dashboard.keys),
            create: dashboard.create.clone(),
            revoke: dashboard.revoke.clone(),
            also: dashboard
                .also
                .iter()
                .map(|(what, steps)| AlsoView {
                    what: what.clone(),
                    steps: steps.clone(),
                })
                .collect(),
        }),
        servers: provider
            .servers
            .iter()
            .map(|server| ProviderServerView {
                id: provider.server_id(server).to_string(),
                name: server.title.clone(),
                about: server.about.clone(),
                auth: servers::auth(server),
                caution: server.caution.clone(),
            })
            .collect(),
        own_file: provider.own_file.clone(),
    }
}

/// The page with the keys as far as it is known without a workspace; empty where it is not.
fn dashboard_page(provider: &Provider, page: &str) -> String {
    let base = match &provider.base {
        Base::Fixed { url } => Some(url),
        Base::Asked { choices, .. } => choices.first().map(|choice| &choice.url),
        Base::Local => None,
    };
    base.and_then(|base| provider.address(page, base, None).ok())
        .map(|url| url.to_string())
        .unwrap_or_default()
}

/// The headers beside the key, with the values of a workspace.
pub(super) fn headers(provider: &Provider, workspace: Option<&Workspace>) -> Vec<HeaderView> {
    provider
        .headers
        .iter()
        .map(|header| HeaderView {
            name: header.name.clone(),
            title: header.title.clone(),
            about: header.about.clone(),
            required: header.required,
            value: workspace.and_then(|workspace| workspace.headers.get(&header.name).cloned()),
        })
        .collect()
}

fn method_view(method: SignInMethod) -> Method {
    match method {
        SignInMethod::Password => Method::Password,
        SignInMethod::Browser => Method::Browser,
        SignInMethod::Device => Method::Device,
        SignInMethod::Token => Method::Token,
    }
}

/// The provider with an id.
pub(super) fn named(app: &App, id: &str) -> Result<&'static Provider, AppError> {
    app.providers()
        .get(&ProviderId::new(id))
        .ok_or_else(|| AppError::Unknown {
            what: "provider",
            id: views::shown(id),
        })
}
