"""The register: agencies, enterprises and schools, and what is known of each."""

import contextlib

from django.core.exceptions import ValidationError
from django.db import models, router
from django.db.models import F, Q
from django.urls import reverse

from movement_portal.documents.models import take_numbers
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import ScopedModel, ScopedQuerySet
from movement_portal.lib import bulk, wholes
from movement_portal.lib.dates import FIRST_YEAR, LAST_YEAR
from movement_portal.lib.phones import normal_phones
from movement_portal.lib.vietnamese import nfc, sort_key
from units.enums import (
    BusinessSector,
    EnterpriseSize,
    GroupingKind,
    SchoolLevel,
    UnitKind,
    UnitStatus,
    UnitSubkind,
    subkinds_of,
)
from units.models.groupings import Grouping
from units.models.records import Placement, align_placements, open_placement
from units.search import search_texts

CODE_SERIES = "units.unit"

PHONE_FIELDS = ("head_phone", "contact_phone")


def validate_phones(value):
    """Refuse a cell in which something is no telephone number."""
    try:
        normal_phones(value)
    except ValueError as error:
        raise ValidationError(f"“{error}” không phải là số điện thoại.", code="phone") from error


#: A unit in one of these still exists.
OPEN_STATUSES = (UnitStatus.ACTIVE, UnitStatus.SUSPENDED)


class UnitQuerySet(ScopedQuerySet):
    def open(self):
        """Units that still exist: working or suspended."""
        return self.filter(status__in=OPEN_STATUSES)

    def may_be_scripted(self, changed=()):
        """All but a corrected area, which is compared with the placements there are."""
        return not {"jurisdiction", "jurisdiction_id"} & set(changed)

    def bulk_create(self, objs, *args, **kwargs):
        """As of every tracked model; each unit gets its code and its open placement as well."""
        objs = list(objs)
        without_code = [unit for unit in objs if not unit.code]
        with bulk.transaction_of(self.db):
            if without_code:
                for unit, code in zip(without_code, new_codes(len(without_code)), strict=True):
                    unit.code = code
            super().bulk_create(objs, *args, **kwargs)
            Placement.objects.bulk_create([open_placement(unit) for unit in objs])
        return objs

    bulk_create.alters_data = True

    def bulk_update(self, objs, fields, *args, **kwargs):
        """As of every tracked model; a corrected area corrects the open placement."""
        objs = list(objs)
        with bulk.transaction_of(self.db):
            changed = super().bulk_update(objs, fields, *args, **kwargs)
            if {"jurisdiction", "jurisdiction_id"} & set(fields):
                align_placements({unit.pk: unit.jurisdiction_id for unit in objs})
        return changed

    bulk_update.alters_data = True

    def update(self, **kwargs):
        """As of every tracked model; a corrected area corrects the open placement."""
        if not {"jurisdiction", "jurisdiction_id"} & set(kwargs):
            return super().update(**kwargs)
        with wholes.marked(using=self.db):
            keys = list(self.values_list("pk", flat=True))
            changed = super().update(**kwargs)
            align_placements(dict(self.model._base_manager.filter(pk__in=keys).values_list("pk", "jurisdiction_id")))
        return changed

    update.alters_data = True


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
    head_phone = models.CharField("điện thoại người đứng đầu", max_length=100, blank=True, validators=[validate_phones])
    contact_name = models.CharField("đầu mối liên hệ", max_length=100, blank=True)
    contact_title = models.CharField("chức vụ đầu mối", max_length=100, blank=True)
    contact_phone = models.CharField("điện thoại đầu mối", max_length=100, blank=True, validators=[validate_phones])

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
    override_reason = models.CharField("lý do kết luận riêng", max_length=300, blank=True, editable=False)

    note = models.TextField("ghi chú", blank=True)
    created_at = models.DateTimeField("nhập lúc", auto_now_add=True)
    updated_at = models.DateTimeField("sửa lúc", auto_now=True)
    #: Drawn when the empty form was opened: sending the form a second time makes no second unit.
    submission_key = models.UUIDField(null=True, editable=False)

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
    untracked_fields = ("created_at", "updated_at", "submission_key")

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
            models.UniqueConstraint(
                name="unit_submission_once",
                fields=["submission_key"],
                condition=Q(submission_key__isnull=False),
                violation_error_message="Biểu này đã được gửi.",
            ),
            models.CheckConstraint(
                name="unit_subkind_of_its_kind",
                condition=Q(subkind="")
                | Q(kind=UnitKind.AGENCY, subkind__in=subkinds_of(UnitKind.AGENCY))
                | Q(kind=UnitKind.ENTERPRISE, subkind__in=subkinds_of(UnitKind.ENTERPRISE))
                | Q(kind=UnitKind.SCHOOL, subkind__in=subkinds_of(UnitKind.SCHOOL)),
                violation_error_message="Loại hình không thuộc khối của đơn vị.",
            ),
            models.CheckConstraint(
                name="unit_level_only_of_school",
                condition=Q(kind=UnitKind.SCHOOL) | Q(school_level=""),
                violation_error_message="Chỉ cơ sở giáo dục có cấp học.",
            ),
            models.CheckConstraint(
                name="unit_size_only_of_enterprise",
                condition=Q(kind=UnitKind.ENTERPRISE) | Q(enterprise_size=""),
                violation_error_message="Chỉ doanh nghiệp có quy mô doanh nghiệp.",
            ),
            models.CheckConstraint(
                name="unit_size_year_plausible",
                condition=Q(size_year__isnull=True) | Q(size_year__gte=FIRST_YEAR, size_year__lte=LAST_YEAR),
                violation_error_message=f"Năm của số liệu quy mô phải từ {FIRST_YEAR} đến {LAST_YEAR}.",
            ),
            models.CheckConstraint(
                name="unit_kind_known",
                condition=Q(kind__in=UnitKind.values),
                violation_error_message="Khối phải là cơ quan, doanh nghiệp hoặc cơ sở giáo dục.",
            ),
            models.CheckConstraint(
                name="unit_status_known",
                condition=Q(status__in=UnitStatus.values),
                violation_error_message="Tình trạng không có trong danh mục.",
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
                condition=Q(eligibility_override__isnull=True) | ~Q(override_reason=""),
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
        update_fields, is_new = kwargs.get("update_fields"), self._state.adding
        with wholes.marked(using=router.db_for_write(type(self), instance=self)):
            if not self.code:
                self.code = new_codes(1)[0]
            super().save(*args, **kwargs)
            if is_new:
                Placement.objects.bulk_create([open_placement(self)])
            elif update_fields is None or {"jurisdiction", "jurisdiction_id"} & set(update_fields):
                align_placements({self.pk: self.jurisdiction_id})

    def get_absolute_url(self):
        return reverse("units:unit_detail", args=[self.code])

    def derive(self):
        self.name = nfc(self.name)
        for name in PHONE_FIELDS:
            with contextlib.suppress(ValueError):
                setattr(self, name, normal_phones(getattr(self, name)))
        self.name_sort = sort_key(self.name)
        self.search_folded, self.search_accented = search_texts(self)


def new_codes(count: int) -> list[str]:
    """Internal codes never given before: DV and seven digits."""
    return [f"DV{number:07d}" for number in take_numbers(CODE_SERIES, count)]
