#!/usr/bin/env bash
# Installs the AI clients and configurators of tests/clients/ into target/clients/, at the pinned versions; with `mcpm`, that one too.
# Quick when they are there. No install script of theirs is run: the programs are called where their packages put them.
set -euo pipefail
cd "$(dirname "$0")/../.."
lock=tests/clients/package-lock.json
installed=target/clients
mkdir -p $installed

if ! cmp -s $lock $installed/node_modules/.installed; then
    echo 'Installing AI clients and configurators into target/clients (about 1 GB).' >&2
    cp tests/clients/package.json $lock $installed/
    # Not `ci`: some optional parts for other systems are not to be had everywhere, which it takes for a lock file out of step.
    npm --prefix $installed install --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >&2
    cp $lock $installed/node_modules/.installed
fi

requirements=tests/clients/requirements.txt
if [ "${1-}" = mcpm ] && ! cmp -s $requirements $installed/mcpm/.installed; then
    echo 'Installing mcpm into target/clients/mcpm.' >&2
    rm -rf $installed/mcpm
    python3 -m venv $installed/mcpm || { echo 'mcpm wants Python 3 with venv (Debian: python3-venv).' >&2; exit 1; }
    $installed/mcpm/bin/pip install --quiet --disable-pip-version-check --requirement $requirements
    cp $requirements $installed/mcpm/.installed
fi
