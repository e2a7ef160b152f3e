"""Forms of commendation: who decides each, to whom it may go and at which level it is counted."""

from django.db import models

from awards.enums import AwardLevel, AwardRecipient
from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.scoping import ReferenceModel, ReferenceQuerySet
from movement_portal.lib.dates import ends_after_start, valid_on
from movement_portal.lib.vietnamese import fold, nfc


class AwardFormQuerySet(ReferenceQuerySet):
    def as_of(self, date):
        """Forms that may be decided on the date."""
        return self.filter(valid_on(date))


class AwardForm(ReferenceModel):
    """One form (“hình thức khen thưởng”); forms of dissolved bodies stay selectable for their own dates."""

    name = models.CharField("hình thức", max_length=200)
    level = models.CharField("cấp khen", max_length=20, choices=AwardLevel)
    recipient = models.CharField("đối tượng", max_length=20, choices=AwardRecipient, default=AwardRecipient.BOTH)
    decided_by = models.CharField("người quyết định", max_length=200)
    is_once_in_a_life = models.BooleanField("chỉ tặng một lần", default=False)
    is_counted = models.BooleanField("tính vào thống kê khen thưởng", default=True)
    is_verified = models.BooleanField(
        "đã đối chiếu văn bản", default=False, help_text="Bỏ chọn nếu còn phải đối chiếu với quy định của địa phương."
    )
    legal_document = models.ForeignKey(
        LegalDocument, models.PROTECT, verbose_name="căn cứ", null=True, blank=True, related_name="+"
    )
    valid_from = models.DateField("áp dụng từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    search_folded = models.CharField(max_length=250, editable=False)

    objects = AwardFormQuerySet.as_manager()

    derived_fields = {"search_folded": ("name",)}

    class Meta(ReferenceModel.Meta):
        verbose_name = "hình thức khen thưởng"
        verbose_name_plural = "hình thức khen thưởng"
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(
                name="awardform_name_once",
                fields=["search_folded"],
                violation_error_message="Hình thức này đã có.",
            ),
            ends_after_start("awardform_ends_after_start"),
        ]

    def __str__(self):
        return self.name

    def derive(self):
        self.name = nfc(self.name)
        self.search_folded = fold(self.name)
