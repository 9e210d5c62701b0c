//! What the walks lead to: real better-auth apps (`tests/better-auth`), and an oCore.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use keystow_testkit::{World, one_time_code};
use serde_json::{Value, json};
use url::Url;

use super::visitor;
use crate::support::*;

pub const MIRA: &str = "mira@example.com";
pub const MIRAS_PASSWORD: &str = "pass-word-of-mira-8f2c61d0";
const OWNER: &str = "owner@keystow.local";

/// A better-auth app that Mira signed up at; it ends with this.
pub struct App {
    /// Such as `http://127.0.0.1:41234`.
    pub base: String,
    /// Of Mira's browser.
    session: String,
    process: Child,
}

impl App {
    /// The app whose keys may be used as often as anybody likes.
    pub fn start() -> Self {
        Self::with("server.mjs", "generous")
    }

    /// An MCP server at a path, and an OAuth authorization server for it.
    pub fn tools_at(path: &str) -> Self {
        Self::with("oauth.mjs", path)
    }

    fn with(file: &str, word: &str) -> Self {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/better-auth");
        assert!(
            place.join("node_modules/better-auth").exists(),
            "better-auth is not installed: run `make setup`"
        );
        let mut process = Command::new("node")
            .arg(place.join(file))
            .arg(word)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is installed");
        let mut line = String::new();
        let out = process.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let mut app = Self {
            base: line.trim().to_owned(),
            session: "nobody".to_owned(),
            process,
        };
        let mira = json!({ "name": "Mira", "email": MIRA, "password": MIRAS_PASSWORD });
        let signed_up = app.post("/api/auth/sign-up/email", &mira);
        app.session = signed_up["token"].as_str().unwrap().to_owned();
        app
    }

    /// Asks for something as Mira.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        visitor::post(&format!("{}{path}", self.base), &self.session, body).json()
    }

    /// Makes an organization; gives its id.
    pub fn organization(&self, name: &str) -> String {
        let made = json!({ "name": name, "slug": name.to_lowercase() });
        let made = self.post("/api/auth/organization/create", &made);
        made["id"].as_str().unwrap().to_owned()
    }

    /// Mira types a code on another screen, and says yes.
    pub fn approves(&self, code: &str) {
        let bearer = format!("Bearer {}", self.session);
        let page = format!("{}/api/auth/device?user_code={code}", self.base);
        let page = visitor::get(&page, &[("authorization", &bearer)]);
        assert_eq!(page.status, 200, "{}", page.text);
        self.post("/api/auth/device/approve", &json!({ "userCode": code }));
    }

    /// Mira's browser is led to an address of the authorization server; she says yes there.
    pub fn consents(&self, address: &str) {
        let bearer = format!("Bearer {}", self.session);
        let page = visitor::get(address, &[("authorization", &bearer)]);
        let asks = page.location().expect("a page that asks").to_owned();
        let asks = Url::parse(&self.base).unwrap().join(&asks).unwrap();
        let yes = json!({ "accept": true, "oauth_query": asks.query().unwrap() });
        let consent = format!("{}/api/auth/oauth2/consent", self.base);
        let said = visitor::post(&consent, &self.session, &yes);
        let back = match said.location() {
            Some(back) => back.to_owned(),
            None => said.json()["url"].as_str().unwrap().to_owned(),
        };
        assert_eq!(visitor::get(&back, &[]).status, 200);
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An oCore of somebody else: the local workspace of another computer, so to speak, that asks for a one-time code.
pub struct Ocore {
    /// Where its API is.
    pub base: String,
    pub password: String,
    /// Of the second factor, in base32.
    pub secret: String,
    _world: World,
}

impl Ocore {
    pub const LOGIN: &str = OWNER;

    pub fn start() -> Self {
        let world = signed_in();
        let url = keystow(&world, &["workspaces", "--json"]).ok().json()[0]["url"].clone();
        let base = url.as_str().unwrap().trim_end_matches('/').to_owned();
        let password = stowed(&world, "password/local").unwrap();
        let at = |path: &str| format!("{base}{path}");
        let who = json!({ "email": OWNER, "password": password });
        let session = visitor::post(&at("/auth/login"), "nobody", &who).json();
        let access = session["accessToken"].as_str().unwrap();
        let post = |path: &str, body: Value| visitor::post(&at(path), access, &body).json();
        post("/auth/organizations", json!({ "name": "Acme" }));
        let enrolled = post("/auth/totp/enroll", json!({}));
        let secret = enrolled["secret"].as_str().unwrap().to_owned();
        let code = one_time_code(&secret, 0);
        post("/auth/totp/confirm", json!({ "code": code }));
        Self {
            base,
            password,
            secret,
            _world: world,
        }
    }

    /// What its owner types to sign in.
    pub fn typed(&self) -> String {
        // The code of now is spent.
        format!("{}\n{}\n", self.password, one_time_code(&self.secret, 1))
    }
}
