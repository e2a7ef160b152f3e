"""Files that may hold personal data, sealed on disk: whoever copies the folder has nothing in clear.

A sealed file is a line that names the key, then one line for each piece; a piece says its place and whether it is the
last, so that none can be dropped or moved. A file from before is read as it is.
"""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from movement_portal.persons.keys import WrongKey, keyring

#: Begins every sealed file; the fingerprint of its key follows.
HEAD = b"portal sealed 1 "
#: Bytes sealed at a time.
PIECE = 1024 * 1024
#: Bytes of an opened file kept in memory; what is longer goes to a temporary file.
MEMORY = 4 * 1024 * 1024


class DamagedFile(Exception):
    """A sealed file that is cut off or whose pieces are out of order."""

    def __init__(self) -> None:
        super().__init__("Tệp đã lưu bị hỏng hoặc bị cắt bớt.")


def seal_stream(source, target) -> None:
    """Write the content of a binary stream sealed under the key that seals now."""
    ring = keyring()
    target.write(HEAD + ring.name.encode() + b"\n")
    place, piece = 0, source.read(PIECE)
    while True:
        following = source.read(PIECE)
        mark = b"%d %d\n" % (place, 0 if following else 1)
        target.write(ring.seal(mark + piece).encode() + b"\n")
        if not following:
            return
        place, piece = place + 1, following


def pieces(source) -> Iterator[bytes]:
    """The content of a sealed stream, piece by piece; raises ``WrongKey`` and ``DamagedFile``."""
    name = source.readline().removeprefix(HEAD).strip().decode()
    ring, place, is_last = keyring(), 0, False
    for line in source:
        mark, _, piece = ring.unseal(name, line.strip().decode()).partition(b"\n")
        number, last = map(int, mark.split())
        if number != place or is_last:
            raise DamagedFile
        place, is_last = place + 1, bool(last)
        yield piece
    if not is_last:
        raise DamagedFile


def key_of(path: Path) -> str:
    """Fingerprint of the key of a sealed file; empty for one that is not sealed."""
    with path.open("rb") as file:
        line = file.readline(len(HEAD) + 64)
    return line.removeprefix(HEAD).strip().decode() if line.startswith(HEAD) else ""


class SealedStorage(FileSystemStorage):
    """Files on disk, sealed when they are saved and opened as they were."""

    def _save(self, name, content):
        with tempfile.TemporaryFile() as sealed:
            content.seek(0)
            seal_stream(content, sealed)
            sealed.seek(0)
            return super()._save(name, File(sealed, name))

    def _open(self, name, mode="rb"):
        path = Path(self.path(name))
        if not key_of(path):
            return super()._open(name, mode)
        opened = tempfile.SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115  the file returned closes it
        try:
            with path.open("rb") as source:
                for piece in pieces(source):
                    opened.write(piece)
        except BaseException:
            opened.close()
            raise
        opened.seek(0)
        return File(opened, name)

    def holds(self, name: str) -> bool:
        """Whether a file of that name is kept and can be opened; one under a lost key is not what was sent again."""
        if not self.exists(name):
            return False
        try:
            self.open(name).close()
        except (WrongKey, DamagedFile):
            return False
        return True

    @contextlib.contextmanager
    def in_clear(self, name: str) -> Iterator[Path]:
        """A path where another process reads the content; a file of the owner only, gone afterwards."""
        with tempfile.NamedTemporaryFile(prefix="portal-read-") as copy, self.open(name) as source:
            for piece in source.chunks(PIECE):
                copy.write(piece)
            copy.flush()
            yield Path(copy.name)

    def stale(self, key: str) -> Iterator[Path]:
        """Sealed files below the storage that are under another key."""
        for path in sorted(Path(self.location).rglob("*")):
            if path.is_file() and not path.name.endswith(".new") and key_of(path) not in ("", key):
                yield path

    def reseal(self) -> Iterator[int]:
        """Seal those files anew, one at a time, each replaced in one step; raises ``WrongKey``."""
        for path in list(self.stale(keyring().name)):
            draft = path.with_suffix(".new")
            with path.open("rb") as source, tempfile.TemporaryFile() as clear, draft.open("wb") as target:
                for piece in pieces(source):
                    clear.write(piece)
                clear.seek(0)
                seal_stream(clear, target)
            draft.chmod(path.stat().st_mode)
            draft.replace(path)
            yield 1


__all__ = ["DamagedFile", "SealedStorage", "WrongKey"]
