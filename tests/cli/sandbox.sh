#!/usr/bin/env bash
# Whole calls of the command line against a running `openapi sandbox`.
# usage: sandbox.sh OPENAPI
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"

startSandbox box --notify-scale 1000
what="the line of the sandbox" code=0
printf '%s\n' "$ready" >out
: >err
address='https://127\.0\.0\.1:[0-9]+'
grep -qE '^\{"weixinPay":"'$address'","weixinApi":"'$address'","alipay":"'$address'/gateway.do","bmob":"'$address'","control":"http://127\.0\.0\.1:[0-9]+","caFile":"[^"]+"\}$' out ||
  complain "not the documented line"
for file in weixin.json alipay.json bmob.json; do [ -s box/$file ] || complain "no $file"; done
for name in baseUrl applicationId restApiKey secretKey safeCode masterKey caFile; do
  grep -q "\"$name\":\"..*\"" box/bmob.json || complain "no $name in bmob.json"
done

# --- WeChat Pay -------------------------------------------------------------------------------------
limit=60000  # milliseconds: a slow machine is no failure
# From noon on: else the day of the first order could be over before its bill is asked for.
platformTime() { curl -sS --noproxy '*' "$control/clock" -d '{"advanceSeconds":0}' | sed -E 's/.*"now":"([^"]*)".*/\1/'; }
now=$(date -d "$(platformTime)" +%s)
route /clock "{\"advanceSeconds\":$(((129600 - (now + 28800) % 86400) % 86400))}"
yesterday=$(TZ=UTC-8 date -d "$(platformTime)" +%Y%m%d)

wx() { call box/weixin.json weixin "payment.$1" "$2" --timeout "$limit"; }
order='"body":"季卡","outTradeNo":"T1","totalFee":8800,"tradeType":"NATIVE","productId":"P1","notifyUrl":"http://127.0.0.1:9/n"'
wx unifiedOrder "{$order,\"attach\":\"for you\"}"
succeeds '"prepayId":"' '"codeUrl":"weixin://' '"appId":"'
without '"extra"'
wx unifiedOrder "{${order/8800/8801},\"attach\":\"for you\"}"
fails rejected rejected '"errCode":"INVALID_REQUEST","errMsg":"' '"retryable":false'
wx orderQuery '{"outTradeNo":"T1"}'
succeeds '"tradeState":"NOTPAY"'
wx orderQuery '{"outTradeNo":"nobody"}'
fails rejected rejected '"errCode":"ORDERNOTEXIST"'
route /pay '{"provider":"weixin","outTradeNo":"T1","openid":"buyer-1"}' '"tradeState":"SUCCESS"'
wx orderQuery '{"outTradeNo":"T1"}'
succeeds '"tradeState":"SUCCESS"' '"totalFee":8800' '"attach":"for you"' '"openid":"buyer-1"'
wx closeOrder '{"outTradeNo":"T1"}'
fails rejected rejected '"errCode":"ORDERPAID"'
wx getOrderInfo "{${order/T1/T2},\"openid\":\"buyer-2\",\"clientType\":\"mp-weixin\"}"
succeeds '"orderInfo":{' '"package":"prepay_id=' '"paySign":"'
wx unifiedOrder "{${order/T1/T3},\"extra\":{\"attach\":\"lifted\"}}"
succeeds '"codeUrl":'
route /orders '' '"outTradeNo":"T3"' '"attach":"lifted"'

# The answer to a refund is lost after it was accepted; the same refund again is the same refund.
refund='{"outTradeNo":"T1","outRefundNo":"R1","totalFee":8800,"refundFee":4400}'
route /fault '{"path":"/secapi/pay/refund","times":1,"fault":"dropAfterCommit"}'
wx refund "$refund"
fails connectionLost unknown '"errCode":"","errMsg":""'
wx refund "$refund"
succeeds '"outRefundNo":"R1"' '"refundFee":4400'
wx refundQuery '{"outTradeNo":"T1"}'
succeeds '"refundCount":1,' '"outRefundNo":"R1"' '"refundFee":4400'
wx refund '{"outTradeNo":"T1","outRefundNo":"R2","totalFee":8800,"refundFee":4400,"notifyUrl":"http://127.0.0.1:9/r"}'
succeeds '"outRefundNo":"R2"'
wx refund "${refund/R1/R3}"
fails rejected rejected
route /fault '{"path":"/pay/orderquery","times":1,"fault":"badSignature"}'
wx orderQuery '{"outTradeNo":"T1"}'
fails badSignature unknown
route /fault '{"path":"/pay/closeorder","times":1,"fault":"status","status":502}'
wx closeOrder '{"outTradeNo":"T3"}'
fails httpStatus unknown '"httpStatus":502'
route /fault '{"path":"/pay/closeorder","times":1,"fault":"delay","ms":60000}'
limit=3000 wx closeOrder '{"outTradeNo":"T3"}'
fails timeout unknown
route /clock '{"advanceSeconds":600}'
wx orderQuery '{"outTradeNo":"T3"}'
succeeds '"tradeState":"CLOSED"'
wx closeOrder '{"outTradeNo":"T2"}'
succeeds '"mchId":"'

# Ctrl-C while the platform thinks: the order is there, so the outcome is unknown.
what="interrupting a call" provider=weixin method=payment.unifiedOrder
count=$((count + 1))
route /fault '{"path":"/pay/unifiedorder","times":1,"fault":"delay","ms":60000}'
"$openapi" call weixin payment.unifiedOrder --config box/weixin.json --timeout 60000 <<<"{${order/T1/T4}}" >call.out 2>call.err &
child=$!
children+=("$child")
until route /orders && grep -q '"outTradeNo":"T4"' out; do
  kill -0 $child 2>/dev/null || { complain "the call ended by itself: $(cat call.err)"; break; }
done
kill -INT $child
wait $child
code=$?
mv call.out out
mv call.err err
fails cancelled unknown

# The bills of the day that is yesterday then.
route /clock '{"advanceSeconds":129600}'
wx downloadBill "{\"billDate\":\"$yesterday\",\"billType\":\"ALL\"}"
succeeds '"content":"' 'T1' '总交易单数'
wx downloadFundflow "{\"billDate\":\"$yesterday\"}"
succeeds '"content":"' 'T1'

# --- Alipay -----------------------------------------------------------------------------------------
ali() { call box/alipay.json alipay "payment.$1" "$2" --timeout "$limit"; }
order='"openid":"2088102146225136","subject":"季卡","body":"季卡","outTradeNo":"A1","totalFee":8800,"notifyUrl":"http://127.0.0.1:9/n"'
ali unifiedOrder "{$order}"
succeeds '"outTradeNo":"A1"' '"transactionId":"'
ali orderQuery '{"outTradeNo":"A1"}'
succeeds '"tradeState":"USERPAYING"' '"totalFee":8800'
ali orderQuery '{"outTradeNo":"nobody"}'
fails rejected rejected '"errCode":"ACQ.TRADE_NOT_EXIST"'
route /pay '{"provider":"alipay","outTradeNo":"A1"}'
ali orderQuery '{"outTradeNo":"A1"}'
succeeds '"tradeState":"SUCCESS"' '"totalFee":8800'
ali closeOrder '{"outTradeNo":"A1"}'
fails rejected rejected '"errCode":"ACQ.'
refund='{"outTradeNo":"A1","outRefundNo":"R1","refundFee":4400}'
route /fault '{"path":"alipay.trade.refund","times":1,"fault":"dropAfterCommit"}'
ali refund "$refund"
fails connectionLost unknown
ali refund "$refund"
succeeds '"outTradeNo":"A1"' '"refundFee":4400'
ali refundQuery '{"outTradeNo":"A1","outRefundNo":"R1"}'
succeeds '"refundFee":4400' '"outRefundNo":"R1"'
ali unifiedOrder "{${order/A1/A2}}"
succeeds '"outTradeNo":"A2"'
ali closeOrder '{"outTradeNo":"A2"}'
succeeds '"outTradeNo":"A2"'
ali unifiedOrder "{${order/A1/A3}}"
succeeds '"outTradeNo":"A3"'
ali cancelOrder '{"outTradeNo":"A3"}'
succeeds '"action":"close"'
ali getOrderInfo "{${order/A1/A4},\"clientType\":\"app-plus\"}"
succeeds '"orderInfo":"' 'sign='
ali downloadFundflow '{"billDate":"20260101"}'
fails rejected rejected NO_BILL_DATA

# What the platforms sent to the merchant goes through verify…Notify as it was sent.
route /notifies '' '"provider":"weixin"' '"provider":"alipay"'
cp out notifies
wxBody=$(grep -oE '"body":"<xml>([^"\\]|\\.)*out_trade_no([^"\\]|\\.)*"' out | head -1)
aliBody=$(grep -oE '"body":"[a-z_]+=([^"\\]|\\.)*sign=([^"\\]|\\.)*"' out | head -1)
wx verifyPaymentNotify "{\"headers\":{\"Content-Type\":\"text/xml\"},$wxBody}"
succeeds '"outTradeNo":"T1"' '"totalFee":8800' '"openid":"buyer-1"'
wx verifyPaymentNotify "{${wxBody/8800/8801}}"
fails badSignature notSent
refundBody=$(grep -oE '"body":"<xml>([^"\\]|\\.)*req_info([^"\\]|\\.)*"' notifies | head -1)
wx verifyRefundNotify "{$refundBody}"
succeeds '"outRefundNo":"R2"' '"refundFee":4400' '"refundStatus":"SUCCESS"'
wx verifyRefundNotify "{$wxBody}"
fails badResponse notSent
ali verifyPaymentNotify "{\"headers\":{\"content-type\":\"application/x-www-form-urlencoded; charset=UTF-8\"},$aliBody}"
succeeds '"outTradeNo":"A1"' '"totalFee":8800' '"tradeStatus":"TRADE_SUCCESS"'
ali verifyPaymentNotify "{${aliBody/88.00/88.01}}"
fails badSignature notSent

stopSandbox TERM
wx orderQuery '{"outTradeNo":"T1"}'
fails connect notSent

# --- the sandbox itself -----------------------------------------------------------------------------
startSandbox kept --state kept.db
call kept/weixin.json weixin payment.unifiedOrder '{"body":"b","outTradeNo":"K1","totalFee":1,"tradeType":"NATIVE","productId":"1","notifyUrl":"http://127.0.0.1:9/n"}' --timeout "$limit"
succeeds '"codeUrl":'
stopSandbox INT
startSandbox kept --state kept.db
call kept/weixin.json weixin payment.orderQuery '{"outTradeNo":"K1"}' --timeout "$limit"
succeeds '"tradeState":"NOTPAY"'

taken=${control##*:}
cp -r kept before
run sandbox --port "$taken" --write-config kept </dev/null
provider= method=sandbox
fails config notSent "port $taken of 127.0.0.1 is in use: choose another --port"
diff -r before kept >/dev/null || complain "a sandbox that does not start changed the files of one that runs"
call kept/weixin.json weixin payment.orderQuery '{"outTradeNo":"K1"}' --timeout "$limit"
succeeds '"tradeState":"NOTPAY"'
provider= method=sandbox
run sandbox --port 0 --write-config other --state kept.db </dev/null
fails config notSent "--state kept.db belongs to a sandbox that runs"
[ ! -e other ] || complain "a sandbox that does not start left files"
run sandbox --port 0 --write-config kept/ </dev/null
fails config notSent "--write-config kept/ belongs to a sandbox that runs: end that one, or choose another --write-config"
diff -r before kept >/dev/null || complain "a sandbox that does not start changed the files of one that runs"
run sandbox --state "$work/no/such/folder.db" </dev/null
fails config notSent '--state' folder.db
echo text >text
for path in text text/below; do
  run sandbox --port 0 --write-config $path </dev/null
  fails config notSent "--write-config $path: cannot make this folder: Not a directory"
done
for path in text kept; do
  run sandbox --port 0 --state $path </dev/null
  fails config notSent "--state $path: "
  [ ! -e $path.lock ] || complain "a sandbox that does not start left $path.lock"
done
{ printf 'SQLite format 3\0' && head -c 4096 /dev/zero; } >broken.db
run sandbox --port 0 --state broken.db </dev/null
fails config notSent "--state broken.db: cannot be opened: "
stopSandbox TERM

# Killed without a word, or ended: the folder is free again.
startSandbox kept
{ kill -KILL "$sandbox" && wait "$sandbox"; } 2>/dev/null
startSandbox kept
call kept/bmob.json bmob server.timestamp '{}' --timeout "$limit"
succeeds
stopSandbox TERM

summary
