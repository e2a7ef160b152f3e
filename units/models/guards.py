"""Guards of units."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.urls import reverse

from movement_portal.audit.redacting import REMOVED
from movement_portal.lib.dates import LAST_YEAR, is_ahead, is_within, today
from movement_portal.lib.orders import Order
from movement_portal.lib.periods import Period, PeriodsApart
from movement_portal.lib.vietnamese import fold, given_sort_key, nfc, sort_key
from movement_portal.persons.fields import BlindIndexField, CitizenIdField, fill_index
from units.enums import Education, FormerForce, GuardKind, GuardRole, Sex
from units.models.records import UnitRecord, UnitRecordQuerySet
from units.models.teams import SecurityTeam

FIRST_BIRTH_YEAR = 1900
ENDS_BEFORE_START = "Ngày thôi làm phải sau ngày bắt đầu."

#: As an expression, which only the database judges: the check of a list knows the number before it has its index.
SEALED_WITH_INDEX = Case(
    When(citizen_id__isnull=True, citizen_id_index__isnull=True, then=True),
    When(citizen_id__isnull=False, citizen_id_index__isnull=False, then=True),
    default=False,
    output_field=models.BooleanField(),
)


def born_before(column: str, *, name: str, message: str) -> models.CheckConstraint:
    """The constraint, named as given, that a day of a guard is not before the birth, as far as both are known."""
    after_day = Q(birth_on__isnull=True) | Q(**{f"{column}__gte": F("birth_on")})
    after_year = Q(birth_year__isnull=True) | Q(**{f"{column}__year__gte": F("birth_year")})
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{column}__isnull": True}) | (after_day & after_year),
        violation_error_message=message,
    )


class GuardQuerySet(UnitRecordQuerySet):
    def serving(self, on=None):
        """Guards at work on the day, today unless said."""
        on = on or today()
        begun = Q(started_on__isnull=True) | Q(started_on__lte=on)
        return self.filter(begun, Q(ended_on__isnull=True) | Q(ended_on__gte=on))

    def also_elsewhere(self, on=None):
        """Guards whose number stands at another unit too, both at work on the day."""
        others = Guard.objects.serving(on).filter(citizen_id_index=OuterRef("citizen_id_index"))
        return self.filter(Exists(others.exclude(unit=OuterRef("unit"))), citizen_id_index__isnull=False)


class Guard(UnitRecord):
    """One person at work as a guard of one unit from one day to another; hired guards are only counted.

    Nghị định 06/2013/NĐ-CP, Điều 6. Neither family nor origin nor health nor convictions are kept.
    """

    unit = models.ForeignKey("units.Unit", models.CASCADE, verbose_name="đơn vị", related_name="guards")
    team = models.ForeignKey(
        SecurityTeam, models.PROTECT, verbose_name="lực lượng", null=True, blank=True, related_name="guards"
    )
    name = models.CharField("họ và tên", max_length=100)
    birth_on = models.DateField("ngày sinh", null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    sex = models.CharField("giới tính", max_length=10, choices=Sex, blank=True)
    role = models.CharField("chức danh", max_length=10, choices=GuardRole, default=GuardRole.MEMBER)
    kind = models.CharField("loại", max_length=20, choices=GuardKind, default=GuardKind.FULL_TIME)
    education = models.CharField("trình độ", max_length=20, choices=Education, blank=True)
    former_force = models.CharField("từng phục vụ trong", max_length=10, choices=FormerForce, blank=True)
    started_on = models.DateField("làm bảo vệ từ ngày", null=True, blank=True)
    ended_on = models.DateField("làm đến hết ngày", null=True, blank=True)
    staff_card_number = models.CharField("số giấy chứng nhận nhân viên bảo vệ", max_length=60, blank=True)
    staff_card_on = models.DateField("ngày cấp giấy chứng nhận nhân viên", null=True, blank=True)
    staff_card_returned_on = models.DateField("ngày nộp lại", null=True, blank=True)
    citizen_id = CitizenIdField("số định danh cá nhân")
    citizen_id_index = BlindIndexField("chỉ mục số định danh")
    #: The record that stands for this one since their two units were found to be one.
    same_as = models.ForeignKey(
        "self", models.CASCADE, verbose_name="cùng người với", null=True, editable=False, related_name="stood_for"
    )
    #: When what tells of the person was removed, its time being over; the row stays to be counted.
    erased_on = models.DateField("xóa dữ liệu cá nhân ngày", null=True, editable=False)
    #: Drawn when the empty form was opened: sending the form a second time makes no second guard.
    submission_key = models.UUIDField(null=True, editable=False)

    #: By which a written name is found, and by which lists of people are ordered.
    name_sort = models.CharField(max_length=250, editable=False)
    given_sort = models.CharField(max_length=250, editable=False)
    search_folded = models.TextField(editable=False)

    objects = GuardQuerySet.as_manager()

    past_fields = ("birth_on", "birth_year", "staff_card_on", "staff_card_returned_on")
    orders = (Order("started_on", "team__ended_on", "Lực lượng đã giải thể trước ngày người này vào làm."),)
    label_relations = ("unit",)
    masked_fields = ("citizen_id",)
    untracked_fields = ("submission_key",)
    derived_fields = {
        "name_sort": ("name",),
        "given_sort": ("name",),
        "search_folded": ("name", "staff_card_number"),
        "citizen_id_index": ("citizen_id",),
    }

    class Meta(UnitRecord.Meta):
        verbose_name = "người bảo vệ"
        verbose_name_plural = "người bảo vệ"
        ordering = ["given_sort", "id"]
        permissions = [
            ("export_guard", "Xuất danh sách người bảo vệ"),
            ("reveal_citizen_id", "Xem đầy đủ số định danh cá nhân"),
        ]
        indexes = [
            models.Index(name="guard_by_name", fields=["name_sort", "id"]),
            models.Index(name="guard_by_given_name", fields=["given_sort", "id"]),
            models.Index(name="guard_of_unit", fields=["unit", "given_sort", "id"]),
            models.Index(
                name="guard_by_number", fields=["citizen_id_index"], condition=Q(citizen_id_index__isnull=False)
            ),
        ]
        constraints = [
            PeriodsApart(
                name="guard_serves_once",
                fields=["unit", "citizen_id_index"],
                first="started_on",
                last="ended_on",
                unless="same_as",
                violation_error_message="Số định danh này đã có ở một người làm bảo vệ của đơn vị cùng thời gian.",
            ),
            models.CheckConstraint(
                name="guard_stood_for_has_ended",
                condition=Q(same_as__isnull=True) | Q(ended_on__isnull=False),
                violation_error_message="Hồ sơ đã nhập vào hồ sơ khác của cùng người phải có ngày thôi làm.",
            ),
            models.UniqueConstraint(
                name="guard_submission_once",
                fields=["submission_key"],
                condition=Q(submission_key__isnull=False),
                violation_error_message="Biểu này đã được gửi.",
            ),
            models.CheckConstraint(
                name="guard_number_sealed_with_index",
                condition=Q(SEALED_WITH_INDEX),
                violation_error_message="Số định danh và chỉ mục của nó phải đi cùng nhau.",
            ),
            models.CheckConstraint(
                name="guard_has_name", condition=~Q(name=""), violation_error_message="Phải có họ và tên."
            ),
            models.CheckConstraint(
                name="guard_erased_tells_of_nobody",
                condition=Q(erased_on__isnull=True)
                | Q(
                    name=REMOVED,
                    birth_on__isnull=True,
                    birth_year__isnull=True,
                    staff_card_number="",
                    staff_card_on__isnull=True,
                    staff_card_returned_on__isnull=True,
                    citizen_id__isnull=True,
                ),
                violation_error_message="Dữ liệu cá nhân của người này đã xóa theo thời hạn lưu, không ghi lại được.",
            ),
            models.CheckConstraint(
                name="guard_kind_known",
                condition=Q(kind__in=GuardKind.values),
                violation_error_message="Loại phải là chuyên trách hoặc bán chuyên trách.",
            ),
            models.CheckConstraint(
                name="guard_role_known",
                condition=Q(role__in=GuardRole.values),
                violation_error_message="Chức danh không có trong danh mục.",
            ),
            models.CheckConstraint(
                name="guard_ends_after_start",
                condition=Q(started_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                violation_error_message=ENDS_BEFORE_START,
            ),
            born_before(
                "started_on", name="guard_starts_after_birth", message="Ngày làm bảo vệ không được trước ngày sinh."
            ),
            born_before("ended_on", name="guard_ends_after_birth", message="Ngày thôi làm không được trước ngày sinh."),
            born_before(
                "staff_card_on",
                name="guard_card_after_birth",
                message="Ngày cấp giấy chứng nhận nhân viên không được trước ngày sinh.",
            ),
            models.CheckConstraint(
                name="guard_card_returned_after_issue",
                condition=Q(staff_card_returned_on__isnull=True)
                | Q(staff_card_on__isnull=True)
                | Q(staff_card_returned_on__gte=F("staff_card_on")),
                violation_error_message="Ngày nộp lại không được trước ngày cấp giấy chứng nhận nhân viên.",
            ),
            models.CheckConstraint(
                name="guard_birth_year_plausible",
                condition=Q(birth_year__isnull=True) | Q(birth_year__gte=FIRST_BIRTH_YEAR, birth_year__lte=LAST_YEAR),
                violation_error_message=f"Năm sinh phải từ {FIRST_BIRTH_YEAR}.",
            ),
            models.CheckConstraint(
                name="guard_birth_year_of_birth",
                condition=Q(birth_on__isnull=True) | Q(birth_on__year=F("birth_year")),
                violation_error_message="Năm sinh phải khớp với ngày sinh.",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.unit}"

    def get_absolute_url(self):
        return reverse("forces:guard_detail", args=[self.pk])

    def derive(self):
        self.name = nfc(self.name)
        self.name_sort, self.given_sort = sort_key(self.name), given_sort_key(self.name)
        self.search_folded = f" {fold(self.name)} {fold(self.staff_card_number)} "
        if self.birth_on is not None:
            self.birth_year = self.birth_on.year
        fill_index(self)

    def clean(self):
        if self.team_id and self.unit_id and self.team.unit_id != self.unit_id:
            raise ValidationError("Lực lượng này là của đơn vị khác.", code="team")

    @property
    def is_serving(self):
        """Whether the guard is at work today."""
        return is_within(self.started_on, self.ended_on)

    @property
    def is_ahead(self):
        """Whether the guard begins on a day to come."""
        return is_ahead(self.started_on)

    @property
    def period(self) -> Period:
        """The first and the last day at work, as far as they are known."""
        return self.started_on, self.ended_on

    def age_on(self, day: datetime.date) -> int | None:
        """Full years on the day; from the year of birth alone, as many as they may be by the end of that year."""
        if self.birth_on is not None:
            return day.year - self.birth_on.year - ((day.month, day.day) < (self.birth_on.month, self.birth_on.day))
        return None if self.birth_year is None else day.year - self.birth_year
