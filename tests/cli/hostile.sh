#!/usr/bin/env bash
# Input that nobody means well: `openapi call` answers with one line, in little time and memory.
# usage: hostile.sh OPENAPI
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"

echo '{"appId":"wx2421b1c4370ec43b","mchId":"10000100","key":"192006250b4c09247ec02edce69f6a2d","payBaseUrl":"https://127.0.0.1:1","proxy":""}' >wx.json

# feed METHOD: runs the method with standard input as it is, in 1 GiB of address space.
feed() {
  provider=weixin method=$1
  what="openapi call weixin $1 <<< $(head -c 60 input | tr -c ' -~' '?')"
  count=$((count + 1))
  # AddressSanitizer takes terabytes of address space: there the limit is left out.
  (
    if ! grep -q __asan_init "$openapi"; then ulimit -v 1048576; fi
    exec timeout 60 "$openapi" call weixin "$1" --config wx.json <input >out 2>err
  )
  code=$?
}
# invalid TEXT: the error line says so; nothing was sent.
invalid() { fails invalidArgument notSent "$@"; }
# short_error: nothing was sent, and the line is short whatever the input.
short_error() {
  [ "$code" = 1 ] && [ ! -s out ] && [ "$(wc -c <err)" -lt 2000 ] && grep -q '"outcome":"notSent"' err || complain 'expected a short error line'
}
repeat() { yes "$1" | head -n "$2" | tr -d '\n'; }

for method in payment.orderQuery payment.refund payment.verifyPaymentNotify payment.verifyRefundNotify; do
  # --- no JSON ---
  for text in x '{' '{}x' '{}{}' '[' '{"a":}' "{'a':1}" '{"a":1,}' '{"a":01}' '{"a":+1}' '{"a":.5}' '{"a":NaN}' '{"a":Infinity}' '{"a":"\x41"}' \
    '{"a":"\ud800"}' '<xml></xml>' '// c' '{"a":1 /* c */}' '﻿{}'; do
    printf '%s' "$text" >input
    feed "$method"
    invalid json
  done
  printf '\0' >input && feed "$method" && invalid json
  feed "$method"
  invalid json
  printf '{"outTradeNo":"1"}\0' >input
  feed "$method"
  invalid json
  printf '{"outTradeNo":"a\0b"}' >input
  feed "$method"
  invalid json
  for bytes in '\xff' '\xc0\xaf' '\xed\xa0\x80' '\xf5\x80\x80\x80' '\xd6\xd0' '\xe5\xad'; do
    printf '{"outTradeNo":"%b"}' "$bytes" >input
    feed "$method"
    invalid json
    printf '{"%b":1}' "$bytes" >input
    feed "$method"
    invalid json
  done
done
# --- too much of it ---
for method in payment.orderQuery payment.verifyPaymentNotify; do
  repeat '[' 1000000 >input
  feed "$method"
  invalid levels
  repeat '{"a":' 1000000 >input
  feed "$method"
  invalid levels
  { repeat '[' 60; printf 1; repeat ']' 60; } >input
  feed "$method"
  invalid 'expected an'
  { printf '{"a":'; repeat 1 10000000; printf '}'; } >input
  feed "$method"
  short_error
  { printf '{"a":"'; repeat a 17000000; printf '"}'; } >input
  feed "$method"
  invalid 'more than 16777216 bytes'
  { printf '{"a":['; repeat '0,' 8000000; printf '0]}'; } >input
  feed "$method"
  short_error
  { printf '{'; seq -f '"a%g":1,' 1 200000; printf '"z":1}'; } >input
  feed "$method"
  short_error
done

# --- values ---
for text in null true 1 '"x"' '[]'; do
  printf '%s' "$text" >input
  feed payment.orderQuery
  invalid 'expected an object'
done
for number in 1.5 1e2 -1 0 9223372036854775808 99999999999999999999999999 1e400 '"100"' true null '[1]' '{}' -9223372036854775808 9223372036854775807 0.1e1 -0; do
  printf '{"outTradeNo":"1","outRefundNo":"R1","totalFee":8800,"refundFee":%s}' "$number" >input
  feed payment.refund
  invalid refundFee
done
for member in outTradeNo out_trade_no; do
  for value in 1 true '[]' '{}' '["1"]' '{"$base64":"x"}' '{"$base64":1}' '{"$base64":"MQ==","a":1}'; do
    printf '{"%s":%s}' "$member" "$value" >input
    feed payment.orderQuery
    fails invalidArgument notSent
  done
done
printf '{"outTradeNo":"1","outTradeNo":"2"}' >input
feed payment.orderQuery
invalid repeated
printf '{"outTradeNo":"1","out_trade_no":"2"}' >input
feed payment.orderQuery
invalid 'given twice'
printf '{"outTradeNo":"1","\\u006futTradeNo":"2"}' >input
feed payment.orderQuery
invalid repeated
printf '{"outTradeNo":{"$base64":"1tA="}}' >input
feed payment.orderQuery
invalid outTradeNo
printf '{"outTradeNo":"1","extra":{"outTradeNo":"2"}}' >input
feed payment.orderQuery
invalid 'given twice'
printf '{"outTradeNo":"1","a><b":"x"}' >input
feed payment.orderQuery
invalid 'XML name'

# --- events ---
for text in '{"body":1}' '{"body":["x"]}' '{"headers":[]}' '{"headers":{"a":1}}' '{"isBase64Encoded":"true"}' '{"body":{"$base64":"x"}}'; do
  printf '%s' "$text" >input
  feed payment.verifyPaymentNotify
  fails invalidArgument notSent
done
for body in '' '<html></html>' '<xml></xml>' '<!DOCTYPE x><xml></xml>' '\u0000' '\ud83d\ude00' '{}'; do
  printf '{"body":"%s"}' "$body" | sed 's/\\\\/\\/g' >input
  feed payment.verifyPaymentNotify
  fails badResponse notSent
  feed payment.verifyRefundNotify
  fails badResponse notSent
done
{ printf '{"isBase64Encoded":true,"body":"'; repeat A 8000000; printf '"}'; } >input
feed payment.verifyPaymentNotify
fails badResponse notSent 'larger than'
{ printf '{"headers":{'; seq -f '"a%g":"1",' 1 100000; printf '"z":"1"},"body":"x"}'; } >input
feed payment.verifyPaymentNotify
fails badResponse notSent

summary
