"""Criteria of the title “An toàn về an ninh, trật tự” as dated sets, each from its legal document."""

from django.db import models
from django.db.models import Q

from assessments.enums import CriterionCondition, CriterionKind
from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.scoping import ReferenceModel
from units.models.rules import DatedRule


class CriteriaSet(DatedRule):
    """The criteria for some kinds of units under one legal document, from one date to another; all must be met."""

    code = models.CharField("mã bộ tiêu chí", max_length=30, unique=True)
    name = models.CharField("tên", max_length=200)
    applies_to_agencies = models.BooleanField("áp dụng cho cơ quan", default=False)
    applies_to_enterprises = models.BooleanField("áp dụng cho doanh nghiệp", default=False)
    applies_to_schools = models.BooleanField("áp dụng cho cơ sở giáo dục", default=False)
    legal_document = models.ForeignKey(LegalDocument, models.PROTECT, verbose_name="văn bản", related_name="+")

    class Meta(DatedRule.Meta):
        verbose_name = "bộ tiêu chí"
        verbose_name_plural = "bộ tiêu chí"
        ordering = ["-valid_from", "code"]
        constraints = [
            models.CheckConstraint(
                name="criteriaset_for_somebody",
                condition=Q(applies_to_agencies=True) | Q(applies_to_enterprises=True) | Q(applies_to_schools=True),
                violation_error_message="Phải chọn ít nhất một khối.",
            ),
            *DatedRule.Meta.constraints,
        ]

    def __str__(self):
        return self.name


class Criterion(ReferenceModel):
    """One item of a set; its label is condensed for the screen, a printed paper cites the article."""

    criteria_set = models.ForeignKey(CriteriaSet, models.CASCADE, verbose_name="bộ tiêu chí", related_name="criteria")
    order = models.PositiveSmallIntegerField("thứ tự")
    group_code = models.CharField("nhóm", max_length=10)
    group_label = models.CharField("tên nhóm", max_length=200)
    code = models.CharField("mã", max_length=10)
    label = models.CharField("nội dung", max_length=300)
    kind = models.CharField("cách xét", max_length=10, choices=CriterionKind)
    threshold_percent = models.PositiveSmallIntegerField("tỷ lệ tối thiểu (%)", null=True, blank=True)
    min_count = models.PositiveSmallIntegerField("số lượng tối thiểu", null=True, blank=True)
    condition = models.CharField("chỉ xét khi", max_length=30, choices=CriterionCondition, blank=True)
    is_excused_by_force_majeure = models.BooleanField("trừ trường hợp bất khả kháng", default=False)
    is_excused_when_reported = models.BooleanField(
        "trừ trường hợp tự phát hiện, ngăn chặn và báo cáo kịp thời", default=False
    )

    class Meta(ReferenceModel.Meta):
        verbose_name = "tiêu chí"
        verbose_name_plural = "tiêu chí"
        ordering = ["criteria_set", "order"]
        constraints = [
            models.UniqueConstraint(
                name="criterion_code_once",
                fields=["criteria_set", "code"],
                violation_error_message="Mã tiêu chí này đã có trong bộ.",
            ),
            models.CheckConstraint(
                name="criterion_share_has_threshold",
                condition=Q(kind=CriterionKind.SHARE, threshold_percent__gte=1, threshold_percent__lte=100)
                | (~Q(kind=CriterionKind.SHARE) & Q(threshold_percent__isnull=True)),
                violation_error_message="Tiêu chí theo tỷ lệ phải có tỷ lệ từ 1 đến 100, tiêu chí khác thì không.",
            ),
        ]

    def __str__(self):
        return f"{self.code}. {self.label}"
