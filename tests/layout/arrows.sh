#!/usr/bin/env bash
# Checks that includes point one way: include <- lib <- providers <- cli, samples, and lib <- gateways;
# that public headers name nothing private; and that no file names a path of the machine it was written on.
# usage: arrows.sh ROOT
set -euo pipefail
cd "$1"

folders=()
for folder in include lib providers gateways cli samples tests bench; do [ -d $folder ] && folders+=("$folder"); done

# Every include as FILE:LINE:NAME, the name without quotes or brackets.
includes() {
  find "${folders[@]}" -name node_modules -prune -o \( -name '*.hpp' -o -name '*.cpp' -o -name '*.h' -o -name '*.ipp' \) -print0 |
    xargs -0 -r grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]' |
    sed -E 's/^([^:]*:[0-9]+):[^"<]*["<]([^">]*)[">].*$/\1:\2/'
}

# Our own file that FILE means by NAME, or nothing when it is a system header.
resolve() {
  local file=$1 name=$2 folder
  for folder in "${file%/*}" include lib providers gateways cli samples tests .; do
    [ -f "$folder/$name" ] || continue
    (cd "$folder/$(dirname "$name")" && echo "${PWD#"$top"/}/${name##*/}")
    return
  done
}

# The room of a file: one for each provider; the public headers of the providers are theirs.
room() {
  case $1 in
    include/openapi/beast.hpp) echo beast ;;
    include/openapi/weixin.hpp | include/openapi/alipay.hpp | include/openapi/bmob.hpp | include/openapi/openapi.hpp) echo public-provider ;;
    include/*) echo include ;;
    providers/*/*) echo "${1%"/${1#providers/*/}"}" ;;
    *) echo "${1%%/*}" ;;
  esac
}

allowed() {
  local from=$1 to=$2
  case $from in
    include) [[ $to == include ]] ;;
    public-provider | beast) [[ $to == include || $to == public-provider ]] ;;
    lib) [[ $to == include || $to == lib ]] ;;
    providers) [[ $to == include || $to == public-provider || $to == lib || $to == providers ]] ;;
    providers/*) [[ $to == include || $to == public-provider || $to == lib || $to == providers || $to == "$from" ]] ;;
    gateways) [[ $to == include || $to == beast || $to == lib || $to == gateways ]] ;;
    cli) [[ $to != samples && $to != tests && $to != bench ]] ;;
    samples) [[ $to != cli && $to != tests && $to != bench ]] ;;
    *) true ;;
  esac
}

# System headers that a public header must not name.
heavy() {
  case $2 in
    boost/beast/*) [ "$1" != include/openapi/beast.hpp ] ;;
    boost/asio.hpp | boost/beast.hpp | boost/asio/ssl* | pugi*.hpp | pugixml/* | rapidjson/* | openssl/*) true ;;
    *) false ;;
  esac
}

top=$PWD
bad=0
report() {
  echo "$*"
  bad=1
}
while IFS=: read -r file line name; do
  target=$(resolve "$file" "$name")
  if [ -n "$target" ]; then
    from=$(room "$file")
    to=$(room "$target")
    allowed "$from" "$to" || report "$file:$line: $from must not include $to ($target)"
  elif [[ $file == include/* ]]; then
    if [[ $name == openapi/* ]]; then report "$file:$line: no such public header: $name"; fi
    if heavy "$file" "$name"; then report "$file:$line: a public header must not include <$name>"; fi
  fi
done < <(includes)

# A path under somebody's home or work folder. Recorded data is not ours to edit.
while IFS= read -r hit; do
  report "$hit: a path of one machine"
done < <(find . \( -name .git -o -name build -o -name node_modules -o -path ./certs-example/out -o -path ./tests/golden -o -path ./tests/fixtures -o -path ./tests/fuzz/corpus -o -path ./bench/peers/work -o -path ./bench/peers/results \) -prune -o -type f -print0 |
  xargs -0 -r grep -InoE '(^|[^[:alnum:]_.~/-])/([w]ork/(main|shared)|home/[a-z][a-z0-9_-]*/|[r]oot/|Users/[A-Za-z][A-Za-z0-9_-]*/)' | cut -d: -f1,2,3)

exit $bad
