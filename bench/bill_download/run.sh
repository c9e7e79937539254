#!/bin/bash
# Prints MB/s (of the decoded bill), CPU seconds and peak resident MiB of our bill download, curl, Go and Node against one TLS
# server on this machine: medians of runs that take turns. Each line: FORM WHERE NAME MB/s CPU MiB.
# usage: run.sh BILL_DOWNLOAD_PROGRAM [RUNS] [BYTES]
#   FORM: plain; gzip, where the bill itself is a gzip file; digest, plain with the digest of the bill in the answer's head.
#   WHERE: count, the decoded bytes are dropped; file, they are in a file that is synced; checked, and every row was read.
# The bill is made once, beside the program. A peer that is not installed is left out.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$1 runs=${2:-5} bytes=${3:-536870912}
. "$here/../serve.sh"

data=$(cd "$(dirname "$program")" && pwd)/bill_download.data
bill=$data/$bytes.csv out=$data/out
mkdir -p "$data"
if ! [ "$bill.gz" -nt "$here/../peers/g_stream/gen_bill.c" ]; then
  cc -O2 -w -o "$data/gen_bill" "$here/../peers/g_stream/gen_bill.c"
  "$data/gen_bill" "$bill" "$bytes"
  gzip -6 -k -f "$bill"
fi
cat "$bill" "$bill.gz" > /dev/null
size=$(stat -c %s "$bill")

location() {  # folder, file, further lines
  echo "location = /$1/pay/downloadbill { alias $2; default_type application/octet-stream; error_page 405 =200 \$uri; $3 }"
}
digest=$(sha1sum < "$bill" | cut -d' ' -f1)
serve "$(location plain "$bill" "")
  $(location digest "$bill" "add_header Digest SHA=$digest;")
  $(location gzip "$bill.gz" "")
  $(location encoded "$bill.gz" "add_header Content-Encoding gzip;")"
path=/pay/downloadbill
export NODE_EXTRA_CA_CERTS=$work/cert.pem

has() { command -v "$1" > /dev/null; }
if has go; then (cd "$here" && GO111MODULE=off go build -o "$work/peer" peer.go); fi

job() {  # form, where, name, command for sh
  names+=("$1 $2 $3") commands+=("$4")
}
names=() commands=()
curl="curl -sS --cacert $work/cert.pem -d '<xml></xml>'"
for where in count file; do
  to=/dev/null argument='' sync=''
  if [ "$where" = file ]; then to=$out argument=$out sync="&& sync $out"; fi
  for form in plain gzip; do
    job $form $where openapi "exec $program $url/$form $work/cert.pem $form $argument"
    if [ -x "$work/peer" ]; then job $form $where Go "exec $work/peer $url/$form$path $form $argument"; fi
    if has node; then
      job $form $where fetch "exec node $here/peer.mjs fetch $url/$form$path $form $argument"
      if [ -d "$here/../peers/node_modules/undici" ]; then
        job $form $where undici "exec node $here/peer.mjs undici $url/$form$path $form $argument"
      fi
    fi
  done
  job plain $where curl "$curl -o $to $url/plain$path $sync"
  job gzip $where curl "$curl --compressed -o $to $url/encoded$path $sync"
  job gzip $where curl+gzip "$curl $url/gzip$path | gzip -dc > $to $sync"
  if has igzip; then
    job gzip $where curl+igzip "$curl $url/gzip$path | igzip -dc > $to $sync"
    job gzip $where floor:igzip "igzip -dc $bill.gz > $to $sync"
  fi
  job digest $where openapi "exec $program $url/digest $work/cert.pem plain $argument"
done
job plain checked openapi "exec $program $url/plain $work/cert.pem plain $out check"
job gzip checked openapi "exec $program $url/gzip $work/cert.pem gzip $out check"

one() {  # number of the job
  rm -f "$out"
  "${client_pin[@]}" /usr/bin/time -o "$work/used" -f '%e %U %S %M' sh -c "${commands[$1]}" > "$work/said"
  if [[ ${names[$1]} != *' count '* ]] && [ "$(stat -c %s "$out")" != "$size" ]; then
    echo "${names[$1]}: not the whole bill" >&2
    exit 1
  fi
  awk -v size="$size" '{printf "%.0f %.2f %.1f\n", size / $1 / 1e6, $2 + $3, $4 / 1024}' "$work/used" >> "$work/job.$1"
}

for ((run = 0; run < runs; ++run)); do
  for at in "${!names[@]}"; do one "$at"; done
done
rm -f "$out"
for at in "${!names[@]}"; do
  echo "${names[$at]} $(for column in 1 2 3; do cut -d' ' -f$column "$work/job.$at" > "$work/column"; median "$work/column"; done | xargs)"
done
