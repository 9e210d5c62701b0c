//! Messages larger than a bridge holds: they pass while they come.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::support::{At, Client, Keys, events, json_answer, legacy, options, serve};

const MB: usize = 1024 * 1024;

/// A body that comes when the sender says so.
fn pieces(as_events: bool) -> (mpsc::UnboundedSender<Option<Vec<u8>>>, Response) {
    let (sender, receiver) = mpsc::unbounded_channel::<Option<Vec<u8>>>();
    let stream = futures_util::stream::unfold(receiver, |mut receiver| async {
        let piece = receiver.recv().await?;
        let piece = piece.ok_or_else(|| std::io::Error::other("cut"));
        Some((piece, receiver))
    });
    let body = Body::from_stream(stream);
    let answer = if as_events {
        events(body)
    } else {
        ([("content-type", "application/json")], body).into_response()
    };
    (sender, answer)
}

/// What a tool answers that gives `megabytes` of text, the id first or last.
fn large(id: &Value, megabytes: usize, id_first: bool) -> String {
    let text = "a\\\"}{\\n".repeat(megabytes * MB / 8);
    let result = format!(r#""result":{{"content":[{{"type":"text","text":"{text}"}}]}}"#);
    if id_first {
        format!(r#"{{"jsonrpc":"2.0","id":{id},{result}}}"#)
    } else {
        format!(r#"{{{result},"jsonrpc":"2.0","id":{id}}}"#)
    }
}

fn call(id: u32, tool: &str) -> String {
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {"name": tool}})
        .to_string()
}

#[tokio::test]
async fn a_large_answer_arrives_byte_for_byte_and_the_next_one_behind_it() {
    for as_events in [false, true] {
        for id_first in [false, true] {
            let server = serve(move |seen| async move {
                if let Some(answer) = legacy(&seen) {
                    return answer;
                }
                let body = large(&seen.id(), 5, id_first);
                if as_events {
                    return events(format!("id: 1\nevent: message\ndata: {body}\n\n"));
                }
                ([("content-type", "application/json")], body).into_response()
            })
            .await;
            let mut client = Client::to(&server.url);
            client.handshake().await;
            for id in [7, 8] {
                client.send(&call(id, "large")).await;
                let line = client.line().await;
                assert!(
                    line == large(&json!(id), 5, id_first),
                    "{} bytes",
                    line.len()
                );
            }
            client.close().await;
        }
    }
}

#[tokio::test]
async fn a_large_answer_begins_to_arrive_before_its_end_is_there() {
    for as_events in [false, true] {
        let (sender, answer) = pieces(as_events);
        let answer = std::sync::Arc::new(std::sync::Mutex::new(Some(answer)));
        let server = serve(move |seen| {
            let answer = answer.clone();
            async move { legacy(&seen).unwrap_or_else(|| answer.lock().unwrap().take().unwrap()) }
        })
        .await;
        let mut client = Client::to(&server.url);
        client.handshake().await;
        client.send(&call(1, "large")).await;
        let whole = large(&json!(1), 3, true);
        let (head, tail) = whole.split_at(2 * MB);
        let before = if as_events { "data: " } else { "" };
        sender
            .send(Some(format!("{before}{head}").into_bytes()))
            .unwrap();
        let begun = client.some_bytes(MB).await;
        assert!(whole.as_bytes().starts_with(&begun));
        let end = if as_events { "\n\n" } else { "" };
        sender
            .send(Some(format!("{tail}{end}").into_bytes()))
            .unwrap();
        drop(sender);
        let rest = client.line().await;
        assert!(whole.as_bytes()[begun.len()..] == *rest.as_bytes());
        client.close().await;
    }
}

#[tokio::test]
async fn a_large_answer_that_breaks_off_ends_its_line_and_is_answered_by_an_error() {
    for as_events in [false, true] {
        let server = serve(move |seen| async move {
            if let Some(answer) = legacy(&seen) {
                return answer;
            }
            if seen.json()["params"]["name"] == "small" {
                return json_answer(&seen, json!({}));
            }
            let (sender, answer) = pieces(as_events);
            let before = if as_events { "data: " } else { "" };
            let body = format!("{before}{}", large(&seen.id(), 3, true));
            sender
                .send(Some(body.as_bytes()[..2 * MB].to_vec()))
                .unwrap();
            sender.send(None).unwrap();
            answer
        })
        .await;
        let mut client = Client::to(&server.url);
        client.handshake().await;
        client.send(&call(1, "large")).await;
        let broken = client.line().await;
        assert!(serde_json::from_str::<Value>(&broken).is_err());
        let error = client.message().await;
        assert_eq!(error["id"], 1, "{error}");
        assert_eq!(error["error"]["data"]["code"], "remote.broken");
        client.send(&call(2, "small")).await;
        assert_eq!(client.message().await["id"], 2);
        client.close().await;
    }
}

#[tokio::test]
async fn cancelling_a_large_answer_under_way_lets_the_others_pass() {
    let (sender, answer) = pieces(false);
    let answer = std::sync::Arc::new(std::sync::Mutex::new(Some(answer)));
    let server = serve(move |seen| {
        let answer = answer.clone();
        async move {
            if let Some(answer) = legacy(&seen) {
                return answer;
            }
            if seen.json()["params"]["name"] == "large" {
                return answer.lock().unwrap().take().unwrap();
            }
            json_answer(&seen, json!({}))
        }
    })
    .await;
    let mut client = Client::to(&server.url);
    client.handshake().await;
    client.send(&call(1, "large")).await;
    let half = large(&json!(1), 3, true).into_bytes();
    sender.send(Some(half[..2 * MB].to_vec())).unwrap();
    client.some_bytes(MB).await;
    client
        .send(r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
        .await;
    client.line().await;
    client.send(&call(2, "small")).await;
    assert_eq!(client.message().await["id"], 2);
    server
        .saw(|seen| seen.rpc() == "notifications/cancelled")
        .await;
    client.close().await;
}

#[tokio::test]
async fn an_answer_past_the_limit_is_told_even_when_it_has_begun() {
    for as_events in [false, true] {
        let server = serve(move |seen| async move {
            if let Some(answer) = legacy(&seen) {
                return answer;
            }
            let (sender, answer) = pieces(as_events);
            let before = if as_events { "data: " } else { "" };
            let body = format!("{before}{}\n\n", large(&seen.id(), 5, true));
            sender.send(Some(body.into_bytes())).unwrap();
            answer
        })
        .await;
        let mut options = options();
        options.frame_limit_bytes = 3 * MB;
        let endpoint = std::sync::Arc::new(At(server.url.clone()));
        let mut client = Client::with(options, Keys::new(&["good"]), endpoint);
        client.handshake().await;
        client.send(&call(1, "large")).await;
        let mut answer = client.line().await;
        if serde_json::from_str::<Value>(&answer).is_err() {
            answer = client.line().await;
        }
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["error"]["data"]["code"], "remote.too_large");
        client.close().await;
    }
}

#[tokio::test]
async fn what_is_large_and_no_message_is_not_handed_on() {
    for body in ["{\"hello\": \"", "<html>"] {
        let server = serve(move |seen| async move {
            if let Some(answer) = legacy(&seen) {
                return answer;
            }
            let body = format!("{body}{}", "x".repeat(3 * MB));
            ([("content-type", "application/json")], body).into_response()
        })
        .await;
        let mut client = Client::to(&server.url);
        client.handshake().await;
        let (_, code) = client.ask_in_vain("tools/call").await;
        assert_eq!(code, "remote.unexpected");
        client.close().await;
    }
}
