#!/bin/bash
# Keeps one worker for work in the background beside the process given, and ends with it; a worker that dies is replaced.
cd "$(dirname "$0")/.."
trap '' INT
while kill -0 "$1" 2>/dev/null; do
  .venv/bin/python manage.py run_worker --beside "$1"
  sleep 1
done
