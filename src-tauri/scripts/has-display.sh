#!/bin/sh
# Whether a window can be shown here.
case $(uname -s) in
    Darwin | MINGW* | MSYS*) exit 0 ;;
    *) [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] ;;
esac
