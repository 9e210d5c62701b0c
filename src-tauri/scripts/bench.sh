#!/usr/bin/env bash
# Measures the released `keystow bridge` against a direct connection to the same server, in a home, session bus and keychain of
# its own. Linux only, because the keychain is a private gnome-keyring-daemon.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts=$PWD/src-tauri/scripts

for program in dbus-run-session gnome-keyring-daemon secret-tool; do
    command -v $program >/dev/null || { echo "make bench: skipped, there is no $program."; exit 0; }
done
cargo build --locked --release --quiet -p keystow-cli

world=$(mktemp -d)
finish() {
    # The local workspace outlives its callers; end whatever was started in this home, and nothing else.
    local process
    for process in /proc/[0-9]*; do
        if tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -qx "HOME=$world"; then kill "${process#/proc/}" 2>/dev/null || true; fi
    done
    rm -rf "$world"
}
trap finish EXIT
mkdir -m 700 "$world/run"

env -i PATH="$PATH" HOME="$world" XDG_RUNTIME_DIR="$world/run" dbus-run-session -- bash -euo pipefail -c '
    printf bench | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
    node "$1/bench.mjs" "$2" keystow' bench "$scripts" "$PWD/target/release/keystow" 2> >(grep -v 'Failed to set fd limit' >&2)
