"""Papers kept with a record: scans and office files, checked by what they are and not by what they are called."""

import uuid
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.db import models
from django.http import FileResponse, Http404
from django.utils.deconstruct import deconstructible

from movement_portal.lib.vietnamese import nfc

LIMIT_BYTES = 20 * 1024 * 1024

#: Ending -> how such a file begins.
BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    ".xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
}


@deconstructible
class KeptUnder:
    """Where an uploaded paper is kept: under a name of the portal's own, whatever the office called it."""

    def __init__(self, folder: str):
        self.folder = folder

    def __call__(self, instance, filename: str) -> str:
        return f"{self.folder}/{uuid.uuid4().hex}{PurePosixPath(filename).suffix.lower()}"

    def __eq__(self, other):
        return isinstance(other, KeptUnder) and other.folder == self.folder

    def __hash__(self):
        return hash(self.folder)


def check_paper(file) -> None:
    """Raise ``ValidationError`` for a file that is too large, or is not what its ending says."""
    # A file that is kept already was checked when it came.
    if getattr(file, "_committed", False):
        return
    ending = PurePosixPath(file.name).suffix.lower()
    if ending not in BEGINNINGS:
        kinds = ", ".join(sorted(BEGINNINGS))
        raise ValidationError(f"Chỉ nhận tệp {kinds}. Hãy lưu văn bản thành một trong các loại này.", code="ending")
    if file.size > LIMIT_BYTES:
        raise ValidationError(
            f"Tệp lớn hơn {LIMIT_BYTES // 1024**2} MB. Hãy quét lại ở độ phân giải thấp hơn hoặc tách tệp.", code="size"
        )
    if not file.size:
        raise ValidationError("Tệp rỗng, không có nội dung nào.", code="empty")
    file.seek(0)
    start = file.read(16)
    file.seek(0)
    if not start.startswith(BEGINNINGS[ending]):
        raise ValidationError(f"Nội dung tệp không phải là {ending}: hãy chọn lại tệp gốc.", code="content")


class OfficeFileField(models.FileField):
    """A paper of a record, optional; ``folder`` says where papers of that kind are kept."""

    default_validators = [check_paper]

    def __init__(self, *args, folder: str = "", **kwargs):
        if folder:
            kwargs["upload_to"] = KeptUnder(folder)
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


def paper_response(file, title: str) -> FileResponse:
    """A record's paper as a download called after ``title``; 404 where there is none.

    The caller has found the record through ``visible_to``.
    """
    if not file or not file.storage.exists(file.name):
        raise Http404
    name = nfc(title).replace("/", "-") + PurePosixPath(file.name).suffix
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response
