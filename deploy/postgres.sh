#!/bin/bash
# Runs a command with DATABASE_URL pointing at a throw-away PostgreSQL on a unix socket: no TCP, no service touched.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/apt.sh
programs() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }
programs_folder=$(programs)
if [ -z "$programs_folder" ] || [ ! -x "$programs_folder/initdb" ]; then
  install_packages postgresql
  programs_folder=$(programs)
fi

folder=$(mktemp -d)
as_postgres() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  as_postgres() { runuser -u postgres -- "$@"; }
fi
stop() {
  as_postgres "$programs_folder/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT

(cd "$folder" && as_postgres "$programs_folder/initdb" -D "$folder/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1) ||
  { cat "$folder/log" >&2; exit 1; }
options="-k $folder -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
options="$options -c shared_buffers=256MB -c max_connections=100 -c max_wal_size=4GB -c wal_level=minimal -c max_wal_senders=0 -c jit=off ${POSTGRES_OPTIONS:-}"
(cd "$folder" && as_postgres "$programs_folder/pg_ctl" -D "$folder/data" -o "$options" -l "$folder/log.server" -w start >/dev/null) ||
  { cat "$folder/log.server" >&2; exit 1; }
(cd "$folder" && as_postgres "$programs_folder/createdb" -h "$folder" -U postgres portal)
# The server goes away with its databases: tests may keep an empty one there to copy (tests/templates.py).
PORTAL_KEEP_TEMPLATE=1 DATABASE_URL="postgres://postgres@/portal?host=$folder" "$@"
