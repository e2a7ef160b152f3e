#!/usr/bin/env python3
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError, connection

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movement_portal.settings")
    try:
        settings.DEBUG  # noqa: B018 read before any command, which would tell a wrong setting in its own way
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if connection.connection is not None:
            raise
        # Only the reason: the address holds a password.
        sys.exit(f"Không kết nối được cơ sở dữ liệu của DATABASE_URL: {str(error).strip()}")
