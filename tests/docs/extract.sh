#!/usr/bin/env bash
# Takes the marked code blocks out of the documents: ```cpp runnable (a program), ```cpp checked (must compile),
# ```sh runnable (a newcomer's steps). usage: extract.sh ROOT OUT_DIR; prints the names of the files.
set -euo pipefail
cd "$1"
out=$2
mkdir -p "$out"
for document in README.md docs/*.md; do
  case $document in *.zh.md) continue ;; esac
  name=${document##*/}
  awk -v prefix="$out/${name%.md}" '
    /^```(cpp|sh) (runnable|checked)$/ {
      count++
      file = prefix "_" count "_" $2 "." substr($1, 4)
      printf "" > file
      print file
      next
    }
    /^```/ { if (file != "") close(file); file = ""; next }
    file != "" { print > file }
  ' "$document"
done
