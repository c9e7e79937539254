#!/usr/bin/env bash
# The mini-program services from the command line, against a running `openapi sandbox`: files in and out, tokens in Redis.
# usage: services.sh OPENAPI [REDIS_PORT]; without the port this openapi was built without Redis
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
redis=${2:-}

mkfifo ready
"$openapi" sandbox --port 0 --write-config box >ready 2>box.log &
children+=($!)
read -r addresses <ready || { cat box.log; echo "FAILED: the sandbox does not start"; exit 1; }
control=$(sed -E 's/.*"control":"([^"]*)".*/\1/' <<<"$addresses")
# control PATH BODY: a control route of the mini-program platform.
control() { curl -sS --noproxy '*' --fail-with-body "$control$1" -d "{\"provider\":\"weixinApi\",$2}" >answer || complain "control $1"; }
textOf() { sed -E 's/.*"'"$1"'":"([^"]*)".*/\1/' "${2:-out}"; }
code=0
mini() { call "${config:-box/weixin.json}" weixin "$@" --timeout 60000; }
openid=oUpF8uMuAJO_M2pxb1Q9zNjWeS6o
permissions() { stat -c %a "$1"; }

# --- login --------------------------------------------------------------------------------------------
control /code "\"openid\":\"$openid\""
login=$(textOf code answer)
mini auth.code2Session "\"$login\""
succeeds '"errCode":0' "\"openid\":\"$openid\"" '"sessionKey":"' '"unionid":"'
mini auth.getOpenid "{\"code\":\"$login\"}"
fails rejected rejected '"errCode":"40163"' '"requestId":"'
control /phonecode "\"openid\":\"$openid\""
mini phonenumber.getPhoneNumber "{\"code\":\"$(textOf code answer)\"}"
succeeds '"phoneInfo":{"phoneNumber":"' '"watermark":{"timestamp":'
mini auth.getAccessToken '{}'
succeeds '"accessToken":"' '"expiresIn":'
mini auth.code2Session "{\"code\":\"$login\",\"unknown\":1}"
fails invalidArgument notSent 'unknown: no such field'

# --- binary results and --output ------------------------------------------------------------------------
mini wxacode.getUnlimited '{"scene":"a=1","lineColor":{"r":10,"g":20,"b":30}}'
succeeds '"contentType":"image/jpeg","buffer":{"$base64":"/9j/'
mkdir pictures
umask 022
mini wxacode.getUnlimited '{"scene":"a=1"}' --output pictures/code.jpg
succeeds '"buffer":{"$file":"pictures/code.jpg"}'
without base64
[ "$(head -c 3 pictures/code.jpg | od -An -tx1 | tr -d ' \n')" = ffd8ff ] || complain "the file is no JPEG"
[ "$(permissions pictures/code.jpg)" = 644 ] || complain "the file has odd permissions"
[ "$(ls -A pictures)" = code.jpg ] || complain "something was left: $(ls -A pictures)"
mini wxacode.get '{"path":"pages/index/index?a=1","isHyaline":true}' --output "$work/pictures/code.png"
succeeds "\"contentType\":\"image/png\",\"buffer\":{\"\$file\":\"$work/pictures/code.png\"}"
[ "$(head -c 4 pictures/code.png | od -An -tx1 | tr -d ' \n')" = 89504e47 ] || complain "the file is no PNG"
# What was there is replaced; behind a link, the file that it leads to.
echo old >pictures/old.jpg
ln -s old.jpg pictures/link.jpg
mini wxacode.createQRCode '{"path":"pages/index/index"}' --output pictures/link.jpg
succeeds '{"$file":"pictures/link.jpg"}'
[ -L pictures/link.jpg ] || complain "the link was replaced"
[ "$(head -c 3 pictures/old.jpg | od -An -tx1 | tr -d ' \n')" = ffd8ff ] || complain "the file behind the link is no JPEG"
# In the folder that the command runs in, and with a name that begins with a dash.
mini wxacode.getUnlimited '{"scene":"a=1"}' --output=-code.jpg
succeeds '{"$file":"-code.jpg"}'
[ -s ./-code.jpg ] || complain "no file"
# A refusal leaves the file as it was.
cp pictures/code.jpg before.jpg
mini wxacode.getUnlimited '{"scene":"a=1","accessToken":"wrong"}' --output pictures/code.jpg
fails rejected rejected '"errCode":"40014"'
cmp -s before.jpg pictures/code.jpg || complain "a refusal changed the file"
ls -A pictures | grep -q part && complain "a temporary file was left"
# A call that is stopped leaves nothing.
control /fault '"path":"/wxa/getwxacodeunlimit","fault":"delay","ms":30000,"times":1'
what="openapi call … --output, stopped by SIGTERM"
mkdir stopped
"$openapi" call weixin wxacode.getUnlimited --config box/weixin.json --output stopped/code.jpg --timeout 60000 <<<'{"scene":"a=1"}' >out 2>err &
stopped=$!
until [ -n "$(ls -A stopped)" ] || ! kill -0 $stopped 2>/dev/null; do sleep 0.05; done
kill -TERM $stopped
wait $stopped
code=$? provider=weixin method=wxacode.getUnlimited
fails cancelled "$(sed -E 's/.*"outcome":"([a-zA-Z]+)".*/\1/' err)" # how far it came depends on the moment
[ -z "$(ls -A stopped)" ] || complain "a stopped call left $(ls -A stopped)"
control /fault '"path":"/wxa/getwxacodeunlimit","fault":"delay","times":0'
code=0
# Not as root, whom no permission stops.
if [ "$(id -u)" != 0 ]; then
  mkdir locked && chmod 555 locked
  mini wxacode.getUnlimited '{"scene":"a=1"}' --output locked/code.jpg
  fails invalidArgument notSent '--output: cannot write locked/code.jpg'
fi

# --- files in -------------------------------------------------------------------------------------------
image=$(base64 -w0 pictures/code.jpg)
mini customerServiceMessage.uploadTempMedia "{\"media\":{\"contentType\":\"image/jpeg\",\"value\":{\"\$base64\":\"$image\"}}}"
succeeds '"type":"image","mediaId":"' '"createdAt":'
media=$(textOf mediaId)
mini customerServiceMessage.getTempMedia "{\"mediaId\":\"$media\"}" --output pictures/media.jpg
succeeds '"contentType":"image/jpeg"' '{"$file":"pictures/media.jpg"}'
cmp -s pictures/code.jpg pictures/media.jpg || complain "the file came back changed"
mini img.scanQRCode "{\"img\":{\"contentType\":\"image/jpeg\",\"value\":{\"\$base64\":\"$image\"}}}"
succeeds '"codeResults":[{"typeName":"QR_CODE","data":"' 'a%3D1' '"pos":{"leftTop":{"x":'
mini img.aiCrop "{\"ratios\":\"1\",\"img\":{\"contentType\":\"image/jpeg\",\"value\":{\"\$base64\":\"$image\"}}}"
succeeds '"results":[{"cropLeft":' '"imgSize":{"w":'

# --- analysis, messages, links, shipping ------------------------------------------------------------------
day=$(TZ=CST-8 date -d yesterday +%Y%m%d)
for name in getDailyRetain getDailySummary getDailyVisitTrend getVisitDistribution getVisitPage getUserPortrait; do
  mini analysis.$name "{\"beginDate\":\"$day\",\"endDate\":\"$day\"}"
  succeeds '"errCode":0' "$day"
done
mini analysis.getWeeklyVisitTrend '{"beginDate":"20170306","endDate":"20170312"}'
succeeds '"refDate":"20170306-20170312"' '"visitDepth":'
mini analysis.getMonthlyRetain '{"beginDate":"20170201","endDate":"20170228"}'
succeeds '"refDate":"201702","visitUvNew":[{"key":0,'
control /usermessage "\"openid\":\"$openid\",\"content\":\"在吗\""
mini customerServiceMessage.send "{\"touser\":\"$openid\",\"msgtype\":\"image\",\"image\":{\"mediaId\":\"$media\"}}"
succeeds '"errCode":0'
mini customerServiceMessage.send "{\"touser\":\"$openid\",\"msgtype\":\"video\"}"
fails invalidArgument notSent msgtype
mini customerServiceMessage.setTyping "{\"touser\":\"$openid\",\"command\":\"Typing\"}"
succeeds '"errCode":0'
mini security.msgSecCheck "{\"content\":\"你好\",\"scene\":2,\"openid\":\"$openid\"}"
succeeds '"suggest":"pass"' '"traceId":"'
mini urlscheme.generate '{"jumpWxa":{"path":"pages/index/index","query":"a=1"},"isExpire":true,"expireType":1,"expireInterval":1}'
succeeds '"openlink":"weixin://'
mini urllink.generate '{"path":"pages/index/index","expireType":1,"expireInterval":1}'
succeeds '"urlLink":"https://'
call box/weixin.json weixin payment.unifiedOrder "{\"openid\":\"$openid\",\"body\":\"季卡\",\"outTradeNo\":\"S1\",\"totalFee\":8800,\"tradeType\":\"JSAPI\",\"notifyUrl\":\"http://127.0.0.1:9/n\"}" --timeout 60000
succeeds '"prepayId":"'
curl -sS --noproxy '*' --fail-with-body "$control/pay" -d "{\"provider\":\"weixin\",\"outTradeNo\":\"S1\",\"openid\":\"$openid\"}" >answer || complain "nobody can pay"
shipped="{\"orderKey\":{\"orderNumberType\":1,\"mchid\":\"10000100\",\"outTradeNo\":\"S1\"},\"logisticsType\":4,\"deliveryMode\":1,\"shippingList\":[{\"itemDesc\":\"季卡\"}],\"payer\":{\"openid\":\"$openid\"}}"
mini order.uploadShippingInfo "$shipped"
succeeds '"errCode":0'
mini order.getOrder '{"merchantId":"10000100","merchantTradeNo":"S1"}'
succeeds '"order":{"transactionId":"' '"paidAmount":8800' '"orderState":2' '"shippingList":[{'

# --- tokens in Redis ------------------------------------------------------------------------------------
if [ -n "$redis" ]; then
  withRedis() { sed 's#^{#{"stableToken":'"$1"',"redis":'"$2"',#' box/weixin.json >box/redis.json; }
  config=box/redis.json
  # One token a day: a second call that asked for its own would be refused.
  control /quota '"cgiPath":"/cgi-bin/token","daily":1'
  withRedis false "{\"port\":$redis}"
  for scene in a b c; do
    mini wxacode.getUnlimited "{\"scene\":\"$scene\"}"
    succeeds '"contentType":"image/jpeg"'
  done
  withRedis false "{\"port\":$redis,\"prefix\":\"other:\"}"
  mini wxacode.getUnlimited '{"scene":"a"}'
  fails rejected rejected '"errCode":"45009"'
  # Without Redis: tokens that end each other are not fetched, stable ones are.
  withRedis false '{"port":1,"timeout":500}'
  mini wxacode.getUnlimited '{"scene":"a"}'
  fails connect notSent
  withRedis true '{"port":1,"timeout":500}'
  mini wxacode.getUnlimited '{"scene":"a"}'
  succeeds '"contentType":"image/jpeg"'
else
  sed 's#^{#{"redis":{},#' box/weixin.json >box/redis.json
  config=box/redis.json
  mini wxacode.getUnlimited '{"scene":"a"}'
  fails config notSent 'built without Redis'
fi

summary
