#!/usr/bin/env bash
# Installs what is missing to build, run and test Keystow. Quick when there is nothing to do; installs nothing twice.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Without these nothing builds.
build=(libwebkit2gtk-4.1-dev libgtk-3-dev libayatana-appindicator3-dev librsvg2-dev libxdo-dev pkg-config build-essential patchelf rpm)
# These the tour and the tests run: a virtual display, a web driver, a session bus, a keychain.
test=(xvfb xauth xdotool xdg-utils webkit2gtk-driver gnome-keyring libsecret-tools dbus dbus-x11 xclip strace acl git iproute2 openssl python3-venv fonts-dejavu-core adwaita-icon-theme)
# With these, the tests reach Windows too; without them that part says it is skipped.
windows=(gcc-mingw-w64-x86-64 wine wine64)

missing() {
    local have package
    have=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
    for package in "$@"; do
        grep -qx "$package installed" <<<"$have" || printf '%s\n' "$package"
    done
}

install_packages() {
    local sudo=()
    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "These packages are missing, and there is no sudo here. As root: apt-get install $*" >&2
            return 1
        fi
        sudo=(sudo)
    fi
    echo "Installing system packages: $*"
    local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq)
    # A package list may be there already; ask for a new one only where the old one does not do.
    "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null 2>&1 ||
        { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null; }
}

system_packages() {
    local required optional
    mapfile -t required < <(missing "${build[@]}" "${test[@]}")
    [ ${#required[@]} = 0 ] || install_packages "${required[@]}" || return 1
    [ "$(dpkg --print-architecture)" = amd64 ] || return 0
    mapfile -t optional < <(missing "${windows[@]}")
    [ ${#optional[@]} = 0 ] || install_packages "${optional[@]}" ||
        echo "Not installed: ${optional[*]}. The Windows part of the tests will be skipped." >&2
}

case $(uname -s) in
    Linux)
        if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
            system_packages
        elif ! pkg-config --exists webkit2gtk-4.1 gtk+-3.0 librsvg-2.0 2>/dev/null; then
            cat >&2 <<'END'
Please install what Keystow is built with, then run this again:
  Fedora     dnf install webkit2gtk4.1-devel gtk3-devel libappindicator-gtk3-devel librsvg2-devel libxdo-devel gcc patchelf rpm-build
  Arch       pacman -S webkit2gtk-4.1 gtk3 libayatana-appindicator librsvg xdotool base-devel patchelf
  openSUSE   zypper install webkit2gtk3-devel gtk3-devel libayatana-appindicator3-devel librsvg-devel xdotool-devel gcc patchelf rpm-build
The tests also want: Xvfb, WebKitWebDriver, xdg-open, gnome-keyring-daemon, secret-tool, dbus-daemon, xdotool, xclip, strace, setfacl, git, ip, openssl, Python 3 with venv.
END
            exit 1
        fi
        ;;
    Darwin)
        xcode-select -p >/dev/null 2>&1 || { echo 'Please install the Xcode command line tools: xcode-select --install' >&2; exit 1; }
        ;;
    *)
        echo "On Windows: install the Visual Studio build tools (C++) and the WebView2 runtime." >&2
        ;;
esac

command -v cargo >/dev/null || { echo 'Please install Rust 1.95 or newer: https://rustup.rs' >&2; exit 1; }
node=$(node --version 2>/dev/null || true)
case $node in
    v2[0-9].* | v[3-9][0-9].*) ;;
    *) echo "Please install Node 20 or newer: https://nodejs.org (found: ${node:-none})" >&2; exit 1 ;;
esac

# npm packages of the window, of the tests that have the official MCP SDK, its conformance suite and its servers, and of the
# better-auth app that tests sign in to; again only when a lock file has changed since.
for place in ui tests/sdk tests/mcp tests/better-auth; do
    stamp=$place/node_modules/.installed
    if [ ! -f "$stamp" ] || ! cmp -s "$place/package-lock.json" "$stamp"; then
        echo "Installing npm packages in $place."
        npm --prefix "$place" ci --no-audit --no-fund --no-update-notifier --loglevel=error
        cp "$place/package-lock.json" "$stamp"
    fi
done
