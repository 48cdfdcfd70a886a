#!/bin/sh
# wrk asks as fast as it is answered; nginx is the shipped one; smtp-sink, of postfix, takes every mail. As root on Debian they are
# installed.
missing=""
command -v wrk >/dev/null 2>&1 || missing="wrk"
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
command -v smtp-sink >/dev/null 2>&1 || [ -x /usr/sbin/smtp-sink ] || missing="$missing postfix"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing $missing …"
  # postfix must not start by itself.
  policy=/usr/sbin/policy-rc.d
  [ -e "$policy" ] && policy=""
  # Ctrl-C must not leave it: nothing that is installed later would start.
  withdraw() { [ -z "$policy" ] || rm -f "$policy"; policy=""; }
  trap withdraw EXIT
  trap 'exit 130' HUP INT TERM
  [ -z "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"; }
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing; } >/dev/null 2>&1
  found=$?
  withdraw
  [ "$found" = 0 ] && exit 0
fi
echo "The benchmarks need $missing: install it."
exit 2
