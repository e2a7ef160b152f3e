"""Imports: the file as it came, what was found in it row by row, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import ScopedModel
from movement_portal.persons.files import SealedStorage
from movement_portal.spreadsheets.enums import BatchState, ExistingMode, RowOutcome
from movement_portal.spreadsheets.models.scoping import OfSheetQuerySet
from movement_portal.spreadsheets.models.workbooks import IssuedWorkbook


def upload_path(batch, filename):
    """Where an uploaded file is kept: by its digest, whatever the office called it."""
    return f"imports/{batch.sha256[:2]}/{batch.sha256}"


#: States of a batch whose rows have been taken back, and of one whose rows are or were in the register.
UNDONE = (BatchState.UNDONE, BatchState.PARTLY_UNDONE)
WRITTEN = (BatchState.COMMITTED, *UNDONE)


def sealed_storage() -> SealedStorage:
    """Where uploaded files are kept."""
    return SealedStorage()


class ImportBatch(ScopedModel):
    """One list sent by one officer for one kind of sheet, from upload to commit."""

    sheet = models.CharField("loại bảng", max_length=60)
    state = models.CharField("trạng thái", max_length=20, choices=BatchState, default=BatchState.UPLOADED)
    #: As it came; sealed on disk, for a list may hold numbers of persons.
    file = models.FileField("tệp", upload_to=upload_path, storage=sealed_storage, max_length=200, blank=True)
    #: When the file was removed, its time of keeping being over; its digest stays.
    file_removed_at = models.DateTimeField("xóa tệp lúc", null=True, blank=True)
    file_name = models.CharField("tên tệp", max_length=255)
    file_size = models.PositiveBigIntegerField("dung lượng (byte)", default=0)
    sha256 = models.CharField("mã băm SHA-256", max_length=64, db_index=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="cán bộ", related_name="+")
    #: The officer's area at upload: whoever sees that area, and records of the kind, sees the batch.
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn của cán bộ", related_name="+")
    #: Rows whose own area cannot be known go here.
    default_area = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="địa bàn mặc định", null=True, blank=True, related_name="+"
    )
    #: What the reader found: per worksheet its name, header row, headers, samples and skipped lines.
    layout = models.JSONField("bố cục", default=dict, blank=True)
    #: Worksheet -> column header -> key of the field it fills, "-" for a column left out on purpose, "" for none.
    #: A worksheet that is not read is not in it.
    mapping = models.JSONField("ghép cột", default=dict, blank=True)
    #: Worksheet -> row in which its header ends, where an officer has said so.
    header_rows = models.JSONField("dòng tiêu đề", default=dict, blank=True)
    #: Key of a field -> text that fills it in rows whose worksheet has no column for it.
    constants = models.JSONField("giá trị chung", default=dict, blank=True)
    #: Worksheet -> how it is read where the file leaves a choice, as ``ways.Ways`` keeps it.
    ways = models.JSONField("cách đọc", default=dict, blank=True)
    #: What becomes of records that rows find in the register.
    existing = models.CharField("với bản ghi đã có", max_length=10, choices=ExistingMode, default=ExistingMode.UPDATE)
    #: The workbook that comes back with this import, where it is one that the portal gave out.
    workbook = models.ForeignKey(
        IssuedWorkbook, models.PROTECT, verbose_name="tệp nhận lại", null=True, blank=True, related_name="returns"
    )
    #: “key of a record|key of a field” -> whether the file or the register is right, where both were changed.
    answers = models.JSONField("trả lời ô sửa cả hai nơi", default=dict, blank=True)
    counts = models.JSONField("kết quả", default=dict, blank=True)
    #: How often rows of it were judged: a commit writes the rows that it has read, or none.
    judged_times = models.PositiveIntegerField(default=0, editable=False)
    #: The last change of the history when the check of all rows began; empty once rows were judged anew by themselves.
    checked_after = models.BigIntegerField(null=True, editable=False)
    failure = models.TextField("lý do không đọc được", blank=True)
    #: What the officer must know before going on: why a commit led back to the check.
    message = models.TextField("lời nhắn", blank=True)
    uploaded_at = models.DateTimeField("tải lên lúc", auto_now_add=True)
    committed_at = models.DateTimeField("ghi lúc", null=True, blank=True)
    #: The event under which the rows were written.
    event_id = models.UUIDField(null=True, blank=True, editable=False)
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)
    #: The event under which they were taken back.
    undo_event_id = models.UUIDField(null=True, blank=True, editable=False)
    #: What taking it back would do, or did: counts, kinds of records, those that stay with the reason.
    undo_plan = models.JSONField("hoàn tác", default=dict, blank=True)

    objects = OfSheetQuerySet.as_manager()

    #: What the reader found is in the file itself, and what was written under which event in that event: the history
    #: need not hold them again.
    untracked_fields = ("layout", "undo_plan", "checked_after", "judged_times", "event_id", "undo_event_id")

    class Meta(ScopedModel.Meta):
        verbose_name = "lần nhập"
        verbose_name_plural = "các lần nhập"
        ordering = ["-uploaded_at", "-id"]
        permissions = [("import_sheet", "Nhập dữ liệu từ bảng"), ("undo_import", "Hoàn tác một lần nhập")]
        constraints = [
            models.CheckConstraint(
                name="importbatch_committed_at_when_committed",
                condition=Q(state__in=WRITTEN, committed_at__isnull=False)
                | Q(state=BatchState.RUNNING)
                | (~Q(state__in=[*WRITTEN, BatchState.RUNNING]) & Q(committed_at__isnull=True)),
                violation_error_message="Lần nhập đã ghi phải có thời điểm ghi.",
            ),
            models.CheckConstraint(
                name="importbatch_undone_at_when_undone",
                condition=Q(state__in=UNDONE, undone_at__isnull=False)
                | Q(state=BatchState.RUNNING)
                | (~Q(state__in=[*UNDONE, BatchState.RUNNING]) & Q(undone_at__isnull=True)),
                violation_error_message="Lần nhập đã hoàn tác phải có thời điểm hoàn tác.",
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("spreadsheets:import_detail", args=[self.pk])

    def next_address(self, sheet):
        """Page of what is done after such a list has been written, empty where nothing is."""
        is_written = self.state in WRITTEN and self.event_id
        return f"{reverse(sheet.next_url)}?viec={self.event_id}" if sheet.next_url and is_written else ""


class ImportRow(models.Model):
    """One line of a list and what the check made of it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    worksheet = models.CharField("trang tính", max_length=100, blank=True)
    #: Row number as the office sees it in the sheet, from 1.
    number = models.PositiveIntegerField("dòng")
    outcome = models.CharField("kết quả", max_length=10, choices=RowOutcome)
    #: Cells as they were read, by column header.
    cells = models.JSONField(default=dict)
    #: Those of them that are no line of text, as the file has them: numbers, dates, texts of several lines.
    originals = models.JSONField(default=dict)
    #: Values that will be written, by field name.
    values = models.JSONField(default=dict)
    #: Old and new value of each field that changes.
    changes = models.JSONField(default=dict)
    #: A list of {column, value, reason, cause}.
    problems = models.JSONField(default=list)
    #: A list of {column, text}: how values were understood.
    notices = models.JSONField(default=list)
    #: The first fault of a refused row, as many rows may share it.
    cause = models.CharField("nguyên nhân", max_length=200, blank=True)
    label = models.CharField("tên", max_length=255, blank=True)
    #: Records that the row looks like while nobody has decided, the likest first: a list of [key, score].
    candidates = models.JSONField(default=list)
    #: Likeness of the first of them, in percent.
    score = models.PositiveSmallIntegerField("độ giống (%)", null=True)
    #: Fields that the file and the register both changed: a list of {key, exported, register, file}.
    questions = models.JSONField(default=list)
    object_id = models.BigIntegerField(null=True)
    #: Why its record stayed, or some of its fields, when the import was taken back.
    kept_reason = models.TextField("lý do giữ khi hoàn tác", blank=True)
    #: Version of the record when the row was checked; a commit over another version is refused.
    version = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = "dòng của bảng"
        verbose_name_plural = "dòng của bảng"
        ordering = ["id"]
        indexes = [
            models.Index(name="importrow_by_outcome", fields=["batch", "outcome", "id"]),
            models.Index(name="importrow_of_record", fields=["object_id", "batch"]),
        ]

    def __str__(self):
        return f"{self.worksheet} {self.number}"
