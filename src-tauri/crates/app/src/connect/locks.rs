use std::path::Path;

use keystow_core::clients::ClientLock;

use crate::app::App;
use crate::files::ClientLocks;
use crate::store::ConnectionOp;

/// The locks that the client takes itself when it writes the settings file `path`, which is at `real`.
pub(super) fn locks_of<'a>(
    app: &'a App,
    ops: &[ConnectionOp],
    path: &Path,
    real: &Path,
) -> ClientLocks<'a> {
    let mut locks = ClientLocks {
        data: &app.paths.data,
        client: "",
        locks: Vec::new(),
    };
    for op in ops {
        let (ConnectionOp::Add(connected)
        | ConnectionOp::Remove(connected)
        | ConnectionOp::Relearn {
            after: connected, ..
        }) = op;
        let Some(client) = app.clients.get(&connected.client) else {
            continue;
        };
        let Some((target, _)) = client.target(&connected.target) else {
            continue;
        };
        if connected.path != path {
            continue;
        }
        locks.client = &client.name;
        // Some take the lock beside the link, some beside the file it leads to.
        for place in [path, real] {
            let lock: Option<ClientLock> = target.lock_for(place);
            locks
                .locks
                .extend(lock.filter(|lock| !locks.locks.contains(lock)));
        }
    }
    locks
}
