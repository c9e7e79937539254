#!/usr/bin/env bash
# Runs the shell steps of samples/bmob-admin/README.md against the local Bmob. usage: admin.sh ROOT OPENAPI BMOB_ADMIN
set -euo pipefail
work=$(mktemp -d)
programs=()
finish() {
  for program in "${programs[@]}"; do kill "$program" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
fail() {
  cat steps.out stderr 2>/dev/null || true
  echo "FAILED: $*"
  exit 1
}

mkfifo sandbox.ready admin.ready
"$2" sandbox --port 0 --write-config sandbox >sandbox.ready 2>stderr &
programs+=($!)
read -r line <sandbox.ready || fail "the sandbox does not start"
"$3" --config sandbox/bmob.json --listen 127.0.0.1:0 >admin.ready 2>>stderr &
programs+=($!)
read -r line <admin.ready || fail "bmob-admin does not start"
url=$(sed -E 's/^\{"url":"([^"]*)"\}$/\1/' <<< "$line")

awk '/^```sh runnable$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$1/samples/bmob-admin/README.md" |
  sed "s#http://127.0.0.1:8080#$url#g" >steps.sh
[ -s steps.sh ] || fail "the document has no steps"
bash -eu -o pipefail steps.sh >steps.out || fail "a step fails"
for words in '"objectId":"' '"results":[{' '"updatedAt":"' '"nickName":"magic"' '{"msg":"ok"}'; do
  grep -qF "$words" steps.out || fail "no $words"
done
! grep -q '"error":' steps.out || fail "an error"
# Who follows the document can log in on the page.
curl -s --noproxy '*' "$url/login" -d username=boss -d password=secret >login.out
grep -qF '"sessionToken":"' login.out || fail "the first user is gone: $(cat login.out)"
cmp <(awk '/^```sh runnable$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$1/samples/bmob-admin/README.zh.md") \
  <(sed "s#$url#http://127.0.0.1:8080#g" steps.sh) || fail "the Chinese document has other steps"

kill -TERM "${programs[1]}"
wait "${programs[1]}" || fail "bmob-admin does not stop cleanly"
echo "samples/bmob-admin works as written"
