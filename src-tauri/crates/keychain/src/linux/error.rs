//! What the bus and the secret service say, as the errors of the domain.

use std::io;

use keystow_core::keychain::KeychainError;
use secret_service::Error as ServiceError;
use zbus::DBusError;

use crate::LIMIT;

/// An error, and whether a new connection could do better.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) error: KeychainError,
    /// The daemon was restarted, the connection broke, an object vanished between two calls.
    pub(super) stale: bool,
}

impl From<KeychainError> for Trouble {
    fn from(error: KeychainError) -> Self {
        Self {
            error,
            stale: false,
        }
    }
}

impl From<ServiceError> for Trouble {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Locked => KeychainError::Locked.into(),
            // Somebody else's prompt is on the screen, or ours could not be shown.
            ServiceError::Prompt | ServiceError::PromptDisconnected => {
                KeychainError::PromptWaiting.into()
            }
            ServiceError::Zbus(error) => error.into(),
            ServiceError::ZbusFdo(error) => of_method(error.name().as_str(), error.to_string()),
            other => Self {
                error: failed(other.to_string()),
                stale: true,
            },
        }
    }
}

impl From<zbus::Error> for Trouble {
    fn from(error: zbus::Error) -> Self {
        match error {
            zbus::Error::MethodError(name, detail, _) => {
                let said = detail.unwrap_or_default();
                of_method(name.as_str(), format!("{}: {said}", name.as_str()))
            }
            zbus::Error::FDO(error) => of_method(error.name().as_str(), error.to_string()),
            zbus::Error::InputOutput(error) if error.kind() == io::ErrorKind::TimedOut => {
                timed_out().into()
            }
            zbus::Error::InputOutput(error) => Self {
                error: KeychainError::NoBus {
                    detail: error.to_string(),
                },
                stale: true,
            },
            other => Self {
                error: failed(other.to_string()),
                stale: true,
            },
        }
    }
}

/// A bus that could not be reached at all.
pub(super) fn no_bus(error: zbus::Error) -> Trouble {
    KeychainError::NoBus {
        detail: error.to_string(),
    }
    .into()
}

pub(super) fn timed_out() -> KeychainError {
    KeychainError::TimedOut {
        limit_ms: u64::try_from(LIMIT.as_millis()).unwrap_or(u64::MAX),
    }
}

fn failed(detail: String) -> KeychainError {
    KeychainError::Failed { detail }
}

/// By the name of the D-Bus error. Source: D-Bus specification and Secret Service API draft 0.2, checked 2026-11-20.
fn of_method(name: &str, detail: String) -> Trouble {
    let name = name
        .strip_prefix("org.freedesktop.DBus.Error.")
        .unwrap_or(name);
    match name {
        "org.freedesktop.Secret.Error.IsLocked" => KeychainError::Locked.into(),
        // `NoReply` is what the bus says when the daemon goes away in the middle of a call.
        "ServiceUnknown" | "NameHasNoOwner" | "NoReply" | "NoServer" => Trouble {
            error: KeychainError::NoDaemon { detail },
            stale: true,
        },
        spawn if spawn.starts_with("Spawn.") => KeychainError::NoDaemon { detail }.into(),
        "Timeout" | "TimedOut" => timed_out().into(),
        "Disconnected" => Trouble {
            error: KeychainError::NoBus { detail },
            stale: true,
        },
        _ => Trouble {
            error: failed(detail),
            stale: true,
        },
    }
}
