#!/usr/bin/env bash
# `openapi bill show` and `openapi bill reconcile`: layouts, formats, what strangers wrote, differences, exit codes.
# usage: bill_show.sh OPENAPI TESTS_FOLDER
tests=$(cd "$2" && pwd)
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"

show() { run bill show "$@" </dev/null; }

# --- show: usage and layouts ------------------------------------------------------------------------
for arguments in 'bill show --help' 'bill reconcile --help'; do
  run $arguments </dev/null
  [ "$code" = 0 ] && [ ! -s err ] && grep -q 'Usage' out || complain "help does not help"
done
show
refused 'file is required'
show x.csv --format xml
refused '--format: expected table, csv or jsonl, got xml'
show x.csv --limit -1
refused '--limit'
show none.csv
ends 1
says '"method":"bill.show"' none.csv

official=$tests/fixtures/wechatpay/wechatpay-php/bill.ALL.csv
show "$official"
ends 0 'autotest_20190216081946_82335' '2019-02-19T05:01:46+08:00'
lines 46
says '45 rows; the summary agrees' '订单总金额 0.47'
show "$tests/fixtures/wechatpay/derived/bill.ALL.csv.gz" --limit 2
ends 0
lines 3
says '45 rows; the summary agrees'
run bill show - --format jsonl <"$official"
ends 0 '"line":2,"platform":"weixin","kind":"refund","time":"2019-02-19T05:01:46+08:00"' '"outRefundNo":"REF4200000263201902167700963919","refundFee":1,'
lines 45
says 'standard input: 45 rows'
show "$tests/bill/samples/requirement.ALL.csv" "$official" --format jsonl --limit 1
ends 0 '"file":"' '"totalFee":1,' '"fee":"0.00"' '"rate":"0.60%"'
lines 2
show "$official" --format csv
ends 0 'line,kind,time,transactionId,outTradeNo,totalFee,'
lines 46
show "$official" "$tests/bill/samples/requirement.fundflow.csv" --format csv
ends 1
says 'another kind'
show "$tests/bill/samples/requirement.fundflow.csv"
ends 1 expense
says 'requirement.fundflow.csv:7: 收入笔数: the summary says 17, the rows give 0' 'the summary does not agree'

# --- show: what strangers wrote ---------------------------------------------------------------------
{
  head -1 "$tests/bill/samples/requirement.ALL.csv"
  row() { printf '`2014-11-10 16:33:45,`wx1,`1,`0,`1,`10016%s,`%s,`o,`MICROPAY,`SUCCESS,`OTHERS,`CNY,`0.01,`0.0,`0,`0,`0,`0,`,`,`%s,`a,`0,`0.60%%\n' "$1" "$2" "$3"; }
  row 1 A1 '=1+cmd, "x"'
  row 2 A2 "$(printf 'red \033[31m')"
  row 3 A3 '＝HYPERLINK(1)'
  row 4 A4 "$(printf 'turned \342\200\256 round')"
  row 5 A5 '-1'
  tail -2 "$tests/bill/samples/requirement.ALL.csv" | head -1
  echo '`5,`0.05,`0.0,`0.0,`0'
} >strange.csv
show strange.csv --format csv
ends 0 "\"'=1+cmd, \"\"x\"\"\"" ",'＝HYPERLINK(1)," ",'-1,"
show strange.csv
ends 0 'red \x1b[31m' 'turned \u202e round'
if grep -q "$(printf '\033\\|\342\200\256')" out; then complain "control characters in a table"; fi
show strange.csv --format jsonl
ends 0 'red \u001B[31m' 'turned \u202e round' '"body":"=1+cmd, \"x\""'
if command -v script >/dev/null; then
  what="csv on a terminal"
  count=$((count + 1))
  script -qec "'$openapi' bill show strange.csv --format csv 2>err" out </dev/null >/dev/null
  code=$?
  ends 0 'red \x1b[31m'
fi

# --- show: what is wrong with a bill ----------------------------------------------------------------
sed '2s/`0.01,/`0.012,/' strange.csv >decimals.csv
show decimals.csv
ends 1 A2
says 'decimals.csv:2: 总金额: ' 'decimals.csv: 4 rows; the summary does not agree' '总交易单数 5 (the rows: 4)'
head -4 strange.csv >cut.csv
show cut.csv --format csv
ends 1 A1
says '"kind":"badResponse"' 'cut.csv:' incomplete
show cut.csv strange.csv
ends 1
says 'strange.csv: 5 rows; the summary agrees'
what="standard output is full"
count=$((count + 1))
"$openapi" bill show strange.csv </dev/null >/dev/full 2>err
code=$?
: >out
ends 1
says 'standard output: '

printf '%s,\n' "$(head -1 strange.csv)" >header.csv
{ tr -d '\n' <header.csv; head -c 1000000 /dev/zero | tr '\0' ','; printf '\n`1\n'; } >wide.csv
show wide.csv
ends 1
says 'wide.csv:1: more than 256 columns'
{ head -1 strange.csv; sed -n 2p strange.csv; echo 总交易单数; echo '`1'; } >counted.csv
show counted.csv
ends 1
says 'counted.csv:4: incomplete: its summary has no amounts'
mkdir folder
show folder
ends 1
says 'folder: it is a folder'
printf 'PK' >torn.zip
show torn.zip
ends 1
says 'torn.zip: zip: '
show "$official" --totals
ends 1
says 'bill.ALL.csv: it has rows and no totals'
# A bill that is not there, and why.
: >20141110-REFUND.nobill
: >20141110-SUCCESS.notready
show 20141110-REFUND.csv
ends 1
says '20141110-REFUND.csv is not there: the platform made no bill for that day (20141110-REFUND.nobill)'
show 20141110-SUCCESS.csv
ends 1
says '20141110-SUCCESS.csv is not there: it was not ready'
# A line break at the beginning of a goods name, which a spreadsheet cuts off.
{ head -1 strange.csv; sed -n 2p strange.csv | sed 's/`=1+cmd[^`]*`/`\n=1,`/'; tail -2 strange.csv | head -1; echo '`1,`0.01,`0.0,`0.0,`0'; } >broken-name.csv
show broken-name.csv --format csv
ends 0 "\"'"

# --- reconcile: usage -------------------------------------------------------------------------------
reconcile() { run bill reconcile "$@" </dev/null; }
reconcile strange.csv
refused 'expected one of --ledger FILE.csv, --sqlite DB and --postgresql CONNECTION' 'openapi bill reconcile --help'
reconcile --ledger l.csv
refused 'bill is required'
reconcile strange.csv --ledger l.csv --sqlite x.db
refused 'expected one of'
reconcile strange.csv --sqlite x.db
refused '--query is missing'
reconcile strange.csv --ledger l.csv --query x
refused '--query is for'
reconcile strange.csv --sqlite x.db --query @none.sql
refused 'cannot read none.sql'
reconcile strange.csv --ledger l.csv --date 2014-1110
refused '--date'
reconcile strange.csv --ledger l.csv --format xml
refused '--format'
for connection in 'host=db password=s3cret' 'postgresql://me:s3cret@db/shop'; do
  reconcile strange.csv --query x --postgresql "$connection"
  refused PGPASSFILE
  if grep -q s3cret out err; then complain "a password in the output"; fi
done

# --- reconcile: verdicts ----------------------------------------------------------------------------
cat >good.csv <<CSV
outTradeNo,amount,time,state
A1,0.01,2014-11-10 16:33:45,success
A2,0.01,2014-11-10 16:33:45,success
A3,0.01,2014-11-10 16:33:45,success
A4,0.01,,success
A5,0.01,,success
A6,0.01,2014-11-10 23:00:00,failed
A7,0.01,2014-11-11 00:00:00,success
CSV
cp strange.csv 20141110-ALL.csv
reconcile 20141110-ALL.csv --ledger good.csv
ends 0 'verdict: agrees' '2014-11-10' 'of other days'
[ ! -s err ] || complain "standard error is not empty"
reconcile strange.csv --ledger good.csv --date 2014-11-10
ends 0 'verdict: agrees'
reconcile strange.csv --ledger good.csv
ends 3 'onlyInLedger: payment A7; ledger 0.01 success (line 8)' 'verdict: differs: 1 difference'
# With another day nothing that the bill lacks would be missed.
reconcile 20141110-ALL.csv --ledger good.csv --date 20141109
ends 1
says '20141110-ALL.csv: none of its payments is of 20141109; correct --date'
sed 's/^A2,0.01/A2,0.02/; /^A3/d' good.csv >bad.csv
echo 'A4,0.01,,success' >>bad.csv
reconcile 20141110-ALL.csv --ledger bad.csv
ends 3 'amount: payment A2; bill 0.01' 'onlyInBill: payment A3' 'duplicateInLedger' 'verdict: differs: 3 differences'
reconcile 20141110-ALL.csv --ledger bad.csv --format json
ends 3 '"verdict":"differs"' '"onlyInBill":1' '"amount":1' '"duplicateInLedger":1' '"omitted":0' '"paid":5' '"billAmount":1,"ledgerAmount":2'
lines 1
reconcile 20141110-ALL.csv --ledger bad.csv --limit 1
ends 3 'and 2 more'
reconcile 20141110-ALL.csv --ledger bad.csv --limit 0 --format json
ends 3 '"omitted":3,"differences":[]'
if command -v sqlite3 >/dev/null; then
  sqlite3 shop.db "CREATE TABLE orders (no TEXT, fen INTEGER, at TEXT); INSERT INTO orders VALUES ('A1',1,'2014-11-10 16:33:45'),('A2',1,'2014-11-10 16:33:45'),('A3',1,'2014-11-10 16:33:45'),('A4',1,'2014-11-10 16:33:45'),('A5',1,'2014-11-10 16:33:45'),('A7',1,'2014-11-11 00:00:00')"
  echo 'SELECT no AS outTradeNo, fen AS amountFen, at AS time FROM orders WHERE at >= :from AND at < :to' >q.sql
  reconcile 20141110-ALL.csv --sqlite shop.db --query @q.sql
  ends 0 'verdict: agrees'
  sqlite3 shop.db "UPDATE orders SET fen = 2 WHERE no = 'A5'"
  reconcile 20141110-ALL.csv --sqlite shop.db --query "$(cat q.sql)"
  ends 3 'amount: payment A5'
fi
reconcile 20141110-ALL.csv --sqlite none.db --query 'SELECT 1'
ends 1
says '"method":"bill.reconcile"' none.db

# What `bill download` remembers.
: >20141111-ALL.nobill
: >20141112-ALL.notready
echo 'outTradeNo,amount' >none.csv
reconcile 20141111-ALL.csv --ledger none.csv
ends 0 'the platform made no bill' 'verdict: agrees'
reconcile 20141111-ALL.csv --ledger good.csv --format json
ends 3 '"noBill":true' '"onlyInLedger":3' '"outsidePeriod":'
reconcile 20141112-ALL.csv --ledger good.csv
ends 4 'verdict: notReady'
reconcile 20141112-ALL.csv --ledger good.csv --format json
ends 4 '"verdict":"notReady"'
reconcile 20141113-ALL.csv --ledger good.csv
ends 1
says 20141113-ALL.csv
# The worst of several bills decides.
reconcile 20141110-ALL.csv 20141112-ALL.csv --ledger good.csv
ends 4 'verdict: agrees' 'verdict: notReady'
reconcile 20141112-ALL.csv 20141110-ALL.csv --ledger bad.csv
ends 3
reconcile cut.csv 20141110-ALL.csv --ledger bad.csv
ends 1 'verdict: differs'
says incomplete
reconcile "$tests/bill/samples/requirement.fundflow.csv" --ledger good.csv
ends 1
run bill reconcile - --ledger good.csv --date 20141110 <20141110-ALL.csv
ends 0 'verdict: agrees'
printf 'outTradeNo,amount\nA1,1.234\n' >broken.csv
reconcile 20141110-ALL.csv --ledger broken.csv
ends 1
says 'broken.csv:2: amount'

summary
