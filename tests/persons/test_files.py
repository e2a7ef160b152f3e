"""Sealed files: nothing in clear on disk, whole again when opened, damage and wrong keys told."""

import io

import pytest
from django.core.files.base import ContentFile

from movement_portal.persons import files
from movement_portal.persons.files import DamagedFile, SealedStorage, pieces, seal_stream
from movement_portal.persons.keys import WrongKey, keyring
from movement_portal.persons.rotation import add_key

CONTENT = b"000123456789 " * 1000


@pytest.fixture(autouse=True)
def folders(settings, tmp_path, monkeypatch):
    settings.CITIZEN_ID_KEY_DIR = tmp_path / "keys"
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(files, "PIECE", 4096)


@pytest.mark.parametrize("content", [b"", b"x", CONTENT, b"y" * 4096])
def test_a_file_comes_back_as_it_was(content):
    storage = SealedStorage()
    name = storage.save("a/b", ContentFile(content))
    with storage.open(name) as opened:
        assert opened.read() == content
    with storage.in_clear(name) as path:
        assert path.read_bytes() == content
    assert not path.exists()


def test_nothing_is_in_clear_on_disk():
    storage = SealedStorage()
    name = storage.save("a", ContentFile(CONTENT))
    with open(storage.path(name), "rb") as file:
        assert b"000123456789" not in file.read()


def test_a_file_of_before_is_read_as_it_is(settings):
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "old").write_bytes(b"abc")
    with SealedStorage().open("old") as opened:
        assert opened.read() == b"abc"
    assert list(SealedStorage().stale(keyring().name)) == []


def test_pieces_cannot_be_dropped_moved_or_added():
    sealed = io.BytesIO()
    seal_stream(io.BytesIO(CONTENT), sealed)
    head, *lines = sealed.getvalue().splitlines(keepends=True)
    assert len(lines) > 2
    for broken in (lines[:-1], [lines[1], lines[0], *lines[2:]], [*lines, lines[0]], lines[1:]):
        with pytest.raises(DamagedFile):
            list(pieces(io.BytesIO(b"".join([head, *broken]))))


def test_a_file_under_a_lost_key_says_so(settings, tmp_path):
    storage = SealedStorage()
    name = storage.save("a", ContentFile(CONTENT))
    settings.CITIZEN_ID_KEY_DIR = tmp_path / "others"
    with pytest.raises(WrongKey):
        storage.open(name)


def test_files_are_sealed_anew_one_by_one():
    storage = SealedStorage()
    names = [storage.save(f"f{n}", ContentFile(CONTENT)) for n in range(3)]
    new = add_key()
    assert next(storage.reseal()) == 1
    assert sum(1 for _ in storage.stale(new)) == 2
    assert sum(storage.reseal()) == 2
    for name in names:
        with storage.open(name) as opened:
            assert opened.read() == CONTENT
