#!/bin/bash
# Operations per second against one local Bmob, at 1 and at 32 in flight: a JSON line of hydrogen-js-sdk for each run.
# With a program (PROGRAM BMOB_JSON IN_FLIGHT SECONDS prints such a line too) the two take turns. With a state as well
# (bmob_table_bench made it), the last line is of the program's queries of the table `Rows` in it.
# usage: run.sh OPENAPI [RUNS] [SECONDS] [PROGRAM [STATE_FILE]]
# Server on one core, client on another, where there are two.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
openapi=$1 runs=${2:-5} seconds=${3:-2} program=${4:-} state=${5:-}
work=$(mktemp -d)
server_pin=() client_pin=()
if [ "$(nproc)" -ge 2 ]; then server_pin=(taskset -c 0) client_pin=(taskset -c 1); fi
server=
stop() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  server=
}
trap 'stop; rm -rf "$work"' EXIT
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

serve() {
  stop
  rm -f "$work/ready"
  "${server_pin[@]}" "$openapi" sandbox --port 0 --write-config "$work" "$@" >"$work/ready" &
  server=$!
  until [ -s "$work/ready" ]; do kill -0 "$server"; sleep 0.05; done
}

serve
for inFlight in 1 32; do
  for ((run = 0; run < runs; ++run)); do
    if [ -n "$program" ]; then "${client_pin[@]}" "$program" "$work/bmob.json" "$inFlight" "$seconds"; fi
    NODE_EXTRA_CA_CERTS="$work/ca.pem" "${client_pin[@]}" node "$here/sdk.mjs" "$work/bmob.json" "$inFlight" "$seconds"
  done
done
if [ -n "$state" ]; then
  serve --state "$state"
  "${client_pin[@]}" "$program" "$work/bmob.json" 32 "$seconds" Rows
fi
