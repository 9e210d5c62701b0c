//! The command table as Tauri commands: each calls the handler of its name on a thread that may block.

use std::sync::Arc;

use keystow_app::contract::{self, ProblemView};
use keystow_app::{App, AppError, describe, handlers};
use tauri::State;
use tauri::async_runtime::spawn_blocking;

/// The application, or why there is none: then every command answers with that, and the window shows it.
pub struct Host(Result<App, ProblemView>);

impl Host {
    /// Keeps what opening the application came to.
    pub fn new(app: Result<App, ProblemView>) -> Self {
        Self(app)
    }

    /// The application, where there is one.
    pub(crate) fn app(&self) -> Option<&App> {
        self.0.as_ref().ok()
    }
}

type Handler<Request, View> = fn(&App, Request) -> Result<View, AppError>;

async fn call<Request, View>(
    host: Arc<Host>,
    request: Request,
    handler: Handler<Request, View>,
) -> Result<View, ProblemView>
where
    Request: Send + 'static,
    View: Send + 'static,
{
    let work = move || match &host.0 {
        Ok(app) => handler(app, request).map_err(|error| describe(&error)),
        Err(problem) => Err(problem.clone()),
    };
    spawn_blocking(work).await.unwrap_or_else(|_| Err(bug()))
}

/// A handler panicked. The panic's own words may hold anything, so they go nowhere.
fn bug() -> ProblemView {
    ProblemView {
        code: "bug".to_owned(),
        title: "Keystow made a mistake".to_owned(),
        detail: "This should not happen. What you asked for may be half done.".to_owned(),
        hint: Some("Start Keystow again: it finishes or takes back what was under way.".to_owned()),
        retry: false,
        change: None,
    }
}

macro_rules! commands {
    ($($name:ident ($request:ident) -> $view:ty, invalidates [$($cache:ident),*];)*) => {
        mod rows {
            use super::*;
            use keystow_app::contract::*;

            $(
                #[tauri::command]
                pub(super) async fn $name(
                    host: State<'_, Arc<Host>>,
                    request: contract::$request,
                ) -> Result<$view, ProblemView> {
                    call(host.inner().clone(), request, handlers::$name).await
                }
            )*

            pub fn handler<R: tauri::Runtime>() -> impl Fn(tauri::ipc::Invoke<R>) -> bool + Send + Sync + 'static {
                tauri::generate_handler![$($name),*]
            }
        }
    };
}
keystow_app::with_commands!(commands);

pub use rows::handler;
