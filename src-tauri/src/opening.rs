//! How the window opens: out of sight until there is a page in it. WebKit on Linux waits half a second, now and then, for a page that
//! is to be drawn before it has begun (its process asks ours, ours waits for it); and nobody has to look at an empty window.

use std::sync::{Arc, Once};
use std::time::Duration;

use keystow_app::let_go_of_starting_code;
use tauri::{AppHandle, Runtime};

use crate::ipc::Host;
use crate::{notice, tray, window};

/// How long a page may take. A window without one is shown then: it can at least be closed.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long the window takes then to paint what it shows first: what can wait does not take processors from it.
const PAINTING: Duration = Duration::from_millis(500);

/// How long it takes to make its other pages ready, too.
const STARTING: Duration = Duration::from_secs(2);

/// Happens once.
pub(crate) struct Opening {
    host: Arc<Host>,
    unasked: bool,
    once: Once,
}

impl Opening {
    /// `unasked`: started by the system. The window stays out of sight where the icon beside the clock takes over.
    pub(crate) fn new(host: Arc<Host>, unasked: bool) -> Arc<Self> {
        Arc::new(Self {
            host,
            unasked,
            once: Once::new(),
        })
    }

    /// The page is there: shows the window, and soon does what could wait for that.
    pub(crate) fn now<R: Runtime>(self: &Arc<Self>, handle: &AppHandle<R>) {
        self.once.call_once(|| {
            let opening = self.clone();
            if self.unasked {
                self.settle(handle);
            } else {
                window::show(handle);
                later(handle, PAINTING, move |handle| opening.settle(handle));
            }
            let_go_of_starting_code(STARTING);
        });
    }

    /// What goes on beside the window.
    fn settle<R: Runtime>(&self, handle: &AppHandle<R>) {
        tray::put(handle.clone(), self.host.clone(), self.unasked);
        notice::watch(handle.clone(), self.host.clone());
    }

    /// No later than in a while, whether there is a page or not.
    pub(crate) fn soon<R: Runtime>(self: &Arc<Self>, handle: &AppHandle<R>) {
        let opening = self.clone();
        later(handle, PATIENCE, move |handle| opening.now(handle));
    }
}

/// Does something on the main thread after a while, unless the program ends before.
fn later<R: Runtime>(
    handle: &AppHandle<R>,
    after: Duration,
    work: impl FnOnce(&AppHandle<R>) + Send + 'static,
) {
    let handle = handle.clone();
    std::thread::spawn(move || {
        std::thread::sleep(after);
        let on_main = handle.clone();
        // Fails only where the program ends.
        let _ = handle.run_on_main_thread(move || work(&on_main));
    });
}
