"""What is done for the movement: sessions, and the units that took part in them."""

from collections.abc import Sequence

from django.db import models, router
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from movement_portal.documents.models import LegalDocument, take_numbers
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import ScopedModel, SharedQuerySet, is_root, path_bounds, path_range
from movement_portal.lib import bulk
from movement_portal.lib.changes import RowChange
from movement_portal.lib.numbers import written
from movement_portal.lib.orders import Order
from movement_portal.lib.vietnamese import fold, nfc
from units.enums import ActivityKind, Approximation
from units.models.units import Unit

CODE_SERIES = "units.activity"
#: Sessions held elsewhere that are asked for by their keys; more are found anew by each question.
FEW = 1_000
#: Columns that lists filter and sum by: with them in an index a sum over all activities never reads their texts.
SUMMED = ("kind", "programme", "session_count", "attendance_count", "approximation", "has_units")


class ActivityQuerySet(SharedQuerySet):
    """A session is seen in the area that held it and wherever a unit took part; it is written where it was held."""

    def within(self, jurisdiction):
        """Sessions held by the area or below it, or in which a unit from there took part."""
        if is_root(jurisdiction.path):
            # Nearly every row is held below: only of the few held elsewhere is it asked who took part.
            return self.filter(
                path_range(jurisdiction.path, self.path_lookup) | Q(pk__in=_guests_of_root(jurisdiction))
            )
        participants = ActivityUnit._base_manager.filter(path_range(jurisdiction.path, "unit__jurisdiction__path"))
        held = models.QuerySet(self.model).order_by().filter(path_range(jurisdiction.path, self.path_lookup))
        # Two short lists put together: a condition of either kind on each row would read the whole table.
        return self.filter(pk__in=held.values("pk").union(participants.order_by().values("activity")))

    def parts_within(self, jurisdiction):
        """Sessions held by the area or below it, and those held elsewhere in which a unit from there took part."""
        held = self.held_in(jurisdiction, gathered=True)
        if is_root(jurisdiction.path):
            return [held, self.filter(pk__in=_guests_of_root(jurisdiction))]
        units = Unit._base_manager.within(jurisdiction, gathered=True).order_by().values("pk")
        # What the area held itself is known from an index without a look at the sessions.
        own = self.model._base_manager.held_in(jurisdiction, gathered=True).order_by().values("pk")
        participants = ActivityUnit._base_manager.filter(unit__lies_in=units).exclude(activity__in=own)
        guests = participants.order_by().values_list("activity", flat=True).distinct()
        # Mostly a few: found once and not again for each question that a page asks.
        few = list(guests[: FEW + 1])
        return [held, self.filter(pk__in=few if len(few) <= FEW else guests)]

    def bulk_create(self, objs, *args, **kwargs):
        """As of every tracked model; each session gets its code as well."""
        objs = list(objs)
        without_code = [activity for activity in objs if not activity.code]
        if without_code:
            for activity, code in zip(without_code, new_codes(len(without_code)), strict=True):
                activity.code = code
        return super().bulk_create(objs, *args, **kwargs)

    bulk_create.alters_data = True


def _guests_of_root(jurisdiction):
    """Keys of the sessions held outside a root in which a unit below it took part."""
    first, following = path_bounds(jurisdiction.path)
    areas = Jurisdiction.objects.filter(Q(path__lt=first) | Q(path__gte=following)).order_by().values("pk")
    participants = ActivityUnit._base_manager.filter(path_range(jurisdiction.path, "unit__jurisdiction__path"))
    return participants.filter(activity__jurisdiction__in=areas).order_by().values("activity")


class Activity(ScopedModel):
    """One activity of the movement, or several sessions of one reported together.

    ``attendance_count`` counts attendances (“lượt người”): one person at two sessions is two of them.
    """

    code = models.CharField("mã hoạt động", max_length=12, unique=True, editable=False)
    kind = models.CharField("loại hoạt động", max_length=20, choices=ActivityKind)
    topic = models.CharField("nội dung, chủ đề", max_length=300)
    programme = models.ForeignKey(
        LegalDocument, models.PROTECT, verbose_name="chương trình, chỉ thị", null=True, blank=True, related_name="+"
    )
    form = models.CharField("hình thức", max_length=200, blank=True)
    held_on = models.DateField("ngày")
    held_to = models.DateField("đến hết ngày", null=True, blank=True, help_text="Khi kéo dài hơn một ngày.")
    place = models.CharField("nơi tổ chức", max_length=255, blank=True)
    organiser = models.CharField("đơn vị tổ chức", max_length=200, blank=True)
    partners = models.TextField("cơ quan phối hợp", blank=True, help_text="Mỗi dòng một cơ quan.")
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn tổ chức", related_name="+")
    session_count = models.PositiveIntegerField("số cuộc", default=1)
    attendance_count = models.PositiveIntegerField("lượt người tham dự", null=True, blank=True)
    approximation = models.CharField("mức chính xác", max_length=10, choices=Approximation, blank=True)
    materials = models.CharField("tài liệu, tin bài", max_length=200, blank=True)
    material_count = models.PositiveIntegerField("số tài liệu, tin bài", null=True, blank=True)
    #: “60 đơn vị tham gia” of a report that names none of them.
    unit_count = models.PositiveIntegerField(
        "số đơn vị tham gia", null=True, blank=True, help_text="Khi chưa có danh sách đơn vị."
    )
    #: Whether units are named: ``keep_has_units`` follows every write of them.
    has_units = models.BooleanField("có danh sách đơn vị", default=False, editable=False)
    note = models.TextField("ghi chú", blank=True)
    created_at = models.DateTimeField("nhập lúc", auto_now_add=True)
    updated_at = models.DateTimeField("sửa lúc", auto_now=True)
    submission_key = models.UUIDField(null=True, editable=False)
    search_folded = models.TextField(editable=False)
    topic_folded = models.TextField(editable=False, default="")
    form_folded = models.TextField(editable=False, default="")

    objects = ActivityQuerySet.as_manager()

    past_fields = ("held_on",)
    orders = (
        Order("programme__issued_on", "held_on", "Hoạt động trước ngày ban hành văn bản, hãy xem lại.", is_wall=False),
    )
    derived_fields = {
        "search_folded": ("topic", "code", "place", "organiser", "partners"),
        "topic_folded": ("topic",),
        "form_folded": ("form",),
    }
    kept_fields = ("has_units",)
    untracked_fields = ("created_at", "updated_at", "submission_key")

    class Meta(ScopedModel.Meta):
        verbose_name = "hoạt động"
        verbose_name_plural = "hoạt động"
        ordering = ["-held_on", "-id"]
        permissions = [("export_activity", "Xuất danh sách hoạt động")]
        indexes = [
            models.Index(name="activity_by_day", fields=["-held_on", "-id", "jurisdiction", *SUMMED]),
            models.Index(name="activity_by_area", fields=["jurisdiction", "-held_on", "-id", *SUMMED]),
            models.Index(name="activity_by_kind", fields=["kind", "-held_on", "-id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="activity_kind_known",
                condition=Q(kind__in=ActivityKind.values),
                violation_error_message="Loại hoạt động không có trong danh mục.",
            ),
            models.CheckConstraint(
                name="activity_has_topic", condition=~Q(topic=""), violation_error_message="Phải ghi nội dung."
            ),
            models.CheckConstraint(
                name="activity_counts_a_session",
                condition=Q(session_count__gte=1),
                violation_error_message="Phải có ít nhất một cuộc.",
            ),
            models.CheckConstraint(
                name="activity_ends_after_start",
                condition=Q(held_to__isnull=True) | Q(held_to__gte=F("held_on")),
                violation_error_message="Ngày kết thúc không được trước ngày bắt đầu.",
            ),
            models.CheckConstraint(
                name="activity_approximates_a_number",
                condition=Q(approximation="") | Q(attendance_count__isnull=False),
                violation_error_message="Chưa ghi số lượt người thì không ghi mức chính xác.",
            ),
            models.UniqueConstraint(
                name="activity_submission_once",
                fields=["submission_key"],
                condition=Q(submission_key__isnull=False),
                violation_error_message="Biểu này đã được gửi.",
            ),
        ]

    def __str__(self):
        return self.topic

    def save(self, *args, **kwargs):
        if not self.code:
            self.code = new_codes(1)[0]
        super().save(*args, **kwargs)

    def derive(self):
        self.topic = nfc(self.topic)
        texts = [self.topic, self.code, self.place, self.organiser, self.partners]
        self.search_folded = f" {fold(' '.join(texts))} "
        self.topic_folded = f" {fold(self.topic)} "
        self.form_folded = f" {fold(self.form)} "

    def get_absolute_url(self):
        return reverse("activities:activity_detail", args=[self.pk])

    @classmethod
    def kept_from(cls):
        return {"has_units": named_units()}

    @property
    def period_text(self) -> str:
        """“05/03/2026”, or “05/03/2026 – 07/03/2026”."""
        last = f" – {self.held_to:%d/%m/%Y}" if self.held_to and self.held_to != self.held_on else ""
        return f"{self.held_on:%d/%m/%Y}{last}"

    @property
    def attendance_text(self) -> str:
        """“gần 700”; nothing where it is not known."""
        return attendance_in_words(self.attendance_count, self.approximation)


def attendance_in_words(count: int | None, approximation: str) -> str:
    """A number of attendances as reports write it: “700”, “gần 700”; nothing where it is not known."""
    if count is None:
        return ""
    return f"{Approximation(approximation).label} {written(count)}" if approximation else written(count)


def new_codes(count: int) -> list[str]:
    """Codes never given before: HD and seven digits."""
    return [f"HD{number:07d}" for number in take_numbers(CODE_SERIES, count)]


class ActivityRecordQuerySet(SharedQuerySet):
    """Rows of a session: each unit that took part is seen by whoever sees the unit, or held the session."""

    path_lookup = "activity__jurisdiction__path"

    def within(self, jurisdiction):
        return self.filter(
            path_range(jurisdiction.path, self.path_lookup) | path_range(jurisdiction.path, "unit__jurisdiction__path")
        )

    def of_units_visible_to(self, user, area=None):
        """Rows of units that the officer sees, within an area where one is given: all are to be found and counted."""
        units = Unit.objects.visible_to(user, gathered=True)
        units = units.within(area, gathered=True) if area else units
        return self.filter(unit__lies_in=units.order_by().values("pk"))


class ActivityUnit(ScopedModel):
    """A unit that took part in a session, with its own attendances where they are known."""

    # Found by the two indexes below, from either side without the table.
    activity = models.ForeignKey(
        Activity, models.CASCADE, verbose_name="hoạt động", related_name="participants", db_index=False
    )
    unit = models.ForeignKey(
        "units.Unit", models.PROTECT, verbose_name="đơn vị", related_name="activities", db_index=False
    )
    attendance_count = models.PositiveIntegerField("lượt người của đơn vị", null=True, blank=True)

    objects = ActivityRecordQuerySet.as_manager()

    owner_relation = "activity"
    label_relations = ("activity",)

    class Meta(ScopedModel.Meta):
        verbose_name = "đơn vị tham gia"
        verbose_name_plural = "đơn vị tham gia"
        ordering = ["id"]
        indexes = [models.Index(name="activityunit_by_unit", fields=["unit", "activity"])]
        constraints = [
            models.UniqueConstraint(
                name="activityunit_once",
                fields=["activity", "unit"],
                violation_error_message="Đơn vị này đã có trong danh sách tham gia.",
            ),
        ]

    def __str__(self):
        return str(self.unit)

    def history_label(self):
        # The unit may be out of reach of those who see the session: the history names it only to those who see it.
        return str(self.activity)


# -- what is kept of the units in a session ----------------------------------------------------------------------------
def keep_has_units(changes: Sequence[RowChange]) -> None:
    """Keep ``has_units`` of the sessions of which rows of units were written."""
    named = {change.after["activity_id"] for change in changes if "activity_id" in change.after}
    left = {change.before["activity_id"] for change in changes if "activity_id" in change.before} - named
    if bulk.script.get():
        # Nothing is deleted there; the rows that are there by then say so anyway.
        has_units = Activity._meta.get_field("has_units")
        keys = sorted(named)
        bulk.update_columns(Activity, [has_units], keys, [[True] * len(keys)], using=router.db_for_write(Activity))
        return
    for keys in bulk.chunks(sorted(named | left), bulk.ROWS):
        # Held until the end: who names the first unit and who takes out the last one wait for each other.
        locked = Activity._base_manager.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
        known = dict(locked.values_list("pk", "has_units"))
        rows = models.QuerySet(Activity)
        gained = [key for key, has_units in known.items() if key in named and not has_units]
        if gained:
            rows.filter(pk__in=gained).update(has_units=True)
        lost = [key for key, has_units in known.items() if key in left and has_units]
        if lost:
            rows.filter(pk__in=lost).exclude(named_units()).update(has_units=False)


def named_units() -> Q:
    """Sessions that name units, as the rows of units say."""
    return Q(Exists(ActivityUnit._base_manager.filter(activity=OuterRef("pk"))))
