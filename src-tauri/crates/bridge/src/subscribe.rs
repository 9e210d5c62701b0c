//! What a client of the session era hears of a stateless server unasked: the stream of `subscriptions/listen`.
//!
//! Source: MCP specification 2026-07-28, basic/patterns/subscriptions, checked 2026-11-21.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use tracing::debug;

use crate::era::{Heard, Lifted, Spoken, Wanted};
use crate::exchange::{Content, Link};
use crate::fault::Fault;
use crate::message::Message;
use crate::peek::{peek, text};
use crate::sse::Parser;

const ACKNOWLEDGED: &str = "notifications/subscriptions/acknowledged";

/// An open stream.
struct Stream {
    response: Response,
    parser: Parser,
    host: String,
    /// Resources that the server tells about.
    uris: BTreeSet<String>,
}

impl Link {
    /// Changes what the client hears of resources, and answers when the server has agreed.
    pub(crate) async fn subscribe(
        &self,
        lifted: &Arc<Lifted>,
        message: &Message,
    ) -> Result<(), Fault> {
        let Some(id) = message.ids.first() else {
            return Ok(());
        };
        let uri = peek(&message.body)
            .ok()
            .and_then(|seen| text(seen.params.uri?).map(|uri| uri.into_owned()));
        let Some(uri) = uri else {
            self.refuse(id, -32602, "The resource's address is missing.")
                .await;
            return Ok(());
        };
        let begins = message.method == "resources/subscribe";
        let mut heard = lifted.heard.subscribe();
        let mut revision = 0;
        lifted.wanted.send_modify(|wanted| {
            if begins {
                wanted.uris.insert(uri.clone());
            } else {
                wanted.uris.remove(&uri);
            }
            wanted.revision += 1;
            revision = wanted.revision;
        });
        let limit = self.options.answer_timeout;
        let told = async {
            let heard = heard.wait_for(|heard| heard.revision >= revision).await;
            heard.is_ok_and(|heard| heard.uris.contains(&uri))
        };
        let Ok(told) = timeout(limit, told).await else {
            let host = self.endpoints.current().await?.host.clone();
            return Err(Fault::TimedOut { host, limit });
        };
        if begins && !told {
            lifted.wanted.send_modify(|wanted| {
                wanted.uris.remove(&uri);
                wanted.revision += 1;
            });
            let text = "The server does not tell about changes of this resource.";
            self.refuse(id, -32602, text).await;
            return Ok(());
        }
        self.answer_client(id, r#""result":{}"#).await;
        Ok(())
    }

    /// Relays what a stateless server says outside an answer: everything but what only concerns the stream itself.
    pub(crate) async fn relay_to_lifted(&self, body: Bytes) {
        let is_ours = peek(&body).is_ok_and(|seen| seen.method.as_deref() == Some(ACKNOWLEDGED));
        if !is_ours {
            self.output.send(body).await;
        }
    }

    /// Keeps the stream open that the client's wishes ask for, for as long as the bridge lives.
    pub(crate) async fn keep_subscribed(&self) {
        let mut eras = self.eras.changes();
        loop {
            let spoken = eras.borrow_and_update().clone();
            let changed = async {
                // The sender lives in the link.
                let _ = eras.changed().await;
            };
            match spoken {
                Spoken::Lifted(lifted) => tokio::select! {
                    () = changed => {}
                    () = self.follow_wishes(&lifted) => return,
                },
                _ => changed.await,
            }
        }
    }

    /// Never ends by itself.
    async fn follow_wishes(&self, lifted: &Lifted) {
        let mut ready = lifted.ready.subscribe();
        let mut wishes = lifted.wanted.subscribe();
        let _ = ready.wait_for(|ready| *ready).await;
        let mut wait = self.options.reopen_first;
        // Kept until its successor is open, so that nothing is missed in between.
        let mut before: Option<Stream> = None;
        loop {
            let wanted = wishes.borrow_and_update().clone();
            if wanted.is_empty() {
                before = None;
                heard(lifted, &wanted, BTreeSet::new());
                let _ = wishes.changed().await;
                continue;
            }
            match self.open_subscription(lifted, &wanted).await {
                Ok(mut stream) => {
                    drop(before.take());
                    heard(lifted, &wanted, stream.uris.clone());
                    let changed = tokio::select! {
                        came = self.relay_listening(&mut stream.response, &mut stream.parser, &stream.host) => {
                            if came {
                                wait = self.options.reopen_first;
                            }
                            false
                        }
                        _ = wishes.changed() => true,
                    };
                    if changed {
                        before = Some(stream);
                        continue;
                    }
                }
                Err(fault) => {
                    debug!(code = fault.code(), "nothing is heard of changes");
                    heard(lifted, &wanted, BTreeSet::new());
                    if matches!(
                        fault,
                        Fault::Refused { .. } | Fault::NotFound { .. } | Fault::NotMcp { .. }
                    ) {
                        before = None;
                        let _ = wishes.changed().await;
                        continue;
                    }
                }
            }
            tokio::select! {
                () = sleep(wait) => wait = (wait * 2).min(self.options.reopen_last),
                _ = wishes.changed() => {}
            }
            wishes.mark_changed();
        }
    }

    async fn open_subscription(&self, lifted: &Lifted, wanted: &Wanted) -> Result<Stream, Fault> {
        #[derive(Deserialize)]
        struct Acknowledged {
            params: Params,
        }
        #[derive(Deserialize)]
        struct Params {
            #[serde(default)]
            notifications: Filter,
        }
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        struct Filter {
            resource_subscriptions: BTreeSet<String>,
        }
        let filter = filter(wanted);
        let params = format!(
            r#"{{"notifications":{filter},"_meta":{{{}}}}}"#,
            lifted.meta()
        );
        let request = self.stateless_request("subscriptions/listen", &params, &lifted.version);
        let reply = self.post(&request).await?;
        let host = reply.host;
        let Content::Events(mut response) = reply.content else {
            return Err(Fault::NotMcp { host });
        };
        let mut parser = Parser::new(self.options.frame_limit_bytes);
        let limit = self.options.answer_timeout;
        let acknowledged = async {
            loop {
                while let Ok(Some(event)) = parser.next_event() {
                    let seen = peek(&event.data).ok()?;
                    if seen.method.as_deref() == Some(ACKNOWLEDGED) {
                        return serde_json::from_slice::<Acknowledged>(&event.data).ok();
                    }
                    if seen.is_answer() {
                        return None;
                    }
                }
                parser.feed(response.chunk().await.ok()??);
            }
        };
        match timeout(limit, acknowledged).await {
            Ok(Some(said)) => Ok(Stream {
                response,
                parser,
                host,
                uris: said.params.notifications.resource_subscriptions,
            }),
            Ok(None) => Err(Fault::Broken { host }),
            Err(_) => Err(Fault::TimedOut { host, limit }),
        }
    }
}

/// What `subscriptions/listen` asks for.
pub(crate) fn filter(wanted: &Wanted) -> Value {
    let mut filter = json!({});
    for (name, is_wanted) in [
        ("toolsListChanged", wanted.tools),
        ("promptsListChanged", wanted.prompts),
        ("resourcesListChanged", wanted.resources),
    ] {
        if is_wanted {
            filter[name] = true.into();
        }
    }
    if !wanted.uris.is_empty() {
        filter["resourceSubscriptions"] = json!(wanted.uris);
    }
    filter
}

fn heard(lifted: &Lifted, wanted: &Wanted, uris: BTreeSet<String>) {
    lifted.heard.send_replace(Heard {
        revision: wanted.revision,
        uris,
    });
}
