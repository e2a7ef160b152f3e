"""The filters of the unit list: what the address may ask, as conditions, as controls and as removable chips."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from movement_portal.jurisdictions.enums import JurisdictionKind
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import PATH_DIGITS
from movement_portal.lib.paging import AFTER, BEFORE, SIZE, Key, Segment, keys_for
from movement_portal.lib.vietnamese import nfc
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
from units.models import Grouping, Unit
from units.models.units import OPEN_STATUSES
from units.search import found

_PREFIX = {kind.value: kind.prefix for kind in JurisdictionKind}

TEXT, AREA, SORT = "q", "dia_ban", "sap_xep"
AREA_LABEL = "Thuộc địa bàn"
#: Longest text that is looked for.
TEXT_LENGTH = 200

Options = Sequence[tuple[str, str]]

#: The state of units in the list: those that still exist unless the address asks for others.
EVERY_STATUS = "tat_ca"
STATUS_OPTIONS: Options = (("", "Đang tồn tại"), *UnitStatus.choices, (EVERY_STATUS, "Mọi tình trạng"))


def status_condition(value: str) -> Q:
    """Units in the state asked for; without one those that still exist."""
    if value == EVERY_STATUS:
        return Q()
    return Q(status=value) if value else Q(status__in=OPEN_STATUSES)


def equals(column: str) -> Callable[[str], Q]:
    return lambda value: Q(**{column: value})


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: its parameter, the words for it, the values it takes, and what a value means."""

    name: str
    label: str
    options: Options
    condition: Callable[[str], Q]
    #: Whether it stands in the first row; the others are behind a button until one is used.
    is_first: bool = False
    #: What the first choice says when nothing is chosen; empty when the options say it.
    nothing: str = "Tất cả"


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


@dataclass(frozen=True, slots=True)
class Control:
    """One filter as the page shows it."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]
    is_first: bool


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter in use: its words, and the address without it."""

    label: str
    value: str
    query: str


@dataclass
class UnitFilters:
    """What one address asks of the list, for one officer; whatever it says that means nothing is passed over."""

    params: QueryDict
    user: object
    on: object = field(default_factory=timezone.localdate)

    @cached_property
    def text(self) -> str:
        return nfc(self.params.get(TEXT, ""))[:TEXT_LENGTH]

    @cached_property
    def area(self) -> Jurisdiction | None:
        """The area the list is narrowed to, of those that the officer sees."""
        asked = self.params.get(AREA, "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
            return None
        areas = Jurisdiction.objects.visible_to(self.user).exclude(pk=self.user.jurisdiction.pk)
        return areas.filter(pk=int(asked)).select_related("parent__parent").first()

    @cached_property
    def scope(self):
        """Every unit that the officer sees in the area."""
        units = Unit.objects.visible_to(self.user)
        return units.within(self.area) if self.area else units

    @cached_property
    def is_whole_country(self) -> bool:
        area = self.area or self.user.jurisdiction
        return area is not None and len(area.path) <= PATH_DIGITS

    @cached_property
    def groups(self) -> Mapping[str, list[Grouping]]:
        """The groups of each kind, in their order."""
        found: dict[str, list[Grouping]] = {kind: [] for kind in GroupingKind.values}
        for group in Grouping.objects.visible_to(self.user).order_by("name_sort", "id").only("id", "kind", "name"):
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
    def chosen(self) -> dict[str, str]:
        """The value of each filter in use."""
        found = {}
        for one in self.filters:
            value = self.params.get(one.name, "")
            if value and any(value == option for option, _ in one.options):
                found[one.name] = value
        return found

    @cached_property
    def is_narrowed(self) -> bool:
        """Whether anything but the area picks the units."""
        return bool(self.text or self.chosen)

    @cached_property
    def picked(self):
        """The units that the filters leave, whatever the text."""
        units = self.scope
        if "doi_tuong" in self.chosen:
            units = with_eligibility(units, self.on)
        condition = Q()
        for one in self.filters:
            if one.name in self.chosen or not one.nothing:
                condition &= one.condition(self.chosen.get(one.name, ""))
        return units.filter(condition)

    @cached_property
    def _found(self):
        if not self.text:
            return self.picked, False
        return found(self.picked, self.text, within_province=not self.is_whole_country)

    @property
    def everything(self):
        """All that the list holds, as one queryset without order."""
        return self._found[0]

    @cached_property
    def sort(self) -> str:
        """The ordering asked for; empty is by rank when there is a text, and else by name."""
        asked = self.params.get(SORT, "")
        return asked if asked.removeprefix("-") in ORDERINGS else ""

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

    # -- what the page shows -------------------------------------------------------------------------------------------

    def query(self, **changes: str | None) -> str:
        """The address's query with changes, without the place in the list."""
        params = self.params.copy()
        for name in (AFTER, BEFORE, *changes):
            params.pop(name, None)
        for name, value in changes.items():
            if value:
                params[name] = value
        for name in [name for name, value in params.items() if not value]:
            del params[name]
        return params.urlencode()

    @cached_property
    def controls(self) -> list[Control]:
        controls = []
        for one in self.filters:
            now = self.chosen.get(one.name, "")
            options = [(value, label, value == now) for value, label in one.options]
            if one.nothing:
                options.insert(0, ("", one.nothing, not now))
            controls.append(Control(one.name, one.label, options, one.is_first))
        return controls

    @property
    def uses_more(self) -> bool:
        """Whether a filter of those behind the button is in use."""
        return any(one.name in self.chosen for one in self.filters if not one.is_first)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the address says beside the filters, for the form to carry on."""
        return [(name, self.params[name]) for name in (SORT, SIZE) if self.params.get(name)]

    @cached_property
    def area_options(self) -> list[tuple[str, str, bool]]:
        """The areas one step below, above them the one chosen, above it where the officer came from."""
        own = self.user.jurisdiction
        if own is None:
            return []
        here = self.area or own
        options = [("", f"Toàn bộ {own.full_name}" if self.area else f"{own.full_name}", not self.area)]
        if self.area:
            above = self.area.parent
            if above and above.pk != own.pk and above.path.startswith(own.path):
                options.append((str(above.pk), above.full_name, False))
            options.append((str(here.pk), here.full_name, True))
        below = Jurisdiction.objects.visible_to(self.user).as_of(self.on).filter(parent=here)
        # Values, not objects: a province has over a hundred of them on every page.
        rows = below.order_by("name_sort", "id").values_list("pk", "kind", "name")
        return [*options, *((str(pk), f"{_PREFIX[kind]} {name}", False) for pk, kind, name in rows)]

    @property
    def active(self) -> list[ActiveFilter]:
        """The filters in use as chips, each with the address that drops it."""
        chips = []
        if self.text:
            chips.append(ActiveFilter("Tìm", f"“{self.text}”", self.query(**{TEXT: None})))
        if self.area:
            chips.append(ActiveFilter(AREA_LABEL, self.area.full_name, self.query(**{AREA: None})))
        chips += [
            ActiveFilter(one.label, dict(one.options)[self.chosen[one.name]], self.query(**{one.name: None}))
            for one in self.filters
            if one.name in self.chosen
        ]
        return chips
