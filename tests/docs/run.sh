#!/usr/bin/env bash
# Does what a newcomer does: starts the sandbox as the README says, then its shell steps, then its programs.
# usage: run.sh OPENAPI STEPS_SH… PROGRAM…
set -euo pipefail
openapi=$(cd "$(dirname "$1")" && pwd)
shift
steps=()
while [[ ${1:-} == *.sh ]]; do
  steps+=("$1")
  shift
done
work=$(mktemp -d)
sandbox=
finish() {
  [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
export PATH="$openapi:$PATH"

# The documents name fixed ports, 8440 and the four after it; here they must not disturb what else runs.
for ((try = 0; try < 20 && ${#sandbox} == 0; try++)); do
  base=$((20000 + RANDOM % 12000))
  mkfifo ready.$try
  openapi sandbox --port $base --write-config sandbox >ready.$try 2>sandbox.log &
  sandbox=$!
  if ! read -r line <ready.$try; then
    wait "$sandbox" || true
    sandbox=
  fi
done
[ -n "$sandbox" ] || { cat sandbox.log; echo "FAILED: the sandbox does not start"; exit 1; }
echo "sandbox: $line"

sed -e "s/8440/$base/g" -e "s/8444/$((base + 4))/g" "${steps[@]}" >steps.sh
bash -e -o pipefail steps.sh | tee steps.out
grep -q '"codeUrl":' steps.out || { echo "FAILED: no codeUrl"; exit 1; }
grep -q '"tradeState":"SUCCESS"' steps.out || { echo "FAILED: the order is not paid"; exit 1; }
grep -q '"refundFee":4400' steps.out || { echo "FAILED: nothing was refunded"; exit 1; }
grep -q '"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"' steps.out || { echo "FAILED: nobody logged in"; exit 1; }
grep -q '"typeName":"QR_CODE"' steps.out || { echo "FAILED: the code on disk cannot be read"; exit 1; }
grep -q '"pagePath":' steps.out || { echo "FAILED: no pages were visited"; exit 1; }
grep -q '"openlink":"weixin://' steps.out || { echo "FAILED: no link"; exit 1; }
grep -q '"content":"Hello","id":' steps.out || { echo "FAILED: the pushed message cannot be read"; exit 1; }
grep -q '"nickName":"Li"' steps.out || { echo "FAILED: the open data cannot be decrypted"; exit 1; }
grep -q '"bill":"Basic".*"status":"downloaded"' steps.out || { echo "FAILED: no bill was fetched"; exit 1; }
grep -q '"bill":"trade".*"status":"present"' steps.out || { echo "FAILED: a bill was fetched again"; exit 1; }
grep -q 'verdict: agrees' steps.out || { echo "FAILED: the books do not agree"; exit 1; }
grep -q 'verdict: differs: 1 difference' steps.out || { echo "FAILED: a missing entry is not seen"; exit 1; }

for program in "$@"; do
  "$program" sandbox | tee program.out
  [ -s program.out ] || { echo "FAILED: $program says nothing"; exit 1; }
done

kill -TERM "$sandbox"
wait "$sandbox" || { echo "FAILED: the sandbox did not stop cleanly"; exit 1; }
sandbox=
echo "the documents work as written"
