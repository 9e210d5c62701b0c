//! What a window shows is kept true by looking when something happened, never every now and then: the system tells of changed
//! files, the keychain of its lock. What was looked at is compared with what it was before, so that looking by itself, which may
//! touch a file of the store, never leads to another look.

mod eyes;
mod places;
mod seen;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use keystow_core::Cancel;

use crate::app::App;
use crate::handlers;
use crate::notices::Notice;
use eyes::Eyes;
use places::{Causes, Places};
use seen::Seen;

/// First words of commands whose answers may be others now.
pub type Topics = BTreeSet<&'static str>;

/// Changes come in bursts (a store's log, an editor's temporary file): after the first, the others are waited for so long.
const SETTLE: Duration = Duration::from_millis(100);
/// Where the system tells of no files, they are looked at this often.
const BLIND: Duration = Duration::from_secs(10);

/// What a look came to.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// Which answers are others now.
    pub topics: Topics,
    /// What the person should be told, each once.
    pub notices: Vec<Notice>,
}

/// Something that may be worth a look.
#[derive(Debug)]
enum Stir {
    Files(Vec<PathBuf>),
    Store,
    Keychain,
    Reach,
    Settings,
    Everything,
    Stop,
}

/// Makes a [`Watch`] look.
#[derive(Clone, Debug)]
pub struct Nudge(Sender<Stir>);

impl Nudge {
    /// The keychain may have been locked or unlocked.
    pub fn keychain(&self) {
        self.send(Stir::Keychain);
    }

    /// A workspace is out of reach, or no longer.
    pub(crate) fn reach(&self) {
        self.send(Stir::Reach);
    }

    /// Anything may have changed: the person came back to the window, the computer woke up.
    pub fn everything(&self) {
        self.send(Stir::Everything);
    }

    /// Ends the watch.
    pub fn stop(&self) {
        self.send(Stir::Stop);
    }

    fn send(&self, stir: Stir) {
        // Nobody watches any more: nobody wants to know.
        let _ = self.0.send(stir);
    }
}

/// Looks when it is made to, and says what changed.
#[derive(Debug)]
pub struct Watch {
    stirs: Receiver<Stir>,
    nudge: Nudge,
}

impl Default for Watch {
    fn default() -> Self {
        let (sender, stirs) = channel();
        Self {
            stirs,
            nudge: Nudge(sender),
        }
    }
}

impl Watch {
    /// To make it look.
    pub fn nudge(&self) -> Nudge {
        self.nudge.clone()
    }

    /// Watches until it is told to stop, on a thread of the host's. `tell` gets what changed, never nothing.
    pub fn run(self, app: &App, mut tell: impl FnMut(&News)) {
        app.reach.tell(self.nudge.clone());
        let mut places = Places::of(app);
        let mut eyes = Eyes::open(self.nudge.clone());
        eyes.turn_to(&places.dirs);
        // Only now: what changes from here on is seen.
        let mut seen = Seen::now(app);
        while let Some(stirs) = self.next(eyes.are_blind()) {
            let causes = causes_of(&stirs, &places);
            if causes.is_none() {
                continue;
            }
            if causes.places {
                // First, so that what comes into a new directory after the look is told of.
                eyes.lose_those_of(&stirs);
                places = Places::of(app);
                eyes.turn_to(&places.dirs);
            }
            if causes.store && is_being_written(app) {
                // Of what is not there to be read yet, nothing more may be told.
                self.nudge.send(Stir::Store);
            }
            let news = seen.look(app, causes);
            let topics = &news.topics;
            if topics.contains("connections") || topics.contains("clients") {
                places = Places::of(app);
                if eyes.turn_to(&places.dirs) {
                    // What happened there between the look and now.
                    self.nudge.send(Stir::Settings);
                }
            }
            if causes.live || topics.contains("rotations") || topics.contains("workspaces") {
                app.rotations_stirred.ring();
            }
            if topics.contains("keys") {
                app.look_at_expiry();
            }
            if !topics.is_empty() || !news.notices.is_empty() {
                tell(&news);
            }
        }
    }

    /// Waits for something that happens, and for what comes right after it.
    fn next(&self, blind: bool) -> Option<Vec<Stir>> {
        let first = match blind {
            false => self.stirs.recv().ok()?,
            true => match self.stirs.recv_timeout(BLIND) {
                Ok(stir) => stir,
                Err(RecvTimeoutError::Timeout) => Stir::Everything,
                Err(RecvTimeoutError::Disconnected) => return None,
            },
        };
        let mut stirs = vec![first];
        let until = Instant::now() + SETTLE;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            match self.stirs.recv_timeout(left) {
                Ok(stir) => stirs.push(stir),
                Err(_) => break,
            }
        }
        let stopped = stirs.iter().any(|stir| matches!(stir, Stir::Stop));
        (!stopped).then_some(stirs)
    }
}

fn causes_of(stirs: &[Stir], places: &Places) -> Causes {
    let mut causes = Causes::default();
    for stir in stirs {
        match stir {
            Stir::Files(paths) => {
                for path in paths {
                    causes |= places.causes_of(path);
                }
            }
            Stir::Store => causes.store = true,
            Stir::Keychain => causes.keychain = true,
            Stir::Reach => causes.reach = true,
            Stir::Settings => causes.settings = true,
            Stir::Everything => causes |= Causes::ALL,
            Stir::Stop => {}
        }
    }
    causes
}

fn is_being_written(app: &App) -> bool {
    app.store.is_being_written().unwrap_or_else(|error| {
        tracing::warn!(%error, "whether the store is being written is not known");
        false
    })
}

impl App {
    /// Carries rotations on until `stop`, on a thread of the host's: at once, when the next step is due, and when a [`Watch`] of
    /// this application saw that something changed.
    pub fn watch_rotations(&self, stop: &Cancel) {
        while !stop.is_cancelled() {
            let seen = self.rotations_stirred.count();
            let next = handlers::rotations_carry_on(self).unwrap_or_else(|error| {
                tracing::warn!(%error, "rotations were not carried on");
                Some(self.now() + AFTER_FAILURE_MS)
            });
            let wait = next.map(|at| {
                let left = u64::try_from(at - self.now()).unwrap_or_default();
                // Not before it is due.
                Duration::from_millis(left + 1)
            });
            self.rotations_stirred.wait_after(seen, wait);
        }
    }

    /// Looks after rotations at once: for a computer that slept, or to stop.
    pub fn look_at_rotations(&self) {
        self.rotations_stirred.ring();
    }
}

/// A store that could not be read is tried again after this long.
const AFTER_FAILURE_MS: i64 = 30_000;

#[cfg(all(test, target_os = "linux"))]
mod tests;
