"""Log lines as JSON: one object a line, never a query string."""

import json
import logging
from typing import Any

#: What every record has of itself; the rest is what the caller adds (“extra”).
_OWN = frozenset({*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName", "request_id"})


class JsonFormatter(logging.Formatter):
    """Format a record as one JSON object: time, level, logger, message, request id, what the caller adds, traceback."""

    def format(self, record):
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := getattr(record, "request_id", ""):
            entry["request_id"] = request_id
        entry.update({name: value for name, value in vars(record).items() if name not in _OWN and _is_plain(value)})
        # A refused request (403, 404) is told in one line; a fault with where it happened.
        if record.exc_info and record.levelno >= logging.ERROR:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def _is_plain(value: Any) -> bool:
    """Whether a value is a text, a number or a list of them; a request or a model is none."""
    return isinstance(value, str | int | float) or (
        isinstance(value, list) and all(isinstance(item, str | int | float) for item in value)
    )
