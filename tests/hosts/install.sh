#!/bin/sh
# Finds what several hosts on one machine need: network namespaces, PostgreSQL 15, etcd, HAProxy, nginx, Redis, age, and Patroni in a virtual
# environment of its own, made from /usr/bin/python3, which postgres can read. As root on Debian it installs what is missing.
set -u
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "make drill-hosts needs root: it makes network namespaces."; exit 2; }
command -v apt-get >/dev/null 2>&1 || { echo "make drill-hosts needs Debian: its etcd, HAProxy and PostgreSQL."; exit 2; }
missing=""
add() { [ -x "$1" ] || missing="$missing $2"; }
add /usr/sbin/ip iproute2
add /usr/bin/etcd etcd-server
add /usr/bin/etcdctl etcd-client
add /usr/bin/age age
add /usr/sbin/haproxy haproxy
add /usr/lib/postgresql/15/bin/postgres postgresql-15
add /usr/sbin/nginx nginx
add /usr/bin/redis-server redis-server
add /usr/bin/openssl openssl
/usr/bin/python3 -c "import ensurepip" 2>/dev/null || missing="$missing python3-venv"
if [ -n "$missing" ]; then
  echo "Installing$missing …"
  # None of them may start by itself. A policy that is there already stays as it is.
  policy=/usr/sbin/policy-rc.d
  [ -e "$policy" ] && policy=""
  # Ctrl-C must not leave it: nothing that is installed later would start.
  withdraw() { [ -z "$policy" ] || rm -f "$policy"; policy=""; }
  trap withdraw EXIT
  trap 'exit 130' HUP INT TERM
  [ -z "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"; }
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null 2>&1
  found=$?
  withdraw
  [ "$found" = 0 ] || { echo "make drill-hosts needs$missing: install it."; exit 2; }
fi
home=/var/tmp/outcry-hosts
patroni="$home/patroni"
if ! cmp -s requirements/patroni.txt "$patroni/installed"; then
  echo "Installing Patroni …"
  mkdir -p "$home" && rm -rf "$patroni" && /usr/bin/python3 -m venv "$patroni" \
    && "$patroni/bin/pip" install --quiet --disable-pip-version-check --require-hashes --prefer-binary -r requirements/patroni.txt >/dev/null 2>&1 \
    && cp requirements/patroni.txt "$patroni/installed" || { echo "Patroni can't be had from the Python package index."; exit 2; }
fi
exit 0
