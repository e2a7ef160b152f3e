#!/bin/bash
# Installs the locked front-end packages into node_modules; quick when nothing changed.
# A machine without npm gets it as a wheel from the Python registry.
set -euo pipefail
cd "$(dirname "$0")/.."

digest=$(sha256sum package-lock.json | cut -c1-64)
stamp=node_modules/.installed
[ "$(cat "$stamp" 2>/dev/null)" != "$digest" ] || exit 0

npm=npm
major=$(npm --version 2>/dev/null | cut -d. -f1) || major=0
if [ "${major:-0}" -lt 8 ]; then
  npm=.venv/bin/npm
  if [ ! -x "$npm" ]; then
    echo "Cài npm (requirements/node.txt)…"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/node.txt
  fi
fi
echo "Cài các gói giao diện đã khóa (package-lock.json)…"
"$npm" ci --loglevel=error >/dev/null
echo "$digest" >"$stamp"
