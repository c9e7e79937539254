#!/usr/bin/env bash
# `openapi bill`: how often one attempt asks.
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

summary
