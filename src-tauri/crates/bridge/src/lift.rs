//! A client of the session era in front of a stateless server: what its requests become.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::era::Lifted;
use crate::exchange::Link;
use crate::fault::{Fault, error_line};
use crate::message::{Kind, Manner, Message, derived_headers};
use crate::peek::{peek, text};
use crate::pending::Id;
use crate::splice::with_params;

/// The levels of `logging/setLevel`.
const LEVELS: &[&str] = &[
    "debug",
    "info",
    "notice",
    "warning",
    "error",
    "critical",
    "alert",
    "emergency",
];

impl Link {
    pub(crate) async fn carry_lifted(
        &self,
        lifted: &Arc<Lifted>,
        message: &Message,
    ) -> Result<(), Fault> {
        match (message.kind, message.method.as_str()) {
            (Kind::Initialized, _) => {
                lifted.ready.send_replace(true);
                Ok(())
            }
            (Kind::Reply, _) => {
                self.hand_over(message);
                Ok(())
            }
            (Kind::Batch, _) => {
                let text = "This server takes no batches. Send the messages one by one.";
                for id in &message.ids {
                    self.refuse(id, -32600, text).await;
                }
                Ok(())
            }
            // A stateless server knows none of these: it asks anew when it needs something, and a closed stream says the rest.
            (
                Kind::Notification,
                "notifications/cancelled"
                | "notifications/progress"
                | "notifications/roots/list_changed",
            ) => Ok(()),
            (_, "ping") => self.ping(lifted, message).await,
            (_, "logging/setLevel") => {
                self.set_level(lifted, message).await;
                Ok(())
            }
            (_, "resources/subscribe" | "resources/unsubscribe") => {
                self.subscribe(lifted, message).await
            }
            _ => self.carry_in_rounds(lifted, message).await,
        }
    }

    /// Gives an answer of the client to whatever asked in the server's name.
    fn hand_over(&self, message: &Message) {
        if let Some(id) = peek(&message.body).ok().and_then(|seen| seen.id) {
            self.eras.answered(&Id::new(id), message.body.clone());
        }
    }

    /// The message as a stateless server understands it, with `members` added to its parameters.
    pub(crate) fn lifted(
        &self,
        lifted: &Lifted,
        message: &Message,
        members: &str,
    ) -> Option<Message> {
        let body = with_params(&message.body, members, &lifted.meta())?;
        let mut lifting = message.clone();
        lifting.headers = derived_headers(&peek(&body).ok()?, &message.method, &self.tools);
        lifting.stateless = Some(lifted.version.clone());
        lifting.manner = Manner::Lifted;
        lifting.body = body;
        Some(lifting)
    }

    /// `ping` is gone; whether the server is there shows in any answer.
    async fn ping(&self, lifted: &Lifted, message: &Message) -> Result<(), Fault> {
        let params = format!(r#"{{"_meta":{{{}}}}}"#, lifted.meta());
        let request = self.stateless_request("server/discover", &params, &lifted.version);
        self.ask(request).await?;
        if let Some(id) = message.ids.first() {
            self.answer_client(id, r#""result":{}"#).await;
        }
        Ok(())
    }

    /// The level goes with every request from now on.
    async fn set_level(&self, lifted: &Lifted, message: &Message) {
        #[derive(Deserialize)]
        struct SetLevel<'a> {
            #[serde(borrow)]
            params: Params<'a>,
        }
        #[derive(Deserialize)]
        struct Params<'a> {
            #[serde(borrow)]
            level: &'a RawValue,
        }
        let Some(id) = message.ids.first() else {
            return;
        };
        match serde_json::from_slice::<SetLevel>(&message.body) {
            Ok(set) if text(set.params.level).is_some_and(|level| LEVELS.contains(&&*level)) => {
                lifted.set_log_level(set.params.level);
                self.answer_client(id, r#""result":{}"#).await;
            }
            _ => self.refuse(id, -32602, "There is no such level.").await,
        }
    }

    /// Answers a request of the client with an error of the bridge's own.
    pub(crate) async fn refuse(&self, id: &Id, number: i32, text: &str) {
        if let Some(entry) = self.pending.take_to_fail(id) {
            let line = error_line(
                entry.answers(id).as_json(),
                number,
                text,
                "bridge.untranslatable",
            );
            self.output.send(line).await;
            drop(entry);
        }
    }
}
