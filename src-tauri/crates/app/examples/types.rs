//! Prints the TypeScript side of the command table, or with `catalogue` the providers for the window's tests (`make types`).
#![allow(clippy::print_stdout)]

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("catalogue") => print!("{}", keystow_app::catalogue()),
        _ => print!("{}", keystow_app::typescript()),
    }
}
