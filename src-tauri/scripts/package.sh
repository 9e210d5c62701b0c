#!/usr/bin/env bash
# Builds release binaries and packs them for this system, the command line beside the window. Needs `ui/dist`.
set -euo pipefail
cd "$(dirname "$0")/../.."

triple=$(rustc --print host-tuple)
extension=
case $triple in
    *-linux-*) bundles=deb,rpm ;;
    *-apple-*) bundles=dmg ;;
    *-windows-*) bundles=msi extension=.exe ;;
esac

cargo build --locked --release -p keystow-desktop -p keystow-cli
mkdir -p src-tauri/binaries
cp "target/release/keystow$extension" "src-tauri/binaries/keystow-$triple$extension"
ui/node_modules/.bin/tauri bundle --bundles "${1:-$bundles}" --config tauri.bundle.conf.json
find target/release/bundle -type f \( -name '*.deb' -o -name '*.rpm' -o -name '*.dmg' -o -name '*.msi' -o -name '*.AppImage' \) -newer "src-tauri/binaries/keystow-$triple$extension"
