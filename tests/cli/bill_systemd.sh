#!/usr/bin/env bash
# The sample units: systemd takes them, and the commands in them run.
# usage: bill_systemd.sh OPENAPI UNITS_FOLDER
units=$(cd "$2" && pwd)
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# The units as they are, with the program that was built.
mkdir copy
for unit in openapi-bills.service openapi-bills.timer; do sed "s#/usr/local/bin/openapi#$openapi#" "$units/$unit" >copy/$unit; done
if command -v systemd-analyze >/dev/null; then
  what="systemd-analyze verify"
  count=$((count + 1))
  systemd-analyze verify --man=no --generators=no copy/openapi-bills.service copy/openapi-bills.timer >out 2>err
  code=$?
  [ "$code" = 0 ] && ! grep openapi-bills out err || complain "systemd does not take the units"
  what="systemd-analyze security"
  count=$((count + 1))
  systemd-analyze security --offline=true --threshold=20 copy/openapi-bills.service >out 2>err
  code=$?
  [ "$code" = 0 ] || complain "the service is exposed"
  what="systemd-analyze calendar"
  count=$((count + 1))
  systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' copy/openapi-bills.timer)" >out 2>err
  code=$?
  [ "$code" = 0 ] || complain "no such time"
fi

startSandbox box
route /bill '{"provider":"weixin","rows":20}'
mkdir -p credentials state/openapi-bills
echo '[{"name":"shop-1","provider":"weixin","config":"weixin.json"}]' >credentials/merchants.json
sed 's/"key": *"\([^"]*\)"/"keyFile":"key.txt"/' box/weixin.json >credentials/weixin.json
sed -nE 's/.*"key": *"([^"]*)".*/\1/p' box/weixin.json >credentials/key.txt
grep -q keyFile credentials/weixin.json || complain "the configuration has no key"
echo 'outTradeNo,amount' >state/openapi-bills/ledger.csv
sed -n 's/^ExecStart=//p' copy/openapi-bills.service |
  sed "s#%%#\x01#g; s#%d#$PWD/credentials#g; s#%S#$PWD/state#g; s#\x01#%#g" >commands
what="the commands of the service"
[ "$(wc -l <commands)" = 2 ] || complain "expected two commands"
expected=(0 3)  # the books are empty
for ((line = 1; line <= 2; line++)); do
  what=$(sed -n ${line}p commands)
  count=$((count + 1))
  sh -c "$what" >out 2>err </dev/null
  code=$?
  [ "$code" = "${expected[line - 1]}" ] || complain "expected exit code ${expected[line - 1]}"
done
grep -q 'onlyInBill  *20' out || complain "the report does not say what differs"
while read -r name; do
  grep -q "^LoadCredential=$name:" copy/openapi-bills.service || complain "the service does not load $name"
done < <(ls credentials)
stopSandbox TERM
summary
