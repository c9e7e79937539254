#!/bin/bash
# Prints requests/s of our client, wrk and Go against one TLS server on this machine: medians of runs that take turns.
# usage: run.sh HTTPS_LOOP_PROGRAM [RUNS] [SECONDS]
# Server on one core, client on another, where there are two. A peer that is not installed is left out.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$1 runs=${2:-5} seconds=${3:-2}
work=$(mktemp -d)
server_pin=() client_pin=()
if [ "$(nproc)" -ge 2 ]; then server_pin=(taskset -c 0) client_pin=(taskset -c 1); fi
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=localhost \
  -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" 2>/dev/null
"$here/../nginx.sh" "$work" text/xml "$(cat "$here/answer.xml")" "${server_pin[@]}" > "$work/port" &
server=$!
until [ -s "$work/port" ]; do kill -0 "$server"; sleep 0.05; done
url="https://127.0.0.1:$(cat "$work/port")/pay"
until curl -s --cacert "$work/cert.pem" -o /dev/null "$url"; do kill -0 "$server"; sleep 0.05; done

peers=(openapi)
if command -v wrk > /dev/null; then peers+=(wrk); fi
if command -v go > /dev/null; then
  (cd "$here" && GOFLAGS=-mod=mod GO111MODULE=off go build -o "$work/peer" peer.go) && peers+=(go)
fi

one() {  # peer, in flight -> requests/s
  case $1 in
    openapi) "${client_pin[@]}" "$program" "$url" "$work/cert.pem" "$2" "$seconds" | cut -d' ' -f1 ;;
    wrk) "${client_pin[@]}" wrk -t1 "-c$2" "-d${seconds}s" -s "$here/request.lua" "$url" | awk '/Requests\/sec/ {printf "%.0f\n", $2}' ;;
    go) "${client_pin[@]}" "$work/peer" "$url" "$2" "$seconds" | cut -d' ' -f1 ;;
  esac
}

median() { sort -n "$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

printf '%-10s' 'in flight'; printf '%12s' "${peers[@]}"; printf '%22s\n' 'openapi / best peer'
for in_flight in 1 32 256; do
  for ((run = 0; run < runs; ++run)); do
    for peer in "${peers[@]}"; do one "$peer" "$in_flight" >> "$work/$peer.$in_flight"; done
  done
  best=0
  printf '%-10s' "$in_flight"
  for peer in "${peers[@]}"; do
    value=$(median "$work/$peer.$in_flight")
    printf '%12s' "$value"
    if [ "$peer" = openapi ]; then ours=$value; elif [ "$value" -gt "$best" ]; then best=$value; fi
  done
  if [ "$best" -gt 0 ]; then awk -v a="$ours" -v b="$best" 'BEGIN {printf "%22.2f\n", a / b}'; else echo; fi
done
