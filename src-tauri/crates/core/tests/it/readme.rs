//! The README's tables are those that the client and provider files make.

#[path = "../../examples/clients-table.rs"]
#[allow(dead_code)]
mod clients_table;
#[path = "../../examples/providers-table.rs"]
#[allow(dead_code)]
mod providers_table;

#[test]
fn the_readme_shows_the_clients_as_they_are() {
    let text = std::fs::read_to_string(clients_table::readme()).unwrap();
    let fresh = clients_table::with_table(&text).unwrap();
    assert!(
        text == fresh,
        "the README's table of clients is stale; run: cargo run -p keystow-core --example clients-table"
    );
}

#[test]
fn the_readme_shows_the_providers_as_they_are() {
    let text = std::fs::read_to_string(providers_table::readme()).unwrap();
    let fresh = providers_table::with_table(&text).unwrap();
    assert!(
        text == fresh,
        "the README's table of providers is stale; run: cargo run -p keystow-core --example providers-table"
    );
}
