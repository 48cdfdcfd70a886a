#!/bin/sh
# Patroni runs it once, on the first primary, with the address of its database.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$1" <<'SQL'
CREATE ROLE outcry LOGIN PASSWORD 'OUTCRY_OWNER_PASSWORD';
-- The site's metrics say how its standbys are.
GRANT pg_read_all_stats TO outcry;
CREATE DATABASE outcry OWNER outcry ENCODING 'UTF8' TEMPLATE template0;
SQL
