//! Every command of the product, once: one table, its requests and its views.
//!
//! The table is expanded into the window's IPC adapters, the typed TypeScript client and the list that tests walk; the CLI calls
//! the same handlers and prints the same views with `--json`. No view and no request has a place for plaintext.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The whole surface: `name(Request) -> View, invalidates [caches];`. Caches are the first word of the commands whose answers go
/// stale.
#[macro_export]
macro_rules! with_commands {
    ($expand:ident) => {
        $expand! {
            app_status(Empty) -> AppStatusView, invalidates [];
            app_unlock(Empty) -> AppStatusView, invalidates [app, workspaces, keys, servers, clients, connections];
            app_quit(Empty) -> Empty, invalidates [];
            settings_get(Empty) -> SettingsView, invalidates [];
            settings_set(SettingsView) -> SettingsView, invalidates [settings];
            desktop_get(Empty) -> DesktopView, invalidates [];
            desktop_set(DesktopView) -> DesktopView, invalidates [desktop];
            providers_list(Empty) -> Vec<ProviderView>, invalidates [];
            providers_own(Empty) -> OwnProvidersView, invalidates [];
            providers_add_custom(CustomProviderRequest) -> ProviderView, invalidates [providers];
            workspaces_list(Empty) -> Vec<WorkspaceView>, invalidates [];
            workspaces_use(WorkspaceRequest) -> WorkspaceView, invalidates [app, workspaces, keys, servers, clients, connections, activity];
            workspaces_add(WorkspaceAddRequest) -> WorkspaceView, invalidates [app, workspaces, keys, servers, clients, connections, activity];
            workspaces_set(WorkspaceSetRequest) -> WorkspaceView, invalidates [app, workspaces, servers];
            workspaces_remove(WorkspaceRequest) -> Empty, invalidates [app, workspaces, keys, servers, clients, connections, activity];
            workspaces_organizations(WorkspaceRequest) -> Vec<OrganizationView>, invalidates [];
            workspaces_use_organization(OrganizationRequest) -> WorkspaceView, invalidates [app, workspaces, keys, servers, clients, connections, activity];
            workspaces_open_dashboard(WorkspaceRequest) -> Empty, invalidates [];
            sessions_sign_in(SignInRequest) -> SignInView, invalidates [app, workspaces, keys, servers, clients, connections, activity];
            sessions_wait(AttemptRequest) -> SignInView, invalidates [app, workspaces, keys, servers, clients, connections, activity];
            sessions_open(AttemptRequest) -> Empty, invalidates [];
            sessions_code(CodeRequest) -> SignInView, invalidates [app, workspaces, keys, servers, clients, connections, activity];
            sessions_cancel(AttemptRequest) -> Empty, invalidates [];
            sessions_sign_out(WorkspaceRequest) -> Empty, invalidates [app, workspaces, keys, servers, clients, connections, activity];
            servers_list(Empty) -> Vec<ServerView>, invalidates [];
            servers_sign_in(ServerRequest) -> SignInView, invalidates [servers, activity];
            servers_sign_out(ServerRequest) -> Empty, invalidates [servers, activity];
            keys_list(KeysListRequest) -> KeyPageView, invalidates [];
            keys_show(KeyRequest) -> KeyView, invalidates [];
            keys_create(KeyCreateRequest) -> KeyView, invalidates [app, keys, activity];
            keys_rename(KeyRenameRequest) -> KeyView, invalidates [keys, clients, connections, activity];
            keys_update(KeyUpdateRequest) -> KeyView, invalidates [keys, activity];
            keys_paste(KeyPasteRequest) -> KeyView, invalidates [app, keys, activity];
            keys_replace(KeyRequest) -> KeyView, invalidates [app, keys, clients, connections, activity];
            keys_usage(KeyRequest) -> UsageView, invalidates [];
            keys_hygiene(Empty) -> HygieneView, invalidates [];
            keys_trail(KeyRequest) -> Vec<ActivityView>, invalidates [];
            keys_pause(KeyRequest) -> KeyView, invalidates [keys, connections, activity];
            keys_resume(KeyRequest) -> KeyView, invalidates [keys, connections, activity];
            keys_copy(KeyRequest) -> CopiedView, invalidates [];
            keys_delete(KeyRequest) -> Empty, invalidates [app, keys, clients, connections, activity];
            keys_revoke_other(OthersKeyRequest) -> Empty, invalidates [app, keys, clients, connections, activity];
            keys_revoke(KeyRequest) -> RotationView, invalidates [app, keys, clients, connections, rotations, activity];
            rotations_start(RotateRequest) -> RotationView, invalidates [app, keys, clients, connections, rotations, activity];
            rotations_plan_all(Empty) -> RotateAllPlanView, invalidates [];
            rotations_start_all(RotateAllRequest) -> Vec<RotationView>, invalidates [app, keys, clients, connections, rotations, activity];
            rotations_list(Empty) -> Vec<RotationView>, invalidates [];
            rotations_advance(RotationRequest) -> RotationView, invalidates [app, keys, clients, connections, rotations, activity];
            rotations_paste(RotationRequest) -> RotationView, invalidates [app, keys, clients, connections, rotations, activity];
            rotations_retire(RotationRequest) -> RotationView, invalidates [app, keys, clients, connections, rotations, activity];
            rotations_cancel(RotationRequest) -> RotationView, invalidates [app, keys, clients, connections, rotations, activity];
            clients_list(Empty) -> Vec<ClientView>, invalidates [];
            clients_own(Empty) -> OwnClientsView, invalidates [];
            clients_links(LinkRequest) -> LinksView, invalidates [app, keys, clients, connections, activity];
            clients_copy_link(LinkPickRequest) -> CopiedView, invalidates [activity];
            clients_open_link(LinkPickRequest) -> Empty, invalidates [];
            links_take(Empty) -> WaitingLinkView, invalidates [];
            clients_running(ClientRequest) -> RunningView, invalidates [];
            connections_plan(ConnectRequest) -> PlanView, invalidates [];
            connections_plan_removal(DisconnectRequest) -> PlanView, invalidates [];
            connections_apply(PlanRequest) -> AppliedView, invalidates [app, keys, clients, connections, changes, activity];
            connections_list(Empty) -> Vec<ConnectionView>, invalidates [];
            connections_drift(ConnectionRequest) -> DriftView, invalidates [];
            connections_plan_repair(RepairRequest) -> PlanView, invalidates [];
            connections_probe(ConnectionRequest) -> ProbeView, invalidates [keys, activity];
            changes_list(Empty) -> Vec<ChangeView>, invalidates [];
            changes_preview(ChangeRequest) -> UndoPreviewView, invalidates [];
            changes_undo(ChangeRequest) -> ChangeView, invalidates [app, keys, clients, connections, changes, activity];
            activity_list(ActivityRequest) -> Vec<ActivityView>, invalidates [];
            activity_export(ActivityRequest) -> ExportView, invalidates [];
            places_list(Empty) -> Vec<PlaceView>, invalidates [];
            places_open(PlaceRequest) -> Empty, invalidates [];
            removal_preview(Empty) -> RemovalView, invalidates [];
            removal_apply(RemovalRequest) -> RemovedView, invalidates [app, workspaces, keys, servers, clients, connections, changes, rotations, activity];
            doctor_run(DoctorRequest) -> Vec<CheckView>, invalidates [app, clients, connections, activity];
        }
    };
}

/// A request or answer with nothing in it: `{}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
pub struct Empty {}

macro_rules! wire {
    ($($(#[$doc:meta])* struct $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty,)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize, Deserialize, TS)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty,)* }
    )* };
    ($($(#[$doc:meta])* enum $name:ident { $($(#[$vdoc:meta])* $variant:ident,)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }
    )* };
}

mod activity;
mod clients;
mod connections;
mod deep_links;
mod desktop;
mod frame;
mod keys;
mod removal;
mod rotations;
mod states;
mod workspaces;

pub use activity::*;
pub use clients::*;
pub use connections::*;
pub use deep_links::*;
pub use desktop::*;
pub use frame::*;
pub use keys::*;
pub use removal::*;
pub use rotations::*;
pub use states::*;
pub use workspaces::*;

/// The word that one of a few choices goes by, such as `light`: in the store, on a command line and in the window.
pub fn word_of(choice: &impl Serialize) -> String {
    match serde_json::to_value(choice) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The choice that goes by a word, if there is one.
pub fn choice_of<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(word.into()).ok()
}
