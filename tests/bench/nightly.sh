#!/usr/bin/env bash
# What a second night costs when nothing has changed: in turn, never side by side, medians.
#   tests/bench/nightly.sh [ROUNDS]     4,023 URLs, 285 MB, from nginx on this machine (5 rounds)
# A first night archives the site by its links. Then, round by round:
#   all       the night that asks for every URL whether it changed (--file-age 0s)
#   curl      curl -Z, which sends the same conditional requests
#   wget -N   wget -N -r of the same site into a folder that has it
#   pages     the night as it is by default: pages are asked for, pictures that the archive has are not
#   history   the same as pages, in an archive with ten times the history: every page changed nine times before
# Needs nginx, curl, wget and time. HALFTONE_PROGRAM: another halftone than the one built here. Works in
# $HALFTONE_BENCH_DIR (default: /tmp). Builds into .build/bench.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
rounds=${1:-5}
nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || { echo "nightly.sh: needs nginx" >&2; exit 1; }
for program in curl wget /usr/bin/time bc; do
  command -v "$program" >/dev/null || { echo "nightly.sh: needs $program" >&2; exit 1; }
done

build=$root/.build/bench
targets=(bench_site)
[ -n "${HALFTONE_PROGRAM:-}" ] || targets+=(halftone)
mkdir -p "$root/.build"
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DHALFTONE_BENCH=ON >"$build.log" 2>&1 ||
  { cat "$build.log" >&2; exit 1; }
ninja -C "$build" "${targets[@]}" >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
bench=$build/tests/bench/site/bench_site
halftone=${HALFTONE_PROGRAM:-$build/tools/halftone}

work=$(mktemp -d -p "${HALFTONE_BENCH_DIR:-/tmp}")
finish() {
  stop_nginx
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
mkdir -p site/www

# shellcheck disable=SC2016
log_format='$status|$http_host$request_uri|$http_if_none_match|$http_if_modified_since'
source "$root/tests/bench/nginx.sh"
"$bench" generate site --prefix "http://127.0.0.1:$port" >counts

# Every page is due every night.
cat >site.job <<JOB
archive = $work/archive
url = http://127.0.0.1:$port/
scope = host
revisit-min = 0s
revisit-max = 0s
whole-every = 1000000
host-time = 0s
JOB
night() { "$halftone" nightly site.job --quiet --json "$@" >report.json || [ $? = 3 ]; }
value() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" report.json | head -1; }

echo "first night" >&2
night
first_asked=$(value requests)

# Ten times the history. A job's name is its file's.
cp site.job history.job
cp -r archive history
sed -i "s|^archive = .*|archive = $work/history|" history.job
mkdir -p other
mv history.job other/site.job
for round in 1 2 3 4 5 6 7 8 9; do
  echo "history $round" >&2
  find site/www -name '*.html' -exec sed -i "s|</body>|<p>Edition $round.</p></body>|" {} +
  "$halftone" nightly other/site.job --quiet || [ $? = 3 ]
done
# The archive that is compared has seen the last edition, too.
night

mkdir wget
# With If-Modified-Since wget ends at the front page once that is as before; with HEAD it goes on. 8: a page is missing.
wget=(wget --no-config -q --no-if-modified-since -N -r "http://127.0.0.1:$port/")
(cd wget && "${wget[@]}") || [ $? = 8 ]
# How much of the site a second look of wget's covers, out of the server's log.
start_nginx "$work/wget.log"
(cd wget && "${wget[@]}") || [ $? = 8 ]
start_nginx off
wget_asked=$(wc -l <wget.log)
wget_urls=$(cut -d'|' -f2 wget.log | sort -u | wc -l)

timed() {  # NAME COMMAND…: wall seconds into NAME.rounds
  local name=$1 code=0
  shift
  sync -f .
  HOME=$work /usr/bin/time -q -o time.out -f '%e %U %S %M' "$@" >out 2>&1 </dev/null || code=$?
  tail -1 time.out >>"$name.rounds"
  echo "$name: $(tail -1 time.out) exit $code" >&2
}
size() { du -sb "$1" | cut -f1; }
# The same questions for curl, out of the server's log.
start_nginx "$work/asked.log"
night --file-age 0s
start_nginx off
awk -F'|' '$3 != "-" || $4 != "-" {
  if (n++) print "next"
  printf "url = \"http://%s\"\noutput = \"/dev/null\"\n", $2
  if ($3 != "-") { gsub(/\\x22/, "\\\"", $3); printf "header = \"If-None-Match: %s\"\n", $3 }
  if ($4 != "-") printf "header = \"If-Modified-Since: %s\"\n", $4
}' asked.log >conditional.curl
questions=$(grep -c '^url' conditional.curl)
answers304=$(grep -c '^304' asked.log)

for _ in $(seq "$rounds"); do
  before=$(size archive)
  timed all "$halftone" nightly site.job --quiet --file-age 0s
  echo $(($(size archive) - before)) >>all.growth
  timed curl curl -q -Z --parallel-max 16 -s -K conditional.curl
  timed wget env -C wget "${wget[@]}"
  before=$(size archive)
  timed pages "$halftone" nightly site.job --quiet
  echo $(($(size archive) - before)) >>pages.growth
  timed history "$halftone" nightly other/site.job --quiet
done
night
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
echo "$(sed -n 's/^urls //p' counts) URLs; the first night made $first_asked requests; \"all\" and curl ask $questions questions, $answers304 answers 304"
echo "wget makes $wget_asked requests for $wget_urls URLs"
echo "$(nproc) processors, load$(uptime | sed 's/.*load average//'); medians of $rounds rounds; last night: $(value new_blobs) new blobs"
printf '%-9s %8s %8s %9s %12s\n' night wall/s /curl RSS/MiB grown/bytes
for name in all curl wget pages history; do
  wall=$(awk '{print $1}' "$name.rounds" | median)
  printf '%-9s %8.2f %8.2f %9.1f %12s\n' "$name" "$wall" \
    "$(echo "$wall / $(awk '{print $1}' curl.rounds | median)" | bc -l)" \
    "$(echo "$(awk '{print $4}' "$name.rounds" | median) / 1024" | bc -l)" \
    "$([ ! -f "$name.growth" ] || median <"$name.growth")"
done
