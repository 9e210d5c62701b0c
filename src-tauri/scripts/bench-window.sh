#!/usr/bin/env bash
# Measures the released window beside an empty Tauri window, on a virtual screen in a world of its own: see bench-window.mjs.
# BENCH_WINDOW_MINUTES (60) is how long it is used before its memory is looked at again; 0 leaves that out.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts=$PWD/src-tauri/scripts
target=${CARGO_TARGET_DIR:-$PWD/target}

for program in Xvfb WebKitWebDriver; do
    command -v $program >/dev/null || { echo "The window was not measured: there is no $program."; exit 0; }
done
"$scripts/world.sh" true 2>/dev/null || { echo 'The window was not measured: there can be no world for it (see world.sh).'; exit 0; }
npm --prefix ui --no-update-notifier run --silent build >/dev/null
gzip=$(npm --prefix ui --no-update-notifier run --silent budget | awk '/for the first page/ { print $1 }')
cargo build --locked --release --quiet --workspace --bins
cargo build --locked --release --quiet --workspace --example seed
cargo build --locked --release --quiet --workspace --example empty-window
bin=$target/release
"$scripts/world.sh" env BENCH_ROUNDS="${BENCH_ROUNDS:-7}" node "$scripts/bench-window.mjs" \
    "$bin/keystow" "$bin/keystow-desktop" "$bin/examples/empty-window" "$bin/examples/seed" \
    "$PWD/ui/dist" "$target/bench/window.json" "${BENCH_WINDOW_MINUTES:-60}" "$gzip"
