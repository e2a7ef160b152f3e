"""Filters of the list of units whose guards have not been trained for long."""

import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef

from movement_portal.lib.dates import today
from units.enums import SchoolLevel, UnitKind
from units.filters.forces import trained_since
from units.law import months_before, rules_on, training_months
from units.listing import Filter, ListFilters, equals
from units.models import Guard, Unit


def untrained_units(user, since: datetime.date):
    """Units with guards at work of whom none was trained since the day."""
    serving = Guard.objects.serving().filter(unit=OuterRef("pk"))
    trained = serving.filter(trained_since(since))
    return Unit.objects.visible_to(user).open().filter(Exists(serving)).exclude(Exists(trained))


class UntrainedFilters(ListFilters):
    model = Unit
    options = (
        Filter("khoi", "Khối", UnitKind.choices, equals("kind"), is_first=True),
        Filter("cap_hoc", "Cấp học", SchoolLevel.choices, equals("school_level")),
    )
    orderings = {"ten": ("name_sort", "id"), "dia_ban": ("jurisdiction__name_sort", "name_sort", "id")}
    placeholder = "Tên, mã đơn vị"

    @cached_property
    def months(self) -> int:
        """Months that a unit may go without training, by the rule of today."""
        return training_months(rules_on())

    @cached_property
    def scope(self):
        rows = untrained_units(self.user, months_before(today(), self.months))
        return rows.within(self.area) if self.area else rows
