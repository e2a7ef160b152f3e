#!/bin/bash
# Brings the database up to date, loads the demonstration data once, and serves on the loopback address.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
port=${PORT:-8000}

$python - "$port" <<'PY'
import errno, socket, sys
port = sys.argv[1]
if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
    sys.exit(f"PORT phải là số từ 1 đến 65535, không phải “{port}”. Ví dụ: make run PORT=8001")
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(port)))
    except OSError as error:
        is_taken = error.errno == errno.EADDRINUSE
        why = "đang có chương trình khác dùng" if is_taken else f"không mở được ({error.strerror})"
        sys.exit(f"Cổng {port} {why}. Chạy lại với số khác, ví dụ: make run PORT=8001")
PY

deploy/prepare.sh
$python manage.py load_demo --once
$python manage.py demo_accounts --url "http://127.0.0.1:$port"
exec .venv/bin/gunicorn movement_portal.wsgi:application --config deploy/gunicorn.conf.py --bind "127.0.0.1:$port"
