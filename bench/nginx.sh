#!/bin/bash
# An nginx with one worker that answers over TLS: nginx.sh FOLDER LOCATIONS [COMMAND…]
# FOLDER has cert.pem and key.pem; LOCATIONS is text for the server block. Prints its port, then runs until it is killed;
# COMMAND (taskset …) goes in front of it.
set -euo pipefail
folder=$1 locations=$2
shift 2
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > "$folder/nginx.conf" <<CONF
daemon off; worker_processes 1; master_process off; pid $folder/nginx.pid; error_log $folder/nginx.log;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 1h; tcp_nodelay on; output_buffers 2 256k;
  client_body_temp_path $folder/body; proxy_temp_path $folder/proxy; fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
  server {
    listen 127.0.0.1:$port ssl; ssl_certificate $folder/cert.pem; ssl_certificate_key $folder/key.pem;
    $locations
  }
}
CONF
echo "$port"
exec "$@" nginx -c "$folder/nginx.conf" -p "$folder" >/dev/null 2>&1
