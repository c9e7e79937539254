#!/usr/bin/env bash
# Runs the browser tests. usage: run.sh OPENAPI BMOB_ADMIN
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() { printf 'browser: %s\n' "$*" >&2; exit 1; }

[ $# = 2 ] || fail "usage: run.sh OPENAPI BMOB_ADMIN"
node=$(command -v node || command -v nodejs) || fail "Node.js 18 or newer is missing: apt-get install nodejs npm (./dev test does it)"
OPENAPI_CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
  fail "Chromium is missing: apt-get install chromium (./dev test does it)"
[ -d "$folder/node_modules/puppeteer-core" ] || fail "puppeteer-core is not installed: run 'npm ci' in tests/browser (./dev test does it)"
OPENAPI_PROGRAM=$(realpath "$1")
BMOB_ADMIN_PROGRAM=$(realpath "$2")
export OPENAPI_CHROMIUM OPENAPI_PROGRAM BMOB_ADMIN_PROGRAM
# Loopback only: a proxy of the machine has no part in this.
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
exec timeout --kill-after=10 240 "$node" --test "$folder/admin.test.mjs"
