//! Where there is no GPU, WebKit's shared-buffer renderer triples the time to the first picture: see ADR 0003.

/// Starts this program over with the better renderer, where the machine has no GPU and the person has not chosen one. Must be the
/// first thing that happens.
pub fn choose_renderer() {
    #[cfg(target_os = "linux")]
    linux::choose();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::Command;

    const CHOICE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    /// Any of these set by the person means that they know better.
    const CHOSEN: [&str; 3] = [
        CHOICE,
        "WEBKIT_DISABLE_COMPOSITING_MODE",
        "WEBKIT_SKIA_ENABLE_CPU_RENDERING",
    ];

    #[allow(clippy::disallowed_methods)] // the renderer is chosen before anything that could hand the environment on
    pub(super) fn choose() {
        let chosen = CHOSEN.iter().any(|name| std::env::var_os(name).is_some());
        if chosen || has_gpu(Path::new("/dev/dri")) {
            return;
        }
        let Ok(program) = std::env::current_exe() else {
            return;
        };
        // The variable must be there before GTK starts; a process cannot safely change its own environment, but its successor
        // can be given another one. Only a failed exec returns, and then the slower renderer will do.
        let _ = Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(CHOICE, "1")
            .exec();
    }

    /// A render node is what programs draw with; a bare `card0` is only a screen.
    fn has_gpu(dir: &Path) -> bool {
        std::fs::read_dir(dir)
            .into_iter()
            .flatten()
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"))
    }

    #[cfg(test)]
    mod tests {
        use super::has_gpu;

        #[test]
        fn a_screen_is_not_a_gpu() {
            let dir = tempfile::tempdir().unwrap();
            assert!(!has_gpu(&dir.path().join("missing")));
            std::fs::create_dir(dir.path().join("card0")).unwrap();
            assert!(!has_gpu(dir.path()));
            std::fs::create_dir(dir.path().join("renderD128")).unwrap();
            assert!(has_gpu(dir.path()));
        }
    }
}
