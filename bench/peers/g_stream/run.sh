#!/bin/bash
# A bill of 1 GB (BILL_BYTES) to rows: the floor, ours (the program BILL_BENCH, if it is set), and CSV readers of other languages, in one run.
set -euo pipefail
cd "$(dirname "$0")"; W=$PWD/../work/g; mkdir -p "$W"
[ "$W/gen_bill" -nt gen_bill.c ] || cc -O2 -w -o "$W/gen_bill" gen_bill.c
[ "$W/memchr_bound" -nt memchr_bound.c ] || cc -O3 -march=native -w -o "$W/memchr_bound" memchr_bound.c
if command -v go >/dev/null && [ ! "$W/gocsv" -nt go/main.go ]; then (cd go && GOFLAGS=-mod=mod GOPROXY=off go build -o "$W/gocsv" .); fi
bytes=${BILL_BYTES:-1000000000}
[ -s "$W/bill.$bytes.csv" ] && [ "$W/bill.$bytes.csv" -nt gen_bill.c ] || "$W/gen_bill" "$W/bill.$bytes.csv" "$bytes"
cat "$W/bill.$bytes.csv" >/dev/null
python3 run.py "$W" "$W/bill.$bytes.csv"
