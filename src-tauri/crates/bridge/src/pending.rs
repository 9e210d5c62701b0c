//! Requests under way. Who takes a request out of here answers it; nobody else does, so each is answered once.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::value::RawValue;
use tokio::sync::{Notify, oneshot};
use tokio::task::AbortHandle;

use crate::message::Manner;
use crate::peek::text;

/// A request's id in JSON's spelling, with one spelling for every string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Id(Box<str>);

impl Id {
    pub(crate) fn new(raw: &RawValue) -> Self {
        let spelling = raw.get();
        if spelling.contains('\\')
            && let Some(text) = text(raw)
            && let Ok(plain) = serde_json::to_string(&text)
        {
            return Self(plain.into());
        }
        Self(spelling.into())
    }

    /// From JSON's spelling.
    pub(crate) fn of_json(json: String) -> Self {
        Self(json.into())
    }

    pub(crate) fn as_json(&self) -> &str {
        &self.0
    }
}

/// What a request under way is.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// `initialize`: its answer begins the session.
    pub(crate) initialize: bool,
    /// `tools/list`: its answer may ask for parameters in headers.
    pub(crate) lists_tools: bool,
    /// Of the stateless era, where cancelling means to close the stream.
    pub(crate) stateless: bool,
    /// Its answer is being handed on in pieces, and whoever waits for the end of that line waits until it stops.
    pub(crate) flowing: bool,
    /// The client no longer waits for it.
    pub(crate) cancelled: bool,
    /// How it goes to the server.
    pub(crate) manner: Manner,
    /// Stateless servers say how long its result may be kept.
    pub(crate) cacheable: bool,
    /// Goes to a stateless server, which wants to see some arguments as headers.
    pub(crate) headers_matter: bool,
    /// What was sent, where it is to be repeated in a later session.
    pub(crate) standing: Option<Bytes>,
    /// May be answered with a question, in either era.
    pub(crate) may_ask: bool,
    /// Under which id the client waits, where that is not the one it came with.
    pub(crate) now: Option<Id>,
    /// The client was asked something and waits for nothing until it comes back with the answer.
    pub(crate) parked: bool,
    /// The server's answer that asks for more first.
    pub(crate) interim: Option<Bytes>,
    /// The bridge itself asked; the client must not see the answer.
    pub(crate) ours: Option<oneshot::Sender<Bytes>>,
    /// Stops whatever carries it.
    pub(crate) abort: Option<AbortHandle>,
    /// Held until the answer is on its way: dropping it lets the messages behind pass.
    #[allow(dead_code, reason = "its drop is what matters")]
    pub(crate) gate: Option<oneshot::Sender<()>>,
}

impl Entry {
    /// The id under which the client waits for the request that came with `id`.
    pub(crate) fn answers<'a>(&'a self, id: &'a Id) -> &'a Id {
        self.now.as_ref().unwrap_or(id)
    }
}

/// What a cancellation has come to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cancelled {
    /// The request's stream is closed, which tells the server.
    Closed,
    /// The server is to be told.
    Tell,
}

/// The requests under way, by id.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    map: Mutex<HashMap<Id, Entry>>,
    /// Tells whoever waits in [`Pending::when_settled`].
    changed: Notify,
}

impl Pending {
    fn map(&self) -> MutexGuard<'_, HashMap<Id, Entry>> {
        self.map.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request; `false` when one with this id is already under way.
    pub(crate) fn insert(&self, id: Id, entry: Entry) -> bool {
        match self.map().entry(id) {
            std::collections::hash_map::Entry::Occupied(_) => false,
            std::collections::hash_map::Entry::Vacant(slot) => {
                slot.insert(entry);
                true
            }
        }
    }

    /// Says what carries the request, so that cancelling can stop it.
    pub(crate) fn carried_by(&self, id: &Id, task: AbortHandle) {
        if let Some(entry) = self.map().get_mut(id) {
            entry.abort = Some(task);
        }
    }

    /// Takes the request out: the caller answers it.
    pub(crate) fn take(&self, id: &Id) -> Option<Entry> {
        let entry = self.map().remove(id);
        self.changed.notify_waiters();
        entry
    }

    /// Whether none of these still waits for an answer.
    pub(crate) fn settled(&self, ids: &[Id]) -> bool {
        let map = self.map();
        ids.iter().all(|id| {
            map.get(id)
                .is_none_or(|entry| entry.cancelled || entry.interim.is_some())
        })
    }

    /// Whether each of these still waits for an answer of which nothing was handed on.
    pub(crate) fn is_unseen(&self, ids: &[Id]) -> bool {
        let map = self.map();
        ids.iter().all(|id| {
            map.get(id)
                .is_some_and(|entry| !entry.cancelled && !entry.flowing)
        })
    }

    /// Completes when none of these waits any more.
    pub(crate) async fn when_settled(&self, ids: &[Id]) {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            if self.settled(ids) {
                return;
            }
            changed.await;
        }
    }

    /// Changes what is noted of a request; `None` when it is not under way.
    pub(crate) fn with<T>(&self, id: &Id, change: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        let changed = self.map().get_mut(id).map(change);
        self.changed.notify_waiters();
        changed
    }

    /// Whether the bridge itself asked.
    pub(crate) fn is_ours(&self, id: &Id) -> bool {
        self.map().get(id).is_some_and(|entry| entry.ours.is_some())
    }

    /// A request that the server may ask something about: the client waits for it.
    pub(crate) fn askable(&self) -> Option<Id> {
        self.map()
            .iter()
            .find(|(_, entry)| entry.may_ask && !entry.parked && !entry.cancelled)
            .map(|(id, _)| id.clone())
    }

    /// The request that the client now knows by this id.
    pub(crate) fn known_as(&self, id: &Id) -> Option<Id> {
        let map = self.map();
        let under_another = || {
            map.iter()
                .find(|(_, entry)| entry.now.as_ref() == Some(id))
                .map(|(key, _)| key.clone())
        };
        match map.get(id) {
            Some(entry) if entry.now.is_none() => Some(id.clone()),
            _ => under_another(),
        }
    }

    /// Notes that the answer has begun to arrive, so that cancelling ends it.
    pub(crate) fn flows(&self, id: &Id) {
        if let Some(entry) = self.map().get_mut(id) {
            entry.flowing = true;
        }
    }

    /// Whether nothing is under way.
    pub(crate) fn is_empty(&self) -> bool {
        self.map().is_empty()
    }

    /// Takes the request out to answer it with an error; `None` when it was answered or the client cancelled it.
    pub(crate) fn take_to_fail(&self, id: &Id) -> Option<Entry> {
        self.take(id)
            .filter(|entry| !entry.cancelled && !entry.parked && entry.ours.is_none())
    }

    /// The client no longer waits for this request.
    pub(crate) fn cancel(&self, id: &Id) -> Cancelled {
        let mut map = self.map();
        let Some(entry) = map.get_mut(id) else {
            return Cancelled::Tell;
        };
        let told = if !entry.stateless && !entry.flowing {
            entry.cancelled = true;
            Cancelled::Tell
        } else {
            if let Some(task) = &entry.abort {
                task.abort();
            }
            match map.remove(id) {
                Some(entry) if entry.stateless => Cancelled::Closed,
                _ => Cancelled::Tell,
            }
        };
        drop(map);
        self.changed.notify_waiters();
        told
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::value::RawValue;

    use super::{Cancelled, Entry, Id, Pending};

    fn id(json: &str) -> Id {
        Id::new(&RawValue::from_string(json.to_owned()).unwrap())
    }

    #[test]
    fn ids_compare_by_content_not_by_escapes() {
        assert_eq!(id(r#""a\/b""#), id(r#""a/b""#));
        assert_ne!(id("1"), id(r#""1""#));
        assert_eq!(id("12345678901234567890").as_json(), "12345678901234567890");
    }

    #[test]
    fn a_request_can_be_answered_once() {
        let pending = Pending::default();
        assert!(pending.insert(id("1"), Entry::default()));
        assert!(!pending.insert(id("1"), Entry::default()));
        assert!(pending.take(&id("1")).is_some());
        assert!(pending.take(&id("1")).is_none());
        assert!(pending.is_empty());
    }

    #[test]
    fn cancelled_requests_get_no_error() {
        let pending = Pending::default();
        pending.insert(id("1"), Entry::default());
        assert_eq!(pending.cancel(&id("1")), Cancelled::Tell);
        assert!(pending.settled(&[id("1")]));
        assert!(pending.take_to_fail(&id("1")).is_none());

        let stateless = Entry {
            stateless: true,
            ..Entry::default()
        };
        pending.insert(id("2"), stateless);
        assert_eq!(pending.cancel(&id("2")), Cancelled::Closed);
        assert!(pending.take(&id("2")).is_none());
    }
}
