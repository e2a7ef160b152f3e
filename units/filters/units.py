"""The filters of the unit list."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from django.db.models import Q

from movement_portal.jurisdictions.scoping import bounds_of, is_root, reach_of
from movement_portal.lib.paging import AFTER, BEFORE, Key, Segment, keys_for
from movement_portal.lib.prepared import Prepared
from units.eligibility import with_eligibility
from units.enums import (
    Eligibility,
    EnterpriseSize,
    GroupingKind,
    SchoolLevel,
    UnitKind,
    UnitStatus,
    UnitSubkind,
)
from units.listing import AREA_LABEL, SORT, TEXT, Filter, ListFilters, Options, equals
from units.models import Grouping, Unit
from units.models.units import OPEN_STATUSES
from units.search import found

__all__ = ["AREA_LABEL", "EVERY_STATUS", "GROUP_FILTERS", "SORT", "TEXT", "UnitFilters"]

#: The state of units in the list: those that still exist unless the address asks for others.
EVERY_STATUS = "tat_ca"
STATUS_OPTIONS: Options = (("", "Đang tồn tại"), *UnitStatus.choices, (EVERY_STATUS, "Mọi tình trạng"))


def status_condition(value: str) -> Q:
    """Units in the state asked for; without one those that still exist."""
    if value == EVERY_STATUS:
        return Q()
    return Q(status=value) if value else Q(status__in=OPEN_STATUSES)


FILTERS = (
    Filter("khoi", "Khối", UnitKind.choices, equals("kind"), is_first=True),
    Filter("tinh_trang", "Tình trạng", STATUS_OPTIONS, status_condition, is_first=True, nothing=""),
    Filter("doi_tuong", "Đối tượng", Eligibility.choices, equals("eligibility"), is_first=True),
    Filter("loai_hinh", "Loại hình", UnitSubkind.choices, equals("subkind")),
    Filter("cap_hoc", "Cấp học", SchoolLevel.choices, equals("school_level")),
    Filter("quy_mo", "Quy mô", EnterpriseSize.choices, equals("enterprise_size")),
    Filter(
        "mst",
        "Mã số thuế",
        (("co", "Có mã số thuế"), ("khong", "Chưa có mã số thuế")),
        lambda value: ~Q(tax_code="") if value == "co" else Q(tax_code=""),
    ),
    Filter(
        "xac_dinh",
        "Địa bàn",
        (("can", "Cần xác định địa bàn"), ("du", "Đã xác định địa bàn")),
        lambda value: Q(area_needs_review=value == "can"),
    ),
)

#: Parameter and column of each kind of group.
GROUP_FILTERS = (
    ("nganh", GroupingKind.SECTOR, "sector"),
    ("khu", GroupingKind.INDUSTRIAL_PARK, "industrial_park"),
    ("chu_quan", GroupingKind.GOVERNING_BODY, "governing_body"),
)

#: Orderings that the address may ask for; a hyphen in front turns one round.
ORDERINGS = {
    "ten": ("name_sort", "id"),
    "ma": ("code",),
    "dia_ban": ("jurisdiction__name_sort", "name_sort", "id"),
    "sua": ("updated_at", "id"),
}


#: Groups are read by every officer with a posting.
_groups = Prepared(lambda: Grouping.objects.order_by("name_sort", "id").only("id", "kind", "name"))


class UnitFilters(ListFilters):
    """What one address asks of the list of units."""

    model = Unit
    orderings = ORDERINGS

    @cached_property
    def groups(self) -> Mapping[str, list[Grouping]]:
        """The groups of each kind, in their order."""
        found: dict[str, list[Grouping]] = {kind: [] for kind in GroupingKind.values}
        for group in _groups() if self.user.jurisdiction else ():
            found[group.kind].append(group)
        return found

    @cached_property
    def filters(self) -> list[Filter]:
        """The filters of this list, the groups that there are among them."""
        by_group = [
            Filter(
                name,
                str(GroupingKind(kind).label),
                [(str(group.pk), group.name) for group in self.groups[kind]],
                equals(f"{column}_id"),
            )
            for name, kind, column in GROUP_FILTERS
            if self.groups[kind]
        ]
        return [*FILTERS, *by_group]

    @cached_property
    def gathered(self):
        """As ``scope``, for units that are all to be found: to be counted or sorted."""
        units = Unit.objects.visible_to(self.user, gathered=True)
        return units.within(self.area, gathered=True) if self.area else units

    @cached_property
    def picked(self):
        """The units that the filters leave, whatever the text."""
        return self._filtered(self.gathered if self.is_narrowed else self.scope)

    def _filtered(self, units):
        if "doi_tuong" in self.chosen:
            units = with_eligibility(units, self.on)
        return units.filter(self.condition)

    @cached_property
    def _found(self):
        if not self.text:
            return self.picked, False
        return found(self.picked, self.text, within_province=not self.is_whole_country)

    @property
    def everything(self):
        """All that the list holds, as one queryset without order."""
        return self._found[0] if self.is_narrowed else self._filtered(self.gathered)

    def listing(self, *, is_large: bool = False) -> tuple[list[Segment], tuple[Key, ...]]:
        """The list as segments and the ordering of each.

        A search that no other order was asked for goes by rank; of very many units (``is_large``) by name, which an
        index serves.
        """
        names = ORDERINGS[self.sort.removeprefix("-") or "ten"]
        if self.sort.startswith("-"):
            names = tuple(f"-{name}" for name in names)
        units, has_ranks = self._found
        if has_ranks and not self.sort and not is_large:
            names = ("search_rank", *names)
        near = self.scope if is_large and self.is_narrowed else None
        return [Segment(units, picked=self.is_narrowed, near=near)], keys_for(Unit, names)

    # -- the first page, prepared --------------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple | None:
        """What the SQL of the first page depends on; None where it is made anew: it differs from search to search."""
        if self.text or "doi_tuong" in self.chosen or AFTER in self.params or BEFORE in self.params:
            return None
        return (
            self.sort,
            bool(self.area),
            self.is_whole_country,
            self.sees_whole_country,
            *sorted(self.chosen.items()),
        )

    @property
    def sees_whole_country(self) -> bool:
        """Whether the officer's own reach is the country, whatever area is asked for."""
        return self.user.jurisdiction is not None and is_root(self.user.jurisdiction.path)

    def in_slots(self) -> "UnitFilters":
        """The same filters over the units of any officer and area: for a query prepared for all lists of the shape."""
        twin = replace(self)
        vars(twin).update(area=self.area, chosen=self.chosen, scope=self._units_in_slots(gathered=False))
        vars(twin).update(gathered=self._units_in_slots(gathered=True))
        return twin

    def _units_in_slots(self, *, gathered):
        units = Unit.objects.visible_in_reach(is_root=self.sees_whole_country, gathered=gathered)
        return units.within_bounds(gathered=gathered) if self.area else units

    @property
    def slots(self) -> dict[str, str]:
        """The values of the slots of ``in_slots``: whose units, of what area."""
        return {**reach_of(self.user), **(bounds_of(self.area) if self.area else {})}
