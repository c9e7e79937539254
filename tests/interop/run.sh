#!/usr/bin/env bash
# Runs the interop tests against the `openapi` program given as first argument; more arguments choose test files or folders.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() { printf 'interop: %s\n' "$*" >&2; exit 1; }

[ $# -ge 1 ] || fail "usage: run.sh OPENAPI [FILE|FOLDER…]"
node=$(command -v node || command -v nodejs) || fail "Node.js 18 or newer is missing: apt-get install nodejs npm (./dev test does it)"
[ -d "$folder/node_modules" ] || fail "the clients are not installed: run 'npm ci' in tests/interop (./dev test does it)"
exec "$node" "$folder/run.mjs" "$@"
