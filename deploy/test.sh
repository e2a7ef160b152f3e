#!/bin/bash
# Everything: static checks, then the whole suite on SQLite and again on PostgreSQL, browser journeys included.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/apt.sh
venv=.venv/bin
workers=${TEST_WORKERS:-2}

missing=()
[ -x /usr/bin/chromium ] || missing+=(chromium)
ls /usr/lib/x86_64-linux-gnu/libatomic.so.1 /usr/lib/aarch64-linux-gnu/libatomic.so.1 >/dev/null 2>&1 || ldconfig -p | grep -q libatomic.so.1 || missing+=(libatomic1)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
[ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"

step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }
unset DATABASE_URL
# What the .env of this machine says of its own portal is no matter of the tests.
export DJANGO_ENV_FILE=/dev/null
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
export DJANGO_DATA_DIR=$data

step "Mã nguồn: ruff, djade, import-linter, mypy"
$venv/ruff check .
$venv/ruff format --check .
git ls-files 'templates/*.html' | xargs -r $venv/djade --target-version 5.2 --check
$venv/lint-imports >"$data/imports" || { cat "$data/imports"; exit 1; }
$venv/mypy

step "Django: migrations, cấu hình vận hành"
$venv/python manage.py compile_catalogue
$venv/python manage.py makemigrations --check --dry-run
$venv/python manage.py citizen_keys init
DJANGO_PRODUCTION=1 DJANGO_SECRET_KEY="$(head -c 64 /dev/urandom | base64 -w0)" DJANGO_ALLOWED_HOSTS=portal.invalid \
  $venv/python manage.py check --deploy --fail-level WARNING

suite() {
  $venv/pytest -n "$workers" --dist worksteal -m "not browser" --durations=10
  $venv/pytest -n "$workers" --dist worksteal -m browser --durations=5
}
export -f suite
export venv workers

step "SQLite"
suite
step "PostgreSQL"
deploy/postgres.sh bash -c 'set -euo pipefail; suite'
step "Xong"
