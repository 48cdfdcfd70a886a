#!/bin/sh
# Finds what the browser journeys need, Chromium and nginx; as root on Debian it installs what is missing.
set -u
missing=""
{ [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ]; } || command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 \
  || command -v chrome >/dev/null 2>&1 || missing="chromium"
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing $missing …"
  # nginx must not start by itself: its port may be taken. A policy that is there already stays as it is.
  policy=/usr/sbin/policy-rc.d
  [ -e "$policy" ] && policy="" || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"; }
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing; } >/dev/null 2>&1
  found=$?
  [ -n "$policy" ] && rm -f "$policy"
  [ "$found" = 0 ] && exit 0
fi
echo "The browser journeys need$missing: install it (a Chromium elsewhere: set CHROMIUM to its path)."
exit 2
