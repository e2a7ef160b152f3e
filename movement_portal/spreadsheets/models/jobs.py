"""Steps of an import that run in the background."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from movement_portal.spreadsheets.enums import BatchState, JobState, JobStep
from movement_portal.spreadsheets.models.batches import ImportBatch

#: States of a job that waits or runs; a batch has one such job at most.
ACTIVE = (JobState.WAITING, JobState.RUNNING)


class ImportJob(models.Model):
    """One step of one import, from the click that asked for it to its end; how far it is stands in ``board``."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, verbose_name="lần nhập", related_name="jobs")
    step = models.CharField("việc", max_length=10, choices=JobStep)
    state = models.CharField("trạng thái", max_length=10, choices=JobState, default=JobState.WAITING)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="cán bộ", related_name="+")
    #: State of the batch before; the step is taken from it.
    from_state = models.CharField("trạng thái trước", max_length=20, choices=BatchState)
    options = models.JSONField("lựa chọn", default=dict, blank=True)
    #: Changes whenever the job is given to another worker: only who holds the present one may end it.
    token = models.UUIDField(default=uuid.uuid4, editable=False)
    attempts = models.PositiveSmallIntegerField("số lần chạy", default=0)
    #: Machine and process that runs it.
    worker = models.CharField("tiến trình", max_length=80, blank=True)
    #: The request that asked for it.
    request_id = models.CharField("mã yêu cầu", max_length=40, blank=True)
    #: What the officer is told of a job that was not done.
    message = models.TextField("lời nhắn", blank=True)
    created_at = models.DateTimeField("yêu cầu lúc", auto_now_add=True)
    started_at = models.DateTimeField("bắt đầu lúc", null=True)
    ended_at = models.DateTimeField("xong lúc", null=True)
    #: When its officer has seen how it ended.
    seen_at = models.DateTimeField("đã xem lúc", null=True)

    #: Where its worker tells how far it is; only in the process that runs it.
    board = None

    class Meta:
        verbose_name = "việc chạy nền"
        verbose_name_plural = "việc chạy nền"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="importjob_one_active_per_batch",
                fields=["batch"],
                condition=Q(state__in=ACTIVE),
                violation_error_message="Lần nhập này đang chạy.",
            ),
            models.CheckConstraint(
                name="importjob_ended_at_when_ended",
                condition=Q(state__in=ACTIVE, ended_at__isnull=True)
                | (~Q(state__in=ACTIVE) & Q(ended_at__isnull=False)),
                violation_error_message="Việc đã xong phải có thời điểm xong.",
            ),
        ]
        indexes = [
            models.Index(
                name="importjob_unseen", fields=["officer"], condition=Q(ended_at__isnull=False, seen_at__isnull=True)
            ),
        ]

    def __str__(self):
        return f"{self.get_step_display()} {self.batch}"

    @property
    def is_active(self):
        return self.state in ACTIVE
