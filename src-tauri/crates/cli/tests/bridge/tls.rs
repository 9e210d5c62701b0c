//! Servers with TLS, and the certificates they show.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use axum::serve::Listener;
use keystow_testkit::World;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// A certificate and its private key.
#[derive(Clone)]
pub struct Pair {
    pub certificate: PathBuf,
    private_key: PathBuf,
}

impl Pair {
    /// A certificate for these names that is its own authority, such as `DNS:example.test` or `IP:127.0.0.1`.
    pub fn new(world: &World, names: &str) -> Self {
        let pair = Self {
            certificate: world.root().join("certificate.pem"),
            private_key: world.root().join("private-key.pem"),
        };
        let made = Command::new("openssl")
            .args(["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=test"])
            .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
            .args(["-addext", &format!("subjectAltName={names}")])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .arg("-keyout")
            .arg(&pair.private_key)
            .arg("-out")
            .arg(&pair.certificate)
            .output()
            .expect("openssl is installed");
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "{said}");
        pair
    }
}

/// Accepts TLS, HTTP/2 first.
pub struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    accepted: Box<dyn Fn() + Send + Sync>,
}

impl Tls {
    pub fn new(
        listener: TcpListener,
        pair: &Pair,
        accepted: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let certificates = CertificateDer::pem_file_iter(&pair.certificate).unwrap();
        let certificates = certificates.map(Result::unwrap).collect();
        let private_key = PrivateKeyDer::from_pem_file(&pair.private_key).unwrap();
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(certificates, private_key)
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Self {
            listener,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            accepted: Box::new(accepted),
        }
    }
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let Ok((stream, address)) = self.listener.accept().await else {
                continue;
            };
            if let Ok(stream) = self.acceptor.accept(stream).await {
                (self.accepted)();
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
