"""Pairs of units that may be one, as found and as officers have judged them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from movement_portal.jurisdictions.scoping import ScopedModel, ScopedQuerySet, path_range
from units.enums import PairReason, PairState
from units.models.units import OPEN_STATUSES, Unit

#: How reasons are kept in one column: “ code name ”, each word between blanks.
REASON_LENGTH = 40


class DuplicatePairQuerySet(ScopedQuerySet):
    """A pair is seen by whoever sees both of its units."""

    path_lookup = "first__jurisdiction__path"

    def within(self, jurisdiction):
        """Pairs of which both units lie in the area or below it."""
        return self.filter(
            path_range(jurisdiction.path, "first__jurisdiction__path"),
            path_range(jurisdiction.path, "second__jurisdiction__path"),
        )

    def standing(self):
        """Pairs of units that both still exist, and those that were merged."""
        exist = Q(first__status__in=OPEN_STATUSES, second__status__in=OPEN_STATUSES)
        return self.filter(exist | Q(state=PairState.MERGED))

    def half_seen_by(self, user):
        """Pairs waiting of which the officer sees one unit and not the other; of that nothing may be shown."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        path = user.jurisdiction.path
        sees = [path_range(path, f"{side}__jurisdiction__path") for side in ("first", "second")]
        return self.waiting().filter((sees[0] & ~sees[1]) | (sees[1] & ~sees[0]))

    def waiting(self):
        """Pairs that nobody has judged yet, of units that both still exist."""
        return self.standing().filter(state=PairState.OPEN)


class DuplicatePair(ScopedModel):
    """Two units that may be one: how likely, why, and what an officer said of it.

    A pair judged not to be one is kept, so that it is not proposed again; see ``units.merging.finding``.
    """

    first = models.ForeignKey(Unit, models.CASCADE, verbose_name="đơn vị thứ nhất", related_name="+")
    second = models.ForeignKey(Unit, models.CASCADE, verbose_name="đơn vị thứ hai", related_name="+")
    score = models.PositiveSmallIntegerField("mức giống (%)")
    reasons = models.CharField("lý do", max_length=REASON_LENGTH)
    #: What of the units was compared; another value means that they are no longer what they were.
    compared = models.CharField(max_length=40, editable=False)
    state = models.CharField("tình trạng", max_length=20, choices=PairState, default=PairState.OPEN)
    found_on = models.DateField("phát hiện ngày")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="người xét", null=True, blank=True, related_name="+"
    )
    settled_on = models.DateField("xét ngày", null=True, blank=True)
    settled_reason = models.CharField("lý do của người xét", max_length=300, blank=True)

    objects = DuplicatePairQuerySet.as_manager()

    is_note_of_portal = True
    untracked_fields = ("compared",)

    class Meta(ScopedModel.Meta):
        verbose_name = "cặp nghi trùng"
        verbose_name_plural = "cặp nghi trùng"
        ordering = ["-score", "-id"]
        permissions = [("export_duplicatepair", "Xuất danh sách nghi trùng")]
        indexes = [models.Index(name="duplicatepair_by_score", fields=["state", "-score", "-id"])]
        constraints = [
            models.UniqueConstraint(
                name="duplicatepair_once", fields=["first", "second"], violation_error_message="Cặp này đã có."
            ),
            models.CheckConstraint(
                name="duplicatepair_in_order",
                condition=Q(first__lt=F("second")),
                violation_error_message="Một cặp là hai đơn vị khác nhau, ghi một lần.",
            ),
            models.CheckConstraint(
                name="duplicatepair_state_known",
                condition=Q(state__in=PairState.values),
                violation_error_message="Tình trạng không có trong danh mục.",
            ),
            models.CheckConstraint(
                name="duplicatepair_settled_by_somebody",
                condition=Q(state=PairState.OPEN, settled_by=None, settled_on=None)
                | (~Q(state=PairState.OPEN) & Q(settled_by__isnull=False, settled_on__isnull=False)),
                violation_error_message="Cặp đã xét phải ghi ai xét, ngày nào; cặp chưa xét thì không.",
            ),
            models.CheckConstraint(
                name="duplicatepair_dismissed_with_reason",
                condition=~Q(state=PairState.DISMISSED) | ~Q(settled_reason=""),
                violation_error_message="Phải ghi vì sao không phải trùng.",
            ),
            models.CheckConstraint(
                name="duplicatepair_score_percent",
                condition=Q(score__lte=100),
                violation_error_message="Mức giống tính theo phần trăm.",
            ),
        ]

    def __str__(self):
        return f"{self.first} – {self.second}"

    def history_label(self):
        # Whoever sees one of the two may read this, and may not see the other.
        return "Cặp nghi trùng"

    @property
    def reason_list(self) -> list[PairReason]:
        """Why, in the order of weight."""
        return [PairReason(word) for word in self.reasons.split()]


def reason_words(reasons) -> str:
    """Reasons as their column keeps them."""
    return f" {' '.join(reasons)} "
