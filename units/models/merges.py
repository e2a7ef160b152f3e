"""Merges of units that were one: which record went into which, by whom, why, and whether it was taken back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from movement_portal.jurisdictions.scoping import ScopedModel, ScopedQuerySet, path_range
from units.models.units import Unit


class UnitMergeQuerySet(ScopedQuerySet):
    """A merge is seen by whoever sees both records."""

    path_lookup = "survivor__jurisdiction__path"

    def within(self, jurisdiction):
        """Merges of which both records lie in the area or below it."""
        return self.filter(
            path_range(jurisdiction.path, "survivor__jurisdiction__path"),
            path_range(jurisdiction.path, "absorbed__jurisdiction__path"),
        )

    def standing(self):
        """Merges that were not taken back."""
        return self.filter(undone_at=None)


class UnitMerge(ScopedModel):
    """One record of a unit gone into another record of the same unit; all it changed is the event it names."""

    survivor = models.ForeignKey(Unit, models.PROTECT, verbose_name="đơn vị giữ lại", related_name="merges")
    absorbed = models.ForeignKey(Unit, models.PROTECT, verbose_name="hồ sơ gộp vào", related_name="absorptions")
    reason = models.CharField("lý do gộp", max_length=300)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người gộp", related_name="+")
    merged_at = models.DateTimeField("gộp lúc", default=timezone.now)
    #: The act of history that holds every change of the merge: taking it back reads them there.
    event_id = models.UUIDField(editable=False)
    #: Rows of which the unit could only keep one, as they were: taking the merge back puts them where they stood.
    set_aside = models.JSONField(default=list, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người hoàn tác", null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)
    undone_reason = models.CharField("lý do hoàn tác", max_length=300, blank=True)

    objects = UnitMergeQuerySet.as_manager()

    untracked_fields = ("event_id", "set_aside")

    class Meta(ScopedModel.Meta):
        verbose_name = "lần gộp hồ sơ"
        verbose_name_plural = "các lần gộp hồ sơ"
        ordering = ["-merged_at", "-id"]
        permissions = [
            ("merge_unit", "Gộp hồ sơ đơn vị trùng"),
            ("export_unitmerge", "Xuất danh sách đã gộp"),
        ]
        indexes = [models.Index(name="unitmerge_by_moment", fields=["-merged_at", "-id"])]
        constraints = [
            models.UniqueConstraint(
                name="unitmerge_absorbed_once",
                fields=["absorbed"],
                condition=Q(undone_at__isnull=True),
                violation_error_message="Hồ sơ này đã gộp vào một đơn vị.",
            ),
            models.CheckConstraint(
                name="unitmerge_of_two",
                condition=~Q(survivor=F("absorbed")),
                violation_error_message="Không gộp một hồ sơ vào chính nó.",
            ),
            models.CheckConstraint(
                name="unitmerge_has_reason", condition=~Q(reason=""), violation_error_message="Phải ghi lý do gộp."
            ),
            models.CheckConstraint(
                name="unitmerge_undone_by_somebody",
                condition=Q(undone_at=None, undone_by=None, undone_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason="")),
                violation_error_message="Hoàn tác phải ghi ai làm, lúc nào, vì sao.",
            ),
        ]

    def __str__(self):
        return f"{self.absorbed} → {self.survivor}"

    def history_label(self):
        # Whoever sees the record that is left may read this, and may not see the other.
        return "Gộp hồ sơ trùng"
