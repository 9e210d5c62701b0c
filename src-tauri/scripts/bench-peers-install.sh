#!/usr/bin/env bash
# Installs the bridges of tests/bench/ into target/bench/peers/, at the pinned versions. Quick when they are there. No install script of
# theirs is run.
set -euo pipefail
cd "$(dirname "$0")/../.."
installed=target/bench/peers
mkdir -p $installed

lock=tests/bench/package-lock.json
if ! cmp -s $lock $installed/node_modules/.installed; then
    echo 'Installing mcp-remote and supergateway into target/bench/peers.' >&2
    cp tests/bench/package.json $lock $installed/
    npm --prefix $installed ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2
    cp $lock $installed/node_modules/.installed
fi

requirements=tests/bench/requirements.txt
if ! cmp -s $requirements $installed/proxy/.installed; then
    echo 'Installing mcp-proxy into target/bench/peers.' >&2
    rm -rf $installed/proxy
    python3 -m venv $installed/proxy || { echo 'mcp-proxy wants Python 3 with venv (Debian: python3-venv).' >&2; exit 1; }
    $installed/proxy/bin/pip install --quiet --disable-pip-version-check --requirement $requirements
    cp $requirements $installed/proxy/.installed
fi
