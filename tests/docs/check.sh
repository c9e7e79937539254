#!/usr/bin/env bash
# Checks the documents: each has its Chinese twin with the same code (comments apart), and no link leads nowhere. usage: check.sh ROOT
set -euo pipefail
cd "$1"
bad=0
report() {
  echo "$*"
  bad=1
}
# The code without its comments, which are in the language of the document.
blocks() { awk '/^```/ { print; inside = !inside; next } inside' "$1" | sed -E 's@(^|[[:space:]]+)(//|#)[[:space:]].*$@@'; }

for document in README.md certs-example/README.md samples/bmob-admin/README.md docs/*.md; do
  case $document in *.zh.md) continue ;; esac
  twin=${document%.md}.zh.md
  [ -f "$twin" ] || { report "$twin is missing"; continue; }
  [ "$(blocks "$document")" = "$(blocks "$twin")" ] || report "the code in $document and $twin differs"
  [ "$(grep -c '^#' "$document")" = "$(grep -c '^#' "$twin")" ] || report "$document and $twin have different chapters"
  [ "$(grep -c '^|' "$document")" = "$(grep -c '^|' "$twin")" ] || report "$document and $twin have tables of different length"
done

while IFS=: read -r document link; do
  case $link in http://* | https://* | '#'*) continue ;; esac
  [ -e "$(dirname "$document")/${link%%#*}" ] || report "$document: the link to $link leads nowhere"
done < <(grep -oE '\]\([^) ]+\)' README*.md docs/*.md certs-example/*.md samples/*/*.md | sed -E 's/\]\(([^)]*)\)/\1/')
[ $bad = 0 ] && echo "documents agree with their twins, and every link leads somewhere"
exit $bad
