"""How far a piece of work in the background is, told through files beside the database.

SQLite has one writer: while a commit holds its lock nobody can write a line of progress, nor the wish to stop it. So
both go through small files in ``settings.JOBS_ROOT``, which the server and its workers share as they share the uploads.
"""

import contextlib
import json
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings

from movement_portal.spreadsheets.progress import Cancelled

#: Seconds between two looks at the files while work goes on.
TICK = 0.4
#: Seconds after which a page says that no worker seems to be there.
WORKER_SILENCE = 15


@dataclass(frozen=True)
class Standing:
    """Where a piece of work is: its stage in words, the part of the whole that is done, and rows of the stage."""

    stage: str = ""
    fraction: float = 0.0
    done: int = 0
    total: int = 0


def _worker_sign() -> Path:
    return Path(settings.JOBS_ROOT) / "worker"


def sign_of_worker() -> None:
    """A worker is there, busy or not."""
    _worker_sign().parent.mkdir(parents=True, exist_ok=True)
    _worker_sign().touch()


def worker_is_there() -> bool:
    """Whether some worker gave a sign within the last seconds."""
    try:
        return time.time() - _worker_sign().stat().st_mtime < WORKER_SILENCE
    except OSError:
        return False


class Board:
    """The files of one run of a job, named by its token; called as a ``Progress`` by the step that the job does."""

    def __init__(self, token: str):
        self.path = Path(settings.JOBS_ROOT) / f"{token}.json"
        self.stop_path = self.path.with_suffix(".stop")
        self.standing = Standing()
        self._begin = self._upto = 0.0
        self._told = 0.0

    # -- the worker's side ---------------------------------------------------------------------------------------------
    def stage(self, label: str, upto: float) -> None:
        """A new stage begins; at its end ``upto`` of the whole is done. Raises ``Cancelled``."""
        self._begin, self._upto = (self._upto if self._upto < upto else 0.0), upto
        self.standing = Standing(label, self._begin)
        self.tick()

    def __call__(self, done: int, total: int) -> None:
        """So many of the stage's rows are done; raises ``Cancelled`` when the officer wants no more."""
        part = min(done / total, 1) if total else 0
        fraction = self._begin + (self._upto - self._begin) * part
        self.standing = replace(self.standing, fraction=fraction, done=done, total=total)
        if time.monotonic() - self._told > TICK:
            self.tick()

    def tick(self) -> None:
        """Tell where the work is, which is also its sign of life; raises ``Cancelled``."""
        self._told = time.monotonic()
        self.tell()
        if self.stop_asked:
            raise Cancelled

    def tell(self) -> None:
        """Write the standing down in one piece."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(f".{threading.get_native_id()}")
        draft.write_text(json.dumps(asdict(self.standing)), encoding="utf-8")
        draft.replace(self.path)

    # -- the page's side -----------------------------------------------------------------------------------------------
    def read(self) -> Standing:
        """What was told last; nothing where no worker has begun."""
        try:
            return Standing(**json.loads(self.path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Standing()

    @property
    def last_sign(self) -> float:
        """When the worker last gave a sign of life, in seconds of the clock; 0 for never."""
        try:
            return self.path.stat().st_mtime
        except OSError:
            return 0.0

    @property
    def stop_asked(self) -> bool:
        """Whether somebody asked for the work to stop."""
        return self.stop_path.exists()

    def ask_to_stop(self) -> None:
        """Ask the worker to stop; it does so within a second."""
        self.stop_path.parent.mkdir(parents=True, exist_ok=True)
        self.stop_path.touch()

    def clear(self) -> None:
        """Remove the files of work that has ended."""
        for path in (self.path, self.stop_path):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
