#!/bin/bash
# What every deployment runs after new code: messages, database, functions, reference data, static files.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
$python manage.py compile_catalogue
$python manage.py tune_database
$python manage.py migrate --verbosity 0
$python manage.py sync_functions
$python manage.py load_territory
$python manage.py load_reference
$python manage.py collectstatic --noinput --verbosity 0
