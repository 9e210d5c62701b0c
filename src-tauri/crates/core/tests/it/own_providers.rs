//! Provider files of a person, and those made of an address and a header: they work like the built-in ones, and a mistake in one is
//! named and harms no other.

use keystow_core::provider::{
    Base, Capability, CustomError, ProviderFileError, Providers, VerifyRequest, custom_file, parse,
};
use keystow_core::{ProviderId, Secret};
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use super::providers::addresses;

const OWN: &str = r#"id = "acme"
name = "Acme"
about = "Rockets"
dialect = "none"
base = { kind = "fixed", url = "https://api.acme.example/v1" }

[key]
prefix = "acme_"
pattern = "acme_[a-z]{20}"
header = "x-acme-key"

[verify]
kind = "get"
url = "/me"
tells = { name = "/data/name" }

[[scope]]
id = "read"
about = "Read"

[[error]]
code = "PAUSED"
text = "The key is paused."

[[server]]
name = "main"
title = "Acme"
about = "Rockets"
entry = "acme"
url = "/mcp/"
"#;

fn with(files: &[(&str, &str)]) -> (Providers, Vec<ProviderFileError>) {
    let files: Vec<(String, String)> = files
        .iter()
        .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
        .collect();
    Providers::built_in().with_own(&files)
}

#[test]
fn an_own_provider_works_like_a_built_in_one() {
    let (providers, errors) = with(&[("acme.toml", OWN)]);
    assert_eq!(errors, []);
    let acme = providers.get(&ProviderId::new("acme")).unwrap();
    assert_eq!(acme.own_file.as_deref(), Some("acme.toml"));
    assert_eq!(acme.checked.how.as_str(), "unverified");
    assert_eq!(
        addresses(acme, "https://api.acme.example/v1"),
        ["https://api.acme.example/v1/mcp/"]
    );
    let (found, server) = providers.server(&acme.server_id(&acme.servers[0])).unwrap();
    assert_eq!((found.id.as_str(), server.name.as_str()), ("acme", "main"));
}

#[test]
fn a_mistake_is_told_with_its_place_and_harms_no_other_file() {
    for (from, to, line, told) in [
        (
            "name = \"Acme\"",
            "nmae = \"Acme\"",
            2,
            "unknown field `nmae`",
        ),
        ("\"none\"", "\"soap\"", 4, "unknown variant `soap`"),
        ("id = \"acme\"", "id = \"Acme\"", 1, "is not an id"),
        (
            "id = \"acme\"",
            "id = \"atlas\"",
            1,
            "that of Atlas, which comes with Keystow",
        ),
        ("https://api", "http://api", 5, "use https"),
        (
            "https://api",
            "https://me:pass@api",
            5,
            "no user and no password",
        ),
        (
            "kind = \"fixed\", url = \"https://api.acme.example/v1\"",
            "kind = \"local\"",
            5,
            "only the local workspace",
        ),
        (
            "acme_[a-z]{20}",
            "acme_[z-a]",
            9,
            "not a regular expression",
        ),
        ("acme_[a-z]{20}", "a)|(b", 9, "not a regular expression"),
        ("x-acme-key", "X-Acme-Key", 10, "not a header in lower case"),
        ("x-acme-key", "host", 10, "free for a provider"),
        (
            "url = \"/me\"",
            "url = \"/me/{id}\"",
            14,
            "all that is filled in",
        ),
        ("/data/name", "data.name", 15, "no JSON pointer"),
        (
            "id = \"read\"\nabout = \"Read\"",
            "id = \"\"\nabout = \"Read\"",
            18,
            "a name of its own",
        ),
        ("code = \"PAUSED\"", "code = \"\"", 22, "explained twice"),
        (
            "entry = \"acme\"",
            "entry = \"acme-and-more-of-it\"",
            29,
            "is not an entry",
        ),
        (
            "url = \"/mcp/\"",
            "url = \"/mcp/\"\nauth = []",
            31,
            "takes a key, OAuth, or both",
        ),
        (
            "url = \"/mcp/\"",
            "url = \"/mcp?o={organization}\"",
            30,
            "before a ?",
        ),
        ("url = \"/mcp/\"", "url = \"{mcp}/x\"", 30, "is not known"),
        (
            "dialect = \"none\"",
            "dialect = \"none\"\ncapabilities = [\"create\"]",
            5,
            "it cannot create",
        ),
        (
            "dialect = \"none\"",
            "dialect = \"none\"\nsign_in = [\"browser\"]",
            5,
            "nothing to sign in to",
        ),
        (
            "dialect = \"none\"",
            "dialect = \"atlas\"\nsign_in = [\"device\"]",
            5,
            "device_client_id",
        ),
    ] {
        assert!(OWN.contains(from), "{from}");
        let broken = OWN.replacen(from, to, 1);
        let (providers, errors) = with(&[("broken.toml", &broken), ("fine.toml", OWN)]);
        let [error] = &errors[..] else {
            panic!("{to}: {errors:?}")
        };
        let place = format!("line {line}, column ");
        assert!(
            error.reason.starts_with(&place) && error.reason.contains(told),
            "{to}: {error}"
        );
        assert!(
            error
                .to_string()
                .starts_with("provider file broken.toml: line "),
            "{error}"
        );
        assert!(!error.reason.contains("pass@"), "{error}");
        assert!(providers.get(&ProviderId::new("acme")).is_some(), "{to}");
    }
}

#[test]
fn an_organization_chooses_no_host() {
    for url in [
        "https://{organization}.acme.example/mcp",
        "https://api.acme.example{organization}/mcp",
    ] {
        let error = parse("own.toml", &OWN.replace("/mcp/", url)).unwrap_err();
        assert!(error.reason.contains("after the host only"), "{error}");
    }
}

#[test]
fn what_has_to_be_told_apart_is_named_once() {
    let again = |table: &str, rest: &str| format!("{OWN}\n[[{table}]]\n{rest}");
    let header = "title = \"Id\"\nabout = \"Where\"\n";
    let server = "title = \"x\"\nabout = \"x\"\nurl = \"/x\"\n";
    for (text, told) in [
        (
            again("scope", "id = \"read\"\nabout = \"x\"\n"),
            "a name of its own",
        ),
        (
            again("error", "code = \"PAUSED\"\ntext = \"x\"\n"),
            "explained twice",
        ),
        (
            again("header", &format!("name = \"x-acme-key\"\n{header}")),
            "named twice",
        ),
        (
            again(
                "server",
                &format!("name = \"main\"\nentry = \"b\"\n{server}"),
            ),
            "two servers are named",
        ),
        (
            again(
                "server",
                &format!("name = \"b\"\nentry = \"acme\"\n{server}"),
            ),
            "have the entry",
        ),
        (format!("{OWN}auth = [\"key\", \"key\"]\n"), "named once"),
    ] {
        let error = parse("own.toml", &text).unwrap_err();
        assert!(
            error.reason.starts_with("line ") && error.reason.contains(told),
            "{told}: {error}"
        );
    }
}

#[test]
fn of_two_own_files_with_one_id_the_first_counts() {
    let (providers, errors) = with(&[("a.toml", OWN), ("b.toml", OWN)]);
    assert!(
        errors[0].reason.contains("that of the provider in a.toml"),
        "{}",
        errors[0]
    );
    assert_eq!(
        providers.iter().count(),
        Providers::built_in().iter().count() + 1
    );
}

#[test]
fn a_verify_request_needs_a_server_that_takes_keys() {
    let (before, rest) = OWN.split_once("[verify]").unwrap();
    let (_, rest) = rest.split_once("[[scope]]").unwrap();
    let by_mcp = format!("{before}[verify]\nkind = \"mcp\"\nserver = \"main\"\n[[scope]]{rest}");
    assert!(parse("own.toml", &by_mcp).is_ok());
    for text in [
        by_mcp.replace("\"main\"\n[[scope]]", "\"other\"\n[[scope]]"),
        format!("{by_mcp}auth = [\"oauth\"]\n"),
    ] {
        let error = parse("own.toml", &text).unwrap_err();
        assert!(error.reason.contains("that takes a key"), "{error}");
    }
}

#[test]
fn usage_without_a_key_api_is_what_the_verify_request_tells() {
    let told = OWN
        .replace("dialect =", "capabilities = [\"usage\"]\ndialect =")
        .replace("{ name =", "{ requests = \"/data/requests\", name =");
    assert!(parse("own.toml", &told).is_ok());
}

#[test]
fn the_example_in_the_documentation_is_a_provider_file() {
    let page = include_str!("../../../../docs/PROVIDERS.md");
    let example = page.split("```").nth(1).unwrap();
    let (providers, errors) = with(&[("example.toml", example.strip_prefix("toml").unwrap())]);
    assert_eq!(errors, []);
    let example = providers.get(&ProviderId::new("example")).unwrap();
    assert_eq!(
        addresses(example, "https://api.eu.example.com/v1"),
        [
            "https://mcp.eu.example.com/mcp/",
            "https://mcp.eu.example.com/org%201%2Fx/admin"
        ]
    );
    for capability in Capability::ALL {
        let word = format!("`{}`", capability.as_str());
        assert!(page.contains(&word), "{word}");
    }
}

#[test]
fn a_file_for_any_server_is_made_and_read_back() {
    for (name, url, header, scheme, file, entry) in [
        (
            "Notes",
            "https://mcp.notes.example/mcp",
            "Authorization",
            "Bearer",
            "notes.toml",
            "notes",
        ),
        (
            "  My \"notes\" \\ & 'more'",
            "https://n.example/mcp/",
            "X-API-Key",
            "",
            "my-notes-more.toml",
            "my-notes-more",
        ),
        (
            "Café Zürich No. 5",
            "http://127.0.0.1:9000/mcp?x=1",
            "x_key",
            "Token",
            "caf-z-rich-no-5.toml",
            "caf-z-rich-no",
        ),
        (
            "日本語",
            "https://mcp.example.jp/",
            "authorization",
            "Bearer",
            "mcp-example-jp.toml",
            "mcp-example-j",
        ),
        (
            "42",
            "http://[::1]/mcp",
            "authorization",
            "Bearer",
            "my-server.toml",
            "my-server",
        ),
        (
            "Atlas",
            "https://mcp.example.com/",
            "authorization",
            "Bearer",
            "my-atlas.toml",
            "my-atlas",
        ),
        (
            "CON",
            "https://mcp.example.com/",
            "authorization",
            "Bearer",
            "my-con.toml",
            "my-con",
        ),
    ] {
        let (made, text) = custom_file(name, url, header, scheme).unwrap();
        assert_eq!(made, file);
        let (providers, errors) = with(&[(&made, &text)]);
        assert_eq!(errors, [], "{text}");
        let own = providers.iter().last().unwrap();
        assert_eq!(own.own_file.as_deref(), Some(file));
        assert_eq!(own.name, name.trim());
        assert_eq!(own.key.header, header.to_lowercase());
        assert_eq!(own.key.scheme, scheme);
        assert!(
            own.key
                .recognises(&Secret::new("anything.but:blanks".to_owned()))
        );
        let Base::Fixed { url: base } = &own.base else {
            panic!("{name}: the base is its host");
        };
        assert_eq!(addresses(own, base.as_str()), [url]);
        assert_eq!(own.servers[0].entry, entry);
        assert_eq!(
            own.verify,
            Some(VerifyRequest::Mcp {
                server: "mcp".to_owned()
            })
        );
    }
}

#[test]
fn braces_in_the_address_of_a_server_are_not_filled_in() {
    let url = "https://mcp.example.com/mcp?o={organization}&b={base}";
    let (file, text) = custom_file("x", url, "authorization", "Bearer").unwrap();
    let made = parse(&file, &text).unwrap();
    let address = "https://mcp.example.com/mcp?o=%7Borganization%7D&b=%7Bbase%7D";
    assert_eq!(addresses(&made, "https://mcp.example.com"), [address]);
}

#[test]
fn no_file_is_made_of_what_cannot_work_or_has_a_key_in_it() {
    let fine = (
        "Notes",
        "https://mcp.notes.example/mcp",
        "authorization",
        "Bearer",
    );
    let made = |name, url, header, scheme| custom_file(name, url, header, scheme).unwrap_err();
    let long = "long".repeat(26);
    for name in ["", " ", "a\nb", "a\u{0}b", "tab\there", &long] {
        assert!(
            matches!(made(name, fine.1, fine.2, fine.3), CustomError::Name(_)),
            "{name:?}"
        );
    }
    for url in [
        "",
        "mcp.notes.example",
        "http://mcp.notes.example/mcp",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://",
        "https://me:hunter2@notes.example/mcp",
        "https://notes.example/mcp#hunter2",
    ] {
        let error = made(fine.0, url, fine.2, fine.3);
        assert!(matches!(error, CustomError::Url { .. }), "{url}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    for url in [
        "https://n.example/mcp?api_key=hunter2",
        "https://n.example/mcp?a=1&Access-Token=hunter2",
    ] {
        let error = made(fine.0, url, fine.2, fine.3);
        assert!(matches!(error, CustomError::KeyInUrl { .. }), "{url}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    for header in [
        "",
        "x key",
        "x-key:",
        "x-key\r\nx: y",
        "host",
        "Content-Type",
        "mcp-session-id",
        "schlüssel",
    ] {
        assert_eq!(
            made(fine.0, fine.1, header, fine.3),
            CustomError::Header,
            "{header:?}"
        );
    }
    for scheme in [
        "two words",
        "Bearer:",
        "Bearer\r\nx: y",
        "sk-live-0123456789abcdef",
    ] {
        assert_eq!(
            made(fine.0, fine.1, fine.2, scheme),
            CustomError::Scheme,
            "{scheme:?}"
        );
    }
}

proptest! {
    #[test]
    fn whatever_the_name_is_the_file_made_of_it_says_it(name in "\\PC{1,60}", header in "[a-zA-Z-]{1,20}", scheme in "[A-Za-z]{0,10}") {
        if let Ok((file, text)) = custom_file(&name, "https://mcp.example.com/mcp", &header, &scheme) {
            let stem = file.strip_suffix(".toml").unwrap();
            prop_assert!(stem.len() <= 30 && stem.starts_with(|c: char| c.is_ascii_lowercase()));
            prop_assert!(stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            let provider = parse(&file, &text).unwrap();
            prop_assert_eq!(provider.id.as_str(), stem);
            prop_assert_eq!(provider.name, name.trim());
            prop_assert_eq!(provider.key.header, header.to_lowercase());
            prop_assert!(Providers::built_in().with_own(&[(file, text)]).1.is_empty());
        }
    }

    #[test]
    fn no_text_makes_the_reader_fall_over(text in "\\PC{0,200}", at in 0_usize..900) {
        let _ = parse("any.toml", &text);
        let at = (at..=OWN.len()).find(|at| OWN.is_char_boundary(*at)).unwrap_or(0);
        let _ = parse("any.toml", &format!("{}{text}{}", &OWN[..at], &OWN[at..]));
    }
}
