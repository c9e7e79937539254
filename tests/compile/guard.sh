#!/usr/bin/env bash
# Compiles guard.cpp and compares the lines of the errors with the marks. usage: guard.sh COMPILER [flags…]
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/guard.cpp
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C

# With the marked lines removed everything compiles.
grep -v '// refused$' "$source" >"$work/good.cpp"
"$@" -fsyntax-only "$work/good.cpp" || { echo "FAILED: a line without a mark does not compile"; exit 1; }

# With them, each is refused by the deleted overload, whose name tells what to do, and no other line is.
if "$@" -fsyntax-only -fmax-errors=0 "$source" 2>"$work/log"; then
  echo "FAILED: the marked lines compile"
  exit 1
fi
grep -n '// refused$' "$source" | cut -d: -f1 >"$work/expected"
sed -n 's/^.*guard\.cpp:\([0-9]*\):[0-9]*: error: use of deleted function .*NameThe[A-Za-z]*InAVariableFirst.*$/\1/p' "$work/log" | sort -nu >"$work/found"
sed -n 's/^.*guard\.cpp:\([0-9]*\):[0-9]*: error: .*$/\1/p' "$work/log" | sort -nu >"$work/errors"
if ! cmp -s "$work/expected" "$work/found" || ! cmp -s "$work/expected" "$work/errors"; then
  cat "$work/log"
  diff "$work/expected" "$work/found" || true
  diff "$work/expected" "$work/errors" || true
  echo "FAILED: the lines above (<: marked, >: reported)"
  exit 1
fi
echo "$(wc -l <"$work/expected") dangerous lines refused, with the way out in the message"
