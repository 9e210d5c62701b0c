//! How WebKit draws and runs pages on this machine: see ADR 0003 (drawing without a GPU) and ADR 0011 (scripts).

/// Tells WebKit what it has to know before it starts: the better renderer, where the machine has no GPU, and to compile only what
/// is called again and again. What the person has chosen stays. Must be the first thing that happens.
pub fn choose_renderer() {
    #[cfg(target_os = "linux")]
    linux::choose();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::os::unix::process::CommandExt;
    use std::path::Path;
    use std::process::Command;

    type Variable = (&'static str, &'static str);

    const RENDERER: Variable = ("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    /// Any of these set by the person means that they know better.
    const RENDERERS: [&str; 3] = [
        RENDERER.0,
        "WEBKIT_DISABLE_COMPOSITING_MODE",
        "WEBKIT_SKIA_ENABLE_CPU_RENDERING",
    ];
    /// With that renderer our own process draws nothing by OpenGL. GTK and WebKit would get it ready all the same: to look at the
    /// screen's visuals, and for the name of a device, which is not there.
    const WITHOUT_GL: [Variable; 2] = [
        ("GDK_GL", "disable"),
        ("WEBKIT_WEB_RENDER_DEVICE_FILE", "/dev/null"),
    ];
    /// No compiler that pays off only in long calculations; the one that is left waits until a function was called some 270 times
    /// (15 points each) instead of 33; and what scripts left behind is collected from 4 MB on, not from 32.
    const SCRIPTS: [Variable; 4] = [
        ("JSC_useDFGJIT", "0"),
        ("JSC_thresholdForJITAfterWarmUp", "4000"),
        ("JSC_thresholdForJITSoon", "2000"),
        ("JSC_largeHeapSize", "4000000"),
    ];
    /// WebKit does not look, as long as the window is open, how much memory the machine has left (every five seconds) and each of its
    /// processes takes (twice a minute, by all their mappings).
    const AT_REST: Variable = ("WEBKIT_DISABLE_MEMORY_PRESSURE_MONITOR", "1");
    /// Set by the person, it stands for all of `SCRIPTS`.
    const COMPILER: &str = "JSC_useJIT";

    #[allow(clippy::disallowed_methods)] // chosen before anything that could hand the environment on
    pub(super) fn choose() {
        let is_free = |name: &str| std::env::var_os(name).is_none();
        let chosen = chosen(is_free, has_gpu(Path::new("/dev/dri")));
        if chosen.is_empty() {
            return;
        }
        // Where there is but one thread, nothing else can be reading the environment.
        if threads() == Some(1)
            && chosen
                .iter()
                .all(|(name, value)| glib::setenv(name, value, true).is_ok())
        {
            return;
        }
        // Elsewhere a process cannot safely change its own environment, but its successor can be given another one. Only a failed exec
        // returns, and then what WebKit does by itself will do.
        let Ok(program) = std::env::current_exe() else {
            return;
        };
        let _ = Command::new(program)
            .args(std::env::args_os().skip(1))
            .envs(chosen)
            .exec();
    }

    /// What is to be set, for a person who has set all that is not free.
    fn chosen(is_free: impl Fn(&str) -> bool, has_gpu: bool) -> Vec<Variable> {
        let are_free = |names: &[&str]| names.iter().all(|name| is_free(name));
        let mut chosen = Vec::new();
        if !has_gpu && are_free(&RENDERERS) {
            chosen.push(RENDERER);
            chosen.extend(WITHOUT_GL.into_iter().filter(|(name, _)| is_free(name)));
        }
        if is_free(COMPILER) && SCRIPTS.iter().all(|(name, _)| is_free(name)) {
            chosen.extend(SCRIPTS);
        }
        if is_free(AT_REST.0) {
            chosen.push(AT_REST);
        }
        chosen
    }

    /// How many threads this process has.
    fn threads() -> Option<usize> {
        Some(std::fs::read_dir("/proc/self/task").ok()?.count())
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
        use super::{chosen, has_gpu};

        const MONITOR: &str = "WEBKIT_DISABLE_MEMORY_PRESSURE_MONITOR";
        /// What is chosen on every machine.
        const ALWAYS: [&str; 5] = [
            "JSC_useDFGJIT",
            "JSC_thresholdForJITAfterWarmUp",
            "JSC_thresholdForJITSoon",
            "JSC_largeHeapSize",
            MONITOR,
        ];

        /// The names that are chosen where the person has set one.
        fn names(set: &str, has_gpu: bool) -> Vec<&'static str> {
            let all = chosen(|name| name != set, has_gpu);
            all.into_iter().map(|(name, _)| name).collect()
        }

        #[test]
        fn without_a_gpu_nothing_is_drawn_by_opengl() {
            let all = [
                "WEBKIT_DISABLE_DMABUF_RENDERER",
                "GDK_GL",
                "WEBKIT_WEB_RENDER_DEVICE_FILE",
            ];
            assert_eq!(names("", false), [&all[..], &ALWAYS].concat());
            assert_eq!(names("", true), ALWAYS);
        }

        #[test]
        fn what_the_person_has_set_stays() {
            for renderer in [
                "WEBKIT_DISABLE_DMABUF_RENDERER",
                "WEBKIT_SKIA_ENABLE_CPU_RENDERING",
            ] {
                assert_eq!(names(renderer, false), ALWAYS, "{renderer}");
            }
            assert!(!names("GDK_GL", false).contains(&"GDK_GL"));
            assert!(names("GDK_GL", false).contains(&"WEBKIT_DISABLE_DMABUF_RENDERER"));
            for compiler in ["JSC_useJIT", "JSC_thresholdForJITSoon"] {
                assert_eq!(names(compiler, true), [MONITOR], "{compiler}");
            }
            assert!(!names(MONITOR, true).contains(&MONITOR));
        }

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
