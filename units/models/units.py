"""The register: agencies, enterprises and schools, and what is known of each."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from movement_portal.documents.models import take_numbers
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import ReferenceModel, ScopedModel, ScopedQuerySet
from movement_portal.lib.vietnamese import fold, nfc, sort_key
from units.enums import (
    BusinessSector,
    EnterpriseSize,
    GroupingKind,
    SchoolLevel,
    UnitKind,
    UnitStatus,
    UnitSubkind,
)
from units.search import search_texts

CODE_SERIES = "units.unit"


class Grouping(ReferenceModel):
    """A group that units belong to beside their area: a sector, an industrial park, a governing body."""

    kind = models.CharField("loại nhóm", max_length=20, choices=GroupingKind)
    name = models.CharField("tên", max_length=200)
    code = models.CharField("mã", max_length=30, blank=True)
    name_sort = models.CharField(max_length=250, editable=False)
    search_folded = models.CharField(max_length=250, editable=False)

    derived_fields = {"name_sort": ("name",), "search_folded": ("name", "code")}

    class Meta(ReferenceModel.Meta):
        verbose_name = "nhóm đơn vị"
        verbose_name_plural = "nhóm đơn vị"
        ordering = ["kind", "name_sort", "id"]
        constraints = [
            models.UniqueConstraint(
                name="grouping_name_once",
                fields=["kind", "search_folded"],
                violation_error_message="Nhóm này đã có.",
            ),
        ]

    def __str__(self):
        return self.name

    def derive(self):
        self.name = nfc(self.name)
        self.name_sort = sort_key(self.name)
        self.search_folded = fold(f"{self.name} {self.code}")[:250]


class UnitQuerySet(ScopedQuerySet):
    def open(self):
        """Units that still exist: working or suspended."""
        return self.filter(status__in=[UnitStatus.ACTIVE, UnitStatus.SUSPENDED])


class Unit(ScopedModel):
    """An agency, enterprise or school in the register, under the area it lies in today."""

    code = models.CharField("mã đơn vị", max_length=12, unique=True, editable=False)
    name = models.CharField("tên đơn vị", max_length=255)
    other_names = models.TextField("tên khác", blank=True, help_text="Mỗi dòng một tên: tên viết tắt, tên cũ.")
    kind = models.CharField("khối", max_length=20, choices=UnitKind)
    subkind = models.CharField("loại hình", max_length=40, choices=UnitSubkind, blank=True)

    school_level = models.CharField("cấp học", max_length=20, choices=SchoolLevel, blank=True)
    enterprise_size = models.CharField("quy mô", max_length=10, choices=EnterpriseSize, blank=True)
    business_sector = models.CharField("nhóm ngành", max_length=20, choices=BusinessSector, blank=True)
    business_line = models.CharField("ngành nghề kinh doanh chính", max_length=255, blank=True)
    size_year = models.PositiveSmallIntegerField("năm của số liệu quy mô", null=True, blank=True)
    size_staff_count = models.PositiveIntegerField("lao động bình quân", null=True, blank=True)
    size_revenue_amount = models.PositiveBigIntegerField("doanh thu (đồng/năm)", null=True, blank=True)
    size_capital_amount = models.PositiveBigIntegerField("nguồn vốn (đồng)", null=True, blank=True)
    is_armed_force = models.BooleanField("thuộc lực lượng vũ trang", default=False)
    is_state_budget = models.BooleanField("hưởng ngân sách nhà nước", null=True, blank=True)
    has_party_organisation = models.BooleanField("có tổ chức Đảng", null=True, blank=True)

    tax_code = models.CharField("mã số thuế", max_length=14, blank=True)
    school_code = models.CharField("mã trường", max_length=20, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="đơn vị cấp trên", null=True, blank=True, related_name="branches"
    )

    address = models.CharField("địa chỉ", max_length=500, blank=True)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn", related_name="units")
    area_needs_review = models.BooleanField("cần xác định địa bàn", default=False, db_index=True)
    area_note = models.CharField("địa bàn ghi trong danh sách gốc", max_length=255, blank=True)

    head_name = models.CharField("người đứng đầu", max_length=100, blank=True)
    head_title = models.CharField("chức vụ người đứng đầu", max_length=100, blank=True)
    head_phone = models.CharField("điện thoại người đứng đầu", max_length=100, blank=True)
    contact_name = models.CharField("đầu mối liên hệ", max_length=100, blank=True)
    contact_title = models.CharField("chức vụ đầu mối", max_length=100, blank=True)
    contact_phone = models.CharField("điện thoại đầu mối", max_length=100, blank=True)

    sector = models.ForeignKey(
        Grouping,
        models.PROTECT,
        verbose_name="ngành, lĩnh vực",
        null=True,
        blank=True,
        related_name="sector_units",
        limit_choices_to={"kind": GroupingKind.SECTOR},
    )
    industrial_park = models.ForeignKey(
        Grouping,
        models.PROTECT,
        verbose_name="khu, cụm công nghiệp",
        null=True,
        blank=True,
        related_name="park_units",
        limit_choices_to={"kind": GroupingKind.INDUSTRIAL_PARK},
    )
    governing_body = models.ForeignKey(
        Grouping,
        models.PROTECT,
        verbose_name="cơ quan chủ quản",
        null=True,
        blank=True,
        related_name="governed_units",
        limit_choices_to={"kind": GroupingKind.GOVERNING_BODY},
    )

    status = models.CharField(
        "tình trạng", max_length=20, choices=UnitStatus, default=UnitStatus.ACTIVE, editable=False
    )
    status_on = models.DateField("từ ngày", null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="sáp nhập vào",
        null=True,
        blank=True,
        editable=False,
        related_name="merged_units",
    )

    eligibility_override = models.BooleanField("kết luận riêng về đối tượng", null=True, blank=True, editable=False)
    eligibility_reason = models.CharField("lý do kết luận riêng", max_length=300, blank=True, editable=False)

    note = models.TextField("ghi chú", blank=True)
    created_at = models.DateTimeField("nhập lúc", auto_now_add=True)
    updated_at = models.DateTimeField("sửa lúc", auto_now=True)

    name_sort = models.CharField(max_length=250, editable=False)
    search_folded = models.TextField(editable=False)
    search_accented = models.TextField(editable=False)

    objects = UnitQuerySet.as_manager()

    derived_fields = {
        "name_sort": ("name",),
        "search_folded": (
            "name",
            "other_names",
            "code",
            "tax_code",
            "school_code",
            "head_name",
            "head_phone",
            "contact_name",
            "contact_phone",
        ),
        "search_accented": ("name", "other_names", "head_name", "contact_name"),
    }
    untracked_fields = ("created_at", "updated_at")

    class Meta(ScopedModel.Meta):
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ["name_sort", "id"]
        permissions = [
            ("change_unit_status", "Đổi tình trạng đơn vị"),
            ("override_eligibility", "Kết luận riêng về đối tượng"),
            ("import_unit", "Nhập đơn vị từ bảng"),
            ("export_unit", "Xuất danh sách đơn vị"),
        ]
        indexes = [
            models.Index(name="unit_by_name", fields=["name_sort", "id"]),
            models.Index(name="unit_by_area", fields=["jurisdiction", "name_sort", "id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="unit_tax_code_once",
                fields=["tax_code"],
                condition=~Q(tax_code=""),
                violation_error_message="Mã số thuế này đã có ở một đơn vị khác.",
            ),
            models.UniqueConstraint(
                name="unit_school_code_once",
                fields=["school_code"],
                condition=~Q(school_code=""),
                violation_error_message="Mã trường này đã có ở một đơn vị khác.",
            ),
            models.CheckConstraint(
                name="unit_has_name",
                condition=~Q(name=""),
                violation_error_message="Phải có tên đơn vị.",
            ),
            models.CheckConstraint(
                name="unit_merged_into_when_merged",
                condition=Q(status=UnitStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=UnitStatus.MERGED) & Q(merged_into__isnull=True)),
                violation_error_message="Đơn vị đã sáp nhập phải ghi đơn vị nhận, đơn vị khác thì không.",
            ),
            models.CheckConstraint(
                name="unit_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                violation_error_message="Đơn vị không thể sáp nhập vào chính nó.",
            ),
            models.CheckConstraint(
                name="unit_status_dated",
                condition=Q(status=UnitStatus.ACTIVE) | Q(status_on__isnull=False),
                violation_error_message="Phải ghi ngày đổi tình trạng.",
            ),
            models.CheckConstraint(
                name="unit_override_has_reason",
                condition=Q(eligibility_override__isnull=True) | ~Q(eligibility_reason=""),
                violation_error_message="Kết luận riêng về đối tượng phải có lý do.",
            ),
            models.CheckConstraint(
                name="unit_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message="Đơn vị không thể là cấp trên của chính nó.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if not self.code:
            self.code = new_codes(1)[0]
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("units:unit_detail", args=[self.code])

    def derive(self):
        self.name = nfc(self.name)
        self.name_sort = sort_key(self.name)
        self.search_folded, self.search_accented = search_texts(self)


def new_codes(count: int) -> list[str]:
    """Internal codes never given before: DV and seven digits."""
    return [f"DV{number:07d}" for number in take_numbers(CODE_SERIES, count)]


class UnitRecordQuerySet(ScopedQuerySet):
    """Rows that belong to a unit are seen by whoever sees the unit."""

    path_lookup = "unit__jurisdiction__path"


class UnitRecord(ScopedModel):
    """A record of one unit; its changes are told on the unit's page."""

    objects = UnitRecordQuerySet.as_manager()

    owner_relation = "unit"

    class Meta(ScopedModel.Meta):
        abstract = True


class UnitIdentifier(UnitRecord):
    """Another official code of a unit, kept as text."""

    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="đơn vị", related_name="identifiers")
    scheme = models.CharField("loại mã", max_length=60, help_text="Ví dụ: mã định danh cơ quan, mã BHXH.")
    value = models.CharField("mã", max_length=60)

    class Meta(UnitRecord.Meta):
        verbose_name = "mã khác"
        verbose_name_plural = "mã khác"
        ordering = ["scheme", "value"]
        constraints = [
            models.UniqueConstraint(
                name="unitidentifier_once",
                fields=["scheme", "value"],
                violation_error_message="Mã này đã có ở một đơn vị khác.",
            ),
        ]

    def __str__(self):
        return f"{self.scheme}: {self.value}"


class Headcount(UnitRecord):
    """People of a unit in one year: staff and learners, as counts only."""

    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="đơn vị", related_name="headcounts")
    year = models.PositiveSmallIntegerField("năm")
    staff_count = models.PositiveIntegerField("cán bộ, nhân viên, người lao động", null=True, blank=True)
    learner_count = models.PositiveIntegerField("người học", null=True, blank=True)

    label_relations = ("unit",)

    class Meta(UnitRecord.Meta):
        verbose_name = "số người theo năm"
        verbose_name_plural = "số người theo năm"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                name="headcount_once_a_year",
                fields=["unit", "year"],
                violation_error_message="Năm này đã có số liệu.",
            ),
            models.CheckConstraint(
                name="headcount_counts_something",
                condition=Q(staff_count__isnull=False) | Q(learner_count__isnull=False),
                violation_error_message="Phải ghi ít nhất một số.",
            ),
            models.CheckConstraint(
                name="headcount_year_plausible",
                condition=Q(year__gte=1945, year__lte=2200),
                violation_error_message="Năm phải từ 1945.",
            ),
        ]

    def __str__(self):
        return f"{self.unit}, {self.year}"


class Placement(UnitRecord):
    """The area a unit lay in from one day to another; the last one, open, is where it lies today."""

    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="đơn vị", related_name="placements")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn", related_name="+")
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    legal_basis = models.CharField("căn cứ", max_length=200, blank=True)

    label_relations = ("unit", "jurisdiction")

    class Meta(UnitRecord.Meta):
        verbose_name = "địa bàn theo thời gian"
        verbose_name_plural = "địa bàn theo thời gian"
        ordering = [F("valid_from").desc(nulls_last=True), "-id"]
        constraints = [
            models.UniqueConstraint(
                name="placement_open_once",
                fields=["unit"],
                condition=Q(valid_to__isnull=True),
                violation_error_message="Đơn vị chỉ có một địa bàn hiện nay.",
            ),
            models.CheckConstraint(
                name="placement_ends_after_start",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self):
        return f"{self.unit}: {self.jurisdiction}"


class StatusChange(UnitRecord):
    """One step in the life of a unit: what it was, what it became, on which day and why."""

    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name="đơn vị", related_name="status_changes")
    from_status = models.CharField("từ tình trạng", max_length=20, choices=UnitStatus)
    to_status = models.CharField("sang tình trạng", max_length=20, choices=UnitStatus)
    effective_on = models.DateField("từ ngày")
    merged_into = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="sáp nhập vào", null=True, blank=True, related_name="+"
    )
    reason = models.CharField("lý do, căn cứ", max_length=300)

    label_relations = ("unit",)

    class Meta(UnitRecord.Meta):
        verbose_name = "đổi tình trạng"
        verbose_name_plural = "đổi tình trạng"
        ordering = ["-effective_on", "-id"]

    def __str__(self):
        return f"{self.unit}: {self.get_to_status_display()}"
