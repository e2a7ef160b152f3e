"""How long personal data are held once they are no longer needed, with the source of each period."""

from django.db import models
from django.db.models import Q

from units.enums import HoldingSubject
from units.models.rules import DatedRule


class HoldingPeriod(DatedRule):
    """The months for which one kind of personal data stays after its need has ended; none is set: it stays.

    Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 has them removed when the purpose is over and names no months; the office
    in charge sets them, with its source.
    """

    subject = models.CharField("loại dữ liệu", max_length=30, choices=HoldingSubject)
    months = models.PositiveSmallIntegerField(
        "số tháng lưu", null=True, blank=True, help_text="Tính từ khi hết cần. Để trống là chưa đặt: giữ nguyên."
    )
    basis = models.CharField(
        "căn cứ khác", max_length=300, blank=True, help_text="Quyết định, quy chế của địa phương: số, ngày, cơ quan."
    )

    class Meta(DatedRule.Meta):
        verbose_name = "thời hạn lưu dữ liệu cá nhân"
        verbose_name_plural = "thời hạn lưu dữ liệu cá nhân"
        ordering = ["subject", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                name="holdingperiod_once_a_day",
                fields=["subject", "valid_from"],
                violation_error_message="Thời hạn này đã có từ cùng ngày.",
            ),
            models.CheckConstraint(
                name="holdingperiod_subject_known",
                condition=Q(subject__in=HoldingSubject.values),
                violation_error_message="Loại dữ liệu không có trong danh mục.",
            ),
            models.CheckConstraint(
                name="holdingperiod_has_source",
                condition=Q(months__isnull=True) | Q(legal_document__isnull=False) | ~Q(basis=""),
                violation_error_message="Đặt số tháng thì phải ghi căn cứ: văn bản, hoặc quyết định của địa phương.",
            ),
            models.CheckConstraint(
                name="holdingperiod_some_months",
                condition=Q(months__isnull=True) | Q(months__gte=1),
                violation_error_message="Số tháng lưu phải từ 1.",
            ),
            *DatedRule.Meta.constraints,
        ]

    def __str__(self):
        return self.get_subject_display()

    @property
    def source(self) -> str:
        """Where the period is written, in words."""
        return ", ".join(part for part in (super().source, self.basis) if part)
