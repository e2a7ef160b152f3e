#!/bin/bash
# Measures the portal on SQLite and on a throw-away PostgreSQL; BENCH_SIZES says with how many units.
set -euo pipefail
cd "$(dirname "$0")/.."
export BENCH_SIZES=${BENCH_SIZES:-"1727 100000 1000000"}
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
export DJANGO_DATA_DIR=$data DJANGO_SETTINGS_MODULE=movement_portal.settings
unset DATABASE_URL
# What the .env of this machine says is no matter of the measures.
export DJANGO_ENV_FILE=/dev/null
.venv/bin/python manage.py compile_catalogue
.venv/bin/python manage.py collectstatic --noinput --verbosity 0
.venv/bin/python -m benchmarks "$data/sqlite.json" "$@"
POSTGRES_OPTIONS="-c work_mem=32MB -c maintenance_work_mem=512MB" \
  deploy/postgres.sh .venv/bin/python -m benchmarks "$data/postgresql.json" "$@"
.venv/bin/python -m benchmarks.table "$data/sqlite.json" "$data/postgresql.json"
