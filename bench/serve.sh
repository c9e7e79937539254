# Sourced by the scripts that measure against a server: serve LOCATIONS starts nginx.sh and sets $work (a folder that goes
# away at the end), $url and, with the server on one core, client_pin for the clients on another, where there are two.
work=$(mktemp -d)
server_pin=() client_pin=()
if [ "$(nproc)" -ge 2 ]; then server_pin=(taskset -c 0) client_pin=(taskset -c 1); fi
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

serve() {
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=localhost \
    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" 2>/dev/null
  "$(dirname "${BASH_SOURCE[0]}")/nginx.sh" "$work" "$1" "${server_pin[@]}" > "$work/port" &
  server=$!
  until [ -s "$work/port" ]; do kill -0 "$server"; sleep 0.05; done
  url="https://127.0.0.1:$(cat "$work/port")"
  until curl -s --cacert "$work/cert.pem" -o /dev/null "$url/"; do kill -0 "$server"; sleep 0.05; done
}

median() { sort -n "$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
