#!/usr/bin/env bash
# How fast references are found and rewritten, HTML beside libgumbo, on one core.
#   tests/bench/scan.sh [FILE…]     pages of its own, the articles at hand (HALFTONE_ARTICLES) and FILEs
#   tests/bench/scan.sh --types     the other types of documents
#   tests/bench/scan.sh --memory    what scanning takes beside the document and its references
#   tests/bench/scan.sh --hostile   hostile inputs of n and 2n repetitions, for every scanner
# Needs libgumbo-dev. Builds into .build/bench.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/.build/bench
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DHALFTONE_BENCH=ON >"$build.log" 2>&1 ||
  { cat "$build.log" >&2; exit 1; }
ninja -C "$build" scan_bench >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }

case ${1:-} in
  --*) exec taskset -c 0 "$build/tests/bench/scan/scan_bench" "$1" ;;
esac

# Articles kept as Markdown with a body in HTML: what is served of them is that body.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for article in "${HALFTONE_ARTICLES:-$root/../shared/articles}"/*.md; do
  [ -e "$article" ] || continue
  awk 'body { print } /^---$/ && ++fences == 2 { body = 1 }' "$article" >"$work/$(basename "$article" .md).html"
done
shopt -s nullglob
taskset -c 0 "$build/tests/bench/scan/scan_bench" "$work"/*.html "$@"
