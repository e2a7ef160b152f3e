"""What an office has said of its lists before, so that it need not say it again."""

from django.db import models

from movement_portal.jurisdictions.models import Jurisdiction, PoliceOffice
from movement_portal.spreadsheets.models.corrections import TOLD_APART, SealedTexts


class ColumnMemory(models.Model):
    """The field that a header meant in the lists of an office, where the header itself does not tell."""

    sheet = models.CharField("loại bảng", max_length=60)
    office = models.ForeignKey(PoliceOffice, models.CASCADE, verbose_name="đơn vị công an", related_name="+")
    #: The header folded, without accents and case.
    header = models.CharField("cột", max_length=TOLD_APART)
    #: Key of the field, or the mark of a column left out or kept as a note.
    key = models.CharField("trường", max_length=80)
    used_at = models.DateTimeField("dùng lần cuối", auto_now=True)

    class Meta:
        verbose_name = "cột đã nhớ"
        verbose_name_plural = "các cột đã nhớ"
        ordering = ["sheet", "header"]
        constraints = [
            models.UniqueConstraint(
                name="columnmemory_once_for_a_header",
                fields=["office", "sheet", "header"],
                violation_error_message="Cột này đã được nhớ.",
            )
        ]

    def __str__(self):
        return self.header


class ValueMemory(SealedTexts):
    """What a value meant in the lists of an office: another text, or an area."""

    sheet = models.CharField("loại bảng", max_length=60)
    office = models.ForeignKey(PoliceOffice, models.CASCADE, verbose_name="đơn vị công an", related_name="+")
    key = models.CharField("trường", max_length=80)
    value = models.CharField("giá trị", max_length=TOLD_APART)
    text = models.TextField("ghi là", blank=True)
    area = models.ForeignKey(
        Jurisdiction, models.CASCADE, verbose_name="địa bàn", null=True, blank=True, related_name="+"
    )
    used_at = models.DateTimeField("dùng lần cuối", auto_now=True)

    class Meta:
        verbose_name = "cách sửa đã nhớ"
        verbose_name_plural = "các cách sửa đã nhớ"
        ordering = ["sheet", "key", "value"]
        constraints = [
            models.UniqueConstraint(
                name="valuememory_once_for_a_value",
                fields=["office", "sheet", "key", "value"],
                violation_error_message="Giá trị này đã được nhớ.",
            )
        ]

    def __str__(self):
        return self.value


class ConstantMemory(SealedTexts):
    """The value that an office gave a field without a column, in lists with the same headers."""

    sheet = models.CharField("loại bảng", max_length=60)
    office = models.ForeignKey(PoliceOffice, models.CASCADE, verbose_name="đơn vị công an", related_name="+")
    #: Digest of the headers that the lists have in common.
    headers = models.CharField("dấu của các cột", max_length=64)
    key = models.CharField("trường", max_length=80)
    text = models.TextField("giá trị chung")
    used_at = models.DateTimeField("dùng lần cuối", auto_now=True)

    typed = ()
    told = ("text",)

    class Meta:
        verbose_name = "giá trị chung đã nhớ"
        verbose_name_plural = "các giá trị chung đã nhớ"
        ordering = ["sheet", "key"]
        constraints = [
            models.UniqueConstraint(
                name="constantmemory_once_for_a_field",
                fields=["office", "sheet", "headers", "key"],
                violation_error_message="Mục này đã có giá trị được nhớ.",
            )
        ]

    def __str__(self):
        return f"{self.key}: {self.text}"
