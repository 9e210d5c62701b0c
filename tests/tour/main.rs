//! The tour: the real app in a virtual display, with a home, a session bus and a keychain daemon of its own, taken through its main
//! job as a newcomer would. It says what happens, leaves pictures in `target/tour/`, and fails if any step does.
#![allow(clippy::print_stdout)]

#[cfg(target_os = "linux")]
mod tour;

fn main() {
    // The test runner asks every test binary for its list.
    if std::env::args().any(|arg| arg == "--list") {
        return;
    }
    #[cfg(target_os = "linux")]
    tour::run(std::env::args().any(|arg| arg == "--pictures"));
    #[cfg(not(target_os = "linux"))]
    println!("The tour needs Linux: elsewhere there is no virtual display to take it in.");
}
