#!/bin/sh
# Makes every example key, certificate and p12 with Debian's openssl. Nothing made here is secret:
# these keys are for tests, samples and the local gateways, never for a real merchant.
# usage: certs-example/make.sh [folder]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/out}
days=10957 # 30 years
mchId=10000100

command -v openssl >/dev/null || { echo "openssl is missing: apt-get install openssl" >&2; exit 1; }
umask 077
mkdir -p "$out"
cd "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
quiet() { "$@" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }; }

cat >"$work/ca.cnf" <<CNF
[req]
distinguished_name = dn
prompt = no
[dn]
CN = openapi example CA
[ca_ext]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server_ext]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost,IP:127.0.0.1
[other_host_ext]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = DNS:other.example
[client_ext]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
[ca]
default_ca = old
[old]
database = $work/index.txt
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
organizationName = optional
CNF

key() { quiet openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" -out "$1"; }
request() { quiet openssl req -new -config "$work/ca.cnf" -key "$1" -subj "$2" -out "$work/request.csr"; }

# signed NAME SUBJECT EXTENSIONS: NAME.key and NAME.crt, issued by the CA
signed() {
  key "$1.key" 2048
  request "$1.key" "$2"
  quiet openssl x509 -req -in "$work/request.csr" -CA ca.crt -CAkey ca.key -set_serial "0x$(openssl rand -hex 12)" \
    -sha256 -days "$days" -extfile "$work/ca.cnf" -extensions "$3" -out "$1.crt"
}

# pair NAME BITS: the private key as PKCS#8 and PKCS#1, the public key, each as PEM and as bare base64
pair() {
  key "$1_private_pkcs8.pem" "$2"
  quiet openssl rsa -in "$1_private_pkcs8.pem" -traditional -out "$1_private_pkcs1.pem"
  quiet openssl pkey -in "$1_private_pkcs8.pem" -pubout -out "$1_public.pem"
  for name in "$1_private_pkcs8" "$1_private_pkcs1" "$1_public"; do
    grep -v '^-----' "$name.pem" | tr -d '\n' >"$name.b64"
  done
}

# The CA, and servers of every kind.
key ca.key 2048
quiet openssl req -x509 -new -config "$work/ca.cnf" -extensions ca_ext -key ca.key -sha256 -days "$days" -out ca.crt
signed server "/CN=localhost" server_ext
signed server-other-host "/CN=other.example" other_host_ext
key server-self-signed.key 2048
quiet openssl req -x509 -new -config "$work/ca.cnf" -extensions server_ext -subj "/CN=localhost" \
  -key server-self-signed.key -sha256 -days "$days" -out server-self-signed.crt
key server-expired.key 2048
request server-expired.key "/CN=localhost"
: >"$work/index.txt"
echo 1000 >"$work/serial"
quiet openssl ca -batch -notext -config "$work/ca.cnf" -extensions server_ext -cert ca.crt -keyfile ca.key \
  -startdate 20200101000000Z -enddate 20210101000000Z -in "$work/request.csr" -out server-expired.crt

# The WeChat merchant's certificate under the names that WeChat gives its files.
signed merchant "/O=openapi example/CN=$mchId" client_ext
mv merchant.key apiclient_key.pem
mv merchant.crt apiclient_cert.pem
p12() { quiet openssl pkcs12 -export -inkey apiclient_key.pem -in apiclient_cert.pem -certfile ca.crt -name "Tenpay Certificate" -passout "pass:$mchId" "$@"; }
p12 -out apiclient_cert.p12
p12 -out apiclient_cert.legacy.p12 -legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-3DES -macalg sha1

# Alipay: the app's keys and the platform's; and a pair of 1024 bits, as old RSA (SHA-1) merchants have.
pair app 2048
pair alipay 2048
pair rsa1024 1024

echo "example keys and certificates are in $out"
