#!/usr/bin/env bash
# Proves that arrows.sh sees: each bad line, put alone into a good tree, must be refused by name.
# usage: selftest.sh ARROWS_SH
set -euo pipefail
arrows=$1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

goodTree() {
  rm -rf "${tree:?}"/*
  mkdir -p "$tree"/{include/openapi,lib/codec,providers/weixin,providers/alipay,gateways,cli,samples}
  cd "$tree"
  echo '#include <string>' >include/openapi/error.hpp
  printf '#include <openapi/error.hpp>\n#include <boost/asio/awaitable.hpp>\n' >include/openapi/weixin.hpp
  printf '#include <openapi/error.hpp>\n#include <boost/beast/http/message.hpp>\n' >include/openapi/beast.hpp
  printf '#include <openapi/error.hpp>\n#include <pugixml.hpp>\n' >lib/codec/xml.hpp
  echo '#include "codec/xml.hpp"' >lib/codec/xml.cpp
  echo '#include "codec/xml.hpp"' >providers/weixin/sign.hpp
  printf '#include <openapi/weixin.hpp>\n#include "sign.hpp"\n#include "weixin/sign.hpp"\n' >providers/weixin/pay.cpp
  echo '#include "codec/xml.hpp"' >providers/alipay/sign.hpp
  printf '#include "codec/xml.hpp"\n#include "gateways/server.hpp"\n' >gateways/server.hpp
  echo '#include "gateways/server.hpp"' >cli/main.cpp
  echo '#include <openapi/weixin.hpp>' >samples/order.cpp
  echo 'see /usr/include and /tmp/x' >README.md
}

goodTree
bash "$arrows" "$tree" || { echo "FAILED: a good tree is refused"; exit 1; }

# refused FILE LINE MESSAGE
count=0
refused() {
  goodTree
  printf '%s\n' "$2" >>"$1"
  if bash "$arrows" "$tree" >"$tree/out.log"; then echo "FAILED: accepted in $1: $2"; exit 1; fi
  grep -qF "$3" "$tree/out.log" || { cat "$tree/out.log"; echo "FAILED: wrong message for $1: $2"; exit 1; }
  grep -qF "$1:" "$tree/out.log" || { echo "FAILED: the message does not name $1"; exit 1; }
  count=$((count + 1))
}
refused include/openapi/error.hpp '#include "codec/xml.hpp"' 'include must not include lib'
refused include/openapi/error.hpp '#include <openapi/weixin.hpp>' 'include must not include public-provider'
refused include/openapi/error.hpp '#include "../../lib/codec/xml.hpp"' 'include must not include lib'
refused include/openapi/error.hpp '#include <openapi/nothing.hpp>' 'no such public header'
refused include/openapi/error.hpp '#include <boost/asio.hpp>' 'must not include <boost/asio.hpp>'
refused include/openapi/error.hpp '#  include <boost/beast.hpp>' 'must not include <boost/beast.hpp>'
refused include/openapi/error.hpp '#include <boost/beast/core.hpp>' 'must not include <boost/beast/core.hpp>'
refused include/openapi/weixin.hpp '#include <pugixml.hpp>' 'must not include <pugixml.hpp>'
refused include/openapi/weixin.hpp '#include <rapidjson/document.h>' 'must not include <rapidjson/document.h>'
refused include/openapi/weixin.hpp '#include <openssl/evp.h>' 'must not include <openssl/evp.h>'
refused include/openapi/weixin.hpp '#include <boost/asio/ssl/stream.hpp>' 'must not include <boost/asio/ssl/stream.hpp>'
refused lib/codec/xml.cpp '#include "weixin/sign.hpp"' 'lib must not include providers/weixin'
refused lib/codec/xml.cpp '#include <openapi/weixin.hpp>' 'lib must not include public-provider'
refused lib/codec/xml.cpp '#include "gateways/server.hpp"' 'lib must not include gateways'
refused providers/weixin/pay.cpp '#include "alipay/sign.hpp"' 'providers/weixin must not include providers/alipay'
refused providers/weixin/pay.cpp '#include "../alipay/sign.hpp"' 'providers/weixin must not include providers/alipay'
refused providers/weixin/pay.cpp '#include "gateways/server.hpp"' 'providers/weixin must not include gateways'
refused gateways/server.hpp '#include "weixin/sign.hpp"' 'gateways must not include providers/weixin'
refused gateways/server.hpp '#include <openapi/weixin.hpp>' 'gateways must not include public-provider'
refused samples/order.cpp '#include "cli/main.cpp"' 'samples must not include cli'
refused README.md 'built in /ho''me/somebody/openapi' 'a path of one machine'
refused samples/order.cpp '// "/wo''rk/main/x"' 'a path of one machine'
echo "$count bad lines, all refused"
