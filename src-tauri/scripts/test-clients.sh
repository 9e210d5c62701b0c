#!/usr/bin/env bash
# Claude Code, Codex and opencode, at pinned versions, reach the local workspace through what `keystow connect` writes into their
# settings: in every mode they have, also after they have rewritten their files. In a throw-away world with no network, signed in to
# nothing.
#
#   test-clients.sh [KEYSTOW [CLIENT]]     the program to try [default: target/debug/keystow, built first]; only this client
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts=$PWD/src-tauri/scripts
keystow=${1-}

"$scripts/test-clients-install.sh"
if [ -z "$keystow" ]; then
    cargo build --locked --quiet -p keystow-cli
    keystow=$PWD/target/debug/keystow
fi

status=0
"$scripts/world.sh" node "$scripts/test-clients.mjs" "$keystow" "$PWD/target/clients" "$PWD/tests/clients/neighbour.mjs" "${2-}" || status=$?
[ $status != 77 ] || { echo 'Real clients: skipped.'; exit 0; }
exit $status
