"""Reading a file as an office sent it: parsed by a process of its own, laid out here.

A workbook of five kilobytes can make a parser ask for half a terabyte and abort the process it runs in, so no upload
is ever opened by the server itself.
"""

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from movement_portal.lib.numbers import written
from movement_portal.spreadsheets.layout import NEXT_TABLE, RawLine, RawSheet, lay_out
from movement_portal.spreadsheets.parsing.limits import LIMITS, MEGABYTE, Limits
from movement_portal.spreadsheets.rows import AnswerFile, decoded, text_repairs
from movement_portal.spreadsheets.tables import (
    GUIDE_SHEET,
    LISTS_SHEET,
    LeftOutSheet,
    RepairCount,
    SheetTable,
    UnreadableFile,
    WorkbookTable,
)

logger = logging.getLogger(__name__)

#: Worksheets of a template that hold no list, and why they are left out.
PORTAL_SHEETS = {GUIDE_SHEET: "guide", LISTS_SHEET: "lists"}

_SAVE_AGAIN = "Hãy mở tệp bằng Excel, chọn “Lưu thành” (Save As), kiểu “Excel Workbook (.xlsx)”, rồi tải lên lại."
_SPLIT = "Hãy chia danh sách thành nhiều tệp nhỏ hơn."
_DAMAGED = f"Tệp bị hỏng hoặc không đúng định dạng nên không đọc được. {_SAVE_AGAIN}"
_TOO_HEAVY = (
    "Tệp quá nặng nên không đọc được. Hãy chép riêng phần danh sách sang một tệp Excel mới (chỉ dán giá trị) "
    "rồi tải lên lại."
)

#: What the officer is told for each way in which a file can be refused.
MESSAGES = {
    "no_bytes": "Tệp rỗng, không có nội dung nào.",
    "empty": "Tệp không có dữ liệu: mọi trang tính đang hiện đều trống.",
    "only_far": "Tệp chỉ có dữ liệu ở ô {cell}, quá xa đầu trang. Hãy chép danh sách về đầu trang rồi tải lên lại.",
    "password": "Tệp có mật khẩu. Hãy mở tệp, gỡ mật khẩu (Tệp → Thông tin → Bảo vệ sổ làm việc), lưu lại rồi tải lên.",
    "corrupt": _DAMAGED,
    "bomb": f"Tệp giải nén ra quá lớn so với dung lượng của nó nên bị từ chối. {_SPLIT}",
    "declaration": f"Tệp có phần khai báo XML không an toàn nên bị từ chối. {_SAVE_AGAIN}",
    "not_spreadsheet": "Đây là {what}, không phải bảng tính. Hãy tải lên tệp .xlsx, .xls, .ods hoặc .csv.",
    "html": f"Đây là trang web (HTML) mang đuôi bảng tính. {_SAVE_AGAIN}",
    "xml_spreadsheet": f"Đây là bảng tính kiểu XML 2003, chưa đọc được. {_SAVE_AGAIN}",
    "xlsb": f"Đây là bảng tính nhị phân (.xlsb), chưa đọc được. {_SAVE_AGAIN}",
    "encoding": "Không nhận ra bảng mã của tệp văn bản. Hãy lưu lại với kiểu “CSV UTF-8” rồi tải lên.",
    "text_row": "Dòng {row} của tệp văn bản không đọc được: một ô quá dài, có thể do thiếu dấu ngoặc kép đóng.",
    "long_line": "Tệp văn bản có một dòng quá dài nên không phải là danh sách. Hãy kiểm tra lại tệp.",
    "long_cell": "Có ô chứa hơn {limit} ký tự. Hãy rút gọn ô đó rồi tải lên lại.",
    "too_many_rows": f"Tệp có hơn {{limit}} dòng. {_SPLIT}",
    "too_many_columns": "Dòng {row} có hơn {limit} cột. Hãy xóa các cột thừa ở bên phải rồi tải lên lại.",
    "too_many_cells": f"Tệp có hơn {{limit}} ô. {_SPLIT}",
    "too_many_sheets": f"Tệp có hơn {{limit}} trang tính. {_SPLIT}",
    "too_many_bytes": f"Tệp nặng {{size}} MB, quá mức {{limit}} MB. {_SPLIT}",
    "memory": _TOO_HEAVY,
    "time": _TOO_HEAVY,
    "killed": _TOO_HEAVY,
    "silent": _DAMAGED,
}
_LEFT_OUT = {
    "empty": "trang tính trống",
    "hidden": "trang tính đang ẩn, có quá nhiều dòng nên không đọc; muốn nhập thì hãy cho hiện lại",
    "guide": "trang hướng dẫn của tệp mẫu",
    "lists": "trang danh mục của tệp mẫu",
    "no_cells": "trang biểu đồ hoặc macro, không có ô",
}
#: Seconds granted beyond the parser's own time to start it and to take note of its end.
_GRACE = 1.5
#: Tables of one worksheet whose header rows may be said.
_MOST_TABLES = 30
#: More than the closing line of an answer takes.
_LONGEST_END = 4096


def read_workbook(
    path: str | os.PathLike[str],
    filename: str,
    *,
    known_header: Callable[[str], bool],
    header_rows: Mapping[str, int] | None = None,
    limits: Limits = LIMITS,
) -> WorkbookTable:
    """Read a .xlsx, .xlsm, .xls, .ods, .csv or .tsv file; its content decides which, not its name.

    ``known_header`` tells whether a text is a header that some sheet knows; it helps to find the header below the
    title; ``header_rows`` says for a worksheet in which row it ends. Raises ``UnreadableFile`` with a message for the
    officer, whatever is wrong with the file, within ``limits``. Rows of large sheets stay on disk until they are
    walked through.
    """
    path = Path(path)
    size = path.stat().st_size
    if size > settings.UPLOAD_LIMIT_BYTES:
        raise _unreadable("too_many_bytes", size=-(-size // MEGABYTE), limit=settings.UPLOAD_LIMIT_BYTES // MEGABYTE)
    file = tempfile.TemporaryFile(prefix="portal-answer-")  # noqa: SIM115 the rows are read from it later
    answer = AnswerFile(file)
    exit_code = _parse(path, limits, file)
    try:
        workbook = _lay_out_all(answer, Path(filename).stem, exit_code, known_header, header_rows or {})
        if _is_plain_text(workbook, Path(filename).suffix.lower()):
            raise _unreadable("not_spreadsheet", what="tệp văn bản mang đuôi bảng tính")
        return workbook
    except UnreadableFile:
        raise
    except (ValueError, TypeError, KeyError, IndexError) as error:
        # An answer that is not what a parser would write.
        logger.exception("the answer of the parser makes no sense")
        raise _unreadable("silent") from error


#: Endings that no text file has by right; a text named .xls is what some systems export as a list.
_WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".ods"})


def _is_plain_text(workbook: WorkbookTable, suffix: str) -> bool:
    """Whether the file is a text that only its name calls a workbook: no list stands in it."""
    has_header = any(sheet.header_row for sheet in workbook.sheets)
    return workbook.format == "csv" and suffix in _WORKBOOK_SUFFIXES and not has_header


def _unreadable(code: str, **facts: Any) -> UnreadableFile:
    shown = {name: written(fact) if isinstance(fact, int) else fact for name, fact in facts.items()}
    return UnreadableFile(MESSAGES[code].format(**shown))


def _parse(path: Path, limits: Limits, answer: BinaryIO) -> int:
    """Run the parser over the file; returns its exit code, negative for a signal."""
    seconds = limits.seconds_for(path.stat().st_size)
    command = [sys.executable, "-P", "-m", "movement_portal.spreadsheets.parsing", str(path.resolve())]
    # Nothing of the server's own environment goes along: no keys, no database address.
    environment = {"PYTHONPATH": str(settings.BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        [*command, json.dumps(limits.as_dict())],
        stdin=subprocess.DEVNULL,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
        start_new_session=True,
    )
    began = time.monotonic()
    try:
        return process.wait(seconds + _GRACE)
    except subprocess.TimeoutExpired:
        return -signal.SIGXCPU
    finally:
        _end(process)
        logger.info("parsed in %.1f s with exit code %s", time.monotonic() - began, process.returncode)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the parser and whatever it may have started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _lay_out_all(
    answer: AnswerFile,
    stem: str,
    exit_code: int,
    known_header: Callable[[str], bool],
    header_rows: Mapping[str, int],
) -> WorkbookTable:
    """Walk through the answer once; a refusal at its end outweighs all that stands before."""
    end = _last_line(answer.file)
    if "refused" in end:
        logger.warning("an upload was refused: %s", end)
        raise _unreadable(end.pop("refused"), **end)
    if "done" not in end or exit_code:
        logger.warning("the parser died with exit code %s", exit_code)
        raise _unreadable("killed" if exit_code < 0 else "silent")
    table = WorkbookTable(sheets=[], format=end["done"], encoding=end["encoding"])
    lines = _Lines(answer.file)
    own: list[SheetTable] = []
    for line in iter(lines.next_object, None):
        if "left_out" in line:
            why = "lists" if line["left_out"] == LISTS_SHEET else line["why"]
            table.left_out.append(LeftOutSheet(line["left_out"], _LEFT_OUT[why]))
        elif line.get("sheet") in PORTAL_SHEETS:
            own = []
            table.left_out.append(LeftOutSheet(line["sheet"], _LEFT_OUT[PORTAL_SHEETS[line["sheet"]]]))
        elif "repairs" in line:
            if own:
                own[0].repairs += [
                    RepairCount(each["how"], each["count"], tuple(map(tuple, each["samples"])))
                    for each in line["repairs"]
                ]
        elif "sheet" in line:
            name, facts = line.pop("sheet"), line
            raw = RawSheet(name or stem, lines.rows(), answer, **facts)
            own = lay_out(raw, known_header=known_header, header_rows=_rows_of(raw.name, header_rows))
            table.sheets += own
    return table


def _rows_of(name: str, header_rows: Mapping[str, int]) -> list[int]:
    """In which rows the headers of a worksheet's tables end, the first table's first; nothing where nobody says so."""
    following = {f"{name} {NEXT_TABLE.format(number)}" for number in range(2, _MOST_TABLES)}
    rows = [row for table, row in header_rows.items() if table in following]
    return [header_rows.get(name, 0), *sorted(rows)] if rows or name in header_rows else []


def _last_line(file: BinaryIO) -> dict[str, Any]:
    """The line that closes the answer; empty when the parser did not get so far."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _LONGEST_END, 0))
    last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    try:
        end = decoded(last)
    except ValueError:
        return {}
    return end if isinstance(end, dict) else {}


class _Lines:
    """Walks through the answer: objects announce a sheet, lists are its rows."""

    def __init__(self, file: BinaryIO):
        self._file, self._offset = file, 0
        self._object: dict[str, Any] | None = None
        file.seek(0)

    def next_object(self) -> dict[str, Any] | None:
        """The object that stands next, behind the rows of the last one; None at the end."""
        for _ in self.rows():
            pass
        found, self._object = self._object, None
        return found

    def rows(self) -> Iterator[RawLine]:
        """Row number, cells, place and repaired texts of each row up to the next object."""
        while self._object is None and (line := self._file.readline()):
            place = (self._offset, len(line))
            self._offset += len(line)
            value = decoded(line)
            if isinstance(value, dict):
                self._object = value
                return
            yield value[0], value[1], place, text_repairs(value[2:])
