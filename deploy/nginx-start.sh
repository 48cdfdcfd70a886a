#!/bin/sh
# The nginx container runs this (compose.yaml): it fills your values into the shipped files and starts nginx.
set -eu
into=${INTO:-/etc/nginx/conf.d}
host=${SITE_URL#https://}
host=${host%%[:/]*}
sed -e 's|OUTCRY_CERTIFICATE_KEY|/etc/outcry/key.pem|; s|OUTCRY_CERTIFICATE|/etc/outcry/cert.pem|' \
  "${0%/*}/nginx-tls.conf" >"$into/outcry-tls.conf"
sed -e '/^#/d' -e "s|OUTCRY_NAME|$host|g; s|OUTCRY_LISTEN|443 ssl http2|; s|OUTCRY_PLAIN|80|" \
  -e "s|OUTCRY_TLS|$into/outcry-tls.conf|; s|OUTCRY_ACME|/var/www/acme|; s|OUTCRY_ORIGIN|172.30.77.3:8000|" \
  -e 's|OUTCRY_BESIDE|127.0.0.1:8001|; s|OUTCRY_STATIC|/srv/static|; s|OUTCRY_CACHE|/var/cache/nginx/outcry|' \
  "${0%/*}/nginx.conf" >"$into/outcry.conf"
exec ${NGINX:-nginx} -c "${0%/*}/nginx-main.conf" -g 'daemon off;'
