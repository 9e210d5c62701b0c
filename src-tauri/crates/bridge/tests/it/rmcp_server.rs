//! Both eras against rmcp's own server.
#![allow(deprecated)] // Roots are, and are still asked for.

use std::sync::Arc;

use axum::Router;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListToolsResult,
    PaginatedRequestParams, ProgressNotificationParam, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use crate::support::Client;

#[derive(Clone)]
struct Tools;

fn tools() -> Vec<Tool> {
    let schema = |value: Value| Arc::new(value.as_object().unwrap().clone());
    let text = json!({"type": "object", "properties": {"text": {"type": "string"}}});
    let region = json!({"type": "object", "properties": {
        "region": {"type": "string", "x-mcp-header": "Region"},
    }});
    vec![
        Tool::new("echo", "says it again", schema(text.clone())),
        Tool::new("grüße", "says it again", schema(text.clone())),
        Tool::new("progress", "tells how far it is", schema(text.clone())),
        Tool::new("roots", "asks the client", schema(text)),
        Tool::new("regional", "wants a header", schema(region)),
    ]
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult {
            tools: tools(),
            ..ListToolsResult::default()
        })
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        tools().into_iter().find(|tool| tool.name == name)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let said = match request.name.as_ref() {
            "progress" => {
                let token = context.meta.get_progress_token().unwrap();
                for done in [50.0, 100.0] {
                    let progress = ProgressNotificationParam::new(token.clone(), done);
                    context.peer.notify_progress(progress).await.unwrap();
                }
                "done".to_owned()
            }
            "roots" => {
                let roots = context.peer.list_roots().await.unwrap();
                roots.roots.first().unwrap().uri.clone()
            }
            _ => json!(request.arguments).to_string(),
        };
        Ok(CallToolResult::success(vec![ContentBlock::text(said)]).into())
    }
}

async fn serve(config: StreamableHttpServerConfig) -> Url {
    let service: StreamableHttpService<Tools, LocalSessionManager> =
        StreamableHttpService::new(|| Ok(Tools), Arc::default(), config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().nest_service("/mcp", service);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    Url::parse(&format!("http://{address}/mcp")).unwrap()
}

fn text(answer: &Value) -> &str {
    answer["result"]["content"][0]["text"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer}"))
}

/// A request of the stateless era.
fn stateless(params: Value) -> Value {
    let mut params = params;
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
        "progressToken": "p1",
    });
    params
}

async fn works_in_the_session_era(config: StreamableHttpServerConfig) {
    let url = serve(config).await;
    let mut client = Client::to(&url);
    let hello = client.handshake().await;
    assert_eq!(hello["result"]["protocolVersion"], "2025-11-25", "{hello}");
    let list = client.ask("tools/list", json!({})).await;
    assert_eq!(list["result"]["tools"].as_array().unwrap().len(), 5);
    let call = json!({"name": "echo", "arguments": {"text": "hi"}});
    let answer = client.ask("tools/call", call).await;
    assert_eq!(text(&answer), r#"{"text":"hi"}"#);

    let call = json!({"name": "progress", "_meta": {"progressToken": 7}});
    let call = json!({"jsonrpc": "2.0", "id": "p", "method": "tools/call", "params": call});
    client.send(&call.to_string()).await;
    for done in [50.0, 100.0] {
        let progress = client.message().await;
        assert_eq!(progress["method"], "notifications/progress");
        assert_eq!(progress["params"]["progress"], done);
        assert_eq!(progress["params"]["progressToken"], 7);
    }
    assert_eq!(text(&client.message().await), "done");
    client.close().await;
}

#[tokio::test]
async fn sessions_list_call_and_tell_progress() {
    works_in_the_session_era(StreamableHttpServerConfig::default()).await;
}

#[tokio::test]
async fn servers_without_sessions_list_call_and_tell_progress() {
    let config = StreamableHttpServerConfig::default();
    works_in_the_session_era(config.with_legacy_session_mode(false)).await;
}

#[tokio::test]
async fn the_server_asks_the_client_and_gets_its_answer() {
    let url = serve(StreamableHttpServerConfig::default()).await;
    let mut client = Client::to(&url);
    client.handshake_with(json!({"roots": {}})).await;
    let call =
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "roots"}});
    client.send(&call.to_string()).await;
    let question = client.message().await;
    assert_eq!(question["method"], "roots/list");
    let roots = json!({"roots": [{"uri": "file:///home/somebody"}]});
    let reply = json!({"jsonrpc": "2.0", "id": question["id"], "result": roots});
    client.send(&reply.to_string()).await;
    assert_eq!(text(&client.message().await), "file:///home/somebody");
}

#[tokio::test]
async fn the_stateless_era_discovers_lists_and_calls() {
    for config in [
        StreamableHttpServerConfig::default(),
        StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true),
    ] {
        let url = serve(config).await;
        let mut client = Client::to(&url);
        let found = client.ask("server/discover", stateless(json!({}))).await;
        assert!(found["result"]["supportedVersions"].is_array(), "{found}");
        let list = client.ask("tools/list", stateless(json!({}))).await;
        assert_eq!(list["result"]["tools"].as_array().unwrap().len(), 5);
        for (name, arguments) in [
            ("echo", json!({"text": "hi"})),
            ("grüße", json!({"text": "hi"})),
            ("regional", json!({"region": "Zürich"})),
        ] {
            let call = stateless(json!({"name": name, "arguments": arguments}));
            let answer = client.ask("tools/call", call).await;
            assert_eq!(text(&answer), arguments.to_string());
        }
        let call = stateless(json!({"name": "progress"}));
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call});
        client.send(&call.to_string()).await;
        for _ in 0..2 {
            assert_eq!(client.message().await["params"]["progressToken"], "p1");
        }
        assert_eq!(text(&client.message().await), "done");
    }
}

#[tokio::test]
async fn a_client_that_tries_the_stateless_era_first_may_fall_back() {
    let config = StreamableHttpServerConfig::default();
    let url = serve(config).await;
    let mut client = Client::to(&url);
    client.ask("server/discover", stateless(json!({}))).await;
    let hello = client.handshake().await;
    assert_eq!(hello["result"]["protocolVersion"], "2025-11-25");
    let call = json!({"name": "echo", "arguments": {}});
    assert_eq!(text(&client.ask("tools/call", call).await), "{}");
}

#[tokio::test]
async fn hundred_requests_at_once_get_one_answer_each() {
    let url = serve(StreamableHttpServerConfig::default()).await;
    let mut client = Client::to(&url);
    client.handshake().await;
    for id in 0..100 {
        let call = json!({"name": "echo", "arguments": {"text": id.to_string()}});
        let call = json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": call});
        client.send(&call.to_string()).await;
    }
    let mut open: Vec<bool> = vec![true; 100];
    for _ in 0..100 {
        let answer = client.message().await;
        let id = answer["id"].as_u64().unwrap() as usize;
        assert!(std::mem::take(&mut open[id]), "{id} twice");
        assert_eq!(text(&answer), format!(r#"{{"text":"{id}"}}"#));
    }
    client.close().await;
    assert!(client.rest().await.is_empty());
}
