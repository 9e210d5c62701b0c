use keystow_core::keychain::{Item, Keychain, KeychainState};
use keystow_core::{KeyId, Secret, WorkspaceId};
use keystow_keychain::{MAX_BYTES, OsKeychain};

/// Windows has one Credential Manager per person, so every test keeps to a workspace of its own and cleans up.
struct Mine {
    keychain: OsKeychain,
    item: Item,
}

impl Mine {
    fn new(test: &str) -> Self {
        let workspace = format!("test-{}", std::process::id());
        Self {
            keychain: OsKeychain::new(),
            item: Item::Key(WorkspaceId::new(workspace), KeyId::new(test)),
        }
    }
}

impl Drop for Mine {
    fn drop(&mut self) {
        let _ = self.keychain.delete(&self.item);
    }
}

#[test]
fn what_was_stowed_is_read_replaced_and_deleted() {
    let mine = Mine::new("roundtrip");
    assert_eq!(mine.keychain.state(), KeychainState::Unlocked);
    assert_eq!(mine.keychain.get(&mine.item), Ok(None));
    for text in ["first", "second", "", "grüße ✓\r\n"] {
        let secret = Secret::new(text.to_owned());
        mine.keychain.set(&mine.item, &secret).unwrap();
        assert_eq!(OsKeychain::new().get(&mine.item), Ok(Some(secret)));
    }
    mine.keychain.delete(&mine.item).unwrap();
    assert_eq!(mine.keychain.get(&mine.item), Ok(None));
    mine.keychain.delete(&mine.item).unwrap();
}

#[test]
fn values_longer_than_one_credential_takes_are_kept_whole() {
    let mine = Mine::new("long");
    for bytes in [2560, 2561, MAX_BYTES, 10] {
        let secret = Secret::new("x".repeat(bytes));
        mine.keychain.set(&mine.item, &secret).unwrap();
        assert_eq!(mine.keychain.get(&mine.item), Ok(Some(secret)));
    }
}
