#!/bin/sh
# Finds what the browser journeys need: Chromium, nginx, Pango with fonts (for paper), Java and npm (for the HTML checker), and what
# checks deploy/: promtool, ShellCheck, systemd. As root on Debian it installs what is missing.
set -u
missing=""
{ [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ]; } || command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 \
  || command -v chrome >/dev/null 2>&1 || missing="chromium"
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0 || missing="$missing libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
command -v promtool >/dev/null 2>&1 || missing="$missing prometheus"
command -v shellcheck >/dev/null 2>&1 || missing="$missing shellcheck"
command -v systemd-analyze >/dev/null 2>&1 || missing="$missing systemd"
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $missing …"
    # nginx must not start by itself: its port may be taken. A policy that is there already stays as it is.
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
  else
    found=1
  fi
  [ "$found" = 0 ] || { echo "The browser journeys need$missing: install it (a Chromium elsewhere: set CHROMIUM to its path)."; exit 2; }
fi
# The checker of the W3C, into var/.
checker="vnu-jar@26.9.27"
folder="var/checker"
if [ ! -f "$folder/node_modules/vnu-jar/build/dist/vnu.jar" ]; then
  echo "Fetching the HTML checker …"
  mkdir -p "$folder"
  npm install --silent --no-audit --no-fund --prefix "$folder" "$checker" >/dev/null 2>&1 \
    || { echo "The HTML checker can't be had from the npm registry."; exit 2; }
fi
exit 0
