//! What a stateless client hears of a server with sessions unasked: its `subscriptions/listen`, kept by the bridge.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use crate::ask::Answer;
use crate::era::{Listener, Lowered, META_SUBSCRIPTION, Wanted};
use crate::exchange::Link;
use crate::fault::Fault;
use crate::handshake::Tells;
use crate::message::Message;
use crate::pending::Id;
use crate::splice::with_params;
use crate::subscribe::filter;

#[derive(Deserialize)]
struct Listen {
    params: Params,
}

#[derive(Deserialize)]
struct Params {
    notifications: Filter,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Filter {
    tools_list_changed: bool,
    prompts_list_changed: bool,
    resources_list_changed: bool,
    resource_subscriptions: BTreeSet<String>,
}

impl Link {
    /// Tells the client what it asked for, until it cancels.
    pub(crate) async fn listen_lowered(
        &self,
        lowered: &Arc<Lowered>,
        message: &Message,
        id: &Id,
    ) -> Result<(), Fault> {
        let Ok(Listen { params }) = serde_json::from_slice(&message.body) else {
            self.refuse(id, -32602, "The notifications to listen to are missing.")
                .await;
            return Ok(());
        };
        self.pending.with(id, |entry| entry.stateless = false);
        let asked = params.notifications;
        let tells = Tells::read(&lowered.capabilities);
        let mut wanted = Wanted {
            tools: asked.tools_list_changed && tells.tools.list_changed,
            prompts: asked.prompts_list_changed && tells.prompts.list_changed,
            resources: asked.resources_list_changed && tells.resources.list_changed,
            ..Wanted::default()
        };
        if tells.resources.subscribe {
            for uri in asked.resource_subscriptions {
                if self.granted("resources/subscribe", &uri).await? {
                    wanted.uris.insert(uri);
                }
            }
        }
        let number = id.as_json();
        let filter = filter(&wanted);
        let line = format!(
            r#"{{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{{"_meta":{{"{META_SUBSCRIPTION}":{number}}},"notifications":{filter}}}}}"#
        );
        self.output.send(line.into()).await;
        lowered.listen(Listener {
            id: id.clone(),
            wanted,
        });
        let _listening = Listening { lowered, id };
        self.pending.when_settled(&message.ids).await;
        if let Some(over) = lowered.unlisten(id) {
            self.unsubscribe_unused(lowered, &over).await;
        }
        Ok(())
    }

    async fn unsubscribe_unused(&self, lowered: &Lowered, over: &Listener) {
        let others = lowered.listeners();
        for uri in &over.wanted.uris {
            if !others.iter().any(|one| one.wanted.uris.contains(uri)) {
                // A subscription that cannot be ended is one that nobody hears of.
                let _ = self.granted("resources/unsubscribe", uri).await;
            }
        }
    }

    async fn granted(&self, method: &str, uri: &str) -> Result<bool, Fault> {
        let params = json!({ "uri": uri }).to_string();
        let answer = self.ask(self.session_request(method, &params)).await?;
        Ok(Answer::read(&answer).is_some_and(|answer| answer.result.is_some()))
    }

    /// Hands a change to every stream of the client that asked for it.
    pub(crate) async fn tell_listeners(
        &self,
        lowered: &Lowered,
        method: &str,
        uri: Option<&str>,
        body: &Bytes,
    ) {
        for listener in lowered.listeners() {
            let wanted = &listener.wanted;
            let is_wanted = match method {
                "notifications/tools/list_changed" => wanted.tools,
                "notifications/prompts/list_changed" => wanted.prompts,
                "notifications/resources/list_changed" => wanted.resources,
                _ => uri.is_some_and(|uri| wanted.uris.contains(uri)),
            };
            if is_wanted {
                let meta = format!(r#""{META_SUBSCRIPTION}":{}"#, listener.id.as_json());
                if let Some(line) = with_params(body, "", &meta) {
                    self.output.send(line).await;
                }
            }
        }
    }
}

/// A listener is gone however its request ends.
struct Listening<'a> {
    lowered: &'a Lowered,
    id: &'a Id,
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        self.lowered.unlisten(self.id);
    }
}
