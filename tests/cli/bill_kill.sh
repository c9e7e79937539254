#!/usr/bin/env bash
# `openapi bill download` killed at any moment, 200 times and more, and on a disk that is full: a file is complete or not there, none is
# lost, and the next run completes.
# usage: bill_kill.sh OPENAPI [ROUNDS [SEED]]
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
rounds=${2:-208}
RANDOM=${3:-20261120}

startSandbox box
day=$(date -u -d '9 days ago' +%Y%m%d)
route /bill "{\"provider\":\"weixin\",\"date\":\"$day\",\"bytes\":2000000}"
route /bill "{\"provider\":\"alipay\",\"date\":\"$day\",\"bytes\":2000000}"

# same FILE REFERENCE: byte for byte, but for the time at which Alipay made the file.
same() { cmp -s <(sed 's/^#导出时间：.*/#/' "$1") <(sed 's/^#导出时间：.*/#/' "$2") && [ "$(stat -c %s "$1")" = "$(stat -c %s "$2")" ]; }

# The forms: the provider, its options, and the file.
forms=(plain gzip zip again)
declare -A options=([plain]='weixin --config box/weixin.json' [gzip]='weixin --config box/weixin.json --gzip --fund-flow Basic'
  [zip]='alipay --config box/alipay.json' [again]='weixin --config box/weixin.json --type SUCCESS --again')
declare -A bills=([plain]=ALL [gzip]=Basic [zip]=trade [again]=SUCCESS)
fileOf() { echo "$1/$2/$day-${bills[$2]}.csv"; }
# download FOLDER FORM
download() { run bill download ${options[$2]} --name "$2" --date "$day" --output-dir "$1" --timeout 60000 </dev/null; }

elapsed=()
for form in "${forms[@]}"; do
  before=$(date +%s%N)
  download reference "$form"
  elapsed[${#elapsed[@]}]=$((($(date +%s%N) - before) / 1000000))
  [ "$code" = 0 ] || complain "expected exit code 0"
  [ "$(stat -c %s "$(fileOf reference "$form")")" -gt 1000000 ] || complain "the bill is small"
done

# check FORM: the file is absent or what it must be; the one that was there at the beginning cannot be absent.
absent=0 complete=0
check() {
  local file
  file=$(fileOf b "$1")
  if [ -e "$file" ]; then
    complete=$((complete + 1))
    same "$file" "$(fileOf reference "$1")" || complain "$file is neither absent nor complete"
    return
  fi
  absent=$((absent + 1))
  [ "$1" != again ] || complain "$file is lost"
}

killed=0
mkdir -p b
cp -r reference/again b/again
for ((round = 0; round < rounds; round++)); do
  at=$((round % ${#forms[@]}))
  form=${forms[at]}
  what="round $round, $form"
  delay=$((RANDOM * elapsed[at] * 3 / 2 / 32768))
  "$openapi" bill download ${options[$form]} --name "$form" --date "$day" --output-dir b --timeout 60000 </dev/null >out 2>err &
  child=$!
  sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
  kill -KILL $child 2>/dev/null
  { wait $child; } 2>/dev/null
  code=$?
  [ "$code" = 137 ] && killed=$((killed + 1))
  [ "$code" = 137 ] || [ "$code" = 0 ] || complain "expected exit code 0 or a kill"
  check "$form"
  # From time to time all is completed, and begins again.
  if ((round % 40 == 39)); then
    for form in "${forms[@]}"; do
      download b "$form"
      [ "$code" = 0 ] || complain "the next run does not complete"
      same "$(fileOf b "$form")" "$(fileOf reference "$form")" || complain "the file is not complete"
    done
  fi
  [ "$form" = again ] || rm -f "$(fileOf b "$form")"
done
for form in "${forms[@]}"; do
  download b "$form"
  [ "$code" = 0 ] || complain "the last run does not complete"
  same "$(fileOf b "$form")" "$(fileOf reference "$form")" || complain "the file is not complete"
done
[ -z "$(find b -name '*.part' -o -name '*.not*')" ] || complain "left behind: $(find b -name '*.part' -o -name '*.not*')"
what="the kills" code=0
[ "$killed" -gt $((rounds / 4)) ] || complain "only $killed of $rounds runs were killed"
[ "$absent" -gt 0 ] && [ "$complete" -gt 0 ] || complain "the kills are not spread: $absent absent, $complete complete"

# --- a disk that is full ----------------------------------------------------------------------------
# full TEXT: the last run ended for want of space, and left nothing but what was there.
full() {
  [ "$code" = 1 ] || complain "expected exit code 1"
  grep -qF '"status":"failed"' out && grep -qF '"kind":"config"' out && grep -qF "$1" out || complain "no clear error"
  [ "$(find "$2" -type f)" = "$2/kept/$day-ALL.csv" ] || complain "the folder has $(find "$2" -type f)"
  [ "$(cat "$2/kept/$day-ALL.csv")" = kept ] || complain "a bill was lost"
}
export day openapi
mkdir -p limited/kept
echo kept >"limited/kept/$day-ALL.csv"
what="files of 1 MiB at most"
count=$((count + 1))
for gzip in '' --gzip; do
  (
    trap '' XFSZ
    ulimit -f 1024
    exec "$openapi" bill download weixin --config box/weixin.json $gzip --name new --date "$day" --output-dir limited --timeout 60000
  ) </dev/null >out 2>err
  code=$?
  full 'File too large' limited
done
run bill download weixin --config box/weixin.json --name kept --date "$day" --output-dir limited </dev/null
[ "$code" = 0 ] && grep -q '"status":"present"' out || complain "the bill that was there is not present"
run bill download weixin --config box/weixin.json --name new --date "$day" --output-dir limited --timeout 60000 </dev/null
cmp -s "limited/new/$day-ALL.csv" "$(fileOf reference plain)" || complain "the next run does not complete"

disk='mkdir disk && mount -t tmpfs -o size=1m none disk && mkdir disk/kept && echo kept >"disk/kept/$day-ALL.csv"'
if unshare -Urm bash -c "$disk" 2>/dev/null; then
  rmdir disk
  what="a disk of 1 MiB"
  count=$((count + 1))
  declare -f full >full.sh
  unshare -Urm bash -c "$disk"' && . ./full.sh || exit 1
    complain() { echo "$1: $(cat out err)"; failed=1; }
    failed=0
    "$openapi" bill download weixin --config box/weixin.json --name new --date "$day" --output-dir disk --timeout 60000 </dev/null >out 2>err
    code=$?
    full "No space left on device" disk
    mount -o remount,size=64m none disk
    "$openapi" bill download weixin --config box/weixin.json --name new --date "$day" --output-dir disk --timeout 60000 </dev/null >out 2>err
    cmp "disk/new/$day-ALL.csv" reference/plain/"$day"-ALL.csv || complain "the next run does not complete"
    exit $failed' >disk.out 2>&1
  code=$?
  [ "$code" = 0 ] || complain "$(cat disk.out)"
else
  echo "no file system of its own permitted here: only the limit of a file was tried"
fi

stopSandbox TERM
echo "$killed of $rounds runs were killed; $absent times the file was absent, $complete times complete"
summary
