//! The README's tables are those that the client and provider files make.

#[path = "../../examples/readme-tables/main.rs"]
#[allow(dead_code)]
mod readme_tables;

#[test]
fn the_readme_shows_the_clients_and_providers_as_they_are() {
    let text = std::fs::read_to_string(readme_tables::readme()).unwrap();
    let fresh = readme_tables::with_tables(&text).unwrap();
    assert!(
        text == fresh,
        "the README's tables are stale; run: cargo run -p keystow-core --example readme-tables"
    );
}
