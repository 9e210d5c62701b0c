//! The typed TypeScript side of the command table, written to `ui/src/ipc/generated.ts` and kept equal to it by a test.

use std::collections::BTreeMap;

use keystow_core::provider::Providers;
use ts_rs::{Config, TS, TypeVisitor};

use crate::contract::*;
use crate::handlers;

/// Collects the declarations of every type that a command mentions, by name.
struct Declarations<'a> {
    config: &'a Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() {
            let name = T::ident(self.config);
            if self.found.contains_key(&name) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            let text = format!("{docs}export {}\n", T::decl(self.config));
            self.found.insert(name, text);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

macro_rules! collect {
    ($($name:ident ($request:ty) -> $view:ty, invalidates [$($cache:ident),*];)*) => {
        /// Names of all commands, in the order of the table.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// The whole generated file.
        pub fn typescript() -> String {
            let config = Config::default();
            let mut declarations = Declarations { config: &config, found: BTreeMap::new() };
            declarations.visit::<ProblemView>();
            $( declarations.visit::<$request>(); declarations.visit::<$view>(); )*
            let mut text = String::from("// Generated from the command table (src-tauri/crates/app/src/contract.rs). Do not edit: `make types` writes it.\n\n");
            for declaration in declarations.found.values() {
                text.push_str(declaration);
                text.push('\n');
            }
            text.push_str("/** Every command: its request and its answer. */\nexport interface Commands {\n");
            $( text.push_str(&format!("  {}: {{ request: {}; view: {} }};\n", stringify!($name), <$request as TS>::name(&config), <$view as TS>::name(&config))); )*
            text.push_str("}\n\n/** The caches that a command makes stale: first words of command names. */\nexport const invalidates: Record<keyof Commands, readonly string[]> = {\n");
            $( text.push_str(&format!("  {}: {:?},\n", stringify!($name), [$(stringify!($cache)),*] as [&str; { const N: &[&str] = &[$(stringify!($cache)),*]; N.len() }])); )*
            text.push_str("};\n");
            text
        }
    };
}

crate::with_commands!(collect);

/// The providers that come with Keystow as the window gets them: the window's tests go through all of them.
pub fn catalogue() -> String {
    let views: Vec<ProviderView> = Providers::built_in()
        .iter()
        .map(handlers::provider)
        .collect();
    let text = serde_json::to_string_pretty(&views).expect("views are plain data");
    format!(
        "// Written by `make types`.\nimport type {{ ProviderView }} from \"../src/ipc\";\n\n\
         /** The providers that come with Keystow. */\nexport const catalogue: readonly ProviderView[] = {text};\n"
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_generated_file_is_the_table() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/ipc/generated.ts");
        let found = std::fs::read_to_string(&path).expect("the UI has the generated file");
        assert!(
            found == typescript(),
            "ui/src/ipc/generated.ts is stale: run `make types`"
        );
    }

    #[test]
    fn the_catalogue_of_the_windows_tests_is_the_catalogue() {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/test/catalogue.generated.ts");
        let found = std::fs::read_to_string(&path).expect("the UI's tests have the catalogue");
        assert!(
            found == catalogue(),
            "ui/test/catalogue.generated.ts is stale: run `make types`"
        );
    }

    #[test]
    fn no_view_has_a_place_for_plaintext() {
        let text = typescript().to_lowercase();
        for word in ["secret:", "password:", "plaintext:", "token:"] {
            assert!(!text.contains(word), "a wire type has a field {word}");
        }
    }
}
