"""Dated rules: who can earn the title, how the size of an enterprise is measured, what is reminded of about guards."""

from django.db import models
from django.db.models import Q

from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.scoping import ReferenceModel, ReferenceQuerySet
from movement_portal.lib.dates import ends_after_start, valid_on
from units.enums import BusinessSector, Eligibility, EnterpriseSize, GuardRuleSubject, UnitKind


class DatedRuleQuerySet(ReferenceQuerySet):
    def as_of(self, date):
        """Rules in force on the date."""
        return self.filter(valid_on(date))


class DatedRule(ReferenceModel):
    """A rule as it stands from one day to another, with its legal source."""

    legal_document = models.ForeignKey(
        LegalDocument, models.PROTECT, verbose_name="văn bản", null=True, blank=True, related_name="+"
    )
    article = models.CharField("điều, khoản", max_length=60, blank=True)
    valid_from = models.DateField("áp dụng từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    objects = DatedRuleQuerySet.as_manager()

    class Meta(ReferenceModel.Meta):
        abstract = True
        constraints = [ends_after_start("%(class)s_ends_after_start", is_start_known=True)]

    @property
    def source(self) -> str:
        """The legal source in words; empty for a custom of the office."""
        return ", ".join(part for part in (self.legal_document and self.legal_document.cited, self.article) if part)


class EligibilityRule(DatedRule):
    """One line of the rule of who can be recognised: the first line that fits a unit decides, in the order given."""

    class Attribute(models.TextChoices):
        ANY = "any", "mọi đơn vị của khối"
        SUBKIND = "subkind", "loại hình"
        ARMED_FORCE = "is_armed_force", "đơn vị lực lượng vũ trang"
        STATE_BUDGET = "is_state_budget", "hưởng ngân sách nhà nước"
        ENTERPRISE_SIZE = "enterprise_size", "quy mô doanh nghiệp"
        SCHOOL_LEVEL = "school_level", "cấp học"

    order = models.PositiveSmallIntegerField("thứ tự")
    unit_kind = models.CharField("khối", max_length=20, choices=UnitKind)
    attribute = models.CharField("căn cứ vào", max_length=20, choices=Attribute)
    value = models.CharField(
        "giá trị", max_length=40, blank=True, help_text="Để trống nghĩa là đơn vị chưa ghi giá trị này."
    )
    outcome = models.CharField("kết quả", max_length=20, choices=Eligibility)
    reason = models.CharField("lý do", max_length=300)
    legal_document = models.ForeignKey(LegalDocument, models.PROTECT, verbose_name="văn bản", related_name="+")

    class Meta(DatedRule.Meta):
        verbose_name = "quy định về đối tượng"
        verbose_name_plural = "quy định về đối tượng"
        ordering = ["valid_from", "order"]
        constraints = [
            models.UniqueConstraint(
                name="eligibilityrule_order_once",
                fields=["valid_from", "order"],
                violation_error_message="Thứ tự này đã có trong cùng đợt áp dụng.",
            ),
            models.CheckConstraint(
                name="eligibilityrule_yes_no_value",
                condition=~Q(attribute__in=["is_armed_force", "is_state_budget"]) | Q(value__in=["", "true", "false"]),
                violation_error_message="Giá trị của căn cứ này là “true”, “false” hoặc để trống.",
            ),
            *DatedRule.Meta.constraints,
        ]

    def __str__(self):
        return f"{self.get_unit_kind_display()}: {self.reason}"


class SizeThreshold(DatedRule):
    """The ceilings of one enterprise size in one group of business lines; amounts in đồng."""

    size = models.CharField("quy mô", max_length=10, choices=EnterpriseSize)
    sector = models.CharField("nhóm ngành", max_length=20, choices=BusinessSector)
    max_staff = models.PositiveIntegerField("lao động tối đa")
    max_revenue_amount = models.PositiveBigIntegerField("doanh thu tối đa (đồng/năm)")
    max_capital_amount = models.PositiveBigIntegerField("nguồn vốn tối đa (đồng)")
    legal_document = models.ForeignKey(LegalDocument, models.PROTECT, verbose_name="văn bản", related_name="+")

    class Meta(DatedRule.Meta):
        verbose_name = "ngưỡng quy mô doanh nghiệp"
        verbose_name_plural = "ngưỡng quy mô doanh nghiệp"
        ordering = ["valid_from", "sector", "max_staff"]
        constraints = [
            models.UniqueConstraint(
                name="sizethreshold_once",
                fields=["size", "sector", "valid_from"],
                violation_error_message="Ngưỡng này đã có.",
            ),
            *DatedRule.Meta.constraints,
        ]

    def __str__(self):
        return f"{self.get_size_display()}, {self.get_sector_display()}"


class GuardRule(DatedRule):
    """A rule about guards as it stands from one day to another, with its source; a warning, never a wall."""

    subject = models.CharField("về", max_length=30, choices=GuardRuleSubject)
    value = models.CharField(
        "giá trị", max_length=40, blank=True, help_text="Một số, hoặc mã trình độ; để trống khi quy định không có số."
    )
    message = models.CharField("lời nhắc", max_length=300, blank=True)

    class Meta(DatedRule.Meta):
        verbose_name = "quy định về bảo vệ"
        verbose_name_plural = "quy định về bảo vệ"
        ordering = ["subject", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                name="guardrule_once_a_day",
                fields=["subject", "valid_from"],
                violation_error_message="Quy định này đã có từ cùng ngày.",
            ),
            *DatedRule.Meta.constraints,
        ]

    def __str__(self):
        return self.get_subject_display()
