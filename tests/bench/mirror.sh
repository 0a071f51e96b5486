#!/usr/bin/env bash
# How fast a site is mirrored, beside other tools: in turn, never side by side, medians.
#   tests/bench/mirror.sh site [ROUNDS]     4,023 URLs, 285 MB, from nginx on this machine (5 rounds)
#   tests/bench/mirror.sh delays [ROUNDS]   20 hosts, each 50 ms away; then two more that never answer
#   tests/bench/mirror.sh tiny [COUNT…]     pages of 400 bytes, 1000 10000 100000 of them: the cost of each, also
#                                           as $HALFTONE_BENCH_SVG (default mirror-tiny.svg)
# F is the fastest that anything could be here: curl gets a list of all URLs, 16 at once, and throws the bodies away.
# Needs nginx, curl and time; wget, wget2 and httrack are measured where they are installed (apt). HALFTONE_BENCH_TOOLS
# names those to measure, HALFTONE_PROGRAM another halftone than the one built here. Works in $HALFTONE_BENCH_DIR
# (default: /tmp). Builds into .build/bench. Images are counted in the server's log of a run that is not timed.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
what=${1:-}
shift || true
case $what in site | delays | tiny) ;; *)
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac

nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || { echo "mirror.sh: needs nginx" >&2; exit 1; }
for program in curl /usr/bin/time bc; do
  command -v "$program" >/dev/null || { echo "mirror.sh: needs $program" >&2; exit 1; }
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

caller=$PWD
per_host=6  # requests at once
work=$(mktemp -d -p "${HALFTONE_BENCH_DIR:-/tmp}")
proxy=
finish() {
  [ -z "$proxy" ] || kill "$proxy" 2>/dev/null || true
  stop_nginx
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
mkdir -p site/www run

# shellcheck disable=SC2016
log_format='$status $http_host$request_uri $msec'
source "$root/tests/bench/nginx.sh"

# curl's lists of all URLs: bodies thrown away, or each in a file.
make_lists() {
  awk '{print "url = \"" $0 "\"\noutput = \"/dev/null\""}' site/urls.txt >discard.curl
  awk '{print "url = \"" $0 "\"\noutput = \"run/" NR "\""}' site/urls.txt >files.curl
}

# What a tool runs, in $command; seeds in $seeds. Fails where the tool is not there.
command_of() {
  local parallel=16
  [ "$what" != delays ] || parallel=$((hosts * per_host))
  case $1 in
    curl) command=(curl -q -Z --parallel-max "$parallel" -s -K discard.curl) ;;
    curl-files) command=(curl -q -Z --parallel-max "$parallel" -s -K files.curl) ;;
    wget2) command=(wget2 --no-config -q -m -p -P run "${seeds[@]}") ;;
    wget) command=(wget --no-config -q -m -p -P run "${seeds[@]}") ;;
    wget-warc) command=(wget --no-config -q -m -p -P run/files --warc-file=run/site "${seeds[@]}") ;;
    httrack) command=(httrack "${seeds[@]}" -O run -q -I0 -c16 '-%c0' --max-rate=0 --disable-security-limits) ;;
    halftone) command=("$halftone" mirror --archive run/archive --quiet --per-host "$per_host" "${seeds[@]}") ;;
    *) return 1 ;;
  esac
  if [ "$1" = halftone ]; then
    "$halftone" mirror --help >/dev/null 2>&1
  else
    command -v "${command[0]}" >/dev/null
  fi
}

# The tools to measure, of those named; the ones that are not there are told of.
choose() {
  tools=()
  local name
  for name in "$@"; do
    case " ${HALFTONE_BENCH_TOOLS:-$*} " in *" $name "*) ;; *) continue ;; esac
    if command_of "$name"; then tools+=("$name"); else echo "skipped: $name is not there" >&2; fi
  done
}

# Runs a tool once, into an empty run/: wall, user and system seconds, peak KiB and exit code in $numbers.
run_once() {
  rm -rf run
  mkdir run
  sync -f .
  command_of "$1"
  local code=0
  HOME=$work /usr/bin/time -q -o time.out -f '%e %U %S %M' "${command[@]}" >out 2>&1 </dev/null || code=$?
  numbers="$(tail -1 time.out) $code"
}
kept() { if [ "$1" = wget-warc ]; then du -cb run/*.warc.gz; else du -sb run; fi | tail -1 | cut -f1; }
median() { sort -n | awk '{v[NR] = $1} END {printf "%.2f", v[int((NR + 1) / 2)]}'; }
column() { awk -v c="$2" '{print $c}' "$1" | median; }
measure() {  # ROUNDS
  local name
  for _ in $(seq "$1"); do
    for name in "${tools[@]}"; do
      run_once "$name"
      echo "$numbers $(kept "$name")" >>"$name.rounds"
      echo "$name: $numbers" >&2
    done
  done
  for name in "${tools[@]}"; do
    start_nginx "$work/access.log"
    run_once "$name"
    start_nginx off
    awk '$1 == 200 {print $2}' access.log | sort -u >"$name.urls"
    rm access.log
  done
}
machine() { echo "$(nproc) processors ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)), load$(uptime | sed 's/.*load average//')"; }
table() {
  local name wall
  printf '%-11s %8s %6s %8s %9s %7s %7s %12s %5s\n' tool wall/s /F CPU/s RSS/MiB URLs images 'disk/unique' exit
  for name in "${tools[@]}"; do
    wall=$(column "$name.rounds" 1)
    printf '%-11s %8.2f %6.2f %8.2f %9.1f %7d %7d %12.3f %5d\n' "$name" "$wall" \
      "$(echo "$wall / $(column "${tools[0]}.rounds" 1)" | bc -l)" \
      "$(awk '{print $2 + $3}' "$name.rounds" | median)" \
      "$(echo "$(column "$name.rounds" 4) / 1024" | bc -l)" \
      "$(wc -l <"$name.urls")" "$(grep -c /images/ "$name.urls" || true)" \
      "$(echo "$(column "$name.rounds" 6) / $unique" | bc -l)" "$(tail -1 "$name.rounds" | cut -d' ' -f5)"
  done
}
count_of() { sed -n "s/^$1 //p" counts; }

case $what in
  site)
    rounds=${1:-5}
    seeds=("http://127.0.0.1:$port/")
    "$bench" generate site --prefix "http://127.0.0.1:$port" >counts
    make_lists
    unique=$(count_of unique_bytes)
    choose curl curl-files wget2 wget httrack wget-warc halftone
    run_once curl  # so that the files are in memory
    measure "$rounds"
    echo "$(count_of urls) URLs, $(count_of images) images, $(count_of bytes) bytes ($unique of them unique); medians of $rounds rounds"
    machine
    table
    ;;
  delays)
    rounds=${1:-5}
    hosts=20 rtt=50
    "$bench" delay --to "127.0.0.1:$port" --rtt $rtt --ports $hosts --dead 2 >ports &
    proxy=$!
    while [ "$(wc -l <ports)" -lt $((hosts + 2)) ]; do sleep 0.05; done
    prefixes=() seeds=()
    for host in $(head -$hosts ports); do
      prefixes+=(--prefix "http://127.0.0.1:$host")
      seeds+=("http://127.0.0.1:$host/")
    done
    "$bench" generate site --bytes 30000000 "${prefixes[@]}" >counts
    make_lists
    unique=$(count_of unique_bytes)
    choose curl wget2 wget httrack halftone
    measure "$rounds"
    echo "$hosts hosts, round trips of $rtt ms, $(count_of urls) URLs; medians of $rounds rounds"
    echo "$per_host at once to each host allow $((hosts * per_host * 1000 / rtt)) requests/s"
    machine
    table
    for name in "${tools[@]}"; do
      printf '%-11s %8.0f requests/s\n' "$name" "$(echo "$(wc -l <"$name.urls") / $(column "$name.rounds" 1)" | bc -l)"
    done
    # While there is enough to do: the middle 60 % of the answers.
    for per_host in 3 6; do
      for name in curl halftone; do
        [[ " ${tools[*]} " == *" $name "* ]] || continue
        start_nginx "$work/access.log"
        run_once "$name"
        start_nginx off
        printf '%-11s %8.0f requests/s in the middle of the run, %d at once to each host, which allow %d\n' "$name" \
          "$(sort -k3 -n access.log | awk '{t[NR] = $3} END {a = int(NR * .2); b = int(NR * .8); print (b - a) / (t[b] - t[a])}')" \
          $per_host $((hosts * per_host * 1000 / rtt))
        rm access.log
      done
    done
    if command_of halftone; then
      for host in $(tail -2 ports); do seeds+=("http://127.0.0.1:$host/"); done
      seeds+=(--timeout 5 --retry 0)
      start_nginx "$work/access.log"
      run_once halftone
      start_nginx off
      echo "halftone, with two more hosts that never answer: exit code ${numbers##* }; the others were done after" \
        "$(awk 'NR == 1 {first = $3} {last = $3} END {printf "%.2f s (%d answers)", last - first, NR}' access.log)"
    fi
    ;;
  tiny)
    [ $# -gt 0 ] || set -- 1000 10000 100000
    seeds=("http://127.0.0.1:$port/")
    choose curl wget2 wget httrack halftone
    machine
    printf '%-11s %8s %8s %9s %9s\n' tool pages wall/s us/page RSS/MiB
    for pages in "$@"; do
      rm -rf site
      "$bench" tiny site "$pages" --prefix "http://127.0.0.1:$port" >counts
      make_lists
      for name in "${tools[@]}"; do
        rm -f "$name.rounds"
        for _ in 1 2 3; do
          run_once "$name"
          echo "$numbers" >>"$name.rounds"
          [ "$pages" -le 10000 ] || break  # once is enough of the long ones
        done
        wall=$(column "$name.rounds" 1)
        echo "$name $pages $wall $(echo "$wall * 1000000 / $pages" | bc -l) $(echo "$(column "$name.rounds" 4) / 1024" | bc -l)" |
          tee -a tiny.numbers | awk '{printf "%-11s %8d %8.2f %9.1f %9.1f\n", $1, $2, $3, $4, $5}'
      done
    done
    # Both axes are logarithms: pages from left to right, microseconds for each upwards.
    awk '
      function x(pages) { return 60 + 160 * (log(pages) / log(10) - 2) }
      function y(us) { return 340 - 80 * (log(us < 10 ? 10 : us) / log(10) - 1) }
      { line[$1] = line[$1] sprintf(" %.1f,%.1f", x($2), y($4)); end[$1] = $2; last[$1] = $4; ticks[$2] = 1 }
      END {
        print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"700\" height=\"380\" font-family=\"sans-serif\" font-size=\"12\">"
        for (e = 1; e <= 5; e++) printf "<text x=\"5\" y=\"%d\">%g us</text><path d=\"M60 %d H560\" stroke=\"#ddd\"/>\n", y(10 ^ e) + 4, 10 ^ e, y(10 ^ e)
        for (t in ticks) printf "<text x=\"%d\" y=\"360\" text-anchor=\"middle\">%d pages</text>\n", x(t), t
        split("#1b6ca8 #c0392b #27823b #8e44ad #d68910", colours, " ")
        for (name in line) {
          printf "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>", line[name], colours[++n]
          printf "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>\n", x(end[name]) + 6, y(last[name]) + 4, colours[n], name
        }
        print "</svg>"
      }' tiny.numbers >"$caller/${HALFTONE_BENCH_SVG:-mirror-tiny.svg}"
    ;;
esac
