#!/usr/bin/env bash
# What a frontier does with a million URLs: of one host, of a thousand, and of a million.
#   tests/bench/frontier.sh [URLS] [HOSTS…]
# Works in $HALFTONE_BENCH_DIR (default: a folder below /tmp, on the disk to be measured).
# Builds into .build/bench. Absolute numbers belong to the machine.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/.build/bench
urls=${1:-1000000}
shift || true
[ $# -gt 0 ] || set -- 1 1000 "$urls"
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DHALFTONE_BENCH=ON >"$build.log" 2>&1 ||
  { cat "$build.log" >&2; exit 1; }
ninja -C "$build" frontier_bench >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
work=$(mktemp -d -p "${HALFTONE_BENCH_DIR:-/tmp}")
trap 'rm -rf "$work"' EXIT
for hosts in "$@"; do
  echo "$urls URLs of $hosts hosts"
  "$build/tests/bench/frontier/frontier_bench" "$work/archive" "$urls" "$hosts"
  rm -rf "$work/archive"
done
