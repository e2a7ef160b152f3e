"""Keys of personal numbers: kept outside the database, read again when their files change.

The first key encrypts, all of them decrypt; another key makes the blind index. They come from the environment or from
two files of the key folder. Outside production missing files are made on first use.
"""

import base64
import binascii
import functools
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

#: Characters of the fingerprint by which stored values name their key.
FINGERPRINT = 8

SEAL_FILE, INDEX_FILE = "citizen_id_keys", "citizen_id_index_key"


class KeyProblem(Exception):
    """Keys are missing or are no keys; the message says what to do."""


class WrongKey(Exception):
    """A stored value was sealed with a key that is not among those at hand."""

    def __init__(self) -> None:
        super().__init__(
            "Không giải mã được: khóa hiện có không phải khóa đã dùng khi ghi. "
            "Báo quản trị hệ thống kiểm tra tệp khóa số định danh."
        )


@dataclass(frozen=True)
class Keyring:
    """Keys by fingerprint, the one that seals first, and the key of the blind index."""

    names: tuple[str, ...]
    fernets: tuple[Fernet, ...]
    index_key: bytes

    @classmethod
    def of(cls, seal_keys: Sequence[str], index_key: str) -> "Keyring":
        """The ring of keys as they are written in files; raises ``KeyProblem``."""
        if not seal_keys:
            raise KeyProblem("Chưa có khóa mã hóa số định danh.")
        try:
            fernets = tuple(Fernet(key) for key in seal_keys)
            raw = base64.urlsafe_b64decode(index_key)
        except (ValueError, binascii.Error) as problem:
            raise KeyProblem("Khóa số định danh không đúng dạng: mỗi khóa 32 byte viết theo base64.") from problem
        if len(raw) < 32:
            raise KeyProblem("Khóa chỉ mục số định danh phải dài ít nhất 32 byte.")
        if index_key in seal_keys:
            raise KeyProblem("Khóa chỉ mục phải khác khóa mã hóa.")
        return cls(tuple(fingerprint(key) for key in seal_keys), fernets, raw)

    @property
    def name(self) -> str:
        """Fingerprint of the key that seals."""
        return self.names[0]

    def seal(self, content: bytes) -> str:
        """The content under the first key, as text."""
        return self.fernets[0].encrypt(content).decode("ascii")

    def unseal(self, name: str, token: str) -> bytes:
        """The content of a token sealed under the key of that fingerprint; raises ``WrongKey``."""
        try:
            return self.fernets[self.names.index(name)].decrypt(token)
        except (ValueError, InvalidToken) as problem:
            raise WrongKey from problem

    def index(self, text: str) -> str:
        """The blind index of a text: equal for equal texts, and no way back without the key."""
        return hmac.new(self.index_key, text.encode(), hashlib.sha256).hexdigest()


def fingerprint(key: str) -> str:
    """By what a stored value names its key; says nothing of the key."""
    return hashlib.sha256(b"portal key " + key.encode("ascii")).hexdigest()[:FINGERPRINT]


def key_folder() -> Path:
    """Where the key files are."""
    return Path(settings.CITIZEN_ID_KEY_DIR)


def keyring() -> Keyring:
    """The keys as they are now; raises ``KeyProblem``. Files are read again as soon as they have changed."""
    if settings.CITIZEN_ID_KEYS or settings.CITIZEN_ID_INDEX_KEY:
        return _ring(tuple(settings.CITIZEN_ID_KEYS), settings.CITIZEN_ID_INDEX_KEY)
    folder = key_folder()
    seal, index = folder / SEAL_FILE, folder / INDEX_FILE
    try:
        return _ring_of_files(seal, _moment(seal), index, _moment(index))
    except FileNotFoundError as missing:
        if settings.PRODUCTION:
            raise KeyProblem(
                f"Chưa có tệp khóa trong {folder}: chạy “manage.py citizen_keys init” rồi cất một bản ở nơi khác."
            ) from missing
    make_keys()
    return _ring_of_files(seal, _moment(seal), index, _moment(index))


def _moment(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


@functools.lru_cache(maxsize=8)
def _ring(seal_keys: tuple[str, ...], index_key: str) -> Keyring:
    return Keyring.of(seal_keys, index_key)


@functools.lru_cache(maxsize=8)
def _ring_of_files(seal: Path, sealed_at, index: Path, indexed_at) -> Keyring:
    return Keyring.of(read_seal_keys(seal), index.read_text(encoding="ascii").strip())


def read_seal_keys(path: Path) -> list[str]:
    """The keys of a file, one a line, the one that seals first; lines that begin with # are remarks."""
    lines = (line.strip() for line in path.read_text(encoding="ascii").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def make_keys() -> list[Path]:
    """Make the files that are not there yet, readable by their owner only; answers those made."""
    folder = key_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    contents = {
        folder / SEAL_FILE: Fernet.generate_key().decode("ascii"),
        folder / INDEX_FILE: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"),
    }
    return [path for path, key in contents.items() if _write_new(path, key)]


def _write_new(path: Path, text: str) -> bool:
    """Write a file whole or not at all; False when another process made it first."""
    draft = _draft(path, text)
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    return draft


def write_seal_keys(keys: Sequence[str]) -> None:
    """Replace the file of sealing keys in one step: a process reads the old ones or the new ones, never half."""
    path = key_folder() / SEAL_FILE
    os.replace(_draft(path, "\n".join(keys)), path)
