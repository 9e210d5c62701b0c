#!/usr/bin/env bash
# Type-checks every crate with its tests for Windows and macOS, and links the programs for Windows, so that code for other
# systems never rots. What cannot be had here is skipped, in one line.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts=$PWD/src-tauri/scripts
# A directory of its own: these builds would only lengthen the lock on the usual one.
export CARGO_TARGET_DIR=$PWD/target/cross
# Nobody steps through these programs.
export CARGO_PROFILE_DEV_DEBUG=false

# Whether a target's standard library is there, after trying to add it.
have_target() {
    if [ -d "$(rustc --print sysroot)/lib/rustlib/$1" ]; then return 0; fi
    command -v rustup >/dev/null && rustup --quiet target add "$1" >/dev/null 2>&1
}

windows=x86_64-pc-windows-gnu
if ! command -v x86_64-w64-mingw32-gcc >/dev/null; then
    echo 'Windows: skipped, there is no mingw compiler (x86_64-w64-mingw32-gcc).'
elif ! have_target $windows; then
    echo "Windows: skipped, the Rust target $windows cannot be had."
else
    echo 'Windows: checking every crate with its tests.'
    cargo check --locked --quiet --keep-going --workspace --all-targets --target $windows
    echo 'Windows: linking keystow.exe and keystow-desktop.exe.'
    cargo build --locked --quiet --target $windows -p keystow-cli -p keystow-desktop
fi

macos=aarch64-apple-darwin
if ! have_target $macos; then
    echo "macOS: skipped, the Rust target $macos cannot be had."
else
    echo 'macOS: checking every crate with its tests.'
    if [ "$(uname -s)" != Darwin ]; then
        # C parts of dependencies need Apple's headers to compile; a type check does not need the C parts.
        for tool in CC CXX AR RANLIB; do export ${tool}_aarch64_apple_darwin="$scripts/stub-compiler.sh"; done
    fi
    cargo check --locked --quiet --keep-going --workspace --all-targets --target $macos
fi
