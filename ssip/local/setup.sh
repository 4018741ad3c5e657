#!/bin/sh
# Makes .venv from the lock files: every package by its hash. Quick when nothing changed since the last time.
set -eu
cd "$(dirname "$0")/../.."

fail() {
    echo "$*" >&2
    exit 1
}

made_of="$(cat requirements-uv.lock requirements.lock | cksum)"
whole() { # a virtual environment made here: one that was moved or copied has wrong paths in its scripts
    grep -qsF "$PWD/.venv" .venv/bin/activate && .venv/bin/python -c "" 2>/dev/null
}
if whole && [ "$(cat .venv/made-of 2>/dev/null)" = "$made_of" ]; then
    exit 0
fi

if ! whole; then
    python=""
    for each in ${PYTHON:-} python3.11 python3 python; do
        if "$each" -c "import sys; sys.exit(sys.version_info[:2] != (3, 11))" 2>/dev/null; then
            python="$each"
            break
        fi
    done
    [ -n "$python" ] || fail "Python 3.11 is not on this machine: install it, or name it with PYTHON=/path/to/python3.11."
    "$python" -c "import venv, ensurepip" 2>/dev/null ||
        fail "This Python 3.11 cannot make virtual environments: install its venv package (on Debian: python3.11-venv)."
fi

echo "Installing the Python packages into .venv ..."
rm -f .venv/made-of
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
if ! whole && ! "$python" -m venv --clear .venv >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    fail "The virtual environment .venv could not be made: is there room on the disk, and may you write here?"
fi
download() {
    if ! "$@" >"$log" 2>&1; then
        grep -i error "$log" | tail -n 3 >&2
        fail "The Python packages could not be downloaded or their hashes differ: check the network, then run the same command again."
    fi
}
download .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
download .venv/bin/uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes -r requirements.lock
echo "$made_of" >.venv/made-of
