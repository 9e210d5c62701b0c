use std::collections::HashMap;
use std::sync::atomic::Ordering;

use keystow_core::Secret;
use keystow_core::keychain::KeychainError;
use secret_service::blocking::{Item, SecretService};
use secret_service::{EncryptionType, Error as ServiceError};
use zeroize::Zeroize;

use super::Place;
use super::error::Trouble;
use crate::SERVICE;
use crate::store::{Store, Until};

/// A connection to the secret service, made when first needed and made anew once when it has gone stale.
pub(super) struct SecretServiceStore {
    place: Place,
    service: Option<SecretService<'static>>,
}

impl SecretServiceStore {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            service: None,
        }
    }

    /// Runs `work` on the connection. On one that was opened earlier it gets a second try on a new one: a daemon that was
    /// restarted knows nothing of old sessions, and all our work may be done twice.
    fn with<T>(
        &mut self,
        until: Until,
        work: impl Fn(&SecretService<'_>) -> Result<T, Trouble>,
    ) -> Result<T, KeychainError> {
        let reused = self.service.is_some();
        let mut outcome = self.attempt(until, &work);
        if reused && matches!(&outcome, Err(trouble) if trouble.stale) {
            outcome = self.attempt(until, &work);
        }
        outcome.map_err(|trouble| match trouble.error {
            KeychainError::Locked if self.place.prompting.load(Ordering::Acquire) => {
                KeychainError::PromptWaiting
            }
            error => error,
        })
    }

    fn attempt<T>(
        &mut self,
        until: Until,
        work: impl Fn(&SecretService<'_>) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        until.check()?;
        let service = match self.service.take() {
            Some(service) => service,
            None => self.connect(until)?,
        };
        let outcome = work(&service);
        let keep = match &outcome {
            Ok(_) => true,
            Err(trouble) => {
                !trouble.stale && !matches!(trouble.error, KeychainError::TimedOut { .. })
            }
        };
        if keep {
            self.service = Some(service);
        }
        outcome
    }

    fn connect(&self, until: Until) -> Result<SecretService<'static>, Trouble> {
        let connection = self.place.meet()?;
        until.check()?;
        Ok(SecretService::connect_with_existing(
            EncryptionType::Dh,
            connection,
        )?)
    }
}

impl Store for SecretServiceStore {
    fn prepare(&mut self, until: Until) {
        if self.service.is_none() {
            self.service = self.connect(until).ok();
        }
    }

    fn set(&mut self, account: &str, secret: &Secret, until: Until) -> Result<(), KeychainError> {
        self.with(until, |service| {
            let found = service.search_items(attributes(account))?;
            // EXPOSE: on its way into the keychain, encrypted for the bus.
            let plaintext = secret.expose().as_bytes();
            if let Some(item) = newest(&found.unlocked)? {
                until.check()?;
                return Ok(item.set_secret(plaintext, CONTENT_TYPE)?);
            }
            if !found.locked.is_empty() {
                return Err(KeychainError::Locked.into());
            }
            let collection = match service.get_default_collection() {
                Err(ServiceError::NoResult) => return Err(KeychainError::Locked.into()),
                other => other?,
            };
            collection.ensure_unlocked()?;
            until.check()?;
            let label = format!("Keystow: {account}");
            collection.create_item(&label, attributes(account), plaintext, true, CONTENT_TYPE)?;
            Ok(())
        })
    }

    fn get(&mut self, account: &str, until: Until) -> Result<Option<Secret>, KeychainError> {
        self.with(until, |service| {
            let found = service.search_items(attributes(account))?;
            until.check()?;
            if let Some(item) = newest(&found.unlocked)? {
                return text(item.get_secret()?).map(Some);
            }
            if !found.locked.is_empty() {
                return Err(KeychainError::Locked.into());
            }
            // A locked keychain may not tell what it holds, so it takes an unlocked one to say that there is nothing.
            unlocked(service)?;
            Ok(None)
        })
    }

    fn delete(&mut self, account: &str, until: Until) -> Result<(), KeychainError> {
        self.with(until, |service| {
            let found = service.search_items(attributes(account))?;
            for item in &found.unlocked {
                until.check()?;
                item.delete()?;
            }
            if !found.locked.is_empty() {
                return Err(KeychainError::Locked.into());
            }
            if found.unlocked.is_empty() {
                unlocked(service)?;
            }
            Ok(())
        })
    }

    fn check(&mut self, until: Until) -> Result<(), KeychainError> {
        self.with(until, unlocked)
    }
}

const CONTENT_TYPE: &str = "text/plain; charset=utf8";

fn attributes(account: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", account)])
}

/// One is the rule. There are several when the person made another collection the default one and merged them back.
fn newest<'a, 'b>(items: &'a [Item<'b>]) -> Result<Option<&'a Item<'b>>, Trouble> {
    if let [only] = items {
        return Ok(Some(only));
    }
    let mut newest = None;
    for item in items {
        let key = (item.get_modified()?, item.item_path.as_str());
        if newest.as_ref().is_none_or(|(known, _)| *known < key) {
            newest = Some((key, item));
        }
    }
    Ok(newest.map(|(_, item)| item))
}

/// Fails with `Locked` also where no default collection was ever made: the person's answer to the same prompt helps.
fn unlocked(service: &SecretService<'_>) -> Result<(), Trouble> {
    match service.get_default_collection() {
        Ok(collection) => Ok(collection.ensure_unlocked()?),
        Err(ServiceError::NoResult) => Err(KeychainError::Locked.into()),
        Err(error) => Err(error.into()),
    }
}

fn text(bytes: Vec<u8>) -> Result<Secret, Trouble> {
    String::from_utf8(bytes).map(Secret::new).map_err(|error| {
        error.into_bytes().zeroize();
        Trouble::from(KeychainError::Failed {
            detail: "the entry is not text".to_owned(),
        })
    })
}
