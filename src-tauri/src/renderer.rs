//! How WebKit draws and runs pages on this machine: see ADR 0003 (drawing without a GPU) and ADR 0011 (scripts).

/// Starts this program over with what WebKit has to be told before it starts: the better renderer, where the machine has no GPU, and
/// to leave out the compilers that pay off only in long calculations. What the person has chosen stays. Must be the first thing that
/// happens.
pub fn choose_renderer() {
    #[cfg(target_os = "linux")]
    linux::choose();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::Command;

    const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    /// Any of these set by the person means that they know better.
    const RENDERERS: [&str; 3] = [
        RENDERER,
        "WEBKIT_DISABLE_COMPOSITING_MODE",
        "WEBKIT_SKIA_ENABLE_CPU_RENDERING",
    ];
    const COMPILER: &str = "JSC_useDFGJIT";
    /// And these.
    const COMPILERS: [&str; 2] = [COMPILER, "JSC_useJIT"];

    #[allow(clippy::disallowed_methods)] // chosen before anything that could hand the environment on
    pub(super) fn choose() {
        let is_free = |names: &[&str]| names.iter().all(|name| std::env::var_os(name).is_none());
        let renderer = is_free(&RENDERERS) && !has_gpu(Path::new("/dev/dri"));
        let compiler = is_free(&COMPILERS);
        let wanted = [(renderer, RENDERER, "1"), (compiler, COMPILER, "0")];
        let chosen = wanted.iter().filter(|(is_wanted, ..)| *is_wanted);
        if chosen.clone().next().is_none() {
            return;
        }
        let Ok(program) = std::env::current_exe() else {
            return;
        };
        // The variables must be there before GTK starts; a process cannot safely change its own environment, but its successor
        // can be given another one. Only a failed exec returns, and then what WebKit does by itself will do.
        let _ = Command::new(program)
            .args(std::env::args_os().skip(1))
            .envs(chosen.map(|(_, name, value)| (name, value)))
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
