#!/usr/bin/env bash
# What decoding behind walls costs, how fast headers are read, how much memory a worker takes.
#   tests/bench/pictures.sh             all of it
#   tests/bench/pictures.sh overhead    facts and thumbnails of 100 pictures in this process, and by a sandboxed worker
#   tests/bench/pictures.sh headers     facts of 1,000 pictures in a second
#   tests/bench/pictures.sh index       an index of a million perceptual hashes: milliseconds for a query
#   tests/bench/pictures.sh hashes FILE…  how far apart the hashes of renditions are, and of different pictures: one file each
#   tests/bench/pictures.sh memory      the peak of a worker on pictures of 100 megapixels and a GIF of 500 frames
# Runs on one core (HALFTONE_BENCH_CPU, default 0). Needs vips (libvips-tools); works in $HALFTONE_BENCH_DIR (default: /tmp),
# where the large pictures need 2 GB.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
what=${1:-all}
command -v vips >/dev/null || { echo "pictures.sh: needs vips" >&2; exit 1; }
build=$root/.build/bench
mkdir -p "$root/.build"
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DHALFTONE_BENCH=ON >"$build.log" 2>&1 ||
  { cat "$build.log" >&2; exit 1; }
ninja -C "$build" pictures_bench >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
bench() { taskset -c "${HALFTONE_BENCH_CPU:-0}" "$build/tests/bench/pictures/pictures_bench" "$@"; }

work=$(mktemp -d -p "${HALFTONE_BENCH_DIR:-/tmp}")
trap 'rm -rf "$work"' EXIT
called_from=$PWD
cd "$work"

# clouds NAME WIDTH HEIGHT SEED: colours with grain.
clouds() {
  for band in 1 2 3; do vips perlin "$band.v" "$(($2 / 4))" "$(($3 / 4))" --uchar --cell-size $((20 + 7 * band)) --seed $((10 * $4 + band)); done
  vips bandjoin "1.v 2.v 3.v" small.v
  vips resize small.v smooth.v 4
  vips gaussnoise grain.v "$(($2 / 4 * 4))" "$(($3 / 4 * 4))" --mean 0 --sigma 6 --seed "$4"
  vips add smooth.v grain.v sum.v
  vips cast sum.v "$1" uchar
  rm [123].v small.v smooth.v grain.v sum.v
}

if [ "$what" = hashes ]; then
  (cd "$called_from" && bench --hashes "${@:2}")
  exit
fi
if [ "$what" = all ] || [ "$what" = index ]; then bench --index; fi
if [ "$what" != memory ] && [ "$what" != index ]; then
  mkdir pictures
  for i in $(seq 0 24); do
    clouds picture.v $((640 + i * 80)) $((480 + i * 48)) "$i"
    case $i in 4 | 9 | 14 | 19) suffix=.png ;; 24) suffix=.webp ;; *) suffix='.jpg[Q=85]' ;; esac
    vips copy picture.v "pictures/$i$suffix"
  done
  rm picture.v
fi
if [ "$what" = all ] || [ "$what" = overhead ]; then
  mapfile -t files < <(for _ in 1 2 3 4; do ls -d "$work"/pictures/*; done)
  bench --overhead "${files[@]}"
fi
if [ "$what" = all ] || [ "$what" = headers ]; then
  mapfile -t files < <(for _ in $(seq 40); do ls -d "$work"/pictures/*; done)
  bench --headers "${files[@]}"
fi
if [ "$what" = all ] || [ "$what" = memory ]; then
  clouds large.v 10000 10000 3
  vips jpegsave large.v baseline.jpg --Q 85
  vips jpegsave large.v progressive.jpg --Q 85 --interlace
  rm large.v
  vips perlin frames.v 800 300000 --uchar --cell-size 100 --seed 9
  vips gifsave frames.v 500.gif --page-height 600 --effort 1
  rm frames.v
  bench --memory baseline.jpg progressive.jpg 500.gif
fi
