#!/bin/bash
# Installs Outcry on one machine with Debian 12 or newer: packages, user, keys, PostgreSQL, Valkey, units, nginx. It prints each step
# and leaves alone what is already there, so run it again for each upgrade. With `--dry-run` it only prints.
set -euo pipefail

usage() {
  cat <<'END'
Usage: /opt/outcry/deploy/install.sh --site-url URL --email-url URL --organisation NAME --contact ADDRESS [more]

  --site-url URL         the site's public address: https://example.org
  --email-url URL        your mail server: smtp+tls://user:password@host:587
  --organisation NAME    your organisation, as people read it when they give consent
  --contact ADDRESS      where people reach you
  --admin ADDRESS        invite the first administrator, once
  --backup-recipients AGE  seal a backup every hour for these keys (age1…, age1…)
  --certificate FILE     your TLS certificate with its chain, together with --certificate-key FILE. Without them: the certificate
                         in use, or Let's Encrypt's, or a self-signed one that no browser trusts
  --dry-run              print every step, change nothing

Only the first run needs the first four. They are then in /etc/outcry/outcry.env; change them there.
END
}

HOME_DIR=/opt/outcry
ETC=/etc/outcry
ENV_FILE=$ETC/outcry.env
STATE=/var/lib/outcry
STATIC=$STATE/static
JOURNAL=$STATE/journal
BACKUPS=/var/backups/outcry
ACME=/var/www/acme
TLS=/etc/nginx/outcry-tls.conf
UNITS=/etc/systemd/system
SITE_URL="" EMAIL_URL="" ORGANISATION="" CONTACT="" ADMIN="" BACKUP_RECIPIENTS="" CERTIFICATE="" CERTIFICATE_KEY="" DRY=""

while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) DRY=yes ;;
    --help | -h) usage; exit 0 ;;
    --site-url | --email-url | --organisation | --contact | --admin | --backup-recipients | --certificate | --certificate-key)
      [ $# -gt 1 ] || { usage >&2; exit 2; }
      name=$(printf '%s' "${1#--}" | tr 'a-z-' 'A-Z_')
      printf -v "$name" '%s' "$2"
      shift ;;
    *) echo "Unknown option: $1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done

step() { printf '\n== %s\n' "$1"; }
done_already() { printf '   already there: %s\n' "$1"; }
fail() { trap - EXIT; printf '%s\n' "$1" >&2; exit 1; }
ended() { [ $? = 0 ] || echo "The last command above failed. If it asks for /readyz: journalctl -u outcry-web -n 50. Then run this again." >&2; }
trap ended EXIT

# Prints a command, and runs it unless this is a dry run.
run() {
  printf '   $ %s\n' "$*"
  [ -n "$DRY" ] || "$@"
}

# Writes standard input to a file with this mode, unless the file already has the same content.
write() {
  local path=$1 mode=$2 content
  content=$(cat)
  if [ -r "$path" ] && [ "$content" = "$(cat "$path")" ]; then
    done_already "$path"
    return
  fi
  printf '   writes %s (mode %s)\n' "$path" "$mode"
  [ -z "$DRY" ] || return 0
  install -m "$mode" /dev/null "$path.new"
  printf '%s\n' "$content" >"$path.new"
  mv "$path.new" "$path"
}

# Most may be set to nothing on purpose. Of these two that is none.
has_variable() {
  [ -r "$ENV_FILE" ] || return 1
  case $1 in
    SNAPSHOT_KEYS | BACKUP_RECIPIENTS) grep -Eq "^$1='?[^']" "$ENV_FILE" ;;
    *) grep -q "^$1=." "$ENV_FILE" ;;
  esac
}

# Adds a variable to the environment file if it is missing there. Single quotes mean the same to systemd and to a shell. A third
# argument means that the value comes from the command line.
variable() {
  local name=$1 value=$2
  if has_variable "$name"; then
    if [ -z "${3:-}" ] || [ -z "$value" ] || grep -qxF "$name='$value'" "$ENV_FILE"; then
      done_already "$name in $ENV_FILE"
    else
      printf '   %s keeps its other value in %s: change it there.\n' "$name" "$ENV_FILE"
    fi
    return
  fi
  case $value in *"'"*) fail "$name must not contain a single quote." ;; esac
  printf '   adds %s to %s\n' "$name" "$ENV_FILE"
  [ -n "$DRY" ] || printf "%s='%s'\n" "$name" "$value" >>"$ENV_FILE"
}

needed() { has_variable "$1" || [ -n "${!1}" ] || fail "Missing: --$(printf '%s' "$1" | tr 'A-Z_' 'a-z-') …; see --help."; }
as_postgres() { runuser -u postgres -- "$@"; }
outcry() { run /usr/local/bin/outcry "$@"; }
is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }
# Silent: each try before the last one fails.
is_ready=(curl --silent --fail --retry 60 --retry-delay 1 --retry-all-errors --output /dev/null)
starts_services() { [ -d /run/systemd/system ]; }

# ---

step "Checks"
[ -n "$DRY" ] || [ "$(id -u)" = 0 ] || fail "Run this as root (or with --dry-run)."
here=$(cd "$(dirname "$0")/.." && pwd)
[ -n "$DRY" ] || [ "$here" = "$HOME_DIR" ] || fail "The code is in $here: move it to $HOME_DIR, where the units look for it."
if command -v apt-get >/dev/null; then
  done_already "Debian"
else
  [ -n "$DRY" ] || fail "No apt-get here: this needs Debian 12 or newer. Elsewhere, take its steps by hand (docs/operations.md)."
fi
for name in SITE_URL EMAIL_URL ORGANISATION CONTACT; do needed "$name"; done
site=$SITE_URL
! has_variable SITE_URL || site=$(sed -n "s/^SITE_URL='\{0,1\}\([^']*\)'\{0,1\}\$/\1/p" "$ENV_FILE")
case $site in https://?*) ;; *) fail "--site-url must begin with https://" ;; esac
host=${site#https://} host=${host%%[:/]*}

step "Packages"
broker=redis-server
if command -v apt-cache >/dev/null && apt-cache show valkey-server >/dev/null 2>&1; then broker=valkey-server; fi
wanted=(python3 python3-venv postgresql "$broker" nginx-light openssl curl libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core)
missing=()
for package in "${wanted[@]}"; do is_installed "$package" || missing+=("$package"); done
if [ ${#missing[@]} -gt 0 ]; then
  run apt-get update -q
  run env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
else
  done_already "${wanted[*]}"
fi

step "User and folders"
if id outcry >/dev/null 2>&1; then
  done_already "user outcry"
else
  run adduser --system --group --no-create-home --home "$STATE" outcry
fi
run install -d -m 0750 "$ETC"
run install -d -m 0755 -o outcry -g outcry "$STATE"
run install -d -m 0755 -o outcry -g outcry "$STATIC"
run install -d -m 0700 -o outcry -g outcry "$JOURNAL"
run install -d -m 0700 -o outcry -g outcry "$BACKUPS"
run install -d -m 0755 "$ACME"

step "Python packages, pinned by hash"
[ -x "$HOME_DIR/.venv/bin/python" ] || run python3 -m venv "$HOME_DIR/.venv"
run "$HOME_DIR/.venv/bin/python" -m pip install --disable-pip-version-check --quiet --require-hashes --prefer-binary \
  -r "$HOME_DIR/requirements/production.txt"
# The services may not write here, so they could not compile it themselves.
run "$HOME_DIR/.venv/bin/python" -m compileall -q "$HOME_DIR" -x '/(\.git|var|tests)/'

step "PostgreSQL"
starts_services || run service postgresql start
if [ -z "$DRY" ]; then
  for _ in $(seq 30); do as_postgres psql -tAc 'SELECT 1' >/dev/null 2>&1 && break; sleep 1; done
fi
asked() { command -v psql >/dev/null && [ "$(as_postgres psql -tAc "$1" 2>/dev/null)" = 1 ]; }
if asked "SELECT 1 FROM pg_roles WHERE rolname = 'outcry'"; then
  done_already "role outcry"
else
  run runuser -u postgres -- createuser --no-superuser --no-createdb --no-createrole outcry
fi
if asked "SELECT 1 FROM pg_database WHERE datname = 'outcry'"; then
  done_already "database outcry"
else
  run runuser -u postgres -- createdb --owner outcry --encoding UTF8 --template template0 outcry
fi

# A failed statement and the detail of its error hold what people typed. Compiling a statement (jit) takes longer than running it.
for setting in log_min_error_statement=panic log_error_verbosity=terse jit=off; do
  if asked "SELECT 1 FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = setrole WHERE rolname = 'outcry' AND setconfig @> '{$setting}'"; then
    done_already "$setting for the role outcry"
  else
    run runuser -u postgres -- psql --quiet --command "ALTER ROLE outcry SET ${setting%%=*} = ${setting#*=}"
  fi
done

step "Valkey or Redis: when full, it refuses new data and drops nothing"
name=${broker%-server}
conf=/etc/$name/$name.conf
if [ -r "$conf" ] && grep -Eq '^maxmemory-policy +[^n]' "$conf"; then
  run sed -i 's/^maxmemory-policy .*/maxmemory-policy noeviction/' "$conf"
  ! starts_services || run systemctl restart "$broker"
else
  done_already "maxmemory-policy noeviction"
fi
starts_services || run service "$broker" start

step "Environment and keys: $ENV_FILE, which only root can read"
if [ ! -e "$ENV_FILE" ]; then run install -m 0600 /dev/null "$ENV_FILE"; else run chmod 0600 "$ENV_FILE"; fi
# No password: on its socket PostgreSQL recognises the user outcry.
variable DATABASE_URL "postgres://outcry@/outcry?host=/var/run/postgresql"
variable REDIS_URL "redis://127.0.0.1:6379/0"
variable SITE_URL "$SITE_URL" said
variable EMAIL_URL "$EMAIL_URL" said
variable ORGANISATION "$ORGANISATION" said
variable CONTACT "$CONTACT" said
variable TRUSTED_PROXIES "127.0.0.1/32,::1/128"
variable STATIC_ROOT "$STATIC"
# The units make this folder, in memory. The token gives access to the metrics counted there.
variable METRICS_DIR /run/outcry/metrics
variable METRICS_TOKEN "$(openssl rand -hex 32)"
variable JOURNAL_PATH "$JOURNAL"
[ -z "$BACKUP_RECIPIENTS" ] || variable BACKUP_RECIPIENTS "$BACKUP_RECIPIENTS" said
variable SECRET_KEY "$(openssl rand -base64 48)"
variable FIELD_KEYS "$(openssl rand -base64 32 | tr +/ -_)"
variable HASH_KEYS "1:$(openssl rand -hex 32)"

step "The command outcry: runs manage.py with this environment, as the user outcry"
write /usr/local/bin/outcry 0755 <<'END'
#!/bin/sh
# Runs manage.py with the site's environment, as the site's user. Only root can read that environment.
set -eu
set -a
. /etc/outcry/outcry.env
set +a
cd /opt/outcry
exec runuser -u outcry -- /opt/outcry/.venv/bin/python /opt/outcry/manage.py "$@"
END

step "Database and static files of this release"
has_variable SNAPSHOT_KEYS || echo "   The next three commands set up what this one warns of."
outcry migrate --verbosity 0
outcry collectstatic --noinput --verbosity 0
if has_variable SNAPSHOT_KEYS; then
  done_already "SNAPSHOT_KEYS in $ENV_FILE"
elif [ -n "$DRY" ]; then
  variable SNAPSHOT_KEYS "what outcry snapshot_keys prints"
else
  keys=$(/usr/local/bin/outcry snapshot_keys | sed -n 's/^SNAPSHOT_KEYS=//p' | tail -1) || keys=""
  [ -n "$keys" ] || fail "outcry snapshot_keys gave no keys: see the error above, then run this again."
  variable SNAPSHOT_KEYS "$keys"
fi
outcry check

step "Units"
for unit in outcry-web.service outcry-web-beside.service outcry-workers.service outcry-backup.service outcry-backup.timer; do
  write "$UNITS/$unit" 0644 <"$here/deploy/systemd/$unit"
done
for unit in postgresql@ "$broker" nginx; do
  run install -d "$UNITS/$unit.service.d"
done
for unit in postgresql@ nginx; do
  write "$UNITS/$unit.service.d/outcry.conf" 0644 <"$here/deploy/systemd/comes-back.conf"
done
# Debian starts this one again however it ends: only the limit of tries goes.
sed '/^Restart=/d' "$here/deploy/systemd/comes-back.conf" | write "$UNITS/$broker.service.d/outcry.conf" 0644
# After a restore /readyz says no until somebody opens the site: then it is enough that the process answers.
answers=readyz
is_closed() { command -v psql >/dev/null && [ "$(as_postgres psql -tAc 'SELECT 1 FROM core_closed LIMIT 1' outcry 2>/dev/null)" = 1 ]; }
if is_closed; then answers=healthz; fi
makes_backups=""
if [ -n "$BACKUP_RECIPIENTS" ] || has_variable BACKUP_RECIPIENTS; then makes_backups=yes; fi
if starts_services || [ -n "$DRY" ]; then
  run systemctl daemon-reload
  run systemctl enable --quiet postgresql "$broker" nginx outcry-web outcry-workers
  # So that no visitor waits: while outcry-web restarts, nginx asks the stand-in, which already runs the new code.
  if [ -n "$DRY" ] || systemctl is-active --quiet outcry-web; then
    run systemctl restart outcry-web-beside
    run "${is_ready[@]}" "http://127.0.0.1:8001/$answers"
  fi
  run systemctl restart outcry-web
  run "${is_ready[@]}" "http://127.0.0.1:8000/$answers"
  run systemctl stop outcry-web-beside
  run systemctl restart outcry-workers
  [ -z "$makes_backups" ] || run systemctl enable --quiet --now outcry-backup.timer
fi

step "nginx"
letsencrypt=/etc/letsencrypt/live/$host
is_for_host() { [ -e "$1" ] && openssl x509 -noout -checkhost "$host" -in "$1" 2>/dev/null | grep -q 'does match'; }
# The file that this directive of nginx names now.
in_use() { sed -n "s/^ *$1 \(.*\);\$/\1/p" "$TLS" 2>/dev/null; }
if [ -n "$CERTIFICATE" ]; then
  [ -n "$CERTIFICATE_KEY" ] || fail "Missing: --certificate-key …; see --help."
elif [ "$(in_use ssl_certificate)" != "$ETC/self-signed.pem" ] && is_for_host "$(in_use ssl_certificate)"; then
  CERTIFICATE=$(in_use ssl_certificate) CERTIFICATE_KEY=$(in_use ssl_certificate_key)
elif [ -e "$letsencrypt/fullchain.pem" ]; then
  CERTIFICATE=$letsencrypt/fullchain.pem CERTIFICATE_KEY=$letsencrypt/privkey.pem
else
  CERTIFICATE=$ETC/self-signed.pem CERTIFICATE_KEY=$ETC/self-signed-key.pem
  [ -e "$CERTIFICATE" ] || run openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj "/CN=$host" \
    -keyout "$CERTIFICATE_KEY" -out "$CERTIFICATE"
fi
six=""
[ ! -e /proc/net/if_inet6 ] || six=yes
sed -e "s|OUTCRY_CERTIFICATE_KEY|$CERTIFICATE_KEY|; s|OUTCRY_CERTIFICATE|$CERTIFICATE|" "$here/deploy/nginx-tls.conf" |
  write "$TLS" 0644
sed -e '/^#/d' -e "s|OUTCRY_NAME|$host|g; s|OUTCRY_LISTEN|443 ssl http2${six:+; listen [::]:443 ssl http2}|" \
  -e "s|OUTCRY_PLAIN|80${six:+; listen [::]:80}|; s|OUTCRY_TLS|$TLS|; s|OUTCRY_ACME|$ACME|" \
  -e "s|OUTCRY_ORIGIN|127.0.0.1:8000|; s|OUTCRY_BESIDE|127.0.0.1:8001|; s|OUTCRY_STATIC|$STATIC|; s|OUTCRY_CACHE|/var/cache/nginx-outcry|" \
  "$here/deploy/nginx.conf" | write /etc/nginx/conf.d/outcry.conf 0644
# Debian's default site would log everybody who comes over http or by another name.
[ ! -e /etc/nginx/sites-enabled/default ] || run rm /etc/nginx/sites-enabled/default
run nginx -t -q
if starts_services || [ -n "$DRY" ]; then run systemctl reload-or-restart nginx; fi

if [ -n "$ADMIN" ]; then
  step "First administrator"
  if asked "SELECT 1" && [ "$(as_postgres psql -tAc 'SELECT count(*) FROM accounts_invitation' outcry 2>/dev/null || echo 0)" != 0 ]; then
    done_already "an invitation"
  else
    outcry invite "$ADMIN" --role administrator
  fi
fi

step "What is left for you"
case $CERTIFICATE in
  "$ETC/self-signed.pem") cat <<END
 - Get a certificate that browsers trust, once $host points to this machine:
     apt install certbot
     certbot certonly --webroot -w $ACME -d $host --deploy-hook 'systemctl reload nginx'
   Then run this script again.
END
;;
esac
if [ "$answers" = healthz ]; then
  echo " - The site was restored, and is closed: look around in its admin, then: outcry open (docs/operations.md, \"Restore\")"
fi
cat <<END
 - Keep a copy of $ENV_FILE, apart from the database's backups: without its keys nobody can read the data.
 - Copy $JOURNAL to another machine every minute: it records what people took back, and after a lost disk nothing else does.
 - Mail: set SPF, DKIM and DMARC for your sender's domain, then try: outcry sendtestemail you@example.org
 - Monitoring: see docs/operations.md. /metrics needs the METRICS_TOKEN from $ENV_FILE.
END
if [ -n "$makes_backups" ]; then
  echo " - Copy $BACKUPS to another machine: every hour adds a backup and removes expired ones."
else
  echo " - Backups: run this again with --backup-recipients; docs/operations.md says how to make a recipient's key."
fi
