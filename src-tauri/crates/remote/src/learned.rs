use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use url::Url;

use crate::transport::host_of;

/// What servers turned out to do where their documentation leaves it open: by base address and question, for as long as the
/// process lives. Never a secret.
#[derive(Default)]
pub(crate) struct Learned(Mutex<HashMap<(String, String), String>>);

impl Learned {
    pub(crate) fn get(&self, base: &Url, question: &str) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&of(base, question)).cloned()
    }

    pub(crate) fn set(&self, base: &Url, question: &str, answer: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(of(base, question), answer.to_owned());
    }
}

fn of(base: &Url, question: &str) -> (String, String) {
    let place = format!("{}{}", host_of(base), base.path().trim_end_matches('/'));
    (place, question.to_owned())
}
