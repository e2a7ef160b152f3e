"""Filters of the lists of what units promised, agreed, were checked for, and of what happened in them."""

import datetime
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Q

from movement_portal.documents.models import LegalDocument
from movement_portal.lib.dates import today
from units.enums import CommitmentKind, UnitKind
from units.listing import Filter, ListFilters, Options, Period, between, equals
from units.models import Commitment

#: Directive 07 on the movement in agencies, enterprises and schools dates of 2014; reports reach back to 2012.
FIRST_YEAR = 2012


def year_options() -> Options:
    """The years that lists offer, the present one first."""
    return tuple((str(year), str(year)) for year in range(today().year, FIRST_YEAR - 1, -1))


class YearFilters(ListFilters):
    """Filters of records of a year: the years offered grow with the calendar."""

    @cached_property
    def filters(self):
        return (Filter("nam", "Năm", year_options(), lambda value: Q(year=int(value)), is_first=True), *self.options)


# -- commitments -------------------------------------------------------------------------------------------------------
def signing_state(value: str) -> Q:
    """Commitments that everybody signed, that somebody has not, and those whose figures are not known."""
    known = Q(signed_count__isnull=False, total_count__isnull=False)
    if value == "du":
        return known & Q(signed_count=F("total_count"))
    if value == "thieu":
        return known & Q(signed_count__lt=F("total_count"))
    return ~known


def signed_between(first: datetime.date | None, last: datetime.date | None) -> Q:
    """Commitments signed in the period; one without a day counts by its year."""
    years = Q(signed_on__isnull=True)
    if first:
        years &= Q(year__gte=first.year)
    if last:
        years &= Q(year__lte=last.year)
    return Q(signed_on__isnull=False) & between("signed_on")(first, last) | years


class CommitmentFilters(YearFilters):
    model = Commitment
    options = (
        Filter("hinh_thuc", "Hình thức", CommitmentKind.choices, equals("kind"), is_first=True),
        Filter(
            "du",
            "Số người ký",
            (("du", "Đã ký đủ"), ("thieu", "Còn người chưa ký"), ("chua", "Chưa ghi đủ số")),
            signing_state,
            is_first=True,
        ),
        Filter("khoi", "Khối", UnitKind.choices, equals("unit__kind")),
    )
    periods = (Period("Ký", "tu", "den", signed_between),)
    orderings = {
        "nam": ("-year", "-id"),
        "ten": ("unit__name_sort", "-year", "id"),
        "dia_ban": ("unit__jurisdiction__name_sort", "unit__name_sort", "id"),
    }
    text_columns = ("unit__search_folded", "search_folded")
    placeholder = "Đơn vị, nội dung cam kết"

    @cached_property
    def filters(self):
        used = Commitment.objects.visible_to(self.user).filter(legal_document=OuterRef("pk"))
        documents = LegalDocument.objects.filter(Exists(used)).values_list("pk", "number")
        options = tuple((str(pk), number) for pk, number in documents)
        document = Filter("van_ban", "Thực hiện văn bản", options, lambda value: Q(legal_document=int(value)))
        return (*super().filters, document)
