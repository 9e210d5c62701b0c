//! Promise P1 on the command line: whatever is pasted, typed or handed out by a server is in the keychain and nowhere else. Every
//! way in is taken once, with everything logged that can be logged; then all bytes that could have been written, said, or put on a
//! command line are searched.

use std::sync::Arc;

use keystow_testkit::{Canary, Leak, Watch, World};
use serde_json::{Value, json};

use crate::clipboard::put;
use crate::pasted::product_at;
use crate::stub::{Stub, UNTIL_2100};
use crate::support::*;
use crate::walks::script::{self, address, code};
use crate::walks::servers::{App, MIRA, MIRAS_PASSWORD, Ocore};

const TYPED_KEY: &str = "canary-typed-key-51f0a7c2d94e8b36";
const CLIPBOARD_KEY: &str = "canary-clipboard-key-e07b93a64c1f58d2";

/// Searches for all of them at once.
fn canary(secrets: &[String]) -> Canary {
    let (first, others) = secrets.split_first().expect("something to look for");
    { others.iter() }.fold(Canary::new(first), |canary, secret| canary.and(secret))
}

/// A world, all that Keystow said in it, and what nobody may have heard.
struct Visit {
    world: World,
    said: String,
    secrets: Vec<String>,
    watched: Watch,
}

impl Visit {
    /// What is known from the start is watched for, too, in processes that live briefly.
    fn new(known: &[&str]) -> Self {
        let secrets: Vec<String> = known.iter().map(|secret| (*secret).to_owned()).collect();
        let world = World::new().with_display().with_var("KEYSTOW_LOG", "trace");
        Self {
            watched: Arc::new(canary(&secrets)).watch(&world),
            world,
            said: String::new(),
            secrets,
        }
    }

    fn typing(&mut self, args: &[&str], input: &str) -> Ran {
        let ran = keystow_with_input(&self.world, args, input);
        self.heard(ran)
    }

    fn say(&mut self, args: &[&str]) -> Ran {
        self.typing(args, "")
    }

    fn meanwhile(&mut self, args: &[&str], act: impl FnOnce(&[String])) {
        let ran = script::meanwhile(&self.world, args, act);
        self.heard(ran);
    }

    fn heard(&mut self, ran: Ran) -> Ran {
        self.said.push_str(&ran.to_string());
        ran.ok()
    }

    /// What lies in the keychain under an account is looked for, too.
    fn plant(&mut self, account: &str) {
        let secret = stowed(&self.world, account).expect(account);
        let parts: Vec<String> = match serde_json::from_str::<Value>(&secret) {
            Ok(Value::Object(session)) => ["access", "refresh"]
                .iter()
                .filter_map(|part| session.get(*part)?.as_str().map(str::to_owned))
                .collect(),
            _ => vec![secret],
        };
        assert!(!parts.is_empty(), "{account} holds no secret");
        self.secrets.extend(parts);
    }

    /// The same with the key of a name, in the workspace in use.
    fn plant_key(&mut self, workspace: &str, name: &str) {
        let key = self.say(&["keys", "show", name, "--json"]).json();
        self.plant(&format!("key/{workspace}/{}", key["id"].as_str().unwrap()));
    }

    /// Everything that only reads.
    fn look_around(&mut self) {
        for args in [
            &["status", "--json"] as &[&str],
            &["keys", "list", "--json"],
            &["keys", "hygiene", "--json"],
            &["workspaces", "--json"],
            &["servers", "--json"],
            &["clients", "--json"],
            &["drift"],
            &["history", "--json"],
            &["activity", "--json"],
        ] {
            self.say(args);
        }
    }

    fn leaks(self) -> Vec<Leak> {
        let program = self.world.paths().data.join("bin/keystow");
        assert!(
            std::fs::read(&program).unwrap() == std::fs::read(KEYSTOW).unwrap(),
            "the program is as it was built, so it has nothing of this in it"
        );
        let canary = canary(&self.secrets).except(&program);
        let planted = format!("{}/logs?key={}", self.said, self.secrets[0]);
        let found = canary.search_bytes("a leak on purpose", planted.as_bytes());
        assert!(!found.is_empty(), "the search finds nothing");
        let mut leaks = canary.search_files(self.world.root());
        leaks.extend(canary.search_bytes("what was said", self.said.as_bytes()));
        let (processes, found) = self.watched.finish();
        assert!(processes > 5, "only {processes} processes were looked at");
        leaks.extend(found);
        leaks
    }
}

/// Keys that are pasted: one typed, one by the clipboard.
fn pasted(visit: &mut Visit, typed: &Stub, copied: &Stub) {
    for (name, stub) in [("Typed", typed), ("Copied", copied)] {
        let url = format!("{}/mcp", stub.url());
        visit.say(&[
            "providers",
            "add",
            name,
            "--url",
            &url,
            "--header",
            "x-api-key",
        ]);
    }
    visit.say(&["sign-in", "--provider", "typed"]);
    visit.typing(&["keys", "add", "mine"], TYPED_KEY);
    visit.say(&["connect", "claude-code", "--yes"]);

    visit.say(&["sign-in", "--provider", "copied"]);
    put(&visit.world, CLIPBOARD_KEY);
    // The hand-over to the window is a pipe, which is where it belongs.
    let taken = keystow(&visit.world, &["clipboard-take"]).ok();
    assert_eq!(taken.stdout, CLIPBOARD_KEY);
    put(&visit.world, CLIPBOARD_KEY);
    visit.say(&["keys", "add", "theirs", "--clipboard"]);
    visit.say(&["connect", "vscode", "--yes"]);
    visit.look_around();
}

/// A server that gives tokens, and takes the first of them no more.
fn tokens(visit: &mut Visit, app: &App) -> Bridge {
    let hosts = [("https://mcp.adlyse.com", app.base.clone())];
    let file = include_str!("../../../core/providers/adlyse.toml");
    product_at(&visit.world, "ads", file, &hosts);
    visit.say(&["sign-in", "--provider", "ads"]);
    visit.meanwhile(&["servers", "sign-in", "ads/insights"], |said| {
        app.consents(&address(said));
    });
    visit.plant("oauth/ads/insights");
    visit.say(&["connect", "cursor", "--yes"]);
    let mut cursor = script::cursor(&visit.world, "adlyse");
    cursor.call("whoami").unwrap();
    app.post("/test/refuse", &json!({}));
    cursor.call("whoami").unwrap();
    visit.plant("oauth/ads/insights");
    visit.look_around();
    cursor
}

/// A password and a one-time code, and a token, at oCore.
fn ocore(visit: &mut Visit, ocore: &Ocore, stub: &Stub) {
    let sign_in = ["sign-in", "--provider", "ocore", "--url"];
    let by_password = ["--method", "password", "--login", Ocore::LOGIN];
    let args = [&sign_in[..], &[&ocore.base], &by_password].concat();
    visit.typing(&args, &ocore.typed());
    visit.plant("session/ocore");
    visit.say(&["keys", "create", "mine"]);
    visit.plant_key("ocore", "mine");
    visit.say(&["connect", "claude-desktop", "--key", "mine", "--yes"]);
    visit.look_around();

    let base = format!("{}/api", stub.url());
    let args = [&sign_in[..], &[&base, "--method", "token"]].concat();
    visit.typing(&args, UNTIL_2100);
    visit.say(&["workspaces", "--json"]);
    visit.say(&["workspaces", "use", "ocore"]);
}

/// A password, and a code for another screen, at better-auth.
fn better_auth(visit: &mut Visit, app: &App) {
    let sign_in = ["sign-in", "--provider", "better-auth", "--url", &app.base];
    let by_password = [&sign_in[..], &["--login", MIRA]].concat();
    visit.typing(&by_password, MIRAS_PASSWORD);
    visit.plant("session/better-auth");
    visit.say(&["keys", "create", "mine"]);
    visit.plant_key("better-auth", "mine");
    visit.say(&["sign-out"]);
    let by_code = [&sign_in[..], &["--method", "device"]].concat();
    visit.meanwhile(&by_code, |said| app.approves(&code(said)));
    visit.plant("session/better-auth");
    visit.look_around();
}

#[test]
fn what_was_pasted_typed_or_given_is_in_the_keychain_and_nowhere_else() {
    let office = Ocore::start();
    let known = [
        TYPED_KEY,
        CLIPBOARD_KEY,
        UNTIL_2100,
        MIRAS_PASSWORD,
        office.password.as_str(),
        office.secret.as_str(),
    ];
    let mut visit = Visit::new(&known);
    lay_settings(&visit.world);
    let (typed, copied) = (
        Stub::start("x-api-key", TYPED_KEY),
        Stub::start("x-api-key", CLIPBOARD_KEY),
    );
    pasted(&mut visit, &typed, &copied);
    let tools = App::tools_at("/mcp/insights/");
    let cursor = tokens(&mut visit, &tools);
    let stub = Stub::ocore("nobody's password", "000000");
    ocore(&mut visit, &office, &stub);
    let app = App::start();
    better_auth(&mut visit, &app);

    // With a bridge at work.
    let pids = visit.world.processes();
    let mut leaks = canary(&visit.secrets).search_processes(&pids);
    assert_eq!(cursor.end().code, 0);
    visit.say(&["undo", "--yes"]);
    leaks.extend(visit.leaks());
    assert_eq!(leaks, [], "plaintext where it must not be");
}
