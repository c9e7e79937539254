#!/bin/sh
# Makes the example certificates and checks them with openssl. usage: run.sh SOURCE_DIR WORK_DIR
set -eu
source=$1
out=$2
fail() { echo "FAILED: $*" >&2; exit 1; }
rm -rf "$out"
sh "$source/certs-example/make.sh" "$out"
cd "$out"

tenYears=315576000
for cert in ca server server-other-host server-self-signed; do
  openssl x509 -in $cert.crt -noout -checkend $tenYears >/dev/null || fail "$cert.crt expires within ten years"
done
openssl x509 -in apiclient_cert.pem -noout -checkend $tenYears >/dev/null || fail "apiclient_cert.pem expires within ten years"
openssl x509 -in server-expired.crt -noout -checkend 0 >/dev/null && fail "server-expired.crt is not expired"

verify() { openssl verify -CAfile ca.crt "$@" >/dev/null 2>&1; }
verify -purpose sslserver -verify_hostname localhost server.crt || fail "server.crt for localhost"
verify -purpose sslserver -verify_ip 127.0.0.1 server.crt || fail "server.crt for 127.0.0.1"
verify -purpose sslclient apiclient_cert.pem || fail "apiclient_cert.pem"
verify -verify_hostname localhost server-other-host.crt && fail "server-other-host.crt is good for localhost"
verify -verify_hostname other.example server-other-host.crt || fail "server-other-host.crt for its own host"
verify server-self-signed.crt && fail "server-self-signed.crt is trusted"
verify server-expired.crt && fail "server-expired.crt is accepted"
verify -no_check_time server-expired.crt || fail "server-expired.crt is wrong in more than its date"

p12() { openssl pkcs12 -noout -passin "pass:${password:-10000100}" -in "$@" >p12.log 2>&1; }
p12 apiclient_cert.p12 || fail "apiclient_cert.p12 does not open"
p12 apiclient_cert.legacy.p12 && fail "apiclient_cert.legacy.p12 opens without -legacy"
p12 apiclient_cert.legacy.p12 -legacy -info || fail "apiclient_cert.legacy.p12 does not open with -legacy"
grep -q 'pbeWithSHA1And40BitRC2-CBC' p12.log || fail "the legacy certificate bag is not RC2-40"
grep -q 'pbeWithSHA1And3-KeyTripleDES-CBC' p12.log || fail "the legacy key bag is not 3DES"
grep -qi '^MAC: sha1' p12.log || fail "the legacy MAC is not SHA-1"
password=wrong
p12 apiclient_cert.p12 && fail "apiclient_cert.p12 opens with a wrong password"

modulus() { openssl rsa -noout -modulus "$@" 2>/dev/null; }
bare() { openssl base64 -d -A -in "$1" -out bare.der; }
for pair in app:2048 alipay:2048 rsa1024:1024; do
  name=${pair%:*}
  bits=${pair#*:}
  grep -q 'BEGIN PRIVATE KEY' ${name}_private_pkcs8.pem || fail "${name}_private_pkcs8.pem is not PKCS#8"
  grep -q 'BEGIN RSA PRIVATE KEY' ${name}_private_pkcs1.pem || fail "${name}_private_pkcs1.pem is not PKCS#1"
  openssl rsa -noout -text -in ${name}_private_pkcs8.pem 2>/dev/null | grep -q "($bits bit" || fail "$name is not of $bits bits"
  public=$(modulus -pubin -in ${name}_public.pem)
  [ -n "$public" ] || fail "${name}_public.pem"
  for kind in pkcs8 pkcs1; do
    [ "$(modulus -in ${name}_private_$kind.pem)" = "$public" ] || fail "${name}_private_$kind.pem is another key"
    bare ${name}_private_$kind.b64
    [ "$(modulus -inform DER -in bare.der)" = "$public" ] || fail "${name}_private_$kind.b64 is another key"
  done
  bare ${name}_public.b64
  [ "$(modulus -pubin -inform DER -in bare.der)" = "$public" ] || fail "${name}_public.b64 is another key"
  [ "$(wc -l <${name}_public.b64)" = 0 ] || fail "${name}_public.b64 has a line break"
done
[ "$(openssl x509 -noout -modulus -in apiclient_cert.pem)" = "$(modulus -in apiclient_key.pem)" ] || fail "merchant key and certificate differ"
echo "all example certificates are as described"
