"""What units promised, were checked for and what happened in them."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from movement_portal.documents.files import OfficeFileField
from movement_portal.documents.models import LegalDocument
from movement_portal.lib.dates import plausible_year
from movement_portal.lib.orders import Order
from movement_portal.lib.vietnamese import fold, nfc
from units.enums import Approximation, CommitmentKind, IncidentConclusion, IncidentKind, PartKind
from units.models.records import UnitRecord

OTHER_YEAR = "Ngày ký không thuộc năm của cam kết, hãy xem lại."


class EnteredRecord(UnitRecord):
    """A record that a form sends once, however often the form is sent."""

    #: Drawn when the empty form was opened.
    submission_key = models.UUIDField(null=True, unique=True, editable=False)

    untracked_fields = ("submission_key",)

    class Meta(UnitRecord.Meta):
        abstract = True


class Commitment(EnteredRecord):
    """A unit's signing of one year: persons who signed out of all, which are persons and not attendances."""

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="commitments")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("hình thức", max_length=20, choices=CommitmentKind)
    content = models.CharField("nội dung", max_length=200, blank=True)
    signed_count = models.PositiveIntegerField("số người ký", null=True, blank=True)
    total_count = models.PositiveIntegerField("trên tổng số người", null=True, blank=True)
    approximation = models.CharField("mức chính xác", max_length=10, choices=Approximation, blank=True)
    signed_on = models.DateField("ngày ký", null=True, blank=True)
    legal_document = models.ForeignKey(
        LegalDocument, models.PROTECT, verbose_name="thực hiện văn bản", null=True, blank=True, related_name="+"
    )
    scan = OfficeFileField("bản quét", folder="units/commitments")
    search_folded = models.TextField(editable=False)

    past_fields = ("signed_on",)
    orders = (
        Order("signed_on", "year", OTHER_YEAR, is_wall=False),
        Order("year", "signed_on", OTHER_YEAR, is_wall=False),
        Order(
            "legal_document__issued_on", "signed_on", "Ngày ký trước ngày ban hành văn bản, hãy xem lại.", is_wall=False
        ),
    )
    derived_fields = {"search_folded": ("content",)}

    class Meta(EnteredRecord.Meta):
        verbose_name = "cam kết"
        verbose_name_plural = "cam kết"
        ordering = ["-year", "-id"]
        permissions = [("export_commitment", "Xuất danh sách cam kết")]
        indexes = [
            models.Index(name="commitment_newest", fields=["-year", "-id"]),
            models.Index(name="commitment_by_year", fields=["year", "kind"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="commitment_once",
                fields=["unit", "year", "kind", "content"],
                violation_error_message="Đơn vị đã ghi cam kết này trong năm.",
            ),
            models.CheckConstraint(
                name="commitment_of_somebody",
                condition=Q(total_count__isnull=True) | Q(total_count__gte=1),
                violation_error_message="Tổng số người phải từ 1; chưa biết thì để trống.",
            ),
            models.CheckConstraint(
                name="commitment_signed_of_total",
                condition=Q(signed_count__isnull=True)
                | Q(total_count__isnull=True)
                | Q(signed_count__lte=F("total_count")),
                violation_error_message="Số người ký không được nhiều hơn tổng số người.",
            ),
            models.CheckConstraint(
                name="commitment_approximates_a_number",
                condition=Q(approximation="") | Q(signed_count__isnull=False),
                violation_error_message="Chưa ghi số người ký thì không ghi mức chính xác.",
            ),
            models.CheckConstraint(
                name="commitment_kind_known",
                condition=Q(kind__in=CommitmentKind.values),
                violation_error_message="Hình thức không có trong danh mục.",
            ),
            plausible_year("commitment_year_plausible"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} năm {self.year}"

    def get_absolute_url(self):
        return reverse("duties:commitment_detail", args=[self.pk])

    def derive(self):
        self.content = nfc(self.content)
        self.search_folded = f" {fold(self.content)} "


class Inspection(EnteredRecord):
    """A visit of inspection or guidance to a unit (Thông tư 46 Đ5): what was found, by when it must be put right."""

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="inspections")
    inspected_on = models.DateField("ngày kiểm tra")
    team = models.CharField("đoàn, tổ kiểm tra", max_length=200, blank=True)
    content = models.CharField("nội dung kiểm tra", max_length=300)
    findings = models.TextField("kết quả, tồn tại", blank=True)
    deadline = models.DateField("hạn khắc phục", null=True, blank=True)
    fixed_on = models.DateField("khắc phục xong ngày", null=True, blank=True)
    fix_note = models.CharField("kết quả khắc phục", max_length=300, blank=True)
    search_folded = models.TextField(editable=False)

    past_fields = ("inspected_on", "fixed_on")
    derived_fields = {"search_folded": ("team", "content", "findings")}

    class Meta(EnteredRecord.Meta):
        verbose_name = "lần kiểm tra"
        verbose_name_plural = "các lần kiểm tra"
        ordering = ["-inspected_on", "-id"]
        permissions = [("export_inspection", "Xuất danh sách kiểm tra")]
        indexes = [
            models.Index(name="inspection_newest", fields=["-inspected_on", "-id"]),
            models.Index(name="inspection_by_deadline", fields=["deadline"], condition=Q(fixed_on=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="inspection_says_what", condition=~Q(content=""), violation_error_message="Phải ghi nội dung."
            ),
            models.CheckConstraint(
                name="inspection_deadline_after_visit",
                condition=Q(deadline__isnull=True) | Q(deadline__gte=F("inspected_on")),
                violation_error_message="Hạn khắc phục không được trước ngày kiểm tra.",
            ),
            models.CheckConstraint(
                name="inspection_fixed_after_visit",
                condition=Q(fixed_on__isnull=True) | Q(fixed_on__gte=F("inspected_on")),
                violation_error_message="Ngày khắc phục không được trước ngày kiểm tra.",
            ),
        ]

    def __str__(self):
        return f"{self.inspected_on:%d/%m/%Y}: {self.content}"

    def get_absolute_url(self):
        return reverse("duties:inspection_detail", args=[self.pk])

    def derive(self):
        self.content, self.findings = nfc(self.content), nfc(self.findings)
        self.search_folded = f" {fold(f'{self.content} {self.team} {self.findings}')} "


class Incident(EnteredRecord):
    """What a unit must not let happen, as counts and without names (Thông tư 124/2021/TT-BCA Đ6.3, Đ7)."""

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="incidents")
    occurred_on = models.DateField("ngày xảy ra")
    kind = models.CharField("loại vụ việc", max_length=20, choices=IncidentKind)
    incident_count = models.PositiveIntegerField("số vụ", default=1)
    is_force_majeure = models.BooleanField("do bất khả kháng", null=True, blank=True)
    found_in_time = models.BooleanField("phát hiện kịp thời, hạn chế thiệt hại và báo cáo", null=True, blank=True)
    reported_on = models.DateField("báo cáo Công an ngày", null=True, blank=True)
    conclusion = models.CharField(
        "kết luận", max_length=20, choices=IncidentConclusion, default=IncidentConclusion.OPEN
    )
    concluded_on = models.DateField("kết luận ngày", null=True, blank=True)
    summary = models.CharField(
        "tóm tắt", max_length=300, blank=True, help_text="Không ghi họ tên, số giấy tờ của người liên quan."
    )

    past_fields = ("occurred_on", "reported_on", "concluded_on")
    orders = (Order("reported_on", "concluded_on", "Ngày kết luận trước ngày báo cáo, hãy xem lại.", is_wall=False),)

    class Meta(EnteredRecord.Meta):
        verbose_name = "vụ việc"
        verbose_name_plural = "vụ việc"
        ordering = ["-occurred_on", "-id"]
        permissions = [("export_incident", "Xuất danh sách vụ việc")]
        indexes = [
            models.Index(name="incident_newest", fields=["-occurred_on", "-id"]),
            models.Index(name="incident_by_day", fields=["occurred_on", "kind"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="incident_kind_known",
                condition=Q(kind__in=IncidentKind.values),
                violation_error_message="Loại vụ việc không có trong danh mục.",
            ),
            models.CheckConstraint(
                name="incident_counts_something",
                condition=Q(incident_count__gte=1),
                violation_error_message="Phải có ít nhất một vụ.",
            ),
            models.CheckConstraint(
                name="incident_reported_after_it",
                condition=Q(reported_on__isnull=True) | Q(reported_on__gte=F("occurred_on")),
                violation_error_message="Ngày báo cáo không được trước ngày xảy ra.",
            ),
            models.CheckConstraint(
                name="incident_concluded_on_a_day",
                condition=Q(conclusion=IncidentConclusion.OPEN, concluded_on__isnull=True)
                | (~Q(conclusion=IncidentConclusion.OPEN) & Q(concluded_on__isnull=False)),
                violation_error_message="Đã kết luận thì phải ghi ngày kết luận, chưa kết luận thì không.",
            ),
            models.CheckConstraint(
                name="incident_concluded_after_it",
                condition=Q(concluded_on__isnull=True) | Q(concluded_on__gte=F("occurred_on")),
                violation_error_message="Ngày kết luận không được trước ngày xảy ra.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.occurred_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("duties:incident_detail", args=[self.pk])


class PartRating(UnitRecord):
    """Of the parts of a unit in a year, how many were rated and how many well enough (criteria 5.1, 5.2, 6.1)."""

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="part_ratings")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("đầu mối", max_length=20, choices=PartKind)
    total_count = models.PositiveIntegerField("tổng số đầu mối")
    good_count = models.PositiveIntegerField("số đạt Tập thể LĐTT hoặc Hoàn thành tốt nhiệm vụ trở lên")
    disciplined_count = models.PositiveIntegerField("số người bị kỷ luật từ cảnh cáo trở lên", default=0)

    past_fields = ("year",)

    class Meta(UnitRecord.Meta):
        verbose_name = "xếp loại đầu mối trực thuộc"
        verbose_name_plural = "xếp loại đầu mối trực thuộc"
        ordering = ["-year", "kind"]
        permissions = [("export_partrating", "Xuất danh sách xếp loại đầu mối trực thuộc")]
        indexes = [models.Index(name="partrating_newest", fields=["-year", "-id"])]
        constraints = [
            models.UniqueConstraint(
                name="partrating_once_a_year",
                fields=["unit", "year", "kind"],
                violation_error_message="Năm này đã có số liệu.",
            ),
            models.CheckConstraint(
                name="partrating_rates_some",
                condition=Q(total_count__gte=1),
                violation_error_message="Tổng số đầu mối phải từ 1; đơn vị không có đầu mối thì không ghi.",
            ),
            models.CheckConstraint(
                name="partrating_good_of_total",
                condition=Q(good_count__lte=F("total_count")),
                violation_error_message="Số đạt không được nhiều hơn tổng số.",
            ),
            models.CheckConstraint(
                name="partrating_kind_known",
                condition=Q(kind__in=PartKind.values),
                violation_error_message="Đầu mối không có trong danh mục.",
            ),
            plausible_year("partrating_year_plausible"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} năm {self.year}"

    def get_absolute_url(self):
        return reverse("duties:rating_detail", args=[self.pk])
