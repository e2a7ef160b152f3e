"""Settings of a deployment as words of the environment or of a file: what is wrong is named, all of it at once."""

import contextlib
import os
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

    A file that is no UTF-8 text (a text editor of Windows may write UTF-16) raises ``ImproperlyConfigured``.
    """
    try:
        environ.Env.read_env(path, overwrite=False, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(f"Tệp {path.name} không phải văn bản UTF-8: ghi lại với bảng mã UTF-8.") from error


class Configuration:
    """Reads the variables one by one; a wrong one gives its default and is remembered until ``settle``."""

    def __init__(self, variables: Mapping[str, str] = os.environ):
        self._variables = variables
        self.faults: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self._variables.get(name, default)

    def required(self, name: str) -> str:
        """A text that must be there."""
        value = self.text(name).strip()
        if not value:
            self.faults.append(f"{name}: phải đặt khi DJANGO_PRODUCTION bật.")
        return value

    def texts(self, name: str, default: list[str] | None = None) -> list[str]:
        """Texts between commas."""
        value = self._variables.get(name)
        if value is None:
            return default or []
        return [word for word in (part.strip() for part in value.split(",")) if word]

    def one_of(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name, default).strip().upper()
        return self._taken(name, value, value in choices, default, f"chỉ nhận {', '.join(choices)}")

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes or no; any other word is a fault, for one letter too many must not switch a protection off."""
        if name not in self._variables:
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
