#!/bin/sh
# certificates.sh FOLDER NAME=ADDRESS… makes one authority, and for each host a certificate with its name, its address and loopback.
# It keeps what is already there, so run it again to add a host. ca.key signs them all: keep it off the hosts.
set -eu
folder=$1
shift
umask 077
mkdir -p "$folder"
cd "$folder"
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }
if [ ! -e ca.pem ]; then
  key ca.key
  openssl req -x509 -new -key ca.key -days 3650 -subj "/CN=Outcry hosts" -out ca.pem \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign"
fi
for pair in "$@"; do
  name=${pair%%=*}
  address=${pair#*=}
  [ -e "$name/host.pem" ] && continue
  mkdir -p "$name"
  key "$name/host.key"
  printf 'subjectAltName=DNS:%s,DNS:localhost,IP:%s,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\nkeyUsage=digitalSignature\n' \
    "$name" "$address" >"$name/extensions"
  openssl req -new -key "$name/host.key" -subj "/CN=$name" \
    | openssl x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -days 825 -extfile "$name/extensions" -out "$name/host.pem" 2>/dev/null
  cp ca.pem "$name/ca.pem"
  # HAProxy reads both from one file.
  cat "$name/host.pem" "$name/host.key" >"$name/both.pem"
  rm "$name/extensions"
done
