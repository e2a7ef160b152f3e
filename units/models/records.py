"""Records of one unit: its other codes, headcounts, areas through time, steps in its life."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import ScopedModel, ScopedQuerySet
from movement_portal.lib.bulk import ROWS, chunks
from movement_portal.lib.dates import ends_after_start, plausible_year
from units.enums import UnitStatus


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

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="identifiers")
    scheme = models.CharField("loại mã", max_length=60, help_text="Ví dụ: mã định danh cơ quan, mã BHXH.")
    value = models.CharField("mã", max_length=60)

    class Meta(UnitRecord.Meta):
        verbose_name = "mã khác"
        verbose_name_plural = "mã khác"
        ordering = ["scheme", "value"]
        indexes = [models.Index(name="unitidentifier_by_value", fields=["value"])]
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

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="headcounts")
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
            plausible_year("headcount_year_plausible"),
        ]

    def __str__(self):
        return f"{self.unit}, {self.year}"


class Placement(UnitRecord):
    """The area a unit lay in from one day to another; the last one, open, is where it lies today."""

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="placements")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn", related_name="+")
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    legal_basis = models.CharField("căn cứ", max_length=200, blank=True)

    label_relations = ("unit",)

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
            ends_after_start("placement_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.unit}: {self.jurisdiction}"

    def history_label(self):
        return str(self.unit)


class StatusChange(UnitRecord):
    """One step in the life of a unit: what it was, what it became, on which day and why."""

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="status_changes")
    from_status = models.CharField("từ tình trạng", max_length=20, choices=UnitStatus)
    to_status = models.CharField("sang tình trạng", max_length=20, choices=UnitStatus)
    effective_on = models.DateField("từ ngày")
    merged_into = models.ForeignKey(
        "units.Unit", models.PROTECT, verbose_name="sáp nhập vào", null=True, blank=True, related_name="+"
    )
    reason = models.CharField("lý do, căn cứ", max_length=300)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="cán bộ ghi", null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField("ghi lúc", default=timezone.now, editable=False)

    label_relations = ("unit",)
    untracked_fields = ("recorded_at",)

    class Meta(UnitRecord.Meta):
        verbose_name = "đổi tình trạng"
        verbose_name_plural = "đổi tình trạng"
        ordering = ["-effective_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="statuschange_changes_something",
                condition=~Q(from_status=F("to_status")),
                violation_error_message="Tình trạng mới phải khác tình trạng cũ.",
            ),
            models.CheckConstraint(
                name="statuschange_merged_into_when_merged",
                condition=Q(to_status=UnitStatus.MERGED, merged_into__isnull=False)
                | (~Q(to_status=UnitStatus.MERGED) & Q(merged_into__isnull=True)),
                violation_error_message="Sáp nhập phải ghi đơn vị nhận.",
            ),
            models.CheckConstraint(
                name="statuschange_has_reason",
                condition=~Q(reason=""),
                violation_error_message="Phải ghi lý do, căn cứ.",
            ),
        ]

    def __str__(self):
        return f"{self.unit}: {self.get_to_status_display()}"


def open_placement(unit):
    """The first placement of a new unit; an area that is loaded is not asked for again."""
    placement = Placement(unit_id=unit.pk, jurisdiction_id=unit.jurisdiction_id)
    known = {"unit": unit}
    if type(unit).jurisdiction.is_cached(unit):
        known["jurisdiction"] = unit.jurisdiction
    for name, record in known.items():
        Placement._meta.get_field(name).set_cached_value(placement, record)
    return placement


#: What other apps do when units have come to lie elsewhere; each is given the keys of the units.
_followers: list[Callable[[list[int]], None]] = []


def follow_area(follower: Callable[[list[int]], None]) -> None:
    """Have ``follower`` called, in the same transaction, whenever the area of units may have changed."""
    if follower not in _followers:
        _followers.append(follower)


def area_changed(unit_keys: Iterable[int]) -> None:
    """Tell the followers that these units may lie elsewhere now."""
    for keys in chunks(list(unit_keys), ROWS):
        for follower in _followers:
            follower(list(keys))


def align_placements(areas):
    """Bring the open placement of each unit, given with the key of its area, to that area, or open one.

    A plain change of ``Unit.jurisdiction`` corrects where the unit is said to lie; a move on a date is
    ``workflow.relocate``, which closes one placement and opens the next.
    """
    for keys in chunks(list(areas), ROWS):
        opened = {placement.unit_id: placement for placement in Placement.objects.filter(unit__in=keys, valid_to=None)}
        wrong = [place for key, place in opened.items() if place.jurisdiction_id != areas[key]]
        for placement in wrong:
            placement.jurisdiction_id = areas[placement.unit_id]
        if wrong:
            Placement.objects.bulk_update(wrong, ["jurisdiction"])
        missing = [Placement(unit_id=key, jurisdiction_id=areas[key]) for key in keys if key not in opened]
        if missing:
            Placement.objects.bulk_create(missing)
    area_changed(areas)
