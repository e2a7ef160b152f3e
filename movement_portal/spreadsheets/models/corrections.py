"""What is wrong in the rows of a list, and what an officer has said of it; kept with the batch, never in the file."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.masking import mask_in_text
from movement_portal.persons.citizen_ids import sealed_in_text
from movement_portal.spreadsheets.enums import Decision, FixAction
from movement_portal.spreadsheets.models.batches import ImportBatch, ImportRow

#: Characters by which values and causes are told apart.
TOLD_APART = 200


class ImportFault(models.Model):
    """One fault of one row: faults of one cause and value are put right together."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="faults")
    row = models.ForeignKey(ImportRow, models.CASCADE, related_name="faults")
    #: Name of the field, and the header of its column where the list has one.
    key = models.CharField("trường", max_length=80, blank=True)
    column = models.CharField("cột", max_length=TOLD_APART, blank=True)
    value = models.CharField("giá trị", max_length=TOLD_APART, blank=True)
    cause = models.CharField("nguyên nhân", max_length=TOLD_APART)
    #: False for what is only told, the row being taken all the same.
    refuses = models.BooleanField("bị từ chối", default=True)

    class Meta:
        verbose_name = "lỗi của dòng"
        verbose_name_plural = "lỗi của các dòng"
        indexes = [models.Index(name="importfault_by_cause", fields=["batch", "cause", "key", "value"])]

    def __str__(self):
        return self.cause


class SealedTexts(models.Model):
    """What officers type into corrections: a citizen identification number is kept sealed, in what was there masked."""

    typed: tuple[str, ...] = ("text",)
    told: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        for name in self.typed:
            setattr(self, name, sealed_in_text(getattr(self, name)))
        for name in self.told:
            setattr(self, name, mask_in_text(getattr(self, name)))
        super().save(*args, **kwargs)


class ImportFix(SealedTexts):
    """One answer to all rows with the same fault: of one value, or of every value of the cause."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="fixes")
    key = models.CharField("trường", max_length=80, blank=True)
    column = models.CharField("cột", max_length=TOLD_APART, blank=True)
    cause = models.CharField("nguyên nhân", max_length=TOLD_APART)
    value = models.CharField("giá trị", max_length=TOLD_APART, blank=True)
    #: True where every value of the cause is meant.
    whole = models.BooleanField("mọi giá trị", default=False)
    action = models.CharField("cách sửa", max_length=10, choices=FixAction)
    text = models.TextField("ghi là", blank=True)
    area = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn", null=True, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="cán bộ", related_name="+")
    made_at = models.DateTimeField("lúc", auto_now_add=True)

    told = ("value",)

    class Meta:
        verbose_name = "cách sửa"
        verbose_name_plural = "các cách sửa"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="importfix_once_for_a_fault",
                fields=["batch", "key", "cause", "value", "whole"],
                violation_error_message="Lỗi này đã có cách sửa.",
            ),
            models.CheckConstraint(
                name="importfix_area_when_an_area",
                condition=Q(action=FixAction.AREA, area__isnull=False)
                | (~Q(action=FixAction.AREA) & Q(area__isnull=True)),
                violation_error_message="Cách sửa địa bàn phải có địa bàn.",
            ),
        ]

    def __str__(self):
        return f"{self.cause}: {self.value}"


class ImportEdit(SealedTexts):
    """A cell typed anew on the page; the file stays as it came."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="edits")
    worksheet = models.CharField("trang tính", max_length=100, blank=True)
    number = models.PositiveIntegerField("dòng")
    #: Header of the column, or for a field that no column fills its name alone.
    column = models.CharField("cột", max_length=TOLD_APART, blank=True)
    key = models.CharField("trường", max_length=80, blank=True)
    #: The cell as the file has it.
    original = models.JSONField("trong tệp", null=True)
    text = models.TextField("ghi là", blank=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="cán bộ", related_name="+")
    made_at = models.DateTimeField("lúc", auto_now=True)

    class Meta:
        verbose_name = "ô đã sửa"
        verbose_name_plural = "các ô đã sửa"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="importedit_once_for_a_cell",
                fields=["batch", "worksheet", "number", "column", "key"],
                violation_error_message="Ô này đã được sửa.",
            )
        ]

    def __str__(self):
        return f"{self.worksheet} {self.number}: {self.column or self.key}"


class ImportDecision(models.Model):
    """What an officer says of one row: the same as a record, different from all, or to be left out."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="decisions")
    worksheet = models.CharField("trang tính", max_length=100, blank=True)
    number = models.PositiveIntegerField("dòng")
    decision = models.CharField("quyết định", max_length=10, choices=Decision)
    #: The record that the row is, where it is the same as one.
    object_id = models.BigIntegerField(null=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="cán bộ", related_name="+")
    made_at = models.DateTimeField("lúc", auto_now=True)

    class Meta:
        verbose_name = "quyết định về dòng"
        verbose_name_plural = "các quyết định về dòng"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="importdecision_once_for_a_row",
                fields=["batch", "worksheet", "number"],
                violation_error_message="Dòng này đã có quyết định.",
            ),
            models.CheckConstraint(
                name="importdecision_record_when_the_same",
                condition=Q(decision=Decision.SAME, object_id__isnull=False)
                | (~Q(decision=Decision.SAME) & Q(object_id__isnull=True)),
                violation_error_message="Quyết định “cùng một đơn vị” phải nêu bản ghi.",
            ),
        ]

    def __str__(self):
        return f"{self.worksheet} {self.number}: {self.get_decision_display()}"
