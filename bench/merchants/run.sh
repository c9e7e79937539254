#!/usr/bin/env bash
# 200 merchants, three bills each, from the local platform, which answers after 20 ms; 16 merchants at a time. Prints the best of RUNS (5) beside
# the ideal: 600 answers of 20 ms, 16 at a time. usage: merchants/run.sh OPENAPI
set -euo pipefail
openapi=$(realpath "$1")
work=$(mktemp -d)
sandbox=
finish() {
  [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
unset HTTPS_PROXY https_proxy
merchants=200 bills=3 concurrency=16 latency=20
mkfifo ready
"$openapi" sandbox --port 0 --write-config box >ready 2>log &
sandbox=$!
read -r line <ready || { cat log >&2; exit 1; }
control=$(sed -E 's/.*"control":"([^"]*)".*/\1/' <<<"$line")
day=$(date -u -d '9 days ago' +%Y%m%d)
post() { curl -sS --noproxy '*' --fail-with-body "$control$1" -d "$2" >/dev/null; }
post /bill "{\"provider\":\"weixin\",\"date\":\"$day\",\"rows\":20}"
post /fault "{\"path\":\"/pay/downloadbill\",\"times\":1000000,\"fault\":\"delay\",\"ms\":$latency}"
for ((i = 1; i <= merchants; i++)); do
  printf '%s{"name":"shop-%d","provider":"weixin","config":"box/weixin.json","bills":["ALL","SUCCESS","REFUND"]}' "$([ $i = 1 ] && echo '[' || echo ,)" $i
done >merchants.json
echo ']' >>merchants.json
best=
for ((run = 0; run < ${RUNS:-5}; run++)); do
  rm -rf bills
  begin=$(date +%s%N)
  "$openapi" bill download --merchants merchants.json --date "$day" --concurrency $concurrency --rate 0 --output-dir bills >result 2>err || { tail -5 err >&2; exit 1; }
  elapsed=$((($(date +%s%N) - begin) / 1000000))
  [ "$(grep -c '"status":"downloaded"' result)" = $((merchants * bills)) ] || { echo "not all bills came" >&2; exit 1; }
  if [ -z "$best" ] || [ $elapsed -lt "$best" ]; then best=$elapsed; fi
done
echo "ideal $((merchants * bills * latency / concurrency))"
echo "openapi $best"
