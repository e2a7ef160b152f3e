"""Notes to officers whose work in the background has ended: on every page until they have seen it."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from movement_portal.lib.numbers import written
from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets.enums import JobState, JobStep, RowOutcome
from movement_portal.spreadsheets.models import ImportBatch, ImportJob


@dataclass(frozen=True, slots=True)
class ImportNotice:
    """One job that has ended, in words."""

    text: str
    url: str
    is_good: bool


def _bell(officer_id: int) -> Path:
    """A file that stands while an officer has something to be told: other officers' pages ask the database nothing."""
    return Path(settings.JOBS_ROOT) / f"bell-{officer_id}"


def ring(officer_id: int) -> None:
    """Let the next pages of the officer look for notices."""
    bell = _bell(officer_id)
    bell.parent.mkdir(parents=True, exist_ok=True)
    bell.touch()


def unseen(user) -> list[ImportNotice]:
    """What the officer has not seen yet, the newest first; asks nothing while there is nothing."""
    if not user.is_authenticated or not _bell(user.pk).exists():
        return []
    jobs = unseen_jobs(user)
    if not jobs:
        _bell(user.pk).unlink(missing_ok=True)
    return [notice_of(job) for job in jobs]


def unseen_jobs(user) -> list[ImportJob]:
    """Jobs of the officer that have ended and whose batch was not opened since."""
    jobs = ImportJob.objects.filter(officer=user, ended_at__isnull=False, seen_at__isnull=True)
    batches = ImportBatch.objects.visible_to(user)
    return list(jobs.filter(batch__in=batches).select_related("batch").defer("batch__layout", "batch__mapping")[:20])


def mark_seen(batch: ImportBatch, user) -> None:
    """The officer has the batch before them."""
    if _bell(user.pk).exists():
        jobs = ImportJob.objects.filter(batch=batch, officer=user, ended_at__isnull=False, seen_at__isnull=True)
        jobs.update(seen_at=timezone.now())


def notice_of(job: ImportJob) -> ImportNotice:
    """How a job ended, and the page where its batch goes on."""
    page = "import_undo" if job.step == JobStep.WEIGH else "import_detail"
    url = reverse(f"spreadsheets:{page}", args=[job.batch_id])
    return ImportNotice(f"{ending_of(job)}: “{job.batch.file_name}”", url, job.state == JobState.DONE)


def ending_of(job: ImportJob) -> str:
    """“Đã kiểm tra 6.000 dòng, 12 dòng bị từ chối”."""
    if job.state == JobState.CANCELLED:
        return f"Đã dừng việc {mid_sentence(job.get_step_display())}"
    if job.state == JobState.FAILED:
        return f"Không {mid_sentence(job.get_step_display())} được"
    if job.step == JobStep.WEIGH:
        return "Đã tính xong việc hoàn tác"
    if job.step == JobStep.UNDO:
        found = job.batch.undo_plan["counts"]
        return (
            f"Đã hoàn tác: xóa {written(found['removed'])}, trả lại {written(found['restored'])}, "
            f"giữ {written(found['kept'])} bản ghi"
        )
    counts = job.batch.counts
    if job.step == JobStep.READ:
        return "Đã đọc xong, chờ ghép cột"
    refused = counts.get(RowOutcome.REFUSED, 0)
    rows = sum(counts.get(each, 0) for each in (RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.SAME)) + refused
    if job.step == JobStep.COMMIT and job.batch.committed_at:
        return f"Đã ghi {written(counts.get(RowOutcome.NEW, 0) + counts.get(RowOutcome.CHANGED, 0))} dòng vào sổ"
    return f"Đã kiểm tra {written(rows)} dòng, {written(refused)} dòng bị từ chối"


def notices(request):
    """Context of every page: ``import_notices``."""
    user = getattr(request, "user", None)
    return {"import_notices": unseen(user) if user is not None else []}
