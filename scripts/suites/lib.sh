# Sourced by the suites (bash). Each starts our server on a port that the system chooses, runs a tool
# against it, prints one line `NAME: passed|failed|skipped, ...`, and fails if it failed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
name=$(basename "$0")
tmp=$(mktemp -d)
pids=()

finish() {
  local status=$?
  for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null || :; done
  wait 2>/dev/null || :
  rm -rf "$tmp"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

skip() {
  echo "$name: skipped, $*"
  exit 0
}

pass() { echo "$name: passed, $*"; }

fail() {
  echo "$name: failed, $*" >&2
  exit 1
}

# need TOOL PACKAGE: skips without the tool, which Debian has in the package.
need() {
  command -v "$1" >/dev/null 2>&1 || PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null 2>&1 ||
    skip "no $1 here (Debian: $2)"
}

# serve [ARGUMENT...]: starts SuiteServer; sets port, server and log.
serve() {
  log=$tmp/server.$RANDOM
  "$root/raddle" run "$root/scripts/suites/SuiteServer.java" "$@" >"$log" 2>&1 </dev/null &
  server=$!
  pids+=("$server")
  port=
  for _ in $(seq 1200); do
    port=$(sed -n 's/^port \([0-9]*\)$/\1/p' "$log")
    [ -z "$port" ] || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  cat "$log" >&2
  fail "our server did not start"
}

# Whether our server still answers, and how: prints the body.
hello() { curl -sS --max-time 10 "http://127.0.0.1:$port/"; }

# A connection that our server does not close is a descriptor of it.
descriptors() { ls "/proc/$server/fd" | wc -l; }

# settle N: waits until it has at most N descriptors.
settle() {
  for _ in $(seq 300); do
    [ "$(descriptors)" -gt "$1" ] || return 0
    sleep 0.1
  done
  fail "descriptors: $1 before, $(descriptors) after"
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
