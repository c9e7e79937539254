#!/bin/bash
# Prints calls/s of subscribeMessage.send, ours and Node's fetch, against one nginx: medians of runs that take turns.
# usage: run.sh SERVICES_LOOP_PROGRAM [RUNS] [SECONDS]
# Server on one core, client on another, where there are two.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$1 runs=${2:-5} seconds=${3:-2}
work=$(mktemp -d)
server_pin=() client_pin=()
if [ "$(nproc)" -ge 2 ]; then server_pin=(taskset -c 0) client_pin=(taskset -c 1); fi
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=localhost \
  -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" 2>/dev/null
"$here/../nginx.sh" "$work" application/json '{"errcode":0,"errmsg":"ok","msgid":3248682510344192008}' "${server_pin[@]}" > "$work/port" &
server=$!
until [ -s "$work/port" ]; do kill -0 "$server"; sleep 0.05; done
url="https://127.0.0.1:$(cat "$work/port")"
until curl -s --cacert "$work/cert.pem" -o /dev/null "$url/"; do kill -0 "$server"; sleep 0.05; done

median() { sort -n "$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

for ((run = 0; run < runs; ++run)); do
  "${client_pin[@]}" "$program" "$url" "$work/cert.pem" 32 "$seconds" >> "$work/openapi"
  NODE_EXTRA_CA_CERTS="$work/cert.pem" "${client_pin[@]}" node "$here/fetch.mjs" "$url" 32 "$seconds" >> "$work/fetch"
done
printf 'openapi %s\nfetch %s\n' "$(median "$work/openapi")" "$(median "$work/fetch")"
