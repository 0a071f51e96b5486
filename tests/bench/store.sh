#!/usr/bin/env bash
# What the store does with much at a time, beside cp and restic, in turn, in one run.
#   tests/bench/store.sh images [ROUNDS]       285 MB in 3,000 pictures: stored and read again, beside cp and restic
#   tests/bench/store.sh body [GIB]            one body of 4 GiB: speed and memory
#   tests/bench/store.sh amplify [GIB]         10 GiB of pictures: bytes written for each byte kept
#   tests/bench/store.sh captures [MILLIONS]   10 million captures: putting, opening, histories
# Works in $HALFTONE_BENCH_DIR (default: a folder below /tmp, on the disk to be measured). Needs restic for `images`.
# Builds into .build/bench. Prints medians; absolute numbers belong to the machine.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/.build/bench
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DHALFTONE_BENCH=ON >"$build.log" 2>&1 ||
  { cat "$build.log" >&2; exit 1; }
ninja -C "$build" store_bench >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
bench=$build/tests/bench/store/store_bench
work=$(mktemp -d -p "${HALFTONE_BENCH_DIR:-/tmp}")
trap 'rm -rf "$work"' EXIT
cd "$work"

median() { sort -n | awk '{v[NR] = $1} END {printf "%.2f", v[int((NR + 1) / 2)]}'; }
wall() {  # NAME COMMAND…
  local name=$1 begin end
  shift
  begin=$(date +%s.%N)
  "$@" >out 2>&1 || { cat out >&2; return 1; }
  end=$(date +%s.%N)
  echo "$end - $begin" | bc -l >>"$name.wall"
}
copy() { cp -r pictures copy && sync -f copy; }

case ${1:-} in
  images)
    rounds=${2:-5}
    "$bench" generate pictures 3000 285000000
    bytes=$(du -sb --apparent-size pictures | cut -f1)
    export RESTIC_PASSWORD=bench RESTIC_CACHE_DIR=$work/cache
    for _ in $(seq "$rounds"); do
      rm -rf copy archive repository cache
      wall cp copy
      wall halftone "$bench" store archive pictures
      cat out >>numbers
      "$bench" read archive >>numbers
      restic -q init -r repository
      wall restic restic -q backup -r repository pictures
      echo "$(du -sb archive | cut -f1)" >>archive.size
      echo "$(du -sb repository | cut -f1)" >>repository.size
    done
    echo "$bytes bytes in 3,000 files, medians of $rounds"
    for name in cp halftone restic; do
      seconds=$(median <"$name.wall")
      printf '%-10s %6.2f s  %6.0f MB/s\n' "$name" "$seconds" "$(echo "$bytes / $seconds / 1000000" | bc -l)"
    done
    for name in "store, acknowledged" "store, closed" "read, verified"; do
      printf '%-20s %8.0f MB/s\n' "$name" "$(grep "^$name " numbers | awk '{print $(NF - 1)}' | median)"
    done
    printf 'on disk: halftone %s, restic %s bytes\n' "$(median <archive.size)" "$(median <repository.size)"
    ;;
  body) "$bench" body archive "${2:-4}" ;;
  amplify) "$bench" amplify archive "${2:-10}" ;;
  captures) "$bench" captures archive "${2:-10}000000" ;;
  *)
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
