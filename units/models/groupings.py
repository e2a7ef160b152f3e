"""Groups that units belong to beside their area."""

from django.db import models

from movement_portal.jurisdictions.scoping import ReferenceModel
from movement_portal.lib.vietnamese import fold, nfc, sort_key
from units.enums import GroupingKind


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
