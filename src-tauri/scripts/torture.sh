#!/usr/bin/env bash
# The torture table: the same settings files through keystow and other configurators, in a throw-away world. Writes
# src-tauri/docs/TORTURE.md, prints it, and fails when keystow damages anything.
#
#   torture.sh [KEYSTOW [TITLE]]     the program to try [default: target/debug/keystow, built first]; only files with TITLE in theirs
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts=$PWD/src-tauri/scripts
keystow=${1-}

"$scripts/test-clients-install.sh" mcpm
if [ -z "$keystow" ]; then
    cargo build --locked --quiet -p keystow-cli
    keystow=$PWD/target/debug/keystow
fi

status=0
"$scripts/world.sh" node "$scripts/torture.mjs" "$keystow" "$PWD/target/clients" "$PWD/target/torture" "${2-}" || status=$?
[ $status != 77 ] || { echo 'The torture table: skipped.'; exit 0; }
[ $status != 0 ] || [ -n "${2-}" ] || cp target/torture/TORTURE.md src-tauri/docs/TORTURE.md
exit $status
