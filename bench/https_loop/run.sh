#!/bin/bash
# Prints requests/s of our client, wrk and Go against one TLS server on this machine: medians of runs that take turns.
# usage: run.sh HTTPS_LOOP_PROGRAM [RUNS] [SECONDS]
# Server on one core, client on another, where there are two. A peer that is not installed is left out.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$1 runs=${2:-5} seconds=${3:-2}
. "$here/../serve.sh"
serve "location / { default_type text/xml; return 200 '$(cat "$here/answer.xml")'; }"
url+=/pay

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
