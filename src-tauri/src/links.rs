//! Links that begin with `keystow://`: how they come in, from the system that starts this program with one as its argument. None is
//! followed here: the window shows what it would do and asks.

use tauri::{AppHandle, Emitter, RunEvent, Runtime};

use crate::ipc::Host;

/// What the web view hears when a link waits to be looked at.
const LINK_WAITS: &str = "link-waits";
/// The longest argument that is looked at, in bytes.
const LONGEST: usize = 8 * 1024;

/// Keeps the link among the arguments of a program, if there is one, for the window to ask for.
pub(crate) fn keep(host: &Host, arguments: impl IntoIterator<Item = String>) -> bool {
    let link = arguments.into_iter().skip(1).find(|word| is_ours(word));
    match (host.app(), link) {
        (Some(app), Some(link)) => {
            app.keep_link(link);
            true
        }
        _ => false,
    }
}

/// The same where the window is open already.
pub(crate) fn arrived<R: Runtime>(
    handle: &AppHandle<R>,
    host: &Host,
    arguments: impl IntoIterator<Item = String>,
) {
    if keep(host, arguments)
        && let Err(error) = handle.emit(LINK_WAITS, ())
    {
        tracing::warn!(%error, "the window was not told of a link");
    }
}

/// On a Mac links come as an event of the system, not as arguments.
pub(crate) fn on_event<R: Runtime>(handle: &AppHandle<R>, event: RunEvent) {
    #[cfg(target_os = "macos")]
    if let RunEvent::Opened { urls } = event {
        use tauri::Manager;
        let host = handle.state::<std::sync::Arc<Host>>();
        let links = urls.into_iter().map(String::from);
        crate::window::raise(handle);
        arrived(handle, &host, std::iter::once(String::new()).chain(links));
    }
    #[cfg(not(target_os = "macos"))]
    let _ = (handle, event);
}

fn is_ours(word: &str) -> bool {
    const SCHEME: &str = "keystow:";
    word.len() <= LONGEST
        && word
            .get(..SCHEME.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_a_short_word_with_our_scheme_is_a_link() {
        assert!(is_ours("keystow://connect?server=local/tools"));
        assert!(
            is_ours("KEYSTOW://connect"),
            "so that it is refused in words"
        );
        for word in ["", "keystow", "--version", "https://keystow.dev", "é"] {
            assert!(!is_ours(word), "{word}");
        }
        assert!(!is_ours(&format!("keystow://{}", "a".repeat(LONG))));
    }

    const LONG: usize = 9000;
}
