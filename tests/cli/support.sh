# Helpers of the tests of the command line. Sourced with the program as the first argument.
set -uo pipefail
openapi=$(realpath "$1")
unset HTTPS_PROXY https_proxy NO_PROXY no_proxy ALL_PROXY all_proxy
work=$(mktemp -d)
children=()
finish() {
  local child
  for child in ${children[@]+"${children[@]}"}; do kill -KILL "$child" 2>/dev/null; done
  rm -rf "$work"
}
trap finish EXIT
cd "$work" || exit 1

count=0
bad=0
what=
complain() {
  bad=$((bad + 1))
  printf 'FAILED: %s\n  %s\n  exit code %s\n  stdout: %.600s\n  stderr: %.600s\n' "$what" "$1" "$code" "$(cat out)" "$(cat err)"
}

# run ARG…: runs the program; leaves `code`, and the files `out` and `err`. Standard input is the caller's.
run() {
  what="openapi $*"
  count=$((count + 1))
  "$openapi" "$@" >out 2>err
  code=$?
}
# call CONFIG PROVIDER METHOD INPUT [ARG…]
call() {
  provider=$2 method=$3
  run call "$2" "$3" --config "$1" "${@:5}" <<<"$4"
}

# Of the last run: success, with one line of JSON that holds each TEXT.
succeeds() {
  local text
  [ "$code" = 0 ] || { complain "expected exit code 0"; return; }
  [ -s err ] && complain "standard error is not empty"
  [ "$(wc -l <out)" = 1 ] || complain "the result is not one line"
  for text in "$@"; do grep -qF -- "$text" out || complain "no $text in the result"; done
}
without() {
  local text
  for text in "$@"; do if grep -qF -- "$text" out err; then complain "$text must not be there"; fi; done
}

# ends CODE TEXT…: the last run ended so, with each TEXT on standard output.
ends() {
  local text
  [ "$code" = "$1" ] || { complain "expected exit code $1"; return; }
  for text in "${@:2}"; do grep -qF -- "$text" out || complain "no $text on standard output"; done
}
# says TEXT…: on standard error.
says() {
  local text
  for text in "$@"; do grep -qF -- "$text" err || complain "no $text on standard error"; done
}
# lines COUNT: on standard output.
lines() { [ "$(wc -l <out)" = "$1" ] || complain "expected $1 lines on standard output"; }

string='"([^"\\]|\\.)*"'
line='^\{"kind":"[a-zA-Z]+","errCode":'$string',"errMsg":'$string',"outcome":"(notSent|rejected|unknown)","retryable":(true|false),"provider":"PROVIDER","method":"METHOD","message":'$string'(,"httpStatus":[1-9][0-9]*)?(,"requestId":'$string')?\}$'

# Of the last call: failure of this kind and outcome, reported as documented, with each TEXT in the line.
fails() {
  local kind=$1 outcome=$2 text pattern=${line/PROVIDER/$provider}
  pattern=${pattern/METHOD/$method}
  shift 2
  [ "$code" = 1 ] || { complain "expected exit code 1"; return; }
  [ -s out ] && complain "standard output is not empty"
  [ "$(wc -l <err)" = 1 ] || complain "not exactly one line on standard error"
  grep -qE -- "$pattern" err || complain "not the documented error line"
  grep -qF -- "{\"kind\":\"$kind\"," err || complain "expected kind $kind"
  grep -qF -- "\"outcome\":\"$outcome\"" err || complain "expected outcome $outcome"
  for text in "$@"; do grep -qF -- "$text" err || complain "no $text in the error line"; done
}

# Of the last run: wrong usage, with each TEXT in the message.
refused() {
  local text
  [ "$code" = 2 ] || complain "expected exit code 2"
  [ -s out ] && complain "standard output is not empty"
  grep -q -- '--help' err || complain "no hint at --help"
  for text in "$@"; do grep -qF -- "$text" err || complain "no $text in the message"; done
}

# startSandbox FOLDER [ARG…]: starts one and waits for its line; sets `sandbox`, `ready` and `control`.
startSandbox() {
  local folder=$1
  shift
  mkfifo "$folder.ready"
  "$openapi" sandbox --port 0 --write-config "$folder" "$@" >"$folder.ready" 2>"$folder.log" &
  sandbox=$!
  children+=("$sandbox")
  read -r ready <"$folder.ready" || { cat "$folder.log"; echo "FAILED: the sandbox does not start"; exit 1; }
  rm "$folder.ready"
  control=$(sed -E 's/.*"control":"([^"]*)".*/\1/' <<<"$ready")
}
# stopSandbox SIGNAL: it must end with exit code 0.
stopSandbox() {
  what="the sandbox after $1"
  kill "-$1" "$sandbox"
  wait "$sandbox"
  code=$?
  [ "$code" = 0 ] || complain "expected exit code 0"
}
# route PATH [BODY] [TEXT…]: a control route that must succeed, with each TEXT in its answer.
route() {
  local path=$1 text
  what="control route $path ${2:-}"
  curl -sS --noproxy '*' --fail-with-body "$control$path" ${2:+-d "$2"} >out 2>err
  code=$?
  [ "$code" = 0 ] || complain "refused"
  for text in "${@:3}"; do grep -qF -- "$text" out || complain "no $text in the answer"; done
}

summary() {
  [ "$bad" = 0 ] || { echo "$bad complaints in $count runs"; exit 1; }
  echo "$count runs of the command, all as documented"
}
