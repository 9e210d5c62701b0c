//! Links from outside: what is read, and all that is refused.

use keystow_core::deep_link::{ConnectLink, DeepLink, DeepLinkError, HostFacts, ProviderLink};
use keystow_core::{ClientId, ServerId};
use proptest::prelude::*;
use url::Url;

const KEY: &str = "sk-live-0123456789abcdefABCDEF";

fn connect(text: &str) -> ConnectLink {
    match DeepLink::parse(text) {
        Ok(DeepLink::Connect(link)) => link,
        other => panic!("{text}: {other:?}"),
    }
}

fn provider(text: &str) -> ProviderLink {
    match DeepLink::parse(text) {
        Ok(DeepLink::Provider(link)) => link,
        other => panic!("{text}: {other:?}"),
    }
}

fn refused(text: &str) -> DeepLinkError {
    match DeepLink::parse(text) {
        Err(error) => error,
        Ok(link) => panic!("{text} is taken: {link:?}"),
    }
}

fn provider_at(url: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
    format!("keystow://provider?name=Acme&url={encoded}")
}

#[test]
fn a_connect_link_says_where_and_with_what() {
    let link = connect(
        "keystow://connect?workspace=Acme+EU&server=local/tools&client=cursor&client=vscode&client=cursor&name=tools",
    );
    let clients = ["cursor", "vscode"].map(ClientId::new).to_vec();
    assert_eq!(
        link,
        ConnectLink {
            workspace: Some("Acme EU".into()),
            server: Some(ServerId::new("local/tools")),
            clients,
            name: Some("tools".into()),
        }
    );
    assert_eq!(connect("keystow://connect"), ConnectLink::default());
    assert_eq!(connect("keystow://connect/?"), ConnectLink::default());
}

#[test]
fn a_provider_link_describes_an_endpoint() {
    let link = provider(
        "keystow://provider?name=Acme%20Tools&url=https%3A%2F%2Fmcp.acme.dev%2Fmcp&header=X-Api-Key&scheme=",
    );
    assert_eq!(link.name, "Acme Tools");
    assert_eq!(link.url.as_str(), "https://mcp.acme.dev/mcp");
    assert_eq!(
        (link.header.as_str(), link.scheme.as_str()),
        ("x-api-key", "")
    );
    let plain = provider(&provider_at("http://127.0.0.1:9/mcp?team=7"));
    assert_eq!(plain.header, "authorization");
    assert_eq!(plain.scheme, "Bearer");
}

#[test]
fn what_is_no_link_is_refused() {
    for (text, why) in [
        ("", "does not begin"),
        ("https://keystow.dev/connect", "does not begin"),
        ("KEYSTOW://connect", "does not begin"),
        ("keystow:connect", "does not begin"),
        ("keystow://", "asks for nothing"),
        ("keystow://run?client=cursor", "asks for \"run\""),
        ("keystow://user@connect", "asks for something else"),
        (
            "keystow://connect:80?client=cursor",
            "asks for something else",
        ),
        (
            "keystow://connect//?client=cursor",
            "asks for something else",
        ),
        ("keystow://connect?client=cursor#x", "a #"),
        ("keystow://connect?client=a b", "no link has"),
        ("keystow://connect?client=a\nb", "no link has"),
        ("keystow://connect?workspace=Zür", "no link has"),
        (
            "keystow://connect?yes=1",
            "a parameter \"yes\", which is not one of workspace, server, client, name",
        ),
        (
            "keystow://connect?url=https://a.example",
            "a parameter \"url\"",
        ),
        (
            "keystow://connect?%63lient=cursor",
            "a parameter \"client\"",
        ),
        (
            "keystow://connect?server=a/b&server=c/d",
            "server more than once",
        ),
        ("keystow://connect?workspace=%", "not encoded"),
        ("keystow://connect?workspace=%ff", "not encoded"),
        ("keystow://connect?workspace=%2", "not encoded"),
        ("keystow://connect?workspace=%+1", "not encoded"),
        ("keystow://connect?workspace=a%00b", "cannot be seen"),
        ("keystow://connect?workspace=a%0Ab", "cannot be seen"),
        ("keystow://connect?workspace=a%E2%80%AEb", "cannot be seen"),
        ("keystow://connect?workspace=a%E2%80%8Bb", "cannot be seen"),
        (
            "keystow://connect?workspace=a%F3%A0%81%81b",
            "cannot be seen",
        ),
        ("keystow://connect?workspace=", "is empty"),
        ("keystow://connect?client=", "not an id"),
        ("keystow://connect?client=Cursor", "not an id"),
        ("keystow://connect?client=cur%2Bsor", "not an id"),
        ("keystow://connect?name=Has%20Blanks", "none for an entry"),
        (
            "keystow://provider?url=https://a.example/mcp",
            "does not say name",
        ),
        (
            "keystow://provider?name=+&url=https://a.example/mcp",
            "does not say name",
        ),
        ("keystow://provider?name=Acme", "does not say url"),
        (
            "keystow://provider?name=Acme&url=https://a.example/mcp&header=cookie",
            "can carry a key",
        ),
        (
            "keystow://provider?name=Acme&url=https://a.example/mcp&header=x%3A",
            "can carry a key",
        ),
        (
            "keystow://provider?name=Acme&url=https://a.example/mcp&scheme=two+words",
            "one short word",
        ),
    ] {
        let said = refused(text).to_string();
        assert!(said.contains(why), "{text}: {said}");
    }
    assert_eq!(
        refused(&format!("keystow://connect?workspace={}", "a".repeat(2048))),
        DeepLinkError::TooLong
    );
    assert_eq!(
        refused(&format!(
            "keystow://connect?{}",
            (0..9).map(|n| format!("client=c{n}&")).collect::<String>()
        )),
        DeepLinkError::TooMany
    );
}

#[test]
fn only_safe_addresses_are_taken() {
    for (url, why) in [
        ("http://mcp.acme.dev/mcp", "this computer only"),
        ("http://127.0.0.1.example.com/", "this computer only"),
        ("file:///etc/passwd", "begins with https"),
        ("javascript:alert(1)", "begins with https"),
        ("keystow://connect", "begins with https"),
        ("https://acme.dev@evil.example/mcp", "no user"),
        ("https://a.example/mcp#x", "no #"),
        ("https:\\\\a.example", "no address has"),
        ("https://a.example/ mcp", "no address has"),
        ("//a.example/mcp", "is none"),
        ("https://", "is none"),
    ] {
        let said = refused(&provider_at(url)).to_string();
        assert!(said.contains(why), "{url}: {said}");
    }
    let long = format!("https://a.example/{}", "a/".repeat(520));
    assert!(refused(&provider_at(&long)).to_string().contains("longer"));
}

#[test]
fn a_link_with_a_key_is_refused_and_does_not_tell_it_again() {
    for text in [
        format!("keystow://connect?key={KEY}"),
        format!("keystow://connect?api_key={KEY}"),
        format!("keystow://connect?access%5Ftoken={KEY}"),
        format!("keystow://connect?{KEY}"),
        format!("keystow://connect?x={KEY}&client=cursor"),
        format!("keystow://connect?workspace={KEY}"),
        format!("keystow://connect?server={}", KEY.to_lowercase()),
        format!("keystow://provider?name={KEY}&url=https://a.example/mcp"),
        format!(
            "keystow://provider?name=Acme&url=https://a.example/mcp&header={}",
            KEY.to_lowercase()
        ),
        format!("keystow://provider?name=Acme&url=https://a.example/mcp&token={KEY}"),
        "keystow://provider?name=Acme&url=https://a.example/mcp&password=x".to_owned(),
        provider_at(&format!("https://a.example/{KEY}/mcp")),
        provider_at(&format!("https://a.example/mcp?q={KEY}")),
        provider_at(&format!(
            "https://a.example/mcp?q=%73k-live-{}",
            "0123456789abcdef"
        )),
        provider_at("https://a.example/mcp?apikey=x"),
        provider_at("https://a.example/mcp/YWJjZGVmZ2hpamtsbW5vcHFyc3Q="),
    ] {
        let error = refused(&text);
        assert!(!error.to_string().contains("0123456789"), "{text}: {error}");
        let told_as_key = matches!(error, DeepLinkError::Secret { .. });
        let unknown = matches!(&error, DeepLinkError::Parameter { name, .. } if name == "x");
        assert!(told_as_key || unknown, "{text}: {error}");
    }
}

#[test]
fn a_host_is_told_as_it_is() {
    let facts = |url: &str| HostFacts::of(&provider(&provider_at(url)).url);
    let plain = facts("https://mcp.acme.dev/mcp");
    assert_eq!(plain.host, "mcp.acme.dev");
    assert!(!plain.punycode && !plain.number && !plain.local);
    // The first letter is Cyrillic.
    let look_alike = facts("https://аcme.dev:8443/mcp");
    assert_eq!(look_alike.host, "xn--cme-5cd.dev:8443");
    assert!(look_alike.punycode);
    let number = facts("https://0x7f.1/mcp");
    assert_eq!(number.host, "127.0.0.1");
    assert!(number.number && number.local);
    assert!(facts("https://10.0.0.1/").number);
    assert!(facts("http://localhost:3000/mcp").local);
}

fn any_link() -> impl Strategy<Value = String> {
    let verb = prop_oneof!["connect", "provider", "[a-z/@:]{0,12}"];
    let name = prop_oneof![
        "workspace|server|client|name|url|header|scheme|key|token",
        "[ -~]{0,8}",
    ];
    let value = prop_oneof![
        "[a-z/.-]{0,20}",
        "[ -~]{0,40}",
        "(%[0-9A-F]{2}){0,12}",
        ".{0,12}"
    ];
    let pairs = prop::collection::vec((name, value), 0..6);
    (verb, pairs).prop_map(|(verb, pairs)| {
        let pairs: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={v}")).collect();
        format!("keystow://{verb}?{}", pairs.join("&"))
    })
}

fn is_sound(link: &DeepLink) {
    let seen = |text: &str| assert!(!text.chars().any(char::is_control), "{text:?}");
    match link {
        DeepLink::Connect(link) => {
            assert!(link.clients.len() <= 8);
            if let Some(workspace) = &link.workspace {
                seen(workspace);
            }
        }
        DeepLink::Provider(link) => {
            seen(&link.name);
            assert!(link.name.chars().count() <= 60 && !link.name.trim().is_empty());
            let url: &Url = &link.url;
            let local = HostFacts::of(url).local;
            assert!(
                url.scheme() == "https" || (url.scheme() == "http" && local),
                "{url}"
            );
            assert!(
                url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
            );
        }
    }
}

proptest! {
    #[test]
    fn whatever_comes_is_sound_or_refused(text in any_link()) {
        match DeepLink::parse(&text) {
            Ok(link) => is_sound(&link),
            Err(error) => prop_assert!(!error.to_string().chars().any(char::is_control)),
        }
    }

    #[test]
    fn any_text_at_all_is_survived(text in ".*") {
        let _ = DeepLink::parse(&text);
        let _ = DeepLink::parse(&format!("keystow://provider?name=Acme&url={text}"));
    }

    #[test]
    fn what_is_written_as_a_link_is_read_again(
        // Words as a name has them: long ones of letters in no order are refused, as keys.
        name in "[A-ZÄ-ÖØ-Ü][a-zß-öø-ü]{1,11}( [A-Z]?[a-z]{1,11}){0,2}",
        host in "[a-z]{1,10}\\.(dev|example)",
        path in "(/[a-z]{1,8}){0,3}",
    ) {
        let text = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("name", &name)
            .append_pair("url", &format!("https://{host}{path}"))
            .finish();
        let link = provider(&format!("keystow://provider?{text}"));
        prop_assert_eq!(link.name, name);
        prop_assert_eq!(link.url.host_str(), Some(host.as_str()));
    }
}
