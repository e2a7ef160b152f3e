"""Message catalogues compiled without gettext tools; the compiled files are never committed."""

import os
import tempfile
from pathlib import Path

import polib


def compile_catalogues(folder: Path) -> list[Path]:
    """Compile every ``.po`` below the folder whose ``.mo`` is missing or older; answers the files written.

    A file appears whole or not at all, so that several processes may compile at once.
    """
    written = []
    for source in sorted(folder.rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        handle, name = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
        with os.fdopen(handle, "wb") as stream:
            stream.write(polib.pofile(str(source)).to_binary())
        os.chmod(name, 0o644)
        os.replace(name, target)
        written.append(target)
    return written
