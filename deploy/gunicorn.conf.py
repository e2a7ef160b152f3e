"""The application server: two processes of four threads suit a two-core machine and SQLite alike."""

import os
import subprocess
from pathlib import Path

workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 120
graceful_timeout = 30
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
preload_app = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None

#: One worker for imports in the background runs beside the server and ends with it; 0 where a service of its own does.
worker_beside = os.environ.get("WORKER_BESIDE", "1") == "1"


def when_ready(server):
    """Start the worker of the background; it is replaced when it dies."""
    if worker_beside:
        keeper = Path(__file__).with_name("keep_worker.sh")
        subprocess.Popen([str(keeper), str(os.getpid())], stdin=subprocess.DEVNULL, start_new_session=True)
