#!/usr/bin/env bash
# `./dev build` ends with where the programs are; the compiler is played. usage: dev.sh DEV
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$1" "$work/dev"
: >"$work/packages.debian"
mkdir "$work/bin"
cat >"$work/bin/cmake" <<'TEXT'
#!/usr/bin/env bash
[ "$1" = --build ] || exit 0
mkdir -p "$2/cli" "$2/samples/bmob-admin"
for program in cli/openapi samples/bmob-admin/bmob-admin; do
  : >"$2/$program"
  chmod +x "$2/$program"
done
TEXT
chmod +x "$work/bin/cmake"
PATH="$work/bin:$PATH" "$work/dev" build >"$work/out" 2>"$work/err"
last=$(tail -n 1 "$work/err")
wanted='build/release/cli/openapi build/release/samples/bmob-admin/bmob-admin'
[[ $last == *": $wanted" ]] || { cat "$work/err"; echo "FAILED: the last line does not name the programs"; exit 1; }
echo "./dev build says where the programs are"
