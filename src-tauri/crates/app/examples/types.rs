//! Prints the TypeScript side of the command table (`make types`).
#![allow(clippy::print_stdout)]

fn main() {
    print!("{}", keystow_app::typescript());
}
