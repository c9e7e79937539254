#!/bin/bash
# An nginx with one worker that answers everything over TLS: nginx.sh FOLDER CONTENT_TYPE BODY [COMMAND…]
# FOLDER has cert.pem and key.pem. Prints its port, then runs until it is killed; COMMAND (taskset …) goes in front of it.
set -euo pipefail
folder=$1 type=$2 body=$3
shift 3
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > "$folder/nginx.conf" <<CONF
daemon off; worker_processes 1; master_process off; pid $folder/nginx.pid; error_log $folder/nginx.log;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 1h; tcp_nodelay on;
  client_body_temp_path $folder/body; proxy_temp_path $folder/proxy; fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
  server {
    listen 127.0.0.1:$port ssl; ssl_certificate $folder/cert.pem; ssl_certificate_key $folder/key.pem;
    location / { default_type $type; return 200 '$body'; }
  }
}
CONF
echo "$port"
exec "$@" nginx -c "$folder/nginx.conf" -p "$folder" >/dev/null 2>&1
