#!/usr/bin/env bash
# The bridge beside mcp-remote, supergateway, mcp-proxy and no bridge at all; the figures go to target/bench/results.json and into
# docs/bridge.md. Wants a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts=$PWD/src-tauri/scripts
built=$(cargo metadata --locked --offline --no-deps --format-version 1 | node -p 'JSON.parse(require("fs").readFileSync(0)).target_directory')/release

"$scripts/bench-peers-install.sh"
cargo build --locked --release --quiet -p keystow-cli
cargo build --locked --release --quiet -p keystow-bridge --example bench
cp "$(node -p process.execPath)" target/bench/node
"$scripts/world.sh" env BENCH_ROUNDS="${BENCH_ROUNDS-7}" "$PWD/target/bench/node" "$scripts/bench.mjs" "$built/keystow" "$built/examples/bench" "$PWD/target/bench/peers" \
    "$PWD/target/bench/results.json" "$PWD/src-tauri/docs/bridge.md"
