"""What units promised, agreed, were checked for and what happened in them."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from movement_portal.documents.files import OfficeFileField
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import ScopedModel, SharedQuerySet, path_range
from movement_portal.lib.dates import valid_on
from movement_portal.lib.vietnamese import fold, nfc
from units.enums import AgreementKind, Approximation, CommitmentKind, IncidentConclusion, IncidentKind, PartKind
from units.models.records import UnitRecord


class Commitment(UnitRecord):
    """A unit's signing of one year: persons who signed out of all, which are persons and not attendances."""

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="commitments")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("hình thức", max_length=20, choices=CommitmentKind)
    content = models.CharField("nội dung", max_length=200, blank=True)
    signed_count = models.PositiveIntegerField("số người ký", null=True, blank=True)
    total_count = models.PositiveIntegerField("trên tổng số người", null=True, blank=True)
    approximation = models.CharField("mức chính xác", max_length=10, choices=Approximation, blank=True)
    signed_on = models.DateField("ngày ký", null=True, blank=True)
    scan = OfficeFileField("bản quét", folder="units/commitments")

    class Meta(UnitRecord.Meta):
        verbose_name = "cam kết"
        verbose_name_plural = "cam kết"
        ordering = ["-year", "-id"]
        indexes = [models.Index(name="commitment_by_year", fields=["year", "kind"])]
        constraints = [
            models.UniqueConstraint(
                name="commitment_once",
                fields=["unit", "year", "kind", "content"],
                violation_error_message="Đơn vị đã ghi cam kết này trong năm.",
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
            models.CheckConstraint(
                name="commitment_year_plausible",
                condition=Q(year__gte=1945, year__lte=2200),
                violation_error_message="Năm phải từ 1945.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} năm {self.year}"


class AgreementQuerySet(SharedQuerySet):
    """An agreement is seen in its own area and in that of every party; it is written in its own."""

    def within(self, jurisdiction):
        parties = AgreementParty._base_manager.filter(
            path_range(jurisdiction.path, "unit__jurisdiction__path"), agreement=OuterRef("pk")
        )
        return self.filter(path_range(jurisdiction.path, self.path_lookup) | Exists(parties))

    def as_of(self, date):
        """Agreements in force on the date."""
        return self.filter(valid_on(date))


class CoordinationAgreement(ScopedModel):
    """A regulation, programme or plan of coordination between the police and units (criterion 2.2)."""

    kind = models.CharField("loại văn bản", max_length=20, choices=AgreementKind)
    number = models.CharField("số, ký hiệu", max_length=60)
    title = models.CharField("trích yếu", max_length=300)
    signed_on = models.DateField("ngày ký")
    valid_from = models.DateField("có hiệu lực từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    police_body = models.CharField("cơ quan Công an ký", max_length=200, blank=True)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn", related_name="+")
    scan = OfficeFileField("bản quét", folder="units/agreements")
    note = models.TextField("ghi chú", blank=True)
    search_folded = models.TextField(editable=False)

    objects = AgreementQuerySet.as_manager()

    derived_fields = {"search_folded": ("number", "title", "police_body")}

    class Meta(ScopedModel.Meta):
        verbose_name = "văn bản phối hợp"
        verbose_name_plural = "văn bản phối hợp"
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="agreement_kind_known",
                condition=Q(kind__in=AgreementKind.values),
                violation_error_message="Loại văn bản không có trong danh mục.",
            ),
            models.CheckConstraint(
                name="agreement_has_number_and_title",
                condition=~Q(number="") & ~Q(title=""),
                violation_error_message="Phải ghi số và trích yếu.",
            ),
            models.CheckConstraint(
                name="agreement_ends_after_start",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày hết hiệu lực phải sau ngày có hiệu lực.",
            ),
        ]

    def __str__(self):
        return f"{self.number} ngày {self.signed_on:%d/%m/%Y}"

    def derive(self):
        self.title = nfc(self.title)
        self.search_folded = fold(f"{self.number} {self.title} {self.police_body}")


class AgreementPartyQuerySet(SharedQuerySet):
    """A party is seen by whoever sees the unit, or the agreement's own area."""

    path_lookup = "agreement__jurisdiction__path"

    def within(self, jurisdiction):
        return self.filter(
            path_range(jurisdiction.path, self.path_lookup) | path_range(jurisdiction.path, "unit__jurisdiction__path")
        )


class AgreementParty(ScopedModel):
    """A unit, or another body, that signed an agreement with the police."""

    agreement = models.ForeignKey(
        CoordinationAgreement, models.CASCADE, verbose_name="văn bản phối hợp", related_name="parties"
    )
    unit = models.ForeignKey(
        "units.Unit", models.PROTECT, verbose_name="đơn vị", null=True, blank=True, related_name="agreements"
    )
    body = models.CharField("cơ quan khác", max_length=200, blank=True)

    objects = AgreementPartyQuerySet.as_manager()

    owner_relation = "agreement"
    label_relations = ("unit",)

    class Meta(ScopedModel.Meta):
        verbose_name = "bên ký văn bản phối hợp"
        verbose_name_plural = "bên ký văn bản phối hợp"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="agreementparty_unit_or_body",
                condition=Q(unit__isnull=False, body="") | (Q(unit__isnull=True) & ~Q(body="")),
                violation_error_message="Ghi một đơn vị trong sổ, hoặc tên cơ quan.",
            ),
            models.UniqueConstraint(
                name="agreementparty_unit_once",
                fields=["agreement", "unit"],
                violation_error_message="Đơn vị này đã là một bên ký.",
            ),
        ]

    def __str__(self):
        return self.body or str(self.unit)


class Inspection(UnitRecord):
    """A visit of inspection or guidance to a unit (Thông tư 46 Đ5): what was found, by when it must be put right."""

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="inspections")
    inspected_on = models.DateField("ngày kiểm tra")
    team = models.CharField("đoàn, tổ kiểm tra", max_length=200, blank=True)
    content = models.CharField("nội dung kiểm tra", max_length=300)
    findings = models.TextField("kết quả, tồn tại", blank=True)
    deadline = models.DateField("hạn khắc phục", null=True, blank=True)
    fixed_on = models.DateField("khắc phục xong ngày", null=True, blank=True)
    fix_note = models.CharField("kết quả khắc phục", max_length=300, blank=True)

    class Meta(UnitRecord.Meta):
        verbose_name = "lần kiểm tra"
        verbose_name_plural = "các lần kiểm tra"
        ordering = ["-inspected_on", "-id"]
        indexes = [models.Index(name="inspection_by_deadline", fields=["deadline"], condition=Q(fixed_on=None))]
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


class Incident(UnitRecord):
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

    class Meta(UnitRecord.Meta):
        verbose_name = "vụ việc"
        verbose_name_plural = "vụ việc"
        ordering = ["-occurred_on", "-id"]
        indexes = [models.Index(name="incident_by_day", fields=["occurred_on", "kind"])]
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


class PartRating(UnitRecord):
    """Of the parts of a unit in a year, how many were rated and how many well enough (criteria 5.1, 5.2, 6.1)."""

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="part_ratings")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("đầu mối", max_length=20, choices=PartKind)
    total_count = models.PositiveIntegerField("tổng số đầu mối")
    good_count = models.PositiveIntegerField("số đạt Tập thể LĐTT hoặc Hoàn thành tốt nhiệm vụ trở lên")
    disciplined_count = models.PositiveIntegerField("số người bị kỷ luật từ cảnh cáo trở lên", default=0)

    class Meta(UnitRecord.Meta):
        verbose_name = "xếp loại đầu mối trực thuộc"
        verbose_name_plural = "xếp loại đầu mối trực thuộc"
        ordering = ["-year", "kind"]
        constraints = [
            models.UniqueConstraint(
                name="partrating_once_a_year",
                fields=["unit", "year", "kind"],
                violation_error_message="Năm này đã có số liệu.",
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
            models.CheckConstraint(
                name="partrating_year_plausible",
                condition=Q(year__gte=1945, year__lte=2200),
                violation_error_message="Năm phải từ 1945.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} năm {self.year}"
