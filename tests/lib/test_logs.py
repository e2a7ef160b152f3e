"""Log lines are JSON, with what the caller adds and nothing of a request."""

import json
import logging

from movement_portal.lib.logs import JsonFormatter


def line(**extra):
    record = logging.makeLogRecord(
        {"name": "movement_portal.reach", "msg": "rows out of reach", "levelno": 30, **extra}
    )
    return json.loads(JsonFormatter().format(record))


def test_what_the_caller_adds_stands_in_the_line():
    told = line(officer=7, file="a.xlsx", rows=[2, 5])
    assert (told["message"], told["officer"], told["file"], told["rows"]) == ("rows out of reach", 7, "a.xlsx", [2, 5])


def test_an_object_is_not_written():
    assert "request" not in line(request=object())
    assert "args" not in line()
