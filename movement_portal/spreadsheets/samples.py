"""Lists to try the import with: a portal filled with demonstration data offers them, any other has none."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

_FOLDER, _INDEX = "tep-mau", "index.json"


@dataclass(frozen=True)
class SampleList:
    """A messy list: its file, the kind of sheet it is for, what is in it."""

    file_name: str
    sheet: str
    title: str
    about: str


def offered(kinds: Collection[str] | None = None) -> list[SampleList]:
    """The lists of this portal, in order; of these kinds of sheets only, where they are given."""
    try:
        index = json.loads((_folder() / _INDEX).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    lists = [SampleList(**each) for each in index]
    return [each for each in lists if kinds is None or each.sheet in kinds]


def path_of(file_name: str) -> Path | None:
    """The file of a list that is offered; None for any other name."""
    return next((_folder() / each.file_name for each in offered() if each.file_name == file_name), None)


def keep(lists: list[tuple[SampleList, bytes]]) -> None:
    """Offer these lists and no others."""
    _folder().mkdir(parents=True, exist_ok=True)
    for each, content in lists:
        (_folder() / each.file_name).write_bytes(content)
    index = json.dumps([asdict(each) for each, _ in lists], ensure_ascii=False, indent=1)
    (_folder() / _INDEX).write_text(index, encoding="utf-8")


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / _FOLDER
