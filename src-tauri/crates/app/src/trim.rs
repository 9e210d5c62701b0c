//! What runs for hours holds mostly code that only starting needed: the store, the bus of the session, arguments, the toolkit's
//! beginnings. Those pages are given back once it has started, and what was freed of the heap with them.

use std::time::Duration;

/// Has all threads share one heap from now on. The C library of Linux gives nearly each thread one of its own, and what was freed in
/// one is of no use to the others; a program whose threads mostly wait gains nothing by it. To be called before there are threads.
pub fn share_one_heap() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: sets one number of the allocator, with its lock held (mallopt(3)); a refusal changes nothing.
    #[allow(unsafe_code)]
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}

/// Lets go of the code that only starting needed, `after` a while, and does not wait for it. What is needed again comes back by
/// itself. Does nothing where the system is not Linux.
#[cfg(target_os = "linux")]
pub fn let_go_of_starting_code(after: Duration) {
    use std::thread;

    /// More than that takes.
    const STACK_BYTES: usize = 64 * 1024;

    let later = thread::Builder::new().stack_size(STACK_BYTES);
    // Whoever cannot have a thread keeps the pages and loses nothing.
    let _ = later.spawn(move || {
        thread::sleep(after);
        let_go();
        let_go_of_freed();
    });
}

/// Lets go of the code that only starting needed. Does nothing where the system is not Linux.
#[cfg(not(target_os = "linux"))]
pub fn let_go_of_starting_code(_after: Duration) {}

/// Lets go of the pages of code and constants, of this program and of its libraries.
#[cfg(target_os = "linux")]
fn let_go() {
    use rustix::mm::{Advice, madvise};

    let Ok(maps) = std::fs::read_to_string("/proc/self/smaps") else {
        return;
    };
    for (start, bytes) in unwritten(&maps) {
        // SAFETY: a private mapping of a file that cannot be written and never was: its pages are those of the file, and are read from
        // there again when they are next touched.
        #[allow(unsafe_code)]
        unsafe {
            // Whoever keeps them loses nothing.
            let _ = madvise(start as *mut _, bytes, Advice::LinuxDontNeed);
        }
    }
}

/// Lets go of the pages of the heap that nothing is on any more.
#[cfg(target_os = "linux")]
fn let_go_of_freed() {
    #[cfg(target_env = "gnu")]
    // SAFETY: takes the locks of the allocator, as any allocation does, and gives back only what is free (malloc_trim(3)).
    #[allow(unsafe_code)]
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Start and size of what `/proc/self/smaps` says is mapped from a file, cannot be written, and was not when it was loaded, either.
#[cfg(target_os = "linux")]
fn unwritten(maps: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut last = None;
    for line in maps.lines() {
        if let Some(mapping) = readable_file(line) {
            last = mapping;
        } else if let Some(own) = line.strip_prefix("Anonymous:")
            && let Some(mapping) = last.take()
            && own.trim() == "0 kB"
        {
            found.push(mapping);
        }
    }
    found
}

/// Where a line begins a mapping: its start and size, if it is one of a file and cannot be written.
#[cfg(target_os = "linux")]
fn readable_file(line: &str) -> Option<Option<(usize, usize)>> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let start = usize::from_str_radix(start, 16).ok()?;
    let end = usize::from_str_radix(end, 16).ok()?;
    let is_wanted = rest.contains(" /") && matches!(rest.get(..4), Some("r-xp" | "r--p"));
    Some(
        end.checked_sub(start)
            .filter(|_| is_wanted)
            .map(|bytes| (start, bytes)),
    )
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{let_go, let_go_of_freed, share_one_heap, unwritten};

    #[test]
    fn only_what_was_never_written_is_let_go() {
        let maps = [
            ("1000-3000 r--p 00000000 fe:00 1031 /a dir/keystow", "0"),
            ("3000-7000 r-xp 0058f000 fe:00 1031 /a dir/keystow", "0"),
            // Addresses were written into it when it was loaded.
            ("7000-9000 r--p 01ac9000 fe:00 1031 /a dir/keystow", "8"),
            ("9000-a000 rw-p 01b4b000 fe:00 1031 /a dir/keystow", "0"),
            ("b000-c000 r--s 00000000 fe:00 77 /a/shared", "0"),
            ("c000-d000 r-xp 00000000 fe:00 78 /lib/libc.so.6", "0"),
            ("d000-e000 r--p 00000000 00:00 0", "0"),
            ("e000-f000 r-xp 00000000 00:00 0 [vdso]", "0"),
        ]
        .map(|(line, own)| {
            format!("{line}\nSize: 4 kB\nAnonymous:      {own} kB\nVmFlags: rd mr\n")
        })
        .concat();
        assert_eq!(
            unwritten(&maps),
            [(0x1000, 0x2000), (0x3000, 0x4000), (0xc000, 0x1000)]
        );
    }

    #[test]
    fn what_lets_go_goes_on() {
        share_one_heap();
        let kept = vec![7_u8; 1 << 20];
        drop(vec![1_u8; 1 << 20]);
        let_go();
        let_go_of_freed();
        assert!(kept.iter().all(|each| *each == 7));
        assert_eq!(format!("{:?}", std::time::Duration::from_secs(1)), "1s");
    }
}
