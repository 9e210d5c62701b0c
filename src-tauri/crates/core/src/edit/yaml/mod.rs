//! YAML.

use serde_json::Value;

use super::{EditError, Edited, Place, Receipt, Removed, Servers};

fn not_yet() -> EditError {
    EditError::Unsupported {
        place: Place { line: 1, column: 1 },
        reason: "YAML is not written yet".to_owned(),
    }
}

pub(super) fn set(
    _text: Option<&str>,
    _servers: &Servers,
    _name: &str,
    _entry: &Value,
) -> Result<Edited, EditError> {
    Err(not_yet())
}

pub(super) fn remove(
    _text: &str,
    _servers: &Servers,
    _name: &str,
    _receipt: Option<&Receipt>,
) -> Result<Option<Removed>, EditError> {
    Err(not_yet())
}

pub(super) fn read(
    _text: &str,
    _servers: &Servers,
    _name: &str,
) -> Result<Option<Value>, EditError> {
    Err(not_yet())
}

pub(super) fn names(_text: &str, _servers: &Servers) -> Result<Option<Vec<String>>, EditError> {
    Err(not_yet())
}
