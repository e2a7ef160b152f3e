#!/bin/bash
# Compiles pyproject.toml into hashed requirement files that hold no registry address.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet uv
compile() { .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header "$@"; }
compile pyproject.toml --output-file requirements/base.txt
compile pyproject.toml --group test --constraint requirements/base.txt --output-file requirements/test.txt
compile --group pictures --output-file requirements/pictures.txt
compile --group node --output-file requirements/node.txt
