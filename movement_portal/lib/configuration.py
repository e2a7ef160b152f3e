"""Settings of a deployment as words of the environment or of a file: what is wrong is named, all of it at once."""

import contextlib
import difflib
import io
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")
#: How the address of a database begins.
SCHEMES = ("sqlite://", "postgres://", "postgresql://")


def read_file(path: Path) -> None:
    """Put the lines ``NAME=value`` of a file into the environment, where they do not stand yet; no file, nothing.

    A file that is no UTF-8 text (a text editor of Windows may write UTF-16), and a line of another form, raise
    ``ImproperlyConfigured``; what stands in the line may be a secret and is not repeated.
    """
    if not path.exists():
        return
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(f"Tệp {path.name} không phải văn bản UTF-8: ghi lại với bảng mã UTF-8.") from error
    except OSError as error:
        raise ImproperlyConfigured(f"Không đọc được tệp {path.name} ({error.strerror}).") from error
    written = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and line.strip()[0] != "#"]
    wrong = [f"\n  dòng {number}{_called(line)}" for number, line in written if not LINE.match(line)]
    if wrong:
        raise ImproperlyConfigured(
            f"Tệp {path.name} có dòng không đọc được; mỗi dòng ghi TÊN=giá trị, không có khoảng trắng trước dấu bằng"
            f" và ở đầu dòng:{''.join(wrong)}"
        )
    environ.Env.read_env(io.StringIO("\n".join(line for _, line in written)), overwrite=False)


#: A line as the reader of such files takes it.
LINE = re.compile(r"(?:export )?[A-Za-z_0-9]+=")


def _called(line: str) -> str:
    """The name that a wrong line begins with, where it is one for sure."""
    name = re.match(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z_0-9]*)\s*=", line)
    return f" ({name[1]})" if name else ""


#: How the names of the portal's variables begin, and those that Django and its tools read themselves.
PREFIX = "DJANGO_"
OF_DJANGO = (
    "DJANGO_SETTINGS_MODULE",
    "DJANGO_ENV_FILE",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
    "DJANGO_AUTORELOAD_ENV",
    "DJANGO_COLORS",
    "DJANGO_RUNSERVER_HIDE_WARNING",
    "DJANGO_TEST_PROCESSES",
    "DJANGO_WATCHMAN_TIMEOUT",
)
#: How much alike two names are, of 1, for one to be taken for the other with a letter wrong.
ALIKE = 0.85


class Configuration:
    """Reads the variables one by one; a wrong one gives its default and is remembered until ``settle``."""

    def __init__(self, variables: Mapping[str, str] = os.environ):
        self._variables = variables
        self._known: set[str] = set()
        self.faults: list[str] = []

    def strange_names(self, *others: str) -> dict[str, str]:
        """Names that nobody reads though they look like ours -> the name that was likely meant, "" for none.

        ``others`` are names that are read elsewhere. To be asked after all variables have been read.
        """
        known = {*self._known, *others, *OF_DJANGO}
        found = {}
        for name in sorted(set(self._variables) - known):
            likely = difflib.get_close_matches(name.upper(), sorted(known), n=1, cutoff=ALIKE)
            if likely or (name.upper().startswith(PREFIX) and not name.startswith("DJANGO_SUPERUSER_")):
                found[name] = likely[0] if likely else ""
        return found

    def _said(self, name: str) -> str | None:
        self._known.add(name)
        return self._variables.get(name)

    def text(self, name: str, default: str = "") -> str:
        said = self._said(name)
        return default if said is None else said

    def required(self, name: str) -> str:
        """A text that must be there."""
        value = self.text(name).strip()
        if not value:
            self.faults.append(f"{name}: phải đặt khi DJANGO_PRODUCTION bật.")
        return value

    def texts(self, name: str, default: list[str] | None = None) -> list[str]:
        """Texts between commas."""
        value = self._said(name)
        if value is None:
            return default or []
        return [word for word in (part.strip() for part in value.split(",")) if word]

    def one_of(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name, default).strip().upper()
        return self._taken(name, value, value in choices, default, f"chỉ nhận {', '.join(choices)}")

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes or no; any other word is a fault, for one letter too many must not switch a protection off."""
        if self._said(name) is None:
            return default
        word = self.text(name).strip().lower()
        return self._taken(name, word in YES, word in YES + NO, default, "ghi 1 (bật) hoặc 0 (tắt)")

    def whole(self, name: str, default: int, *, least: int = 0) -> int:
        """A whole number from ``least`` up."""
        value = self.text(name, str(default)).strip()
        is_number = value.isascii() and value.removeprefix("-").isdigit() and int(value) >= least
        return self._taken(
            name, int(value) if is_number else default, is_number, default, f"phải là số nguyên từ {least}"
        )

    def database(self, name: str, default: str) -> dict[str, Any]:
        """The settings of the database at an address; its password stands in no message."""
        address = self.text(name).strip()
        found: dict[str, Any] = {}
        with contextlib.suppress(ValueError, ImproperlyConfigured):
            if address.startswith(SCHEMES):
                found = dict(environ.Env.db_url_config(address))
        # A database in memory would be another one for every connection.
        is_known = found.get("NAME") not in (None, "", ":memory:")
        if address and not is_known:
            example = "postgres://nguoidung:matkhau@maychu/ten hoặc sqlite:////thu-muc/tep.sqlite3"
            self.faults.append(f"{name}: không đọc được địa chỉ cơ sở dữ liệu; ví dụ {example}.")
        return found if is_known else dict(environ.Env.db_url_config(default))

    def folder(self, name: str, default: Path, make: Callable[[Path], None]) -> Path:
        """A folder that ``make`` makes or finds."""
        path = Path(self.text(name).strip() or default)
        try:
            make(path)
        except OSError as error:
            self.faults.append(f"{name}: không tạo được thư mục “{path}” ({error.strerror}).")
        return path

    def settle(self) -> None:
        """Raise ``ImproperlyConfigured`` with all that was wrong, one line each."""
        if self.faults:
            lines = "".join(f"\n  {fault}" for fault in self.faults)
            raise ImproperlyConfigured(f"Cấu hình sai (biến môi trường hoặc tệp .env):{lines}")

    def _taken(self, name: str, value: Any, is_right: bool, default: Any, wanted: str) -> Any:
        if is_right:
            return value
        self.faults.append(f"{name}: “{self._variables[name]}” không dùng được, {wanted}.")
        return default
