//! The local workspace's owner account, which Keystow makes itself.

use keystow_core::keychain::{Item, Keychain};
use keystow_core::{Secret, WorkspaceId};

use crate::error::AppError;
use crate::random;

/// The owner's password: the stowed one, or, where the account is not there yet, a new one that is stowed before anybody uses it.
///
/// # Errors
/// `keychain.missing` when the account is there and its password is not; other `keychain.*` codes.
pub fn local_owner_password(
    keychain: &dyn Keychain,
    owner_exists: bool,
) -> Result<Secret, AppError> {
    let item = Item::Password(WorkspaceId::new("local"));
    if owner_exists {
        return Ok(keychain.get_stowed(&item)?);
    }
    if let Some(password) = keychain.get(&item)? {
        return Ok(password);
    }
    let password = random::password();
    keychain.set(&item, &password)?;
    Ok(password)
}
