"""Filters of the lists of what units promised, agreed, were checked for, and of what happened in them."""

import datetime
from collections.abc import Sequence
from functools import cached_property

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from movement_portal.documents.models import LegalDocument
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import fold
from units.enums import AgreementKind, CommitmentKind, IncidentConclusion, IncidentKind, PartKind, UnitKind
from units.listing import Filter, ListFilters, Options, Period, between, equals
from units.models import AgreementParty, Commitment, CoordinationAgreement, Incident, Inspection, PartRating, Unit

#: Directive 07 on the movement in agencies, enterprises and schools dates of 2014; reports reach back to 2012.
FIRST_YEAR = 2012
#: Days before the end of an agreement at which the office is reminded.
SOON = 90
#: Words after which a typed text may change from the unit's to the record's at most.
SPLIT_WORDS = 8

BY_UNIT_KIND = Filter("khoi", "Khối", UnitKind.choices, equals("unit__kind"))


def year_options() -> Options:
    """The years that lists offer, the present one first."""
    return tuple((str(year), str(year)) for year in range(today().year, FIRST_YEAR - 1, -1))


class UnitWords(ListFilters):
    """The words typed begin words of the unit, found by the index of units, or words of the record itself.

    Where neither has all of them, some may be the unit's and the rest the record's, one after the other: “cam ket mam
    non hoa ban”, “hoa ban ma tuy”. That is asked only then: it looks at more than one table at once.
    """

    @cached_property
    def everything(self):
        words = fold(self.text).split()
        if not words:
            return self.picked
        whole = self.picked.filter(self.of_units(self._units_with(words)) | _own_with(words))
        if len(words) == 1 or whole.order_by().exists():
            return whole
        return self.picked.filter(pk__in=self._of_both(words))

    def of_units(self, units) -> Q:
        """The condition that the record is of one of the units."""
        return Q(unit__in=units)

    def _of_both(self, words):
        """Keys of records with the first words of their own and the others of their unit's, or the other way round."""
        rows = models.QuerySet(self.model).order_by()
        parts = [
            rows.filter(_own_with(own), self.of_units(self._units_with(others))).values("pk")
            for cut in range(1, min(len(words), SPLIT_WORDS))
            for own, others in ((words[:cut], words[cut:]), (words[cut:], words[:cut]))
        ]
        # Short lists put together: one condition with all of them would be asked of each row of the table.
        return parts[0].union(*parts[1:])

    def _units_with(self, words):
        units = Unit.objects.visible_to(self.user).order_by()
        for word in words:
            units = units.filter(search_folded__contains=f" {word}")
        return units.values("pk")


def _own_with(words: Sequence[str]) -> Q:
    """Records whose own text has all the words."""
    return Q(*(Q(search_folded__contains=f" {word}") for word in words))


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


class CommitmentFilters(UnitWords, YearFilters):
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
        BY_UNIT_KIND,
    )
    periods = (Period("Ký", "tu", "den", signed_between),)
    orderings = {
        "nam": ("-year", "-id"),
        "ten": ("unit__name_sort", "-year", "id"),
        "dia_ban": ("unit__jurisdiction__name_sort", "unit__name_sort", "id"),
    }
    placeholder = "Đơn vị, nội dung cam kết"

    @cached_property
    def filters(self):
        used = Commitment.objects.visible_to(self.user).filter(legal_document=OuterRef("pk"))
        documents = LegalDocument.objects.filter(Exists(used)).values_list("pk", "number")
        options = tuple((str(pk), number) for pk, number in documents)
        document = Filter("van_ban", "Thực hiện văn bản", options, lambda value: Q(legal_document=int(value)))
        return (*super().filters, document)


# -- agreements --------------------------------------------------------------------------------------------------------
def agreement_validity(value: str) -> Q:
    """Agreements in force, those that end soon, those that have ended, those without an end."""
    day = today()
    in_force = (Q(valid_to__isnull=True) | Q(valid_to__gte=day)) & (Q(valid_from__isnull=True) | Q(valid_from__lte=day))
    if value == "con":
        return in_force
    if value == "sap":
        return Q(valid_to__gte=day, valid_to__lte=day + datetime.timedelta(days=SOON))
    return Q(valid_to__lt=day) if value == "het" else Q(valid_to__isnull=True)


class AgreementFilters(UnitWords):
    model = CoordinationAgreement
    options = (
        Filter("loai", "Loại văn bản", AgreementKind.choices, equals("kind"), is_first=True),
        Filter(
            "hieu_luc",
            "Hiệu lực",
            (
                ("con", "Còn hiệu lực"),
                ("sap", f"Hết hiệu lực trong {SOON} ngày"),
                ("het", "Đã hết hiệu lực"),
                ("khong", "Không ghi thời hạn"),
            ),
            agreement_validity,
            is_first=True,
        ),
    )
    periods = (Period("Ký", "tu", "den", between("signed_on")),)
    orderings = {
        "ngay": ("-signed_on", "-id"),
        "het": ("valid_to", "id"),
        "so": ("number", "id"),
        "dia_ban": ("jurisdiction__name_sort", "-signed_on", "id"),
    }
    placeholder = "Số, trích yếu, cơ quan, đơn vị ký"

    def of_units(self, units):
        """One of the units, all within reach, is a party."""
        parties = AgreementParty._base_manager.order_by()
        return Q(pk__in=parties.filter(unit__in=units).values("agreement"))


# -- inspections -------------------------------------------------------------------------------------------------------
def fixing_state(value: str) -> Q:
    """Inspections whose findings are late, still have time, are put right, or asked for nothing by a day."""
    if value == "xong":
        return Q(fixed_on__isnull=False)
    waiting = Q(fixed_on__isnull=True)
    if value == "qua":
        return waiting & Q(deadline__lt=today())
    if value == "cho":
        return waiting & Q(deadline__gte=today())
    return waiting & Q(deadline__isnull=True)


class InspectionFilters(UnitWords):
    model = Inspection
    options = (
        Filter(
            "khac_phuc",
            "Khắc phục",
            (
                ("qua", "Quá hạn khắc phục"),
                ("cho", "Còn trong hạn"),
                ("xong", "Đã khắc phục"),
                ("khong", "Không có kiến nghị có hạn"),
            ),
            fixing_state,
            is_first=True,
        ),
        BY_UNIT_KIND,
    )
    periods = (
        Period("Kiểm tra", "tu", "den", between("inspected_on")),
        Period("Hạn khắc phục", "han_tu", "han_den", between("deadline")),
    )
    orderings = {
        "ngay": ("-inspected_on", "-id"),
        "han": ("deadline", "id"),
        "ten": ("unit__name_sort", "-inspected_on", "id"),
        "dia_ban": ("unit__jurisdiction__name_sort", "unit__name_sort", "id"),
    }
    placeholder = "Đơn vị, nội dung, kết quả"


# -- incidents ---------------------------------------------------------------------------------------------------------
#: The value that asks for all that happened or may have: everything but what was found not to have happened.
NOT_REJECTED = "tinh"


def _conclusion(value: str) -> Q:
    return ~Q(conclusion=IncidentConclusion.REJECTED) if value == NOT_REJECTED else Q(conclusion=value)


def yes_no_unknown(column: str):
    """Rows where a question is answered with yes, with no, or not at all."""
    return lambda value: Q(**{column: {"co": True, "khong": False}.get(value)})


YES_NO: Options = (("co", "Có"), ("khong", "Không"), ("chua", "Chưa rõ"))


class IncidentFilters(ListFilters):
    model = Incident
    options = (
        Filter("loai", "Loại vụ việc", IncidentKind.choices, equals("kind"), is_first=True),
        Filter(
            "ket_luan",
            "Kết luận",
            ((NOT_REJECTED, "Có xảy ra hoặc chưa kết luận"), *IncidentConclusion.choices),
            _conclusion,
            is_first=True,
        ),
        BY_UNIT_KIND,
        Filter("bat_kha_khang", "Do bất khả kháng", YES_NO, yes_no_unknown("is_force_majeure")),
        Filter("kip_thoi", "Phát hiện kịp thời và báo cáo", YES_NO, yes_no_unknown("found_in_time")),
    )
    periods = (Period("Xảy ra", "tu", "den", between("occurred_on")),)
    orderings = {
        "ngay": ("-occurred_on", "-id"),
        "loai": ("kind", "-occurred_on", "id"),
        "ten": ("unit__name_sort", "-occurred_on", "id"),
        "dia_ban": ("unit__jurisdiction__name_sort", "unit__name_sort", "id"),
    }
    text_columns = ("unit__search_folded",)
    placeholder = "Tên, mã đơn vị"


# -- ratings of parts --------------------------------------------------------------------------------------------------
class RatingFilters(YearFilters):
    model = PartRating
    options = (
        Filter("dau_moi", "Đầu mối", PartKind.choices, equals("kind"), is_first=True),
        BY_UNIT_KIND,
        Filter(
            "ky_luat",
            "Kỷ luật từ cảnh cáo trở lên",
            (("co", "Có người bị kỷ luật"), ("khong", "Không có")),
            lambda value: Q(disciplined_count__gt=0) if value == "co" else Q(disciplined_count=0),
        ),
    )
    orderings = {
        "nam": ("-year", "-id"),
        "ten": ("unit__name_sort", "-year", "id"),
        "dia_ban": ("unit__jurisdiction__name_sort", "unit__name_sort", "id"),
    }
    text_columns = ("unit__search_folded",)
    placeholder = "Tên, mã đơn vị"
