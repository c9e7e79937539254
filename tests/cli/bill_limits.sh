#!/usr/bin/env bash
# `openapi bill`: how often one attempt asks, two runs for one folder, and files that are none.
# usage: bill_limits.sh OPENAPI
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# download ARG…
download() { run bill download "$@" --date "$day" --output-dir b --timeout 60000 </dev/null; }
# ends CODE TEXT…: the last run ended so, with each TEXT on standard output.
ends() {
  local text
  [ "$code" = "$1" ] || { complain "expected exit code $1"; return; }
  for text in "${@:2}"; do grep -qF -- "$text" out || complain "no $text in the result"; done
}
# started ARG…: a run in the background; sets `child`, and leaves `behind.out` and `behind.err`.
started() {
  "$openapi" bill download "$@" --date "$day" --output-dir b --timeout 60000 </dev/null >behind.out 2>behind.err &
  child=$!
  children+=("$child")
}
# awaitPart FILE: until that run has begun to fetch FILE.
awaitPart() {
  until [ -e "$1" ]; do kill -0 $child 2>/dev/null || { code=; complain "it ended by itself: $(cat behind.err)"; return; }; done
}
# joined: waits for that run, which is then the last one.
joined() {
  what="the run in the background"
  wait $child
  code=$?
  cp behind.out out
  cp behind.err err
}

startSandbox box
day=$(TZ=UTC-8 date -d yesterday +%Y%m%d)
route /bill '{"provider":"weixin","rows":20}'
route /bill '{"provider":"alipay","rows":20}'

# --- one attempt is one request ---------------------------------------------------------------------
# oneRequest PROVIDER PATH: each of three faults is used up by a run of its own.
oneRequest() {
  local i
  route /fault "{\"path\":\"$2\",\"times\":3,\"fault\":\"status\",\"status\":503}"
  for i in 1 2 3; do
    download "$1" --config "box/$1.json" --attempts 1 --name "once-$1"
    ends 1 '"status":"failed"' '"kind":"httpStatus"'
  done
  download "$1" --config "box/$1.json" --attempts 1 --name "once-$1"
  ends 0 '"status":"downloaded"'
  rm -r "b/once-$1"
}
oneRequest weixin /pay/downloadbill
oneRequest alipay alipay.data.dataservice.bill.downloadurl.query
oneRequest alipay /downloadBillFile.resource

# --- two runs for one folder ------------------------------------------------------------------------
# The bill that another run fetches at the moment.
route /fault '{"path":"/pay/downloadbill","times":1,"fault":"delay","ms":60000}'
started weixin --config box/weixin.json --name shared
awaitPart "b/shared/.$day-ALL.csv.part"
download weixin --config box/weixin.json --name shared
ends 4 '"status":"busy"' 'another download of it is under way' '"retryable":true'
grep -qF '1 bill: 1 busy' err || complain "the summary does not say busy"
[ -z "$(ls b/shared)" ] || complain "left behind: $(ls b/shared)"
# With --wait it is there when the other one has it.
kill -KILL $child
wait $child 2>/dev/null
route /fault '{"path":"/pay/downloadbill","times":0}'
route /fault '{"path":"/pay/downloadbill","times":1,"fault":"delay","ms":3000}'
started weixin --config box/weixin.json --name waited
awaitPart "b/waited/.$day-ALL.csv.part"
download weixin --config box/weixin.json --name waited --wait 10 --poll 1
ends 0 '"status":"present"'
joined
ends 0 '"status":"downloaded"'

# The bill that another run has fetched since this one began: this one stands still in the meantime.
cat >two.json <<'JSON'
[{"name":"slow","provider":"weixin","config":"box/weixin.json","bills":["Basic"]},{"name":"next","provider":"weixin","config":"box/weixin.json"}]
JSON
route /fault '{"path":"/pay/downloadfundflow","times":1,"fault":"delay","ms":5000}'
started --merchants two.json --concurrency 1
awaitPart "b/slow/.$day-Basic.csv.part"
kill -STOP $child
download weixin --config box/weixin.json --name next
ends 0 '"status":"downloaded"'
before=$(stat -c '%i %y' "b/next/$day-ALL.csv")
kill -CONT $child
joined
ends 0 '"status":"present"' '"status":"downloaded"'
[ "$before" = "$(stat -c '%i %y' "b/next/$day-ALL.csv")" ] || complain "a bill that is there was fetched again"
[ -z "$(find b/next -name '*.part')" ] || complain "left behind: $(find b/next -name '*.part')"
# Where all is to be fetched anew, the file that is there may be the old one.
route /fault '{"path":"/pay/downloadbill","times":1,"fault":"delay","ms":60000}'
started weixin --config box/weixin.json --name next --again
awaitPart "b/next/.$day-ALL.csv.part"
download weixin --config box/weixin.json --name next --again
ends 4 '"status":"busy"'
kill -KILL $child
wait $child 2>/dev/null

# --- files that are none ----------------------------------------------------------------------------
mkfifo pipe
provider= method=bill.download
for file in pipe /dev/zero; do
  download --merchants "$file"
  fails config notSent "$file" 'it is no ordinary file'
done
download --merchants box
fails config notSent box 'Is a directory'
method=bill.reconcile
for books in --ledger --sqlite; do
  query=
  [ "$books" = --sqlite ] && query='--query=SELECT 1'
  run bill reconcile "b/next/$day-ALL.csv" "$books" pipe ${query:+"$query"} </dev/null
  [ "$code" = 1 ] || complain "expected exit code 1"
  grep -qF 'cannot read the ledger pipe: it is no ordinary file' err || complain "the message does not say why"
done
# What a shell opened is fine.
download --merchants <(cat two.json)
ends 0 '"status":"present"'
printf 'outTradeNo,amount\nnone,0.01\n' >ledger.csv
run bill reconcile "b/next/$day-ALL.csv" --ledger <(cat ledger.csv) </dev/null
ends 3 'verdict: differs'
run bill reconcile "b/next/$day-ALL.csv" --ledger /dev/stdin <ledger.csv
ends 3 'verdict: differs'

summary
