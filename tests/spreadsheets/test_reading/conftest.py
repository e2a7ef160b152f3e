"""Files as they are read when an office sends them."""

from pathlib import Path

import pytest

from movement_portal.spreadsheets.reading import read_workbook
from tests.spreadsheets.workbooks import known_header


@pytest.fixture
def read(tmp_path):
    """Reads a file, or bytes as a file of the name."""

    def reader(source, name="bang.xlsx", **options):
        if isinstance(source, bytes):
            (tmp_path / name).write_bytes(source)
            source = tmp_path / name
        return read_workbook(source, Path(source).name, known_header=known_header, **options)

    return reader
