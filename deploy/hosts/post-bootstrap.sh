#!/bin/sh
# Patroni runs this once, on the first primary, with the connection string as its argument.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$1" <<'SQL'
CREATE ROLE outcry LOGIN PASSWORD 'OUTCRY_OWNER_PASSWORD';
-- The site's metrics report on its standbys.
GRANT pg_read_all_stats TO outcry;
CREATE DATABASE outcry OWNER outcry ENCODING 'UTF8' TEMPLATE template0;
SQL
