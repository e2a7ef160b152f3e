#!/bin/bash
# Brings the database up to date, loads the demonstration data once, and serves on the loopback address.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
port=${PORT:-8000}

$python - "$port" <<'PY'
import socket, sys
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(sys.argv[1])))
    except OSError:
        sys.exit(f"Cổng {sys.argv[1]} đang có chương trình khác dùng. Chạy lại với số khác, ví dụ: make run PORT=8001")
PY

deploy/prepare.sh
$python manage.py load_demo --once
$python manage.py demo_accounts --url "http://127.0.0.1:$port"
exec .venv/bin/gunicorn movement_portal.wsgi:application --config deploy/gunicorn.conf.py --bind "127.0.0.1:$port"
