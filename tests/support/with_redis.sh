#!/usr/bin/env bash
# Starts a Redis server that keeps nothing, on a port that is free, and runs PROGRAM ARG… PORT.
# usage: with_redis.sh PROGRAM [ARG…]
set -uo pipefail
command -v redis-server >/dev/null || { echo "FAILED: redis-server is missing (Debian: redis-server)"; exit 1; }
folder=$(mktemp -d)
redis=
finish() {
  [ -z "$redis" ] || { kill "$redis" && wait "$redis"; } 2>/dev/null
  rm -rf "$folder"
}
trap finish EXIT

# A port can be taken by someone else between the choice and the start; then another one is tried.
for ((try = 0; try < 20; try++)); do
  port=$((20000 + RANDOM % 12000))
  redis-server --port $port --bind 127.0.0.1 --save '' --appendonly no --dir "$folder" >"$folder/log" 2>&1 &
  redis=$!
  # Its log says when it takes connections; it ends when the port is not free.
  until grep -q 'Ready to accept connections' "$folder/log"; do
    kill -0 "$redis" 2>/dev/null || { redis=; break; }
    sleep 0.05
  done
  [ -z "$redis" ] || break
done
[ -n "$redis" ] || { cat "$folder/log"; echo "FAILED: redis-server does not start"; exit 1; }
"$@" "$port"
