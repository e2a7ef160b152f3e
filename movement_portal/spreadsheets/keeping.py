"""How long uploaded files are kept: the import and the digest of its file stay for good."""

import datetime
from collections.abc import Sequence

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.models import ImportBatch
from movement_portal.spreadsheets.models.batches import WRITTEN

#: States in which nobody will read the file again.
ENDED = (*WRITTEN, BatchState.CANCELLED, BatchState.FAILED)


def remove_files(*, before: datetime.datetime) -> int:
    """Remove the files of imports that were sent before a moment and have ended; answers of how many imports.

    A file that two imports share stays while one of them still needs it.
    """
    with transaction.atomic():
        old = list(
            ImportBatch.objects.filter(uploaded_at__lt=before, state__in=ENDED).exclude(file="").select_for_update()
        )
        release_files(old)
    return len(old)


def release_files(batches: Sequence[ImportBatch]) -> None:
    """Let go of the files of locked imports, inside the caller's transaction."""
    held = [batch for batch in batches if batch.file]
    names = {batch.file.name for batch in held}
    for batch in held:
        batch.file, batch.file_removed_at = "", timezone.now()
    ImportBatch.objects.bulk_update(held, ["file", "file_removed_at"])
    unused = names - set(ImportBatch.objects.filter(file__in=names).values_list("file", flat=True))
    # Files go when the rows are safe: a file too many is harmless, a missing one is not.
    transaction.on_commit(lambda: [default_storage.delete(name) for name in unused])
