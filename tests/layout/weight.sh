#!/usr/bin/env bash
# Checks what <openapi/openapi.hpp> costs a user's file: no networking header, and few preprocessed lines.
# usage: weight.sh MAX_LINES COMPILER [flags…]
set -euo pipefail
limit=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

headers() { "$@" -x c++ -M - | tr -s ' \\' '\n' | grep '\.[hi]pp$'; }
heavy='/boost/(asio/ssl|asio/ip/tcp|asio/io_context|asio/co_spawn|asio/basic_.*(socket|timer)|asio/steady_timer|beast)|/pugi|/rapidjson|/openssl/'

# The check must see: a file that names a heavy header is refused.
echo '#include <boost/asio/steady_timer.hpp>' | headers "$@" | grep -E "$heavy" >/dev/null || { echo "the list of headers does not show a heavy one"; exit 1; }

echo '#include <openapi/openapi.hpp>' >"$work/user.cpp"
headers "$@" <"$work/user.cpp" >"$work/headers"
grep -q '/openapi/weixin.hpp' "$work/headers" || { echo "the list of headers is not that of openapi.hpp"; exit 1; }
if grep -E "$heavy" "$work/headers"; then
  echo "<openapi/openapi.hpp> pulls in the headers above"
  exit 1
fi
lines=$("$@" -E -P -x c++ "$work/user.cpp" | wc -l)
echo "<openapi/openapi.hpp>: $(wc -l <"$work/headers") headers, $lines preprocessed lines (limit $limit)"
[ "$lines" -le "$limit" ]
