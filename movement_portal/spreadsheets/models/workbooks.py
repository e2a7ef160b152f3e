"""Workbooks that left the portal to be filled in and sent back."""

from django.conf import settings
from django.db import models

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import ScopedModel
from movement_portal.spreadsheets.models.scoping import OfSheetQuerySet


class IssuedWorkbook(ScopedModel):
    """The records of one area as a workbook for an office; it comes back as an import that names it."""

    sheet = models.CharField("loại bảng", max_length=60)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="cán bộ", related_name="+")
    #: Rows of other areas are refused when it comes back.
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn", related_name="+")
    #: Keys of the records that went out: those that do not come back are named.
    record_ids = models.JSONField("các bản ghi", default=list)
    row_count = models.PositiveIntegerField("số dòng", default=0)
    issued_at = models.DateTimeField("xuất lúc", auto_now_add=True)

    objects = OfSheetQuerySet.as_manager()

    untracked_fields = ("record_ids",)

    class Meta(ScopedModel.Meta):
        verbose_name = "tệp gửi đi nhận lại"
        verbose_name_plural = "các tệp gửi đi nhận lại"
        ordering = ["-issued_at", "-id"]

    def __str__(self):
        return f"Tệp số {self.pk}, {self.jurisdiction}"

    label_relations = ("jurisdiction",)
