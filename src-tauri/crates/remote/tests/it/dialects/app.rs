//! The better-auth app of `tests/better-auth`, in a process of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use keystow_core::Secret;
use keystow_core::remote::Caller;
use serde_json::{Value, json};
use url::Url;

use crate::server::Browser;

pub const EMAIL: &str = "mira@example.com";

pub fn password() -> Secret {
    Secret::new("pass-word-of-mira".into())
}

/// It ends with this.
pub struct App {
    pub base: Url,
    /// Of Mira, who signed up.
    pub session: Secret,
    process: Child,
}

impl App {
    pub fn start() -> Self {
        Self::with("server.mjs", &[])
    }

    /// The one that is an OAuth authorization server and has an MCP server beside it.
    pub fn authorization_server() -> Self {
        Self::with("oauth.mjs", &[])
    }

    /// With better-auth's own limit by address.
    pub fn limited() -> Self {
        Self::with("server.mjs", &["limited"])
    }

    /// Whose kinds of keys all have names: no kind is the default.
    pub fn named() -> Self {
        Self::with("server.mjs", &["named"])
    }

    fn with(file: &str, flags: &[&str]) -> Self {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/better-auth");
        assert!(
            place.join("node_modules/better-auth").exists(),
            "better-auth is not installed: run `make setup`"
        );
        let mut process = Command::new("node")
            .arg(place.join(file))
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is installed");
        let mut line = String::new();
        let out = process.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let mut app = Self {
            base: Url::parse(line.trim()).unwrap(),
            session: Secret::new("nobody".into()),
            process,
        };
        let mira = json!({"name": "Mira", "email": EMAIL, "password": password().expose()});
        let signed_up = app.post("/api/auth/sign-up/email", &mira);
        app.session = Secret::new(signed_up["token"].as_str().unwrap().into());
        app
    }

    pub fn address(&self) -> SocketAddr {
        let port = self.base.port().unwrap();
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    /// Asks for something as Mira.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        let url = self.base.join(path).unwrap();
        Browser::new().post_json(&url, &self.session, body)
    }

    /// Makes an organization, for which Mira's session stands from then on.
    pub fn organization(&self, slug: &str) -> String {
        let made = self.post(
            "/api/auth/organization/create",
            &json!({"name": slug.to_uppercase(), "slug": slug}),
        );
        made["id"].as_str().unwrap().to_owned()
    }

    pub fn by<'a>(&'a self, organization: Option<&'a str>) -> Caller<'a> {
        Caller {
            base: &self.base,
            access: &self.session,
            organization,
        }
    }

    /// What Mira does on the page with the code.
    pub fn say(&self, decision: &str, user_code: &str) {
        let url = format!("/api/auth/device?user_code={user_code}");
        let page = Browser::new();
        assert_eq!(
            page.get_with(&self.base.join(&url).unwrap(), &self.session)
                .status,
            200
        );
        self.post(
            &format!("/api/auth/device/{decision}"),
            &json!({"userCode": user_code}),
        );
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
