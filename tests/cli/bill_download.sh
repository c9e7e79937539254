#!/usr/bin/env bash
# `openapi bill download` against the sandbox: wrong usage, merchants, what a run leaves, what the next one does, progress, signals.
# usage: bill_download.sh OPENAPI
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# download ARG…
download() { run bill download "$@" --output-dir b --timeout 60000 </dev/null; }
there() { local file; for file in "$@"; do [ -f "$file" ] || complain "$file is missing"; done; }
absent() { local file; for file in "$@"; do [ ! -e "$file" ] || complain "$file must not be there"; done; }
noLeftovers() { [ -z "$(find b -name '*.part')" ] || complain "left behind: $(find b -name '*.part')"; }

# --- wrong usage ------------------------------------------------------------------------------------
for arguments in 'bill --help' 'bill download --help' 'help bill'; do
  run $arguments </dev/null
  [ "$code" = 0 ] && [ ! -s err ] && grep -q 'Usage' out || complain "help does not help"
done
run --help </dev/null
grep -q '^  bill ' out || complain "the help does not list bill"
run bill </dev/null
refused 'openapi bill --help'
run bill downlod </dev/null
refused 'no command downlod' 'download'
run bill download weixin --config c.json </dev/null
refused 'output-dir' 'openapi bill download --help'
download
refused 'expected a provider'
download weixin
refused '--config is missing'
download wechat --config c.json
refused 'no provider wechat' 'weixin, alipay'
download bmob --config c.json
refused 'bmob has no bills; these have: weixin, alipay'
download weixin --config c.json --merchants m.json
refused '--merchants'
download weixin --config c.json --type trade
refused '--type: weixin has no trade' 'RECHARGE_REFUND'
download weixin --config c.json --type ALL --type ALL
refused 'ALL is asked for twice'
download weixin --config c.json --fund-flow ALL
refused '--fund-flow: weixin has no ALL'
download alipay --config c.json --fund-flow Basic
refused '--fund-flow: alipay has no Basic' 'trade, signcustomer'
for date in 2026112 20261131 2026-1-1 yesterday 20261120000000; do
  download weixin --config c.json --date "$date"
  refused "--date: expected a day as yyyyMMdd or yyyy-MM-dd, got $date"
done
for name in ../x a/b .hidden -x 'a ' "$(printf 'a\033b')" "$(printf 'a\342\200\256b')"; do
  download weixin --config c.json --name="$name"
  refused '--name: it names a folder'
done
for option in --concurrency --attempts --wait --poll --rate; do
  download weixin --config c.json $option -1
  refused "$option"
done
absent b

# --- merchants that are described wrongly: nothing is done at all -----------------------------------
provider= method=bill.download
# badMerchants JSON TEXT…
badMerchants() {
  printf '%s' "$1" >m.json
  download --merchants m.json
  fails config notSent 'm.json: ' "${@:2}"
  absent b
}
one='"name":"shop-1","provider":"weixin","config":"box/weixin.json"'
download --merchants none.json
fails config notSent none.json 'cannot read the file'
badMerchants 'x' 'offset'
badMerchants '{}' 'expected a list of merchants, got object'
badMerchants '[]' 'the list of merchants is empty'
badMerchants '[7]' 'entry 1: expected an object, got number'
badMerchants "[{$one},{\"provider\":\"weixin\",\"config\":\"c\"}]" 'entry 2: name: missing'
badMerchants "[{$one,\"bill\":[\"ALL\"]}]" 'entry 1 (shop-1): bill: no such field; did you mean bills?'
badMerchants "[{${one/weixin/wechat}}]" 'entry 1 (shop-1): provider: wechat has no bills; these have: weixin, alipay'
badMerchants '[{"name":"shop-1","provider":"bmob","config":"c"}]' 'entry 1 (shop-1): provider: bmob has no bills'
badMerchants "[{${one/shop-1/..}}]" 'entry 1: name: it names a folder'
badMerchants "[{${one/shop-1/a\/b}}]" 'entry 1: name: it names a folder'
badMerchants "[{${one/\"config\":\"box\/weixin.json\"/\"config\":7}}]" 'entry 1 (shop-1): config: expected a text, got number'
badMerchants "[{$one},{${one/shop-1/SHOP-1}}]" 'entry 2 (SHOP-1): name: entry 1 has it too'
badMerchants "[{$one,\"bills\":[]}]" 'entry 1 (shop-1): bills: the list is empty'
badMerchants "[{$one,\"bills\":\"ALL\"}]" 'bills: expected a list'
badMerchants "[{$one,\"bills\":[\"ALL\",\"trade\"]}]" 'bills: weixin has no bill trade; it has: ALL'
badMerchants "[{$one,\"bills\":[\"ALL\",\"ALL\"]}]" 'bills: ALL is there twice'

# --- a day of trade, and its bills ------------------------------------------------------------------
startSandbox box --notify-scale 1000
day=$(TZ=UTC-8 date -d "$(curl -sS --noproxy '*' "$control/clock" -d '{"advanceSeconds":0}' | sed -E 's/.*"now":"([^"]*)".*/\1/')" +%Y%m%d)
idle=$(date -u -d '9 days ago' +%Y%m%d)
order='"body":"季卡","outTradeNo":"T1","totalFee":8800,"tradeType":"NATIVE","productId":"P1","notifyUrl":"http://127.0.0.1:9/n"'
call box/weixin.json weixin payment.unifiedOrder "{$order}" --timeout 60000
succeeds '"codeUrl":'
route /pay '{"provider":"weixin","outTradeNo":"T1"}'
call box/alipay.json alipay payment.unifiedOrder '{"openid":"2088102146225136","subject":"季卡","body":"季卡","outTradeNo":"A1","totalFee":8800,"notifyUrl":"http://127.0.0.1:9/n"}' --timeout 60000
succeeds '"outTradeNo":"A1"'
route /pay '{"provider":"alipay","outTradeNo":"A1"}'
route /clock '{"advanceSeconds":129600}'

download weixin --config box/weixin.json --date "$day" --type ALL --type SUCCESS --fund-flow Basic --gzip
ends 0 "{\"name\":\"weixin\",\"provider\":\"weixin\",\"bill\":\"ALL\",\"date\":\"$day\",\"file\":\"b/weixin/$day-ALL.csv\",\"bytes\":$(stat -c %s "b/weixin/$day-ALL.csv"),\"status\":\"downloaded\"}"
lines 3
says "weixin ALL $day: downloaded" '3 bills: 3 downloaded'
there "b/weixin/$day-ALL.csv" "b/weixin/$day-SUCCESS.csv" "b/weixin/$day-Basic.csv"
grep -q T1 "b/weixin/$day-ALL.csv" || complain "the order is not in the bill"
if grep -q $'\x1b' err; then complain "control sequences in a pipe"; fi
noLeftovers
before=$(stat -c '%i %y' "b/weixin/$day-ALL.csv")
download weixin --config box/weixin.json --date "${day:0:4}-${day:4:2}-${day:6}"
ends 0 '"status":"present"'
[ "$before" = "$(stat -c '%i %y' "b/weixin/$day-ALL.csv")" ] || complain "a file that is there was touched"
download weixin --config box/weixin.json --date "$day" --again
ends 0 '"status":"downloaded"'
[ "$before" != "$(stat -c '%i %y' "b/weixin/$day-ALL.csv")" ] || complain "--again does not fetch again"
download weixin --config none.json --date "$day"
ends 0 '"status":"present"'

# A link where the unfinished file goes is not followed.
mkdir -p b/linked
echo precious >victim
ln -s ../../victim "b/linked/.$day-ALL.csv.part"
download weixin --config box/weixin.json --name linked --date "$day"
ends 1 'cannot write'
[ "$(cat victim)" = precious ] || complain "the file behind the link was changed"
rm -r b/linked

# No trade that day: remembered.
download weixin --config box/weixin.json --date "$idle" --type ALL --fund-flow Basic
ends 0 '"status":"noBill"'
says '2 bills: 2 noBill'
there "b/weixin/$idle-ALL.nobill" "b/weixin/$idle-Basic.nobill"
absent "b/weixin/$idle-ALL.csv"
download weixin --config none.json --date "$idle"
ends 0 '"status":"noBill"'
download weixin --config none.json --date "$idle" --again
ends 1 '"status":"failed"' '"kind":"config"' none.json
# A bill that the platform took back is looked at by people.
printf 'a bill' >"b/weixin/$idle-SUCCESS.csv"
download weixin --config box/weixin.json --date "$idle" --type SUCCESS --again
ends 1 '"status":"failed"' 'no bill, but' 'left alone'
[ "$(cat "b/weixin/$idle-SUCCESS.csv")" = 'a bill' ] || complain "the file was not left alone"
absent "b/weixin/$idle-SUCCESS.nobill"

download weixin --config box/weixin.json --date 20150101
ends 1 '"status":"wrongDate"' '"errCode":"20001"'

# --- not ready --------------------------------------------------------------------------------------
creating='{"path":"/pay/downloadbill","times":1,"fault":"errorCode","errCode":"20003","errMsg":"Bill Creating"}'
route /fault "$creating"
download weixin --config box/weixin.json --date "$day" --name late
ends 4 '"status":"notReady"' '"readyAt":"' '"errCode":"20003"'
says 'usually ready after' '1 bill: 1 notReady'
there "b/late/$day-ALL.notready"
download weixin --config box/weixin.json --date "$day" --name late
ends 0 '"status":"downloaded"'
absent "b/late/$day-ALL.notready"
route /fault "${creating/\"times\":1/\"times\":2}"
download weixin --config box/weixin.json --date "$day" --name patient --wait 10 --poll 1
ends 0 '"status":"downloaded"'
lines 1
says '1 not ready: asking again in 1 s'
route /fault "$creating"
download weixin --config box/weixin.json --date "$day" --name hasty --wait 1 --poll 3600
ends 4 '"status":"notReady"'
lines 1

# --- what is worth repeating, and what is not -------------------------------------------------------
route /fault '{"path":"/pay/downloadbill","times":4,"fault":"status","status":503}'
download weixin --config box/weixin.json --date "$day" --name retry
ends 0 '"status":"downloaded"'
route /fault '{"path":"/pay/downloadbill","times":99,"fault":"truncate"}'
download weixin --config box/weixin.json --date "$day" --name cut --attempts 2
ends 1 '"status":"failed"'
absent "b/cut/$day-ALL.csv"
route /fault '{"path":"/pay/downloadbill","times":0}'
noLeftovers

# --- many merchants, one of them bad ----------------------------------------------------------------
sed 's/"key": *"[^"]*"/"key":"00000000000000000000000000000000"/' box/weixin.json >box/wrong.json
cat >m.json <<JSON
[{"name":"good-1","provider":"weixin","config":"box/weixin.json","bills":["ALL","Basic"]},
 {"name":"no-config","provider":"weixin","config":"box/none.json","bills":["ALL","SUCCESS"]},
 {"name":"wrong-key","provider":"weixin","config":"box/wrong.json"},
 {"name":"店铺 2","provider":"alipay","config":"box/alipay.json","bills":["trade","signcustomer"]},
 {"name":"good-3","provider":"weixin","config":"box/weixin.json","bills":["REFUND","ALL"]}]
JSON
route /fault '{"path":"/pay/downloadbill","times":0}'
download --merchants m.json --date "$day"
ends 1 '"name":"no-config"' '"kind":"config"' '"name":"wrong-key"'
lines 9
there "b/good-1/$day-ALL.csv" "b/good-1/$day-Basic.csv" "b/店铺 2/$day-trade.csv" "b/店铺 2/$day-signcustomer.csv" "b/good-3/$day-ALL.csv"
says 'no-config SUCCESS' 'wrong-key ALL'
if grep -q 00000000000000000000000000000000 out err; then complain "a key in the output"; fi
before=$(find b -name '*.csv' -printf '%p %i %T@\n' | sort)
cp box/weixin.json box/none.json
cp box/weixin.json box/wrong.json
sed -i 's/"REFUND",//' m.json
download --merchants m.json --date "$day" --concurrency 2
ends 0 '"name":"no-config"' '"status":"present"' '"status":"downloaded"'
says '8 bills: 3 downloaded, 5 present'
[ "$before" = "$(find b -name '*.csv' -printf '%p %i %T@\n' | sort | grep -vE 'no-config|wrong-key')" ] || complain "files that were there were touched"

# --- the disk and standard output -------------------------------------------------------------------
: >b/file
download weixin --config box/weixin.json --date "$day" --name file
ends 1 '"kind":"config"' 'b/file'
what="standard output is full"
count=$((count + 1))
"$openapi" bill download weixin --config box/weixin.json --date "$day" --name full --output-dir b --timeout 60000 </dev/null >/dev/full 2>err
code=$?
: >out
ends 1
says 'standard output: '
there "b/full/$day-ALL.csv"

# --- progress on a terminal only --------------------------------------------------------------------
if command -v script >/dev/null; then
  what="progress on a terminal"
  count=$((count + 1))
  TERM=xterm script -qec "'$openapi' bill download weixin --config box/weixin.json --date $day --name tty --output-dir b --timeout 60000 >out" tty.log </dev/null >/dev/null
  code=$?
  cp tty.log err
  ends 0 '"status":"downloaded"'
  says $'\r\x1b[K[' '0/1 bills' '1 bill: 1 downloaded'
  TERM=dumb script -qec "'$openapi' bill download weixin --config box/weixin.json --date $day --name tty --output-dir b >out" dumb.log </dev/null >/dev/null
  if grep -q $'\x1b' dumb.log; then complain "control sequences on a terminal that has none"; fi
fi

# --- signals ----------------------------------------------------------------------------------------
for signal in TERM INT; do
  what="SIG$signal"
  count=$((count + 1))
  route /fault '{"path":"/pay/downloadbill","times":99,"fault":"delay","ms":60000}'
  rm -rf b/stopped b/later
  cat >stop.json <<JSON
[{"name":"stopped","provider":"weixin","config":"box/weixin.json"},{"name":"later","provider":"weixin","config":"box/weixin.json"}]
JSON
  "$openapi" bill download --merchants stop.json --date "$day" --output-dir b --timeout 60000 --concurrency 1 </dev/null >stop.out 2>stop.err &
  child=$!
  children+=("$child")
  until [ -e "b/stopped/.$day-ALL.csv.part" ]; do kill -0 $child 2>/dev/null || { complain "it ended by itself: $(cat stop.err)"; break; }; done
  kill "-$signal" $child
  wait $child
  code=$?
  cp stop.out out
  cp stop.err err
  ends 1 '"name":"stopped"' '"name":"later"' '"kind":"cancelled"'
  lines 2
  says 'interrupted; not done: ' 'stopped ALL' 'later ALL'
  absent "b/stopped/$day-ALL.csv" "b/later/$day-ALL.csv"
  noLeftovers
  route /fault '{"path":"/pay/downloadbill","times":0}'
done
download --merchants stop.json --date "$day"
ends 0 '"status":"downloaded"'

# What is there needs no platform.
stopSandbox TERM
download --merchants m.json --date "$day"
ends 0 '"status":"present"'
download weixin --config box/weixin.json --date "$day" --name offline --attempts 1
ends 1 '"kind":"connect"'
noLeftovers

summary
