#!/usr/bin/env bash
# Measures the released `keystow`: connecting against other configurators, the bridge against other bridges and a direct connection,
# a list of very many keys, the window against an empty one, and what each configurator makes of difficult files; and lets the bridge have five minutes of bad luck.
# In homes, session buses and keychains of its own. Linux only, because the keychain is a private gnome-keyring-daemon.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts=$PWD/src-tauri/scripts
keystow=$PWD/target/release/keystow

"$scripts/world.sh" true 2>/dev/null || { echo 'make bench: skipped, there can be no world for it (see world.sh).'; exit 0; }
"$scripts/test-clients-install.sh" mcpm
cargo build --locked --release --quiet -p keystow-cli
cargo build --locked --release --quiet -p keystow-cli --example seed

"$scripts/world.sh" node "$scripts/bench-connect.mjs" "$keystow" "$PWD/target/clients" "$scripts"
echo
"$scripts/bench-bridge.sh"
echo
"$scripts/world.sh" node "$scripts/bench-list.mjs" "$keystow" "$PWD/target/release/examples/seed"
echo
"$scripts/bench-window.sh"
echo
"$scripts/torture.sh" "$keystow"
echo
echo 'Five minutes of bad luck for the bridge:'
CHAOS_SECONDS=300 cargo test --locked --quiet -p keystow-cli --test bridge -- --nocapture every_call_is_answered_once
