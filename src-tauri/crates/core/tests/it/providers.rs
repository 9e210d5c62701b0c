//! The provider files that come with Keystow say what their products document.

use std::collections::HashSet;

use keystow_core::provider::{
    Auth, Base, Capability, Dialect, Provider, Providers, Server, SignInMethod, VerifyRequest,
};
use keystow_core::{ProviderId, Secret};
use url::Url;

fn built_in(id: &str) -> Provider {
    let providers = Providers::built_in();
    providers.get(&ProviderId::new(id)).unwrap().clone()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// Where each server of a provider is for a workspace at `base`.
pub(super) fn addresses(provider: &Provider, base: &str) -> Vec<String> {
    let at = |server: &Server| provider.address(&server.url, &url(base), Some("org 1/x"));
    let addresses = provider.servers.iter().map(at);
    addresses.map(|url| url.unwrap().to_string()).collect()
}

#[test]
fn eight_come_with_keystow_the_local_one_first() {
    let providers = Providers::built_in();
    let ids: Vec<&str> = providers.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "local",
            "adlyse",
            "aidelly",
            "atlas",
            "creatoraudit",
            "ocore",
            "better-auth",
            "custom"
        ]
    );
}

#[test]
fn every_built_in_file_says_where_its_facts_come_from() {
    for provider in Providers::built_in().iter() {
        assert!(!provider.source.is_empty(), "{}", provider.id);
        assert!(provider.checked.on.starts_with("2026-"), "{}", provider.id);
        for sentence in &provider.checked.unsure {
            assert!(sentence.ends_with('.'), "{}: {sentence}", provider.id);
        }
        for error in &provider.errors {
            for text in std::iter::once(&error.text).chain(&error.hint) {
                assert!(text.ends_with('.'), "{}: {text}", provider.id);
            }
        }
        for server in &provider.servers {
            let known = provider.server(&provider.server_id(server));
            assert_eq!(known.map(|known| &known.name), Some(&server.name));
        }
    }
}

#[test]
fn patterns_take_keys_of_the_documented_shapes_and_no_others() {
    let letters = |count: usize| "abcdefghijKLMNOPQRST".chars().cycle().take(count);
    let key =
        |prefix: &str, count| letters(count).fold(prefix.to_owned(), |key, c| key + &c.to_string());
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl".to_owned();
    for (id, good, bad) in [
        (
            "local",
            vec![key("ksl_", 40)],
            vec![key("ksl_", 39), key("ks1_", 40)],
        ),
        (
            "adlyse",
            vec![
                "mii_prod_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned(),
                key("mii_prod_", 32),
            ],
            vec![
                key("mii_prod_", 31),
                key("mii_test_", 32),
                key("mf_oauth_", 32),
            ],
        ),
        (
            "aidelly",
            vec![
                key("aidelly_live_", 32),
                "aidelly_live_0123456789-abc_EFGHIJKLMNOPQRSTUV".to_owned(),
            ],
            vec![
                "aidelly_live_xxx".to_owned(),
                key("aidelly_test_", 32),
                key("sk_", 32),
            ],
        ),
        (
            "atlas",
            vec![key("", 64), key("atlas_wk_", 32)],
            vec![
                key("", 63),
                key("", 65),
                format!("{}1", key("", 63)),
                jwt.clone(),
            ],
        ),
        (
            "creatoraudit",
            vec![key("", 32), jwt.clone()],
            vec![key("", 15), format!("{} x", key("", 32))],
        ),
        (
            "ocore",
            vec![key("ocore_k_", 32), key("ocore_key_", 24)],
            vec!["ocore_k_abc123...".to_owned(), key("ksl_", 40), jwt.clone()],
        ),
        (
            "better-auth",
            vec![key("", 64), key("ref_", 64)],
            vec![key("", 15), "two words of a key".to_owned()],
        ),
        (
            "custom",
            vec![key("", 8), jwt],
            vec![String::new(), "schlüssel".to_owned(), "a b".to_owned()],
        ),
    ] {
        let style = built_in(id).key;
        for key in good {
            assert!(style.recognises(&Secret::new(key.clone())), "{id}: {key}");
            assert!(key.starts_with(&style.prefix), "{id}: {key}");
            for around in [
                format!("{key}\n"),
                format!(" {key}"),
                format!("{key} {key}"),
                format!("\"{key}\""),
            ] {
                let taken = style.recognises(&Secret::new(around.clone()));
                assert!(!taken || around.starts_with('"'), "{id}: {around:?}");
            }
        }
        for key in bad {
            assert!(!style.recognises(&Secret::new(key.clone())), "{id}: {key}");
        }
    }
}

#[test]
fn servers_are_where_their_products_say_slashes_kept() {
    assert_eq!(
        addresses(&built_in("adlyse"), "https://mcp.adlyse.com"),
        [
            "https://mcp.adlyse.com/mcp/insights/",
            "https://mcp.adlyse.com/mcp/reports/",
            "https://mcp.adlyse.com/mcp/ads/",
            "https://mcp.adlyse.com/mcp/workflows/",
            "https://mcp.adlyse.com/mcp/admin/",
        ]
    );
    for (id, base, address) in [
        (
            "local",
            "http://127.0.0.1:8787/api",
            "http://127.0.0.1:8787/api/mcp/stream",
        ),
        (
            "creatoraudit",
            "https://api.creatoraudit.com/v2",
            "https://mcp.creatoraudit.com/mcp",
        ),
        (
            "aidelly",
            "https://app.aidelly.ai/api/public/v1",
            "https://app.aidelly.ai/api/mcp/public-api",
        ),
        (
            "ocore",
            "https://ocore.example.com/api/",
            "https://ocore.example.com/api/mcp/stream",
        ),
        (
            "atlas",
            "https://api.useatlas.dev",
            "https://mcp.useatlas.dev/mcp/org%201%2Fx",
        ),
        (
            "atlas",
            "https://api-eu.useatlas.dev/",
            "https://mcp-eu.useatlas.dev/mcp/org%201%2Fx",
        ),
        (
            "atlas",
            "https://api-apac.useatlas.dev",
            "https://mcp-apac.useatlas.dev/mcp/org%201%2Fx",
        ),
    ] {
        assert_eq!(addresses(&built_in(id), base), [address], "{id}");
    }
}

#[test]
fn what_an_address_lacks_is_told() {
    let atlas = built_in("atlas");
    let server = &atlas.servers[0].url;
    let hosted = url("https://api.useatlas.dev");
    for nowhere in [None, Some(""), Some(".."), Some(".")] {
        let error = atlas.address(server, &hosted, nowhere).unwrap_err();
        assert!(
            error.to_string().contains("needs an organization"),
            "{error}"
        );
    }
    let own = url("https://atlas.example.com");
    let error = atlas.address(server, &own, Some("o")).unwrap_err();
    assert!(
        error.to_string().contains("https://atlas.example.com"),
        "{error}"
    );
    // Its pages are where its API is.
    let keys = &atlas.dashboard.as_ref().unwrap().keys;
    let page = |base: &Url| atlas.address(keys, base, None).unwrap().to_string();
    assert_eq!(page(&own), "https://atlas.example.com/admin/api-keys");
    assert_eq!(page(&hosted), "https://app.useatlas.dev/admin/api-keys");
}

#[test]
fn products_without_a_key_api_lead_to_their_dashboard_and_prove_pasted_keys() {
    for id in ["adlyse", "creatoraudit", "aidelly"] {
        let provider = built_in(id);
        assert_eq!(provider.dialect, Dialect::None);
        assert!(provider.capabilities.is_empty() && provider.sign_in.is_empty());
        let dashboard = provider.dashboard.as_ref().unwrap();
        assert!(!dashboard.create.is_empty() && !dashboard.revoke.is_empty());
        assert!(provider.verify.is_some() && !provider.errors.is_empty());
    }
    let VerifyRequest::Get { url, tells } = built_in("creatoraudit").verify.unwrap() else {
        panic!("creatoraudit is asked by GET");
    };
    assert_eq!(url, "/whoami");
    assert_eq!(tells.name.as_deref(), Some("/data/api_key_name"));
    assert_eq!(
        built_in("creatoraudit").key.query.as_deref(),
        Some("api_key")
    );
    assert_eq!(built_in("aidelly").scopes.len(), 7);
    let headers: Vec<(String, bool)> = built_in("aidelly")
        .headers
        .into_iter()
        .map(|header| (header.name, header.required))
        .collect();
    assert_eq!(
        headers,
        [
            ("x-aidelly-workspace-id".to_owned(), true),
            ("x-aidelly-brand-id".to_owned(), false)
        ]
    );
}

#[test]
fn products_with_a_key_api_can_be_signed_in_to() {
    for (id, dialect) in [
        ("local", Dialect::Ocore),
        ("ocore", Dialect::Ocore),
        ("atlas", Dialect::Atlas),
        ("better-auth", Dialect::BetterAuth),
    ] {
        let provider = built_in(id);
        assert_eq!(provider.dialect, dialect);
        for capability in [Capability::List, Capability::Create, Capability::Delete] {
            assert!(provider.can(capability), "{id}");
        }
        assert!(!provider.sign_in.is_empty());
    }
    let atlas = built_in("atlas");
    // Accounts with a second factor or a passkey cannot sign in with a password alone.
    assert_eq!(atlas.sign_in.first(), Some(&SignInMethod::Device));
    assert_eq!(atlas.oauth.device_client_id.as_deref(), Some("atlas-cli"));
    assert_eq!(
        (atlas.key.header.as_str(), atlas.key.scheme.as_str()),
        ("x-api-key", "")
    );
    assert_eq!(
        (atlas.key.days_default, atlas.key.days_max),
        (Some(90), Some(365))
    );
    assert_eq!(atlas.servers[0].auth, [Auth::Oauth]);
    assert!(matches!(&atlas.base, Base::Asked { choices, .. } if choices.len() == 3));
}

#[test]
fn a_server_that_asks_for_caution_is_never_the_default() {
    let adlyse = built_in("adlyse");
    assert_eq!(
        adlyse.default_server().map(|server| server.name.as_str()),
        Some("insights")
    );
    let careful: Vec<&str> = adlyse
        .servers
        .iter()
        .filter(|server| server.caution.is_some())
        .map(|server| server.name.as_str())
        .collect();
    assert_eq!(careful, ["admin"]);
}

#[test]
fn error_codes_are_explained_once() {
    for provider in Providers::built_in().iter() {
        let codes: HashSet<&str> = provider.errors.iter().map(|e| e.code.as_str()).collect();
        assert_eq!(codes.len(), provider.errors.len(), "{}", provider.id);
    }
    let revoked = built_in("aidelly");
    let revoked = revoked.error("PUBLIC_API_KEY_INVALID").unwrap();
    assert!(revoked.text.contains("revoked") && revoked.hint.is_some());
}
