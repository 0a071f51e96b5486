#!/usr/bin/env bash
# Thumbnails of many pictures: halftone derive beside one vipsthumbnail, in turn, in one run.
#   tests/bench/derive.sh [PICTURES] [ROUNDS]      500 pictures, 5 rounds
# Both make 320 pixels of the same pictures as JPEG of quality 82, metadata stripped. halftone reads them from its archive,
# checks each against its digest, reads its header, makes a placeholder besides and keeps all of it in the archive;
# vipsthumbnail reads and writes plain files. The pictures are clouds with grain, of 25 sizes from 640 to 2,600 pixels across:
# 80 % JPEG, 16 % PNG, 4 % WebP. (Those of bench_site decode in no decoder; they are for what looks at headers.)
# Needs vips and vipsthumbnail (libvips-tools). HALFTONE_PROGRAM names another halftone than the one built here,
# HALFTONE_BENCH_CPUS what to run on (default: 0,1). Works in $HALFTONE_BENCH_DIR (default: /tmp).
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
pictures=${1:-500}
rounds=${2:-5}
for program in vips vipsthumbnail taskset /usr/bin/time bc; do
  command -v "$program" >/dev/null || { echo "derive.sh: needs $program" >&2; exit 1; }
done

if [ -z "${HALFTONE_PROGRAM:-}" ]; then
  build=$root/.build/bench
  mkdir -p "$root/.build"
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DHALFTONE_BENCH=ON >"$build.log" 2>&1 ||
    { cat "$build.log" >&2; exit 1; }
  ninja -C "$build" halftone >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
fi
halftone=${HALFTONE_PROGRAM:-$build/tools/halftone}

work=$(mktemp -d -p "${HALFTONE_BENCH_DIR:-/tmp}")
trap 'rm -rf "$work"' EXIT
cd "$work"

# 25 pictures; what follows the end of one is no part of it, so that many bodies can be made of each.
mkdir bases pictures
for i in $(seq 0 24); do
  width=$((640 + i * 80)) height=$((480 + i * 47))
  for band in 1 2 3; do vips perlin "$band.v" $width $height --uchar --cell-size $((60 + 7 * i)) --seed $((10 * i + band)); done
  vips bandjoin "1.v 2.v 3.v" clouds.v
  vips gaussnoise grain.v $width $height --mean 0 --sigma 9 --seed $i
  vips add clouds.v grain.v sum.v
  vips cast sum.v picture.v uchar
  case $i in 4 | 9 | 14 | 19) suffix=png ;; 24) suffix=webp ;; *) suffix=jpg ;; esac
  vips copy picture.v "bases/$i.$suffix$([ $suffix = png ] || echo '[Q=85]')"
done
rm ./*.v
for i in $(seq "$pictures"); do
  base=$(echo bases/$((i % 25)).*)
  { cat "$base"; printf '%08d' "$i"; } >"pictures/$i.${base##*.}"
done
find pictures -type f | sort -V >files

# One article that shows them all, from the disk.
{
  echo '<!DOCTYPE html><title>Benchmark</title><p>Text.'
  sed 's/.*/<img src="&">/' files
} >article.html
"$halftone" snapshot --quiet --archive archive article.html

on_cpus() { taskset -c "${HALFTONE_BENCH_CPUS:-0,1}" "$@"; }
timed() {  # NAME COMMAND…
  local name=$1
  shift
  on_cpus /usr/bin/time -a -o "$name.times" -f '%e %U %S %M' "$@" >out 2>&1 || { cat out >&2; return 1; }
}
for round in $(seq "$rounds"); do
  rm -rf thumbnails && mkdir thumbnails
  # shellcheck disable=SC2046
  timed vipsthumbnail vipsthumbnail --size 320x --export-profile srgb \
    -o "$work/thumbnails/%s.jpg[Q=82,optimize_coding,strip]" $(cat files)
  timed halftone "$halftone" derive --quiet --archive archive --all --recipe thumb
  echo "round $round of $rounds" >&2
done

median() { sort -n | awk '{v[NR] = $1} END {printf "%.3f", v[int((NR + 1) / 2)]}'; }
echo "$(wc -l <files) pictures, $(du -sh --apparent-size pictures | cut -f1); medians of $rounds on processors ${HALFTONE_BENCH_CPUS:-0,1}"
printf '%-14s %8s %12s %8s %12s\n' tool wall/s pictures/s CPU/s 'largest/MiB'
for name in vipsthumbnail halftone; do
  wall=$(cut -d' ' -f1 "$name.times" | median)
  printf '%-14s %8.2f %12.1f %8.2f %12.1f\n' "$name" "$wall" "$(echo "$(wc -l <files) / $wall" | bc -l)" \
    "$(awk '{print $2 + $3}' "$name.times" | median)" "$(awk '{print $4 / 1024}' "$name.times" | median)"
done
echo "throughput: $(echo "scale=2; $(cut -d' ' -f1 vipsthumbnail.times | median) / $(cut -d' ' -f1 halftone.times | median)" | bc -l) of vipsthumbnail's"
