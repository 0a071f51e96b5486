#!/usr/bin/env bash
# What fetching costs, beside curl, in turn, in one run, from nginx on loopback.
#   tests/bench/fetch.sh get [COUNT] [ROUNDS]   10,000 small bodies, then as many of 70 kB: CPU and wall seconds
#   tests/bench/fetch.sh hold [SECONDS]         16 bodies of 1 GiB and a slow reader: memory
# Needs nginx, curl and GNU time. Builds into .build/bench, or runs $FETCH_BENCH. Prints medians; absolute numbers belong to the machine.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bench=${FETCH_BENCH:-}
if [ -z "$bench" ]; then
  build=$root/.build/bench
  mkdir -p "$build"
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DHALFTONE_BENCH=ON >"$build.log" 2>&1 ||
    { cat "$build.log" >&2; exit 1; }
  ninja -C "$build" fetch_bench >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }
  bench=$build/tests/bench/fetch/fetch_bench
fi
work=$(mktemp -d)
trap 'kill "$(cat "$work/nginx.pid" 2>/dev/null)" 2>/dev/null; rm -rf "$work"' EXIT

port=$(( 20000 + RANDOM % 20000 ))
mkdir "$work/www"
head -c 300 /dev/urandom >"$work/www/small"
head -c 70000 /dev/urandom >"$work/www/large"
truncate -s 1G "$work/www/endless"
cat >"$work/nginx.conf" <<CONF
user root; daemon off; pid nginx.pid; error_log error.log; worker_processes 1; events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000; sendfile on; types { image/png png; } default_type image/png;
  server { listen 127.0.0.1:$port; root www; location ~ ^/(small|large)/ { try_files /\$1 =404; } }
}
CONF
nginx -p "$work/" -e error.log -c nginx.conf &
for _ in $(seq 50); do curl -sf -o /dev/null "http://127.0.0.1:$port/small/1" && break; sleep 0.1; done

median() { sort -n | awk '{v[NR] = $1} END {printf "%.3f", v[int((NR + 1) / 2)]}'; }
field() { awk -v name="$1" '$1 == name {print $2}'; }

case ${1:-} in
  get)
    count=${2:-10000}
    rounds=${3:-5}
    for size in small large; do
      for _ in $(seq "$rounds"); do
        "$bench" get "http://127.0.0.1:$port/$size/" "$count" >"$work/out"
        field wall <"$work/out" >>"$work/$size.halftone.wall"
        field cpu <"$work/out" >>"$work/$size.halftone.cpu"
        /usr/bin/time -o "$work/out" -f 'wall %e\nuser %U\nsystem %S' \
          curl -s -Z --parallel-max 16 -o /dev/null "http://127.0.0.1:$port/$size/[1-$count]" 2>/dev/null
        field wall <"$work/out" >>"$work/$size.curl.wall"
        awk '/user|system/ {cpu += $2} END {print cpu}' "$work/out" >>"$work/$size.curl.cpu"
      done
      for name in halftone curl; do
        printf '%-6s %-9s cpu %s s  wall %s s\n' "$size" "$name" \
          "$(median <"$work/$size.$name.cpu")" "$(median <"$work/$size.$name.wall")"
      done
    done
    echo "$count requests each, medians of $rounds"
    ;;
  hold) "$bench" hold "http://127.0.0.1:$port/endless" "${2:-20}" ;;
  *)
    sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
