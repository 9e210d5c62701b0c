//! Values longer than the Credential Manager takes in one entry, kept in several.
//!
//! A value that fits is kept as it is. A longer one has a head, `FF count tag[8] first-part`, under the account's name (`FF` begins
//! no UTF-8 text), and its other parts under `<account>#<tag>.<n>`. Parts are written before the head and removed after it, so
//! whoever reads finds the old value or the new one, also when the writer dies in between.

use keystow_core::keychain::KeychainError;
use zeroize::Zeroizing;

/// `CRED_MAX_CREDENTIAL_BLOB_SIZE`. Source: wincred.h, checked 2026-11-20.
pub(crate) const BLOB_BYTES: usize = 2560;

const MARK: u8 = 0xFF;
const HEAD_BYTES: usize = 10;

/// Entries by name, each at most [`BLOB_BYTES`] long.
pub(crate) trait Blobs {
    fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError>;
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), KeychainError>;
    /// One that is not there is as good as removed.
    fn remove(&self, name: &str) -> Result<(), KeychainError>;
}

/// What a head says of the other parts.
struct Parts {
    count: u8,
    tag: [u8; 8],
}

impl Parts {
    fn of(head: &[u8]) -> Option<Self> {
        let (lead, _) = head.split_first_chunk::<HEAD_BYTES>()?;
        let [MARK, count, tag @ ..] = *lead else {
            return None;
        };
        Some(Self { count, tag })
    }

    fn names(&self, account: &str) -> Vec<String> {
        let tag: String = self.tag.iter().map(|byte| format!("{byte:02x}")).collect();
        (1..=self.count)
            .map(|number| format!("{account}#{tag}.{number}"))
            .collect()
    }
}

/// Replaces the value of `account`; `tag` must be new at random.
pub(crate) fn write(
    blobs: &dyn Blobs,
    account: &str,
    value: &[u8],
    tag: [u8; 8],
) -> Result<(), KeychainError> {
    let before = blobs.read(account)?;
    if value.len() <= BLOB_BYTES {
        blobs.write(account, value)?;
    } else {
        let (first, rest) = value.split_at(BLOB_BYTES - HEAD_BYTES);
        let chunks = rest.chunks(BLOB_BYTES);
        let count = u8::try_from(chunks.len()).map_err(|_| KeychainError::TooLarge {
            bytes: value.len(),
            limit: BLOB_BYTES * usize::from(u8::MAX),
        })?;
        let parts = Parts { count, tag };
        let names = parts.names(account);
        let mut head = Zeroizing::new(vec![MARK, count]);
        head.extend_from_slice(&tag);
        head.extend_from_slice(first);
        let written = names
            .iter()
            .zip(chunks)
            .try_for_each(|(name, chunk)| blobs.write(name, chunk))
            .and_then(|()| blobs.write(account, &head));
        if let Err(error) = written {
            remove_all(blobs, &names);
            return Err(error);
        }
    }
    if let Some(parts) = before.and_then(|head| Parts::of(&head)) {
        remove_all(blobs, &parts.names(account));
    }
    Ok(())
}

/// Reads the value of `account`.
pub(crate) fn read(
    blobs: &dyn Blobs,
    account: &str,
) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
    // Once more where a part is missing: the value may have been replaced between head and part.
    for _ in 0..2 {
        let Some(head) = blobs.read(account)? else {
            return Ok(None);
        };
        let Some(parts) = Parts::of(&head) else {
            return Ok(Some(head));
        };
        if let Some(value) = join(blobs, &head, &parts.names(account))? {
            return Ok(Some(value));
        }
    }
    Err(KeychainError::Failed {
        detail: "parts of the entry are missing".to_owned(),
    })
}

/// Removes the value of `account`.
pub(crate) fn remove(blobs: &dyn Blobs, account: &str) -> Result<(), KeychainError> {
    let head = blobs.read(account)?;
    blobs.remove(account)?;
    match head.and_then(|head| Parts::of(&head)) {
        Some(parts) => parts
            .names(account)
            .iter()
            .try_for_each(|name| blobs.remove(name)),
        None => Ok(()),
    }
}

fn join(
    blobs: &dyn Blobs,
    head: &[u8],
    names: &[String],
) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
    // As large as it gets at once: a buffer that grows leaves copies behind.
    let mut value = Zeroizing::new(Vec::with_capacity(BLOB_BYTES * (names.len() + 1)));
    value.extend_from_slice(head.get(HEAD_BYTES..).unwrap_or_default());
    for name in names {
        match blobs.read(name)? {
            Some(part) => value.extend_from_slice(&part),
            None => return Ok(None),
        }
    }
    Ok(Some(value))
}

/// What stays behind here is found by no name, and harms nobody.
fn remove_all(blobs: &dyn Blobs, names: &[String]) {
    for name in names {
        let _ = blobs.remove(name);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;

    use super::*;

    /// Entries in memory that fail after a number of changes.
    struct Memory {
        entries: RefCell<BTreeMap<String, Vec<u8>>>,
        changes_left: Cell<usize>,
    }

    impl Memory {
        fn new() -> Self {
            Self {
                entries: RefCell::default(),
                changes_left: Cell::new(usize::MAX),
            }
        }

        fn change(&self) -> Result<(), KeychainError> {
            match self.changes_left.get().checked_sub(1) {
                Some(left) => {
                    self.changes_left.set(left);
                    Ok(())
                }
                None => Err(KeychainError::Failed {
                    detail: "no more".to_owned(),
                }),
            }
        }

        fn value(&self) -> Option<Vec<u8>> {
            read(self, "a").unwrap().map(|value| value.to_vec())
        }
    }

    impl Blobs for Memory {
        fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
            Ok(self.entries.borrow().get(name).cloned().map(Zeroizing::new))
        }
        fn write(&self, name: &str, bytes: &[u8]) -> Result<(), KeychainError> {
            assert!(bytes.len() <= BLOB_BYTES);
            self.change()?;
            self.entries
                .borrow_mut()
                .insert(name.to_owned(), bytes.to_vec());
            Ok(())
        }
        fn remove(&self, name: &str) -> Result<(), KeychainError> {
            self.change()?;
            self.entries.borrow_mut().remove(name);
            Ok(())
        }
    }

    fn value(bytes: usize) -> Vec<u8> {
        (0..bytes).map(|at| b'a' + (at % 23) as u8).collect()
    }

    #[test]
    fn gives_back_values_of_every_length_around_the_seams() {
        for bytes in [
            0,
            1,
            BLOB_BYTES,
            BLOB_BYTES + 1,
            BLOB_BYTES * 2 - HEAD_BYTES,
            BLOB_BYTES * 2,
            64 * 1024,
        ] {
            let memory = Memory::new();
            write(&memory, "a", &value(bytes), [7; 8]).unwrap();
            assert_eq!(memory.value(), Some(value(bytes)), "{bytes} bytes");
        }
    }

    #[test]
    fn what_fits_is_kept_as_it_is() {
        let memory = Memory::new();
        write(&memory, "a", b"plain", [1; 8]).unwrap();
        assert_eq!(memory.entries.borrow()["a"], b"plain");
    }

    #[test]
    fn replacing_and_removing_leave_no_parts_behind() {
        let memory = Memory::new();
        write(&memory, "a", &value(9000), [1; 8]).unwrap();
        write(&memory, "a", &value(7000), [2; 8]).unwrap();
        assert_eq!(memory.entries.borrow().len(), 3);
        write(&memory, "a", b"short", [3; 8]).unwrap();
        assert_eq!(memory.entries.borrow().len(), 1);
        write(&memory, "a", &value(9000), [4; 8]).unwrap();
        remove(&memory, "a").unwrap();
        assert!(memory.entries.borrow().is_empty());
    }

    #[test]
    fn a_writer_that_dies_anywhere_leaves_the_old_value_or_the_new_one() {
        let (old, new) = (value(9000), vec![b'z'; 6000]);
        for changes in 0..12 {
            let memory = Memory::new();
            write(&memory, "a", &old, [1; 8]).unwrap();
            memory.changes_left.set(changes);
            let outcome = write(&memory, "a", &new, [2; 8]);
            let found = memory.value().unwrap();
            assert!(found == old || found == new, "after {changes} changes");
            assert_eq!(outcome.is_ok(), found == new, "after {changes} changes");
        }
    }

    #[test]
    fn a_missing_part_is_an_error_and_not_a_shorter_value() {
        let memory = Memory::new();
        write(&memory, "a", &value(9000), [1; 8]).unwrap();
        let part = memory.entries.borrow().keys().nth(1).unwrap().clone();
        memory.entries.borrow_mut().remove(&part);
        assert!(matches!(
            read(&memory, "a"),
            Err(KeychainError::Failed { .. })
        ));
    }
}
