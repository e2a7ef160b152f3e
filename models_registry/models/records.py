"""What is written of a model year by year: strength, activity, rating, recognition, and the steps of its life."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from models_registry.enums import ModelGrade, ModelStatus, ModelStepKind, RecognitionLevel
from models_registry.models.members import ModelRecord
from movement_portal.lib.dates import plausible_year
from movement_portal.lib.orders import Order
from units.enums import Approximation

SITE = "models_registry.SelfManagedModel"


class ModelStrength(ModelRecord):
    """Groups, members and cameras of a model as counted on a day; members are persons, never participations."""

    model = models.ForeignKey(SITE, models.CASCADE, verbose_name="mô hình", related_name="strengths")
    counted_on = models.DateField("ngày thống kê")
    group_count = models.PositiveIntegerField("số tổ", null=True, blank=True)
    member_count = models.PositiveIntegerField("số thành viên", null=True, blank=True)
    camera_count = models.PositiveIntegerField("số camera", null=True, blank=True)

    past_fields = ("counted_on",)
    orders = (Order("counted_on", "model__ended_on", "Ngày thống kê sau ngày mô hình kết thúc."),)

    class Meta(ModelRecord.Meta):
        verbose_name = "lực lượng của mô hình"
        verbose_name_plural = "lực lượng của mô hình"
        ordering = ["-counted_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="modelstrength_once_a_day",
                fields=["model", "counted_on"],
                violation_error_message="Ngày này đã có số liệu.",
            ),
            models.CheckConstraint(
                name="modelstrength_counts_something",
                condition=Q(group_count__isnull=False) | Q(member_count__isnull=False) | Q(camera_count__isnull=False),
                violation_error_message="Phải ghi ít nhất một số.",
            ),
        ]

    def __str__(self):
        return f"{self.counted_on:%d/%m/%Y}"


class ModelLogEntry(ModelRecord):
    """One activity of a model; participations (“lượt người”) are counted per activity and are not persons."""

    model = models.ForeignKey(SITE, models.CASCADE, verbose_name="mô hình", related_name="log_entries")
    held_on = models.DateField("ngày")
    content = models.CharField("nội dung, kết quả", max_length=500)
    participation_count = models.PositiveIntegerField("lượt người tham gia", null=True, blank=True)
    approximation = models.CharField("mức chính xác", max_length=10, choices=Approximation, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    past_fields = ("held_on",)
    orders = (
        Order("held_on", "model__ended_on", "Ngày hoạt động sau ngày mô hình kết thúc."),
        Order("model__launched_on", "held_on", "Hoạt động trước ngày mô hình ra mắt, hãy xem lại.", is_wall=False),
    )

    class Meta(ModelRecord.Meta):
        verbose_name = "hoạt động của mô hình"
        verbose_name_plural = "hoạt động của mô hình"
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(name="modellogentry_by_day", fields=["held_on"])]
        constraints = [
            models.UniqueConstraint(
                name="modellogentry_once",
                fields=["model", "held_on", "content"],
                violation_error_message="Hoạt động này đã ghi: cùng ngày, cùng nội dung.",
            ),
            models.CheckConstraint(
                name="modellogentry_says_something",
                condition=~Q(content=""),
                violation_error_message="Phải ghi nội dung hoạt động.",
            ),
            models.CheckConstraint(
                name="modellogentry_approximates_a_number",
                condition=Q(approximation="") | Q(participation_count__isnull=False),
                violation_error_message="Chưa ghi số lượt người thì không ghi mức chính xác.",
            ),
        ]

    def __str__(self):
        return f"{self.held_on:%d/%m/%Y}: {self.content}"


class ModelRating(ModelRecord):
    """How a model did in one year."""

    model = models.ForeignKey(SITE, models.CASCADE, verbose_name="mô hình", related_name="ratings")
    year = models.PositiveSmallIntegerField("năm")
    grade = models.CharField("xếp loại", max_length=20, choices=ModelGrade)
    remark = models.CharField("nhận xét", max_length=500, blank=True)

    past_fields = ("year",)
    orders = (
        Order("model__launched_on", "year", "Năm này mô hình chưa ra mắt.", needs_first=True),
        Order("year", "model__ended_on", "Năm này mô hình đã kết thúc."),
    )

    class Meta(ModelRecord.Meta):
        verbose_name = "xếp loại mô hình"
        verbose_name_plural = "xếp loại mô hình"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                name="modelrating_once_a_year",
                fields=["model", "year"],
                violation_error_message="Năm này đã xếp loại.",
            ),
            models.CheckConstraint(
                name="modelrating_grade_known",
                condition=Q(grade__in=ModelGrade.values),
                violation_error_message="Mức xếp loại không có trong danh mục.",
            ),
            plausible_year("modelrating_year_plausible"),
        ]

    def __str__(self):
        return f"{self.year}: {self.get_grade_display()}"


class ModelRecognition(ModelRecord):
    """A decision that names the model an advanced example (“điển hình tiên tiến”)."""

    model = models.ForeignKey(SITE, models.CASCADE, verbose_name="mô hình", related_name="recognitions")
    level = models.CharField("cấp công nhận", max_length=20, choices=RecognitionLevel)
    decision_number = models.CharField("số quyết định", max_length=60)
    decision_on = models.DateField("ngày quyết định")
    issuer = models.CharField("cơ quan quyết định", max_length=200, blank=True)

    past_fields = ("decision_on",)
    orders = (Order("model__launched_on", "decision_on", "Ngày này mô hình chưa ra mắt.", needs_first=True),)

    class Meta(ModelRecord.Meta):
        verbose_name = "công nhận điển hình"
        verbose_name_plural = "công nhận điển hình"
        ordering = ["-decision_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="modelrecognition_once",
                fields=["model", "level", "decision_number", "decision_on"],
                violation_error_message="Quyết định này đã ghi.",
            ),
            models.CheckConstraint(
                name="modelrecognition_has_number",
                condition=~Q(decision_number=""),
                violation_error_message="Phải ghi số quyết định.",
            ),
            models.CheckConstraint(
                name="modelrecognition_level_known",
                condition=Q(level__in=RecognitionLevel.values),
                violation_error_message="Cấp công nhận không có trong danh mục.",
            ),
        ]

    def __str__(self):
        return f"{self.get_level_display()}, số {self.decision_number}"


class ModelStep(ModelRecord):
    """One step in the life of a model: what was done, on which day, on what decision and why."""

    model = models.ForeignKey(SITE, models.CASCADE, verbose_name="mô hình", related_name="steps")
    kind = models.CharField("việc", max_length=20, choices=ModelStepKind)
    from_status = models.CharField("từ tình trạng", max_length=20, choices=ModelStatus, blank=True)
    to_status = models.CharField("sang tình trạng", max_length=20, choices=ModelStatus)
    effective_on = models.DateField("ngày")
    decision_number = models.CharField("số văn bản", max_length=60, blank=True)
    decision_on = models.DateField("ngày văn bản", null=True, blank=True)
    reason = models.CharField("lý do, nội dung", max_length=300, blank=True)
    #: The copy made by a replication, or the model that takes this one in.
    other = models.ForeignKey(
        SITE, models.PROTECT, verbose_name="mô hình liên quan", null=True, blank=True, related_name="+"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="cán bộ ghi", null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField("ghi lúc", default=timezone.now, editable=False)

    past_fields = ("effective_on", "decision_on")
    label_relations = ("other",)
    untracked_fields = ("recorded_at",)

    class Meta(ModelRecord.Meta):
        verbose_name = "bước của mô hình"
        verbose_name_plural = "bước của mô hình"
        ordering = ["-effective_on", "-id"]
        indexes = [models.Index(name="modelstep_by_day", fields=["kind", "effective_on"])]
        constraints = [
            models.CheckConstraint(
                name="modelstep_kind_known",
                condition=Q(kind__in=ModelStepKind.values),
                violation_error_message="Việc không có trong danh mục.",
            ),
            models.CheckConstraint(
                name="modelstep_other_where_needed",
                condition=~Q(kind__in=(ModelStepKind.MERGE, ModelStepKind.REPLICATE)) | Q(other__isnull=False),
                violation_error_message="Phải ghi mô hình liên quan.",
            ),
            models.CheckConstraint(
                name="modelstep_ending_has_reason",
                condition=~Q(
                    kind__in=(
                        ModelStepKind.RETIRE,
                        ModelStepKind.DISSOLVE,
                        ModelStepKind.MERGE,
                        ModelStepKind.RESTORE,
                    )
                )
                | ~Q(reason=""),
                violation_error_message="Phải ghi lý do.",
            ),
            models.CheckConstraint(
                name="modelstep_not_with_itself",
                condition=Q(other__isnull=True) | ~Q(other=F("model")),
                violation_error_message="Mô hình liên quan phải là mô hình khác.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.effective_on:%d/%m/%Y}"
