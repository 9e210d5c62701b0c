//! One handler per row of the command table: check, call, convert.

mod activity;
mod app;
mod changes;
mod clients;
mod connections;
mod deep_links;
mod desktop;
mod doctor;
mod everybody;
mod key_care;
mod keys;
mod links;
mod probe;
mod providers;
mod removal;
mod rotations;
mod servers;
mod sessions;
mod views;
mod workspaces;

pub use activity::{activity_all, activity_export, activity_list};
pub use app::{app_quit, app_status, app_unlock, settings_get, settings_set};
pub use changes::{changes_list, changes_preview, changes_undo};
pub use clients::{clients_list, clients_own, clients_running};
pub use connections::{
    connections_apply, connections_drift, connections_list, connections_plan,
    connections_plan_removal, connections_plan_repair,
};
pub use deep_links::{links_show, links_take};
pub use desktop::{desktop_get, desktop_set};
pub use doctor::doctor_run;
pub use everybody::keys_revoke_other;
pub use key_care::{
    keys_add, keys_hygiene, keys_paste, keys_replace, keys_trail, keys_update, keys_usage,
};
pub(crate) use keys::change_total;
pub use keys::{
    key_secret, keys_copy, keys_create, keys_delete, keys_list, keys_pause, keys_rename,
    keys_resume, keys_show,
};
pub use links::{clients_copy_link, clients_links, clients_open_link};
pub use probe::connections_probe;
pub(crate) use providers::view as provider;
pub use providers::{providers_add_custom, providers_list, providers_own};
pub use removal::{places_list, places_open, removal_apply, removal_preview};
pub use rotations::{
    keys_revoke, rotations_add, rotations_advance, rotations_cancel, rotations_carry_on,
    rotations_list, rotations_paste, rotations_plan_all, rotations_retire, rotations_start,
    rotations_start_all,
};
pub use servers::{servers_list, servers_sign_in, servers_sign_out};
pub(crate) use servers::{signed_in, signed_in_servers};
pub use sessions::{
    sessions_cancel, sessions_code, sessions_open, sessions_sign_in, sessions_sign_out,
    sessions_wait, sign_in_with,
};
pub(crate) use views::shown;
pub(crate) use workspaces::checked_base;
pub use workspaces::{
    workspaces_add, workspaces_list, workspaces_open_dashboard, workspaces_organizations,
    workspaces_remove, workspaces_set, workspaces_use, workspaces_use_organization,
};

/// Each row of the table has a handler of just this shape.
macro_rules! check {
    ($($name:ident ($request:ty) -> $view:ty, invalidates [$($cache:ident),*];)*) => {
        const _: () = {
            use crate::contract::*;
            $( const _: fn(&crate::App, $request) -> Result<$view, crate::AppError> = $name; )*
        };
    };
}
crate::with_commands!(check);
