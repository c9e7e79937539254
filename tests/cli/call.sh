#!/usr/bin/env bash
# Usage, configuration, input, output and the error line of `openapi call` and `openapi methods`, without a network.
# usage: call.sh OPENAPI VERSION
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
version=$2

key=192006250b4c09247ec02edce69f6a2d
mkdir -p conf/keys
printf '%s\r\n' $key >conf/keys/api.key
openssl req -x509 -newkey rsa:2048 -nodes -keyout conf/keys/app.pem -out conf/keys/cert.pem -subj /CN=10000100 -days 2 2>/dev/null
openssl rsa -in conf/keys/app.pem -pubout -out conf/keys/app.pub 2>/dev/null
openssl pkcs12 -export -inkey conf/keys/app.pem -in conf/keys/cert.pem -out conf/keys/client.p12 -passout pass:10000100
openssl pkcs12 -export -inkey conf/keys/app.pem -in conf/keys/cert.pem -out conf/keys/other.p12 -passout pass:other
base='"appId":"wx2421b1c4370ec43b","mchId":"10000100"'
echo "{$base,\"key\":\"$key\"}" >wx.json
echo '{"appId":"2021000122671080","privateKeyFile":"keys/app.pem","alipayPublicKeyFile":"keys/app.pub","gateway":"https://127.0.0.1:1/gateway.do","proxy":""}' >conf/ali.json

# --- help and wrong usage ---------------------------------------------------------------------------
for arguments in --help 'call --help' 'methods --help' 'sandbox --help'; do
  run $arguments </dev/null
  [ "$code" = 0 ] && [ ! -s err ] && grep -q 'Usage' out || complain "help does not help"
done
run --version </dev/null
succeeds "openapi $version"
run </dev/null
refused
run pay </dev/null
refused 'no command pay' 'call, methods, bill, sandbox'
for arguments in help 'help call' 'call weixin --help'; do
  run $arguments </dev/null
  [ "$code" = 0 ] && [ ! -s err ] && grep -q 'Usage' out || complain "help does not help"
done
# explains TEXT…: the last run is help that holds each TEXT.
explains() {
  local text
  [ "$code" = 0 ] && [ ! -s err ] || complain "help does not help"
  for text in "$@"; do grep -qF -- "$text" out || complain "no $text in the help"; done
}
run call weixin payment.refund --help </dev/null
explains 'openapi call weixin payment.refund --config FILE' 'refundFee: fen' 'needs outTradeNo or transactionId; outRefundNo; totalFee;'
without --output payment.orderQuery
run call weixin wxacode.get --config none.json -h </dev/null
explains '--output FILE'
run call alipay payment.verifyRefundNotify --help </dev/null
explains 'unsupported: the platform has no such operation'
run call weixin payment.Refund --help </dev/null
refused 'did you mean payment.refund?'
run call weixn payment.refund --config wx.json </dev/null
refused 'did you mean weixin?'
run call weixin payment.orderQuery --config wx.json --verbose </dev/null
refused --verbose 'openapi call --help'
run call weixin payment.orderQuery </dev/null
refused --config
run call weixin --config wx.json </dev/null
refused method
run call wechat payment.orderQuery --config wx.json </dev/null
refused wechat 'weixin, alipay, bmob'
run call weixin orderQuery --config wx.json </dev/null
refused payment.orderQuery payment.verifyRefundNotify
run call weixin auth.userInfo --config wx.json </dev/null
refused auth.userInfo auth.code2Session messagePush.reply
run call weixin payment.orderQuery --config wx.json --timeout soon </dev/null
refused --timeout
run call weixin payment.orderQuery --config wx.json --timeout 0 </dev/null
refused --timeout
run methods wechat </dev/null
refused 'weixin, alipay, bmob'
run sandbox --port 70000 </dev/null
refused --port
for wrong in 12 1234567 12345x; do
  run sandbox --sms-code $wrong </dev/null
  refused --sms-code 'six digits'
done

# --- methods ----------------------------------------------------------------------------------------
names='auth.code2Session payment.getOrderInfo payment.unifiedOrder payment.orderQuery payment.closeOrder payment.cancelOrder
  payment.refund payment.refundQuery payment.downloadBill payment.downloadFundflow payment.verifyPaymentNotify payment.verifyRefundNotify'
run methods </dev/null
[ "$code" = 0 ] || complain "expected exit code 0"
for name in $names; do grep -qx "alipay $name" out || complain "no alipay $name"; done
[ "$(grep -c '^weixin ' out)" = 48 ] || complain "weixin has 48 methods"
services='auth.getOpenid auth.code2Session auth.getAccessToken auth.getPaidUnionId
  analysis.getDailyRetain analysis.getWeeklyRetain analysis.getMonthlyRetain analysis.getDailySummary analysis.getDailyVisitTrend
  analysis.getWeeklyVisitTrend analysis.getMonthlyVisitTrend analysis.getUserPortrait analysis.getVisitDistribution analysis.getVisitPage
  customerServiceMessage.getTempMedia customerServiceMessage.send customerServiceMessage.setTyping customerServiceMessage.uploadTempMedia
  wxacode.createQRCode wxacode.get wxacode.getUnlimited img.aiCrop img.scanQRCode img.superresolution subscribeMessage.send
  phonenumber.getPhoneNumber security.msgSecCheck security.mediaCheckAsync urlscheme.generate urllink.generate
  order.uploadShippingInfo order.getOrder openData.decrypt openData.checkSignature messagePush.verifyUrl messagePush.receive messagePush.reply'
for name in $services; do grep -qx "weixin $name" out || complain "no weixin $name"; done
grep -qF 'outTradeNo: text, totalFee: fen, notifyUrl: text' out || complain "no inputs of an order"
grep -qF 'couponList: list of {couponId?: text' out || complain "no elements of a list"
grep -qF 'lineColor?: object of {r: integer, g: integer, b: integer}' out || complain "no members of an object"
grep -qF 'media: object of {contentType: text, value: bytes, filename?: text}' <(tr -s ' \n' ' ' <out) || complain "no bytes in an object"
grep -qF 'visitUvNew?: object of {province: list of {id?: integer,' <(tr -s ' \n' ' ' <out) || complain "no list in an object"
grep -qF 'stayTimeUv?: number' out || complain "no fraction"
for gone in 'weixin payment.cancelOrder' 'alipay payment.verifyRefundNotify'; do
  grep -A1 -x "$gone" out | grep -q '^  unsupported' || complain "$gone is not marked"
done
[ "$(grep -c '^  unsupported' out)" = 2 ] || complain "more is marked as unsupported"
grep -A4 -x 'alipay payment.unifiedOrder' out | grep -qx '  needs subject' || complain "no needs of an order at Alipay"
run methods alipay </dev/null
if grep -q '^weixin' out; then complain "weixin was not asked for"; fi
run methods --json </dev/null
succeeds '{"provider":"alipay","method":"auth.code2Session","input":{"members":[{"name":"code","type":"text","required":true}],"extra":false,"struct":"alipay::Code2SessionRequest"}' \
  '{"name":"totalFee","type":"fen","required":true}' '{"name":"refundList","type":"list","required":true,"members":[{"name":"outRefundNo",' \
  '{"name":"media","type":"object","required":true,"members":[{"name":"contentType","type":"text","required":true},{"name":"value","type":"bytes","required":true}' \
  '"struct":"weixin::UploadTempMediaRequest"' '"extra":false,"struct":"weixin::LineColor"'
grep -qF '"supported":false,"needs":""}' out || complain "no unsupported method in JSON"
grep -qF '"supported":true,"needs":"outRefundNo; outTradeNo or transactionId"}' out || complain "no needs in JSON"
for name in $names $services; do grep -qF "\"method\":\"$name\"" out || complain "no $name"; done

# --- configuration ----------------------------------------------------------------------------------
# config TEXT MESSAGE…: a weixin configuration with this text is refused with these words.
config() {
  printf '%s' "$1" >conf/bad.json
  call conf/bad.json weixin payment.orderQuery '{"outTradeNo":"1"}'
  fails config notSent conf/bad.json "${@:2}"
}
call nowhere.json weixin payment.orderQuery '{}'
fails config notSent nowhere.json 'No such file'
call conf weixin payment.orderQuery '{}'
fails config notSent conf directory
head -c 2000000 /dev/zero | tr '\0' ' ' >big.json
call big.json weixin payment.orderQuery '{}'
fails config notSent big.json 'more than'
config '' json
config '{"appId":"wx1",}' json
config '{"appId":"a","appId":"b"}' repeated
config '["appId"]' 'expected an object, got array'
config "{\"mchId\":\"10000100\",\"key\":\"$key\"}" appId
config '{"appId":"wx1"}' mchId
config "{$base}" key
config "{$base,\"key\":\"$key\",\"apiKey\":\"1\"}" 'apiKey: no such field'
config "{$base,\"key\":\"$key\",\"timeoutFile\":\"x\"}" 'timeoutFile: no such field'
config "{\"appId\":\"wx1\",\"mchid\":\"1\"}" 'mchid: no such field; did you mean mchId?'
config "{$base,\"keyfile\":\"keys/api.key\"}" 'keyfile: no such field; did you mean keyFile?'
config "{$base,\"key\":\"$key\",\"ca_file\":\"x\"}" 'ca_file: no such field; did you mean caFile?'
config "{$base,\"key\":\"abc\"}" '32 characters, this one has 3'
config "{$base,\"key\":\"$key\",\"redis\":{\"Host\":\"x\"}}" 'redis.Host: no such field; did you mean host?'
config "{$base,\"key\":\"$key\",\"timeout\":\"5000\"}" 'timeout: expected an integer'
config "{$base,\"key\":5}" 'key: expected a text, got number'
config "{$base,\"keyFile\":\"keys/none.key\"}" 'keyFile: cannot read conf/keys/none.key: No such file'
config "{$base,\"keyFile\":7}" 'keyFile: expected a text'
config "{$base,\"keyFile\":\"\"}" 'keyFile: the path is empty'
config "{$base,\"keyFile\":\"keys\"}" keyFile directory
config "{$base,\"keyFile\":\"/dev/null\"}" keyFile 'is empty'
config "{$base,\"key\":\"$key\",\"keyFile\":\"keys/api.key\"}" 'keyFile: key is there too'
config "{$base,\"key\":\"$key\",\"pfxFile\":\"keys/cert.pem\"}" PKCS#12
config "{$base,\"key\":\"$key\",\"pfxFile\":\"keys/other.p12\"}" PKCS#12 password
config "{$base,\"key\":\"$key\",\"pfx\":{\"\$base64\":\"A\"}}" 'pfx: $base64 is not'
config "{$base,\"key\":\"$key\",\"pfx\":{\"\$base64\":5}}" 'pfx: expected'
config "{$base,\"key\":\"$key\",\"caFile\":\"keys/none.pem\"}" 'caFile: cannot read conf/keys/none.pem'
config "{$base,\"key\":\"$key\",\"caFile\":\"keys/api.key\"}" caFile
config "{$base,\"key\":\"$key\",\"proxy\":true}" 'proxy: expected a text'
config "{$base,\"key\":\"$key\",\"proxy\":\"ftp://127.0.0.1:1\"}" proxy
config "{$base,\"key\":\"$key\",\"payBaseUrl\":\"nonsense\"}" payBaseUrl
config "{$base,\"key\":\"$key\",\"apiBaseUrl\":\"ftp://127.0.0.1\"}" apiBaseUrl
echo "{\"appId\":\"1\",\"privateKeyFile\":\"keys/api.key\",\"alipayPublicKeyFile\":\"keys/app.pub\"}" >conf/bad.json
call conf/bad.json alipay payment.orderQuery '{"outTradeNo":"1"}'
fails config notSent conf/bad.json privateKey
without $key
echo '{"appId":"1","privateKeyFile":"keys/app.pem"}' >conf/bad.json
call conf/bad.json alipay payment.orderQuery '{"outTradeNo":"1"}'
fails config notSent conf/bad.json alipayPublicKey

config "{$base,\"key\":\"$key\",\"redis\":\"redis://127.0.0.1\"}" 'redis: expected an object'
config "{$base,\"key\":\"$key\",\"redis\":{\"url\":\"x\"}}" 'redis.url: no such field'
config "{$base,\"key\":\"$key\",\"redis\":{\"port\":0}}" 'redis.port: must be 1 to 65535'
config "{$base,\"key\":\"$key\",\"redis\":{\"port\":\"6379\"}}" 'redis.port: expected an integer'
config "{$base,\"key\":\"$key\",\"redis\":{\"database\":-1}}" 'redis.database: must be'
config "{$base,\"key\":\"$key\",\"redis\":{\"timeout\":0}}" 'redis.timeout: must be'
config "{$base,\"key\":\"$key\",\"redis\":{\"host\":\"\"}}" 'redis.host: is empty'
config "{$base,\"key\":\"$key\",\"redis\":{\"username\":\"shop\"}}" redis
config "{$base,\"key\":\"$key\",\"redis\":{\"passwordFile\":\"keys/none.key\"}}" 'redis.passwordFile: cannot read conf/keys/none.key'
config "{$base,\"key\":\"$key\",\"redis\":{\"password\":\"x\",\"passwordFile\":\"keys/api.key\"}}" 'redis.passwordFile: redis.password is there too'

# Paths are relative to the configuration's folder; a key file ends with a line break; binary values stand inline.
echo "{$base,\"keyFile\":\"keys/api.key\",\"pfxFile\":\"keys/client.p12\",\"caFile\":\"keys/cert.pem\",\"timeout\":100,\"proxy\":\"\"}" >conf/files.json
echo "{$base,\"key\":\"$key\",\"pfx\":{\"\$base64\":\"$(base64 -w0 conf/keys/client.p12)\"}}" >inline.json
echo "{$base,\"key\":\"$key\",\"certificateFile\":\"conf/keys/cert.pem\",\"certificateKeyFile\":\"conf/keys/app.pem\",\"secret\":null}" >pair.json
for good in conf/files.json "$work/conf/files.json" inline.json pair.json; do
  call $good weixin payment.refund '{"outTradeNo":"1"}'
  fails invalidArgument notSent outRefundNo
done

# --- input ------------------------------------------------------------------------------------------
# input TEXT MESSAGE…: an order with this input is refused with these words, before anything is sent.
input() {
  printf '%s' "$1" >input.json
  provider=weixin method=payment.unifiedOrder
  run call weixin payment.unifiedOrder --config wx.json --input input.json </dev/null
  fails invalidArgument notSent "${@:2}"
  run call weixin payment.unifiedOrder --config wx.json <input.json
  fails invalidArgument notSent "${@:2}"
}
order='"body":"季卡","outTradeNo":"1","notifyUrl":"http://127.0.0.1:9/n","tradeType":"NATIVE","productId":"1"'
input '{"outTradeNo":' 'input: json' offset
input '{"outTradeNo":"1"} x' 'input: json'
input 'code-1' 'input: json' 'a text needs quotes'
input '023abc' 'input: json' 'a text needs quotes'
input "{$order,\"totalFee\":1,\"totalFee\":2}" 'input: json' repeated
input "{$order,\"totalFee\":1,\"total_fee\":2}" 'given twice'
input "$(printf '[%.0s' $(seq 100))" 'input: json' levels
input '["1"]' 'expected an object, got array'
input '"1"' 'expected an object, got string'
input "{$order}" totalFee
input "{$order,\"totalFee\":null}" totalFee
input "{$order,\"totalfee\":1}" 'totalFee: required, at least 1 fen; there is totalfee: did you mean totalFee?'
input "{$order,\"totalFee\":1,\"clientType\":\"h5\"}" 'clientType: belongs to getOrderInfo'
input "{$order,\"totalFee\":\"88.00\"}" totalFee
input "{$order,\"totalFee\":88.5}" totalFee
input "{$order,\"totalFee\":-1}" totalFee
input "{$order,\"totalFee\":9223372036854775808}" totalFee
input "{$order,\"totalFee\":1,\"subject\":{\"\$base64\":\"?\"}}" subject base64
input "{$order,\"totalFee\":1,\"extra\":{\"body\":\"x\"}}" 'extra.body: given twice'
input "{$(printf '"a%d":1,' $(seq 1001))\"outTradeNo\":\"1\"}" 'more than 1000 members'
input $'{"body":"\xff"}' 'input: json' UTF-8

provider=weixin method=payment.orderQuery
head -c 17000000 /dev/zero | tr '\0' ' ' >huge.json
run call weixin payment.orderQuery --config wx.json --input huge.json </dev/null
fails invalidArgument notSent 'more than 16777216 bytes'
run call weixin payment.orderQuery --config wx.json <huge.json
fails invalidArgument notSent 'more than 16777216 bytes'
run call weixin payment.orderQuery --config wx.json --input none.json </dev/null
fails invalidArgument notSent 'none.json' 'No such file'
run call weixin payment.orderQuery --config wx.json --input - </dev/null
fails invalidArgument notSent 'no text'
run call weixin payment.orderQuery --config wx.json </dev/null
fails invalidArgument notSent outTradeNo
run call weixin payment.orderQuery --config wx.json 0<&-
fails invalidArgument notSent
# On a terminal nobody is asked to type. A bare chroot has no pseudo-terminals to try it on.
if [ ! -e /dev/ptmx ]; then
  echo "no /dev/ptmx here: the case of a terminal cannot be tried"
else
script -qec "'$openapi' call weixin payment.orderQuery --config wx.json 2>err" /dev/null </dev/null >out
code=$?
fails invalidArgument notSent outTradeNo
fi

# --- calls that need no network ---------------------------------------------------------------------
call wx.json weixin payment.cancelOrder '{"outTradeNo":"1"}'
fails unsupported notSent closeOrder
call conf/ali.json alipay payment.downloadBill '{"billDate":"2026-01-01"}'
fails invalidArgument notSent billDate
call conf/ali.json alipay payment.verifyRefundNotify '{"body":"a=b"}'
fails unsupported notSent verifyPaymentNotify
call conf/ali.json alipay auth.code2Session '{}'
fails invalidArgument notSent code
call conf/ali.json alipay auth.code2Session '""'
fails invalidArgument notSent code
call conf/ali.json alipay auth.code2Session '{"code":"1","grant":"x"}'
fails invalidArgument notSent 'grant: no such field'
call conf/ali.json alipay auth.code2Session '"4b203fe6c11548bcabd8da5bb087a83b"'
fails connect notSent
call conf/ali.json alipay payment.orderQuery '{"outTradeNo":"1"}' --timeout 3000
fails connect notSent

xmlOf() { # NAME=VALUE…: the notification with its MD5 signature
  local sorted field body=
  sorted=$(printf '%s\n' "$@" | LC_ALL=C sort)
  for field in $sorted; do body+="<${field%%=*}><![CDATA[${field#*=}]]></${field%%=*}>"; done
  printf '<xml>%s<sign>%s</sign></xml>' "$body" "$(printf '%s' "$(tr '\n' '&' <<<"$sorted")key=$key" | md5sum | cut -c1-32 | tr a-f A-F)"
}
xml=$(xmlOf appid=wx2421b1c4370ec43b mch_id=10000100 nonce_str=n return_code=SUCCESS result_code=SUCCESS openid=o1 bank_type=CFT \
  total_fee=8800 cash_fee=8800 out_trade_no=T1 transaction_id=4200 time_end=20261122085303 trade_type=JSAPI is_subscribe=N some_thing=x)
for event in "{\"headers\":{\"Content-Type\":\"text/xml\",\"X-Empty\":null},\"body\":\"$xml\",\"isBase64Encoded\":false}" "{\"body\":\"$xml\"}" \
  "{\"body\":\"$(base64 -w0 <<<"$xml")\",\"isBase64Encoded\":true,\"httpMethod\":\"POST\",\"path\":\"/n\",\"queryStringParameters\":{}}" \
  "{\"body\":{\"\$base64\":\"$(base64 -w0 <<<"$xml")\"},\"headers\":null}"; do
  call conf/files.json weixin payment.verifyPaymentNotify "$event"
  succeeds '"totalFee":8800' '"outTradeNo":"T1"' '"couponList":[]' '"someThing":"x"'
  without '"extra"' null
done
call wx.json weixin payment.verifyPaymentNotify "{\"body\":\"${xml/8800/8801}\"}"
fails badSignature notSent
for event in '{}' '{"body":null}' '{"body":"","headers":{}}'; do
  call wx.json weixin payment.verifyPaymentNotify "$event"
  fails badResponse notSent
done
for event in '[]' '{"body":5}' '{"body":"","headers":[]}' '{"body":"","headers":{"a":1}}' '{"body":"","isBase64Encoded":"no"}'; do
  call wx.json weixin payment.verifyPaymentNotify "$event"
  fails invalidArgument notSent
done

# --- mini-program services, without a network ---------------------------------------------------------
printf 'QDG6eK' >conf/keys/push.token
echo '{"appId":"wx4f4bc4dec97d474b","secret":"s","apiBaseUrl":"https://127.0.0.1:1","proxy":"","pushTokenFile":"keys/push.token"}' >conf/mini.json
mini() { call conf/mini.json weixin "$@"; }
mini auth.code2Session '"023abc"'
fails connect notSent
mini auth.code2Session '{"code":"023abc"}'
fails connect notSent
mini auth.code2Session '""'
fails invalidArgument notSent code
mini analysis.getWeeklyRetain '{"beginDate":"20170307","endDate":"20170313"}'
fails invalidArgument notSent beginDate
mini customerServiceMessage.uploadTempMedia '{"media":{"value":"text"}}'
fails invalidArgument notSent media.value '$base64'
mini customerServiceMessage.uploadTempMedia '{"media":{"value":{"$base64":"?"}}}'
fails invalidArgument notSent media.value base64
mini img.scanQRCode '{"img":{"value":{"$base64":"AAAA"},"colour":1}}'
fails invalidArgument notSent img
mini openData.decrypt '{"encryptedData":"CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew==","iv":"r7BXXKkLb8qrSNn05n0qiA==","sessionKey":"tiihtNczf5v6AKRyjwEUhQ=="}'
succeeds '"openId":"oGZUI0egBJY1zhBYw2KhdUfwVJJE"' '"gender":1' '"watermark":{"timestamp":1477314187,"appid":"wx4f4bc4dec97d474b"}' '"stepInfoList":[]'
signature=$(printf '%s\n' QDG6eK 1700000000 42 | LC_ALL=C sort | tr -d '\n' | sha1sum | cut -c1-40)
mini messagePush.verifyUrl "{\"query\":\"signature=$signature&timestamp=1700000000&nonce=42&echostr=5838479218127813673\"}"
succeeds '{"echostr":"5838479218127813673"}'
mini messagePush.verifyUrl "{\"query\":\"signature=$signature&timestamp=1700000000&nonce=43&echostr=1\"}"
fails badSignature notSent

# --- --output: what is wrong is known before anything is sent ------------------------------------------
mini payment.orderQuery '{"outTradeNo":"1"}' --output code.jpg
refused '--output: payment.orderQuery gives no bytes' wxacode.getUnlimited customerServiceMessage.getTempMedia
call conf/ali.json alipay payment.orderQuery '{"outTradeNo":"1"}' --output code.jpg
refused 'no method of alipay does'
mini wxacode.getUnlimited '{"scene":"a"}' --output ''
refused '--output: expected the name of a file'
mini wxacode.getUnlimited '{"scene":"a"}' --output -
refused '--output: expected the name of a file'
mini wxacode.getUnlimited '{"scene":"a"}' --output none/code.jpg
fails invalidArgument notSent '--output: cannot write none/code.jpg: No such file'
mini wxacode.getUnlimited '{"scene":"a"}' --output conf
fails invalidArgument notSent '--output: cannot write conf: Is a directory'
mini wxacode.getUnlimited '{"scene":"a"}' --output conf/
fails invalidArgument notSent '--output: cannot write conf/'
mini wxacode.getUnlimited '{"scene":"a"}' --output /dev/full
fails invalidArgument notSent 'no ordinary file'
mini wxacode.getUnlimited '{"scene":"a"}' --output wx.json/code.jpg
fails invalidArgument notSent 'Not a directory'
mkdir pictures
echo old >pictures/code.jpg
mini wxacode.getUnlimited '{"scene":"a"}' --output pictures/code.jpg
fails connect notSent
[ "$(cat pictures/code.jpg)" = old ] || complain "a failed call changed the file"
[ "$(ls -A pictures)" = code.jpg ] || complain "a failed call left something: $(ls -A pictures)"

# A result that cannot be written is no success.
what='openapi call … >/dev/full'
"$openapi" call weixin payment.verifyPaymentNotify --config wx.json <<<"{\"body\":\"$xml\"}" >/dev/full 2>err
code=$?
: >out
provider=weixin method=payment.verifyPaymentNotify
fails badResponse unknown 'could not be written'

summary
