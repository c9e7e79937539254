#!/usr/bin/env bash
# Finds the co_await forms that g++ 12 miscompiles, in every source of ours that awaits something.
# usage: coroutines.sh BUILD_DIR (with compile_commands.json)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd "$1" && pwd)
matchers=$root/tools/gcc12-coroutines.clang-query
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

# First the check of the check: in the example each line marked `bad` must be found, and no other.
clang-query-16 -f "$matchers" "$root/tools/gcc12_coroutines_example.cpp" -- -std=c++20 >"$log/example" 2>&1
example=$root/tools/gcc12_coroutines_example.cpp
grep -n '// bad' "$example" | cut -d: -f1 >"$log/expected"
sed -n 's/^.*gcc12_coroutines_example.cpp:\([0-9]*\):[0-9]*: note: "root" binds here$/\1/p' "$log/example" | sort -nu >"$log/found"
cmp -s "$log/expected" "$log/found" || { cat "$log/example"; echo "the matchers and the lines marked bad in $example differ"; exit 1; }
echo "the matchers find all $(wc -l <"$log/expected") bad forms of the example"

mapfile -t files < <(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$build/compile_commands.json" | LC_ALL=C sort -u | xargs grep -l 'co_await')
[ ${#files[@]} != 0 ] || { echo "no source with co_await in $build/compile_commands.json"; exit 1; }
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -I{} sh -c \
  'clang-query-16 --extra-arg=-Wno-unknown-warning-option -f "$1" -p "$2" "$4" >"$3/$(echo "$4" | tr / _).log" 2>&1' sh "$matchers" "$build" "$log" {}

# Hits in ours, not in the system's headers; and sources that clang could not read must not pass as clean.
hits=$(cat "$log"/*.log | grep -E '(note: "root" binds here|: error: )' | grep -F "$root/" | LC_ALL=C sort -u || true)
errors=$(cat "$log"/*.log | grep -E '(: |^)error: ' | LC_ALL=C sort -u || true)
if [ -n "$hits$errors" ]; then
  printf '%s\n%s\n' "$hits" "$errors" | sed "s#$root/##"
  echo "write \`auto r = co_await …\` first, and name what is passed"
  exit 1
fi
echo "${#files[@]} sources, no such form"
