#!/bin/bash
# Prints calls/s of subscribeMessage.send, ours and Node's fetch, against one nginx: medians of runs that take turns.
# usage: run.sh SERVICES_LOOP_PROGRAM [RUNS] [SECONDS]
# Server on one core, client on another, where there are two.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$1 runs=${2:-5} seconds=${3:-2}
. "$here/../serve.sh"
serve "location / { default_type application/json; return 200 '{\"errcode\":0,\"errmsg\":\"ok\",\"msgid\":3248682510344192008}'; }"

for ((run = 0; run < runs; ++run)); do
  "${client_pin[@]}" "$program" "$url" "$work/cert.pem" 32 "$seconds" >> "$work/openapi"
  NODE_EXTRA_CA_CERTS="$work/cert.pem" "${client_pin[@]}" node "$here/fetch.mjs" "$url" 32 "$seconds" >> "$work/fetch"
done
printf 'openapi %s\nfetch %s\n' "$(median "$work/openapi")" "$(median "$work/fetch")"
