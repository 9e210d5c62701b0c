#!/usr/bin/env bash
# Builds the command line for Windows and takes it through the whole loop under wine, in a Windows of its own that is thrown
# away afterwards. Where wine or the target cannot be had it says so in one line and succeeds.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts=$PWD/src-tauri/scripts
target=x86_64-pc-windows-gnu

skip() {
    echo "Windows under wine: skipped, $1."
    exit 0
}
command -v x86_64-w64-mingw32-gcc >/dev/null || skip 'there is no mingw compiler (x86_64-w64-mingw32-gcc)'
command -v wine >/dev/null || skip 'there is no wine'
[ -d "$(rustc --print sysroot)/lib/rustlib/$target" ] || { command -v rustup >/dev/null && rustup --quiet target add $target >/dev/null 2>&1; } ||
    skip "the Rust target $target cannot be had"

# The same packages and settings as in check-targets.sh: with another choice everything would be compiled once more.
CARGO_TARGET_DIR=$PWD/target/cross CARGO_PROFILE_DEV_DEBUG=false cargo build --locked --quiet --target $target -p keystow-cli -p keystow-desktop

world=$(mktemp -d "$PWD/target/cross/wine-XXXXXX")
export WINEPREFIX=$world/prefix WINEDEBUG=-all WINEDLLOVERRIDES='mscoree=;mshtml=' HOME=$world/home
unset DISPLAY WAYLAND_DISPLAY
finish() {
    # Ends only what runs in this prefix.
    wineserver -k 2>/dev/null || true
    rm -rf "$world"
}
trap finish EXIT
mkdir -p "$HOME"
wineboot --init >/dev/null 2>&1 || skip 'wine does not start here'

x86_64-w64-mingw32-gcc -shared -O1 -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll" "$scripts/wine/bcryptprimitives.c" -ladvapi32
node "$scripts/wine/loop.mjs" "$PWD/target/cross/$target/debug/keystow.exe"
