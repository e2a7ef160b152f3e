#!/bin/bash
# Makes .venv with the locked packages of requirements/$1.txt; quick when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/apt.sh
set_of=${1:-base}
lock=requirements/$set_of.txt

command -v python3 >/dev/null || install_packages python3
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Cần Python 3.11 trở lên; máy này có $(python3 --version)." >&2
  exit 1
}
if [ ! -x .venv/bin/python ]; then
  python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
  python3 -m venv .venv
fi

# What is installed is named by the digest of its lock; the test set holds the base set.
digest=$(sha256sum "$lock" | cut -c1-64)
stamp=.venv/.installed-$set_of
if [ "$(cat "$stamp" 2>/dev/null)" != "$digest" ]; then
  echo "Cài các gói đã khóa ($lock)…"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$lock"
  echo "$digest" >"$stamp"
  if [ "$set_of" = test ]; then sha256sum requirements/base.txt | cut -c1-64 >.venv/.installed-base; fi
fi
