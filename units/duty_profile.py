"""What a unit's page tells of its commitments, agreements, inspections, incidents and ratings."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from movement_portal.lib.tables import table_rows
from units.duty_tables import COMMITMENTS
from units.listing import TEXT
from units.record_tables import RecordList
from units.sections import Section
from units.sections import register as register_section

#: Records of a kind shown on a unit's page; all of them stand in the list.
SHOWN = 8


@dataclass(frozen=True)
class DutySection:
    """A section made of a list: its columns without those that say whose the record is."""

    listed: RecordList
    #: Columns of the list left out beside unit and area.
    leave_out: Sequence[str]
    order: Sequence[str]
    add_url: str
    add_label: str
    empty: str

    def __call__(self, unit, user):
        """What the template needs; None for an officer without the right to read such records."""
        if not user.has_perm(self.listed.permission):
            return None
        model = self.listed.filters.model
        records = self.records(unit, user)
        keys = list(records.order_by(*self.order).values_list("pk", flat=True)[: SHOWN + 1])
        count = len(keys) if len(keys) <= SHOWN else records.count()
        columns = [
            column for column in self.listed.columns if column.key not in ("unit__name", "area", *self.leave_out)
        ]
        rows = self.listed.load(model.objects.visible_to(user), keys[:SHOWN], user.jurisdiction) if keys else []
        add = f"{model._meta.app_label}.add_{model._meta.model_name}"
        return {
            "count": count,
            "shown": SHOWN,
            "headers": [(column.label, column.css) for column in columns],
            "rows": table_rows(columns, rows),
            "noun": self.listed.noun,
            "list_url": f"{reverse(self.listed.list_url)}?{urlencode({TEXT: unit.code})}",
            "add_url": f"{reverse(self.add_url)}?{urlencode({'don-vi': unit.code})}" if user.has_perm(add) else "",
            "add_label": self.add_label,
            "empty": self.empty,
        }

    def records(self, unit, user):
        """The records of the unit that the officer sees."""
        return self.listed.filters.model.objects.visible_to(user).filter(unit=unit)


SECTIONS = (
    (
        "cam-ket",
        "Cam kết, giao ước",
        DutySection(
            COMMITMENTS,
            (),
            ("-year", "-id"),
            "duties:commitment_add",
            "Thêm cam kết",
            "Chưa ghi cam kết nào.",
        ),
    ),
)


def register_duties() -> None:
    """Put the sections on the unit's page."""
    for place, (slug, title, load) in enumerate(SECTIONS):
        register_section(Section(slug, title, "units/_duties.html", load, order=20 + place))
