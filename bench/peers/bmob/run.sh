#!/bin/bash
# Prints operations per second against one local Bmob at 32 in flight: a JSON line of hydrogen-js-sdk for each run.
# With a program (PROGRAM BMOB_JSON 32 SECONDS prints such a line too) the two take turns.
# usage: run.sh OPENAPI [RUNS] [SECONDS] [PROGRAM]
# Server on one core, client on another, where there are two.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
openapi=$1 runs=${2:-5} seconds=${3:-2} program=${4:-}
work=$(mktemp -d)
server_pin=() client_pin=()
if [ "$(nproc)" -ge 2 ]; then server_pin=(taskset -c 0) client_pin=(taskset -c 1); fi
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

"${server_pin[@]}" "$openapi" sandbox --port 0 --write-config "$work" >"$work/ready" &
server=$!
until [ -s "$work/ready" ]; do kill -0 "$server"; sleep 0.05; done

for ((run = 0; run < runs; ++run)); do
  if [ -n "$program" ]; then "${client_pin[@]}" "$program" "$work/bmob.json" 32 "$seconds"; fi
  NODE_EXTRA_CA_CERTS="$work/ca.pem" "${client_pin[@]}" node "$here/sdk.mjs" "$work/bmob.json" 32 "$seconds"
done
