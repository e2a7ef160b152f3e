"""One file to one answer."""

from pathlib import Path
from typing import TextIO

from movement_portal.spreadsheets.parsing import ods, textfile, xls, xlsx
from movement_portal.spreadsheets.parsing.answer import Answer, Refused
from movement_portal.spreadsheets.parsing.containers import kind_of
from movement_portal.spreadsheets.parsing.limits import Limits


def parse(path: Path, limits: Limits, stream: TextIO) -> None:
    """Write what the file holds, or why it is refused, to the stream."""
    answer = Answer(stream, limits)
    try:
        _read(path, limits, answer)
    except Refused as reason:
        answer.refused(reason)
    except MemoryError:
        answer.refused(Refused("memory"))
    except OSError:
        # The answer has grown beyond its bound, so its last line may be cut as well.
        raise
    except Exception as error:
        answer.refused(Refused("corrupt", exception=type(error).__name__))


def _read(path, limits, answer):
    match kind_of(path):
        case "xlsx":
            xlsx.read(path, limits, answer)
        case "xls":
            xls.read(path, limits, answer)
        case "ods":
            ods.read(path, limits, answer)
        case _:
            textfile.read(path, limits, answer)
