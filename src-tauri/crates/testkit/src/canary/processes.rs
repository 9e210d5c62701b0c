//! Arguments and environments of processes.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use super::{Canary, Leak};
use crate::World;

impl Canary {
    /// Searches the arguments and the environment of some processes and of all that descend from them.
    pub fn search_processes(&self, pids: &[u32]) -> Vec<Leak> {
        let all = parents();
        let mut family: BTreeSet<u32> = pids.iter().copied().collect();
        loop {
            let before = family.len();
            let children = all.iter().filter(|(_, parent)| family.contains(parent));
            let children: Vec<u32> = children.map(|(pid, _)| *pid).collect();
            family.extend(children);
            if family.len() == before {
                break;
            }
        }
        family
            .into_iter()
            .flat_map(|pid| self.search(pid))
            .collect()
    }

    /// Looks at every process of a world again and again until [`Watch::finish`], so that those are seen, too, that live for
    /// some milliseconds only.
    pub fn watch(self: Arc<Self>, world: &World) -> Watch {
        let done = Arc::new(AtomicBool::new(false));
        let processes = world.process_finder();
        let over = Arc::clone(&done);
        let thread = std::thread::spawn(move || {
            let mut seen = Seen::default();
            loop {
                let last = over.load(Ordering::Acquire);
                for pid in processes.processes() {
                    seen.pids.insert(pid);
                    for leak in self.search(pid) {
                        if !seen.leaks.contains(&leak) {
                            seen.leaks.push(leak);
                        }
                    }
                }
                if last {
                    return seen;
                }
                std::thread::sleep(std::time::Duration::from_millis(3));
            }
        });
        Watch {
            done,
            thread: Some(thread),
        }
    }

    fn search(&self, pid: u32) -> Vec<Leak> {
        let files = ["cmdline", "environ"].into_iter();
        files
            .flat_map(|file| {
                let path = PathBuf::from(format!("/proc/{pid}/{file}"));
                // One that ended meanwhile has neither.
                let bytes = std::fs::read(&path).unwrap_or_default();
                self.search_slice(&path, &bytes)
            })
            .collect()
    }
}

/// A search of processes that goes on in the background.
pub struct Watch {
    done: Arc<AtomicBool>,
    thread: Option<JoinHandle<Seen>>,
}

#[derive(Default)]
struct Seen {
    pids: BTreeSet<u32>,
    leaks: Vec<Leak>,
}

impl Watch {
    /// Ends the search after one more look. Tells how many processes it saw (a search that saw none proves nothing) and what
    /// leaked.
    pub fn finish(mut self) -> (usize, Vec<Leak>) {
        self.done.store(true, Ordering::Release);
        let seen = self
            .thread
            .take()
            .and_then(|thread| thread.join().ok())
            .expect("the search does not panic");
        (seen.pids.len(), seen.leaks)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Release);
    }
}

/// Every process and its parent.
fn parents() -> Vec<(u32, u32)> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // `pid (name) state parent …`; the name may hold anything, also parentheses.
            let (_, rest) = stat.rsplit_once(')')?;
            let parent = rest.split_whitespace().nth(1)?.parse().ok()?;
            Some((pid, parent))
        })
        .collect()
}
