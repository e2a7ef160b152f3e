from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from movement_portal.jurisdictions.enums import PoliceLevel
from movement_portal.jurisdictions.models.territory import Jurisdiction, known_paths
from movement_portal.jurisdictions.scoping import ScopedModel, ScopedQuerySet
from movement_portal.lib.dates import ends_after_start, period_text, valid_on, within_period
from movement_portal.lib.vietnamese import fold, nfc, sort_key


class PoliceOfficeQuerySet(ScopedQuerySet):
    def as_of(self, date):
        """Offices that exist on the date."""
        return self.filter(valid_on(date))

    def with_areas(self):
        """Offices with their areas and those above them, in one query."""
        return self.select_related("jurisdiction__parent__parent__parent")

    def known_to(self, user):
        """Offices of the areas whose names the officer may read, their superiors among them."""
        return self.filter(known_paths(user, self.path_lookup))


class PoliceOffice(ScopedModel):
    """A police body and its area; district police end on 28/02/2025, their areas four months later."""

    level = models.CharField("cấp", max_length=20, choices=PoliceLevel)
    name = models.CharField("tên", max_length=200)
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, verbose_name="địa bàn", related_name="police_offices"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="cấp trên", null=True, blank=True, related_name="children"
    )
    valid_from = models.DateField("có từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    name_sort = models.CharField(max_length=250, editable=False)
    search_folded = models.CharField(max_length=250, editable=False)

    objects = PoliceOfficeQuerySet.as_manager()

    derived_fields = {"name_sort": ("name",), "search_folded": ("name",)}

    class Meta(ScopedModel.Meta):
        verbose_name = "cơ quan Công an"
        verbose_name_plural = "cơ quan Công an"
        ordering = ["name_sort", "id"]
        constraints = [
            ends_after_start("policeoffice_ends_after_start"),
            models.CheckConstraint(
                name="policeoffice_not_below_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message="Cơ quan không thể là cấp trên của chính mình.",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        if self.jurisdiction_id is not None:
            area = self.jurisdiction
            if not within_period(self.valid_from, self.valid_to, area.valid_from, area.valid_to):
                raise ValidationError({"jurisdiction": f"{area} không tồn tại suốt thời gian của cơ quan này."})
        if self.parent is not None and PoliceLevel(self.parent.level).order > PoliceLevel(self.level).order:
            raise ValidationError({"parent": f"{self.parent} không phải là cấp trên."})
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"parent": "Cơ quan không thể là cấp trên của chính mình."})
            above = above.parent

    def exists_on(self, date):
        """Whether the office exists on the date; open ends are open."""
        return within_period(date, date, self.valid_from, self.valid_to)

    @property
    def period(self):
        """The time of its existence in words."""
        return period_text(self.valid_from, self.valid_to)

    def derive(self):
        self.name = nfc(self.name)
        self.name_sort = sort_key(self.name)
        self.search_folded = fold(self.name)
