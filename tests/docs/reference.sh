#!/usr/bin/env bash
# Makes the reference again and compares it with the committed one. usage: reference.sh ROOT OPENAPI_REFERENCE OUT_DIR
set -euo pipefail
root=$1
rm -rf "$3"
"$2" "$root" "$3"
for page in reference.md reference.zh.md; do
  [ -s "$3/$page" ] || { echo "FAILED: $page is empty"; exit 1; }
  diff -u "$root/docs/$page" "$3/$page" || { echo "FAILED: docs/$page is stale; ./dev reference makes it again"; exit 1; }
done
echo "the reference says what the structs say"
