#!/usr/bin/env bash
# clang-tidy over our sources. usage: tidy.sh BUILD_DIR (with compile_commands.json)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd "$1" && pwd)
mapfile -t files < <(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$build/compile_commands.json" | LC_ALL=C sort -u | grep -E "^$root/(lib|providers|gateways|cli|samples)/")
[ ${#files[@]} != 0 ] || { echo "no source of ours in $build/compile_commands.json"; exit 1; }
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 1 clang-tidy-16 --extra-arg=-Wno-unknown-warning-option -p "$build" --quiet --warnings-as-errors='*' 2> >(grep -vE 'warnings? (generated|treated)|^$' >&2)
echo "${#files[@]} sources clean"
