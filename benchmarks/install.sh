#!/bin/sh
# wrk asks as fast as it is answered. As root on Debian it is installed.
command -v wrk >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing wrk …"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq wrk; } >/dev/null 2>&1 && exit 0
fi
echo "The benchmarks need wrk: install it."
exit 2
