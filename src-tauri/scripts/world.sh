#!/usr/bin/env bash
# Runs a command in a world that is thrown away afterwards: a home, a session bus at the usual place, an unlocked keychain, process
# numbers and a network of its own that reaches nothing but loopback. What it started ends with it.
#
#   world.sh COMMAND ARG...     Linux only; exits with 77 where such a world cannot be had
set -euo pipefail

if [ "${1-}" != --inside ]; then
    for program in unshare setpriv ip mount dbus-daemon gnome-keyring-daemon node; do
        command -v $program >/dev/null || { echo "there is no $program" >&2; exit 77; }
    done
    apart=(unshare --user --map-root-user --mount --net --ipc --pid --fork --kill-child --mount-proc)
    "${apart[@]}" true 2>/dev/null || { echo 'namespaces are not allowed' >&2; exit 77; }
    home=$(mktemp -d)
    trap 'chmod -R u+rwX "$home"; rm -rf "$home"' EXIT
    "${apart[@]}" env -i PATH="$PATH" LANG=C.UTF-8 HOME="$home" bash "$0" --inside "$@"
    exit
fi
shift

# Only here, as root of this namespace. The command itself has none of these rights, so that modes mean what they say.
ip link set lo up
mount -t tmpfs -o mode=755 tmpfs /run
export XDG_RUNTIME_DIR=/run/user/0
export DBUS_SESSION_BUS_ADDRESS=unix:path=$XDG_RUNTIME_DIR/bus
mkdir -p "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
cd "$HOME"
plain=(setpriv --bounding-set=-all --inh-caps=-all --no-new-privs)
"${plain[@]}" dbus-daemon --session --address="$DBUS_SESSION_BUS_ADDRESS" --fork --nopidfile 2>/dev/null
printf world | "${plain[@]}" gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
"${plain[@]}" "$@"
