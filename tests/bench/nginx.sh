# shellcheck shell=bash disable=SC2154
# The server of the benches, for sourcing: nginx on a free port of this machine, one worker, HTTP/1.1, files by
# sendfile. Wants $nginx (the program), $work (the current folder, whose site/www is served) and $log_format (of what
# is logged); sets $port.
stop_nginx() {
  local pid
  [ -s nginx.pid ] || return 0
  pid=$(cat nginx.pid)
  kill "$pid" 2>/dev/null || true
  while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
  rm -f nginx.pid
}
start_nginx() {  # where to log, or "off"
  stop_nginx
  cat >nginx.conf <<CONF
$([ "$(id -u)" != 0 ] || echo "user root;")
worker_processes 1; pid $work/nginx.pid; error_log $work/error.log;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
  client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3;
  uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
  types {
    text/html html; text/css css; image/jpeg jpg; image/png png; image/webp webp; image/svg+xml svg;
    image/x-icon ico; font/woff2 woff2; application/manifest+json webmanifest; application/xml xml; text/plain txt;
  }
  sendfile on; tcp_nopush on; keepalive_requests 1000000;
  log_format asked '$log_format';
  access_log $1$([ "$1" = off ] || echo " asked");
  server { listen 127.0.0.1:$port backlog=1024; root $work/site/www; }
}
CONF
  "$nginx" -p "$work" -c nginx.conf 2>>error.log || return 1
}
for _ in 1 2 3 4 5 6 7 8 9; do
  port=$((20000 + RANDOM % 10000))
  start_nginx off && break
done
[ -s nginx.pid ] || { cat error.log >&2; exit 1; }
