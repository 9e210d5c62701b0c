//! A bridge lives for hours, and most of what it holds is code that only starting needed: the store, the bus of the session,
//! arguments. Those pages are given back once it has started.

/// Lets go of the code that only starting needed, in a moment. Does not wait for it.
#[cfg(target_os = "linux")]
pub(crate) fn starting_code() {
    use std::thread;
    use std::time::Duration;

    /// How long after the first answer a bridge counts as started: client and server have greeted each other, and the keychain rests.
    const GREETING: Duration = Duration::from_millis(100);
    /// More than that takes.
    const STACK_BYTES: usize = 64 * 1024;

    let later = thread::Builder::new().stack_size(STACK_BYTES);
    // Whoever cannot have a thread keeps the pages and loses nothing.
    let _ = later.spawn(|| {
        thread::sleep(GREETING);
        let_go();
    });
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn starting_code() {}

/// Lets go of the pages of this program's code and constants. What is still needed comes back by itself, from the same file.
#[cfg(target_os = "linux")]
fn let_go() {
    use rustix::mm::{Advice, madvise};

    let (Ok(program), Ok(maps)) = (
        std::fs::read_link("/proc/self/exe"),
        std::fs::read_to_string("/proc/self/maps"),
    ) else {
        return;
    };
    let Some(program) = program.to_str() else {
        return;
    };
    for (start, bytes) in maps.lines().filter_map(|line| unwritten(line, program)) {
        // SAFETY: a private mapping of the program's file that was never writable: its pages are those of the file, which cannot be
        // written while it runs, and are read from there again when they are next touched.
        #[allow(unsafe_code)]
        unsafe {
            // Whoever keeps them loses nothing.
            let _ = madvise(start as *mut _, bytes, Advice::LinuxDontNeed);
        }
    }
}

/// Start and size of a line of `/proc/self/maps` that maps what of the program is never written: its code, and its first part,
/// which holds constants. Other parts that can only be read now were written when the program was loaded.
#[cfg(target_os = "linux")]
fn unwritten(line: &str, program: &str) -> Option<(usize, usize)> {
    let mut words = line.split_ascii_whitespace();
    let (range, rights, offset) = (words.next()?, words.next()?, words.next()?);
    let path = line.split_once('/').map(|(_, path)| path)?;
    let at_begin = offset.bytes().all(|digit| digit == b'0');
    if program.strip_prefix('/') != Some(path)
        || !(rights == "r-xp" || rights == "r--p" && at_begin)
    {
        return None;
    }
    let (start, end) = range.split_once('-')?;
    let start = usize::from_str_radix(start, 16).ok()?;
    let end = usize::from_str_radix(end, 16).ok()?;
    Some((start, end.checked_sub(start)?))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::unwritten;

    #[test]
    fn only_what_was_never_written_is_let_go() {
        let wanted = [
            (
                "55ab32179000-55ab32709000 r--p 00000000 fe:00 1031 /a dir/keystow",
                true,
            ),
            (
                "55ab32709000-55ab33c44000 r-xp 0058f000 fe:00 1031 /a dir/keystow",
                true,
            ),
            (
                "55ab33c44000-55ab33cc7000 r--p 01ac9000 fe:00 1031 /a dir/keystow",
                false,
            ),
            (
                "55ab33cc7000-55ab33cd0000 rw-p 01b4b000 fe:00 1031 /a dir/keystow",
                false,
            ),
            (
                "7f0000000000-7f0000001000 r-xp 00000000 fe:00 77 /lib/libc.so.6",
                false,
            ),
            ("7ffd0000-7ffd1000 r-xp 00000000 00:00 0 [vdso]", false),
        ];
        for (line, lets_go) in wanted {
            let found = unwritten(line, "/a dir/keystow");
            assert_eq!(found.is_some(), lets_go, "{line}");
        }
        assert_eq!(
            unwritten("1000-3000 r-xp 00001000 fe:00 1 /k", "/k"),
            Some((0x1000, 0x2000))
        );
    }
}
