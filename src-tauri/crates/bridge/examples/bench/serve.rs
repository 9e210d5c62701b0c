//! The server: rmcp's own, in the era that all bridges know, behind a key.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use axum::serve::{Listener, ListenerExt};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig as TlsConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// A large result.
const LARGE_BYTES: usize = 50 * 1024 * 1024;

#[derive(Clone)]
struct Tools;

fn tool(name: &'static str) -> Tool {
    let schema = json!({"type": "object", "properties": {"text": {"type": "string"}}});
    let schema = schema.as_object().unwrap().clone();
    Tool::new(name, "for measuring", Arc::new(schema))
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
            tools: vec![tool("echo"), tool("large")],
            ..ListToolsResult::default()
        })
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let said = match request.name.as_ref() {
            "large" => {
                let line = "A line of a large result, as long as they usually are: with “marks”.\n";
                line.repeat(LARGE_BYTES / line.len())
            }
            _ => json!(request.arguments).to_string(),
        };
        Ok(CallToolResult::success(vec![ContentBlock::text(said)]).into())
    }
}

/// On one thread: a server is another computer. With a thread for each processor it would take turns with the clients on a small
/// machine, most of all with those that send a request in two pieces, as HTTP/2 does.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(key: &str, tls: &[&str]) {
    let service: StreamableHttpService<Tools, LocalSessionManager> = StreamableHttpService::new(
        || Ok(Tools),
        Arc::default(),
        StreamableHttpServerConfig::default(),
    );
    let wanted = format!("Bearer {key}");
    let router = Router::new().nest_service("/mcp", service).layer(from_fn(
        move |request: Request, next: Next| {
            let sent = request.headers().get("authorization");
            let right = sent.is_some_and(|sent| sent.as_bytes() == wanted.as_bytes());
            async move {
                if right {
                    next.run(request).await
                } else {
                    StatusCode::UNAUTHORIZED.into_response()
                }
            }
        },
    ));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    if let [certificate, private_key] = tls {
        println!("https://{address}/mcp");
        let tls = Tls {
            listener,
            acceptor: acceptor(certificate, private_key),
        };
        axum::serve(tls, router).await.unwrap();
    } else {
        println!("http://{address}/mcp");
        // Small pieces leave at once; what waits otherwise is 40 ms of every call.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, router).await.unwrap();
    }
}

fn acceptor(certificate: &str, private_key: &str) -> TlsAcceptor {
    let certificates = CertificateDer::pem_file_iter(certificate).unwrap();
    let certificates = certificates.map(Result::unwrap).collect();
    let private_key = PrivateKeyDer::from_pem_file(private_key).unwrap();
    let mut config = TlsConfig::builder()
        .with_no_client_auth()
        .with_single_cert(certificates, private_key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let Ok((stream, address)) = self.listener.accept().await else {
                continue;
            };
            let _ = stream.set_nodelay(true);
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
