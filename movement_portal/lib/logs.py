"""Log lines as JSON: one object a line, never a query string."""

import json
import logging


class JsonFormatter(logging.Formatter):
    """Format a record as one JSON object with time, level, logger, message, request id and traceback."""

    def format(self, record):
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := getattr(record, "request_id", ""):
            entry["request_id"] = request_id
        # A refused request (403, 404) is told in one line; a fault with where it happened.
        if record.exc_info and record.levelno >= logging.ERROR:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)
