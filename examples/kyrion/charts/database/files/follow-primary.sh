#!/bin/sh
# Copies the primary once, then follows it.
set -eu

if [ ! -s "${PGDATA}/PG_VERSION" ]; then
  until pg_isready --host="${PRIMARY}"; do sleep 2; done
  pg_basebackup --host="${PRIMARY}" --username=postgres --pgdata="${PGDATA}" --write-recovery-conf --wal-method=stream
  chmod 0700 "${PGDATA}"
fi
exec postgres -c config_file=/etc/postgresql/postgresql.conf
