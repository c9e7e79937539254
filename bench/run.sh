#!/usr/bin/env bash
# Measures the paths of a payment beside their floors and beside other libraries, and prints one table.
# usage: bench/run.sh BUILD_FOLDER [--quick]
#   --quick: shorter runs, and no HTTPS clients but wrk and Go. The full run takes about 15 minutes.
# Loopback only. A peer whose program or module is missing is left out.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
build=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")"
parts=(a b c d e f g)
repetitions=9
httpRuns=(5 2)
reconcileRows=10000000
downloads=(5 536870912)
bmobRuns=(5 2 1000000 20000)
case ${2:-} in
  '') ;;
  --quick)
    parts=(b c d e g)
    repetitions=5
    httpRuns=(1 1)
    reconcileRows=1000000
    downloads=(3 134217728)
    bmobRuns=(1 1 1000000 5000)
    export RUNS=3 MS=100 WARM=200 BILL_BYTES=250000000
    ;;
  *) echo "bench/run.sh: no such option: $2" >&2; exit 2 ;;
esac

say() { printf '\n== %s\n' "$*" >&2; }

has() {
  case $1 in
    a | f) command -v python3 && command -v wrk ;;
    b | c | d) command -v node && [ -d peers/node_modules ] ;;
    e) command -v go ;;
    g) command -v python3 && command -v cc ;;
  esac >/dev/null
}

results=$PWD/peers/results
mkdir -p "$results"
rm -f "$results"/*.json* "$results/https.txt" "$results/downloads.txt"

say "inputs"
bash peers/gen.sh

say "our paths and their floors"
"$build/bench/payment_bench" --benchmark_repetitions=$repetitions --benchmark_min_time=0.2 \
  --benchmark_enable_random_interleaving=true --benchmark_report_aggregates_only=true \
  --benchmark_out_format=json --benchmark_out="$results/payment.json" >/dev/null

"$build/bench/services_bench" --benchmark_repetitions=$repetitions --benchmark_min_time=0.2 \
  --benchmark_report_aggregates_only=true --benchmark_out_format=json --benchmark_out="$results/services.json" >/dev/null
node services_loop/parse.mjs >"$results/parse.txt"

say "mini-program services: calls per second"
bash services_loop/run.sh "$build/bench/services_loop" "${httpRuns[@]}" | tee "$results/services.txt" >&2

say "Bmob: operations per second, and a table of a million rows"
mkdir -p "$build/bench/bmob"
"$build/bench/bmob_table_bench" "$build/bench/bmob/state.db" "${bmobRuns[@]:2}" | tee "$results/bmobTable.json" >&2
bash peers/bmob/run.sh "$build/cli/openapi" "${bmobRuns[@]:0:2}" "$build/bench/bmob_loop" "$build/bench/bmob/state.db" |
  tee "$results/bmob.jsonl" >&2

say "HTTPS: requests per second"
bash https_loop/run.sh "$build/bench/https_loop" "${httpRuns[@]}" | tee "$results/https.txt" >&2

say "reconciling beside a database's join"
python3 reconcile.py "$build/bench/reconcile_bench" "$build/bench/reconcile" $reconcileRows 3 | tee "$results/reconcile.jsonl" >&2

say "200 merchants' bills"
bash merchants/run.sh "$build/cli/openapi" | tee "$results/merchants.txt" >&2

say "bill download: MB/s, CPU seconds, resident MiB"
bash bill_download/run.sh "$build/bench/bill_download" "${downloads[@]}" | tee "$results/downloads.txt" >&2

export BILL_BENCH=$build/bench/bill_bench
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
for part in "${parts[@]}"; do
  say "peers: $part"
  if has "$part"; then
    PORT=$port RES=peers bash peers/run_all.sh "$part" >/dev/null || echo "peers $part failed: left out" >&2
  else
    echo "not installed: left out" >&2
  fi
done

say "table (all that the peers measured: bench/peers/results/peers.table.md)"
python3 table.py "$results"
