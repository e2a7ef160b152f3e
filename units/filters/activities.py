"""Filters of the list of activities: when, what kind, under which programme, where, with which units."""

import calendar
import datetime
from functools import cached_property

from django.db.models import F, Q
from django.utils.text import Truncator

from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.scoping import path_range
from movement_portal.lib.vietnamese import fold
from units.enums import ActivityKind
from units.forms.fields import CODE
from units.listing import Filter, ListFilters, Options, Period, Typed, between, equals
from units.models import Activity, ActivityUnit, Unit

ROMAN = ("I", "II", "III", "IV")
#: Years, and months back from today, that the list of periods offers.
YEARS, MONTHS = 6, 12
NO_PROGRAMME = "khong"
#: Letters of a document's title that its choice shows.
TITLE_SHOWN = 60


# -- periods -----------------------------------------------------------------------------------------------------------
def span_of(value: str) -> tuple[datetime.date, datetime.date]:
    """First and last day of “nam-2026”, “nua-2026-1”, “quy-2026-4” or “thang-2026-11”."""
    kind, year, *number = value.split("-")
    months = {"nam": 12, "nua": 6, "quy": 3, "thang": 1}[kind]
    first = (int(number[0]) - 1) * months + 1 if number else 1
    last = first + months - 1
    days = calendar.monthrange(int(year), last)[1]
    return datetime.date(int(year), first, 1), datetime.date(int(year), last, days)


def period_options(on: datetime.date) -> Options:
    """The calendar periods that an office asks for on a day: this year's parts, past months and years."""
    halves = [(f"nua-{on.year}-{half}", f"6 tháng {word} năm {on.year}") for half, word in ((1, "đầu"), (2, "cuối"))]
    quarters = [
        (f"quy-{year}-{quarter}", f"Quý {ROMAN[quarter - 1]} năm {year}")
        for year in (on.year, on.year - 1)
        for quarter in range(4, 0, -1)
        if (year, quarter) <= (on.year, (on.month + 2) // 3)
    ]
    back = [(on.year * 12 + on.month - 1 - months) for months in range(MONTHS)]
    months = [(f"thang-{at // 12}-{at % 12 + 1}", f"Tháng {at % 12 + 1} năm {at // 12}") for at in back]
    years = [(f"nam-{year}", f"Năm {year}") for year in range(on.year, on.year - YEARS, -1)]
    return (*years, *halves[: 1 if on.month <= 6 else 2], *quarters, *months)


def _held(value):
    return Q(held_on__range=span_of(value))


# -- conditions --------------------------------------------------------------------------------------------------------
def _under(value):
    return Q(programme__isnull=True) if value == NO_PROGRAMME else Q(programme=value)


ATTENDANCE: Options = (
    ("chinh_xac", "Số chính xác"),
    ("uoc_luong", "Số gần đúng (gần, khoảng, trên)"),
    ("chua", "Chưa ghi lượt người"),
)


def _counted(value):
    if value == "chua":
        return Q(attendance_count__isnull=True)
    exact = Q(approximation="")
    return Q(attendance_count__isnull=False) & (exact if value == "chinh_xac" else ~exact)


UNITS_NAMED: Options = (("co", "Có danh sách đơn vị"), ("chua", "Chưa có danh sách đơn vị"))


def _named(value):
    return Q(has_units=value == "co")


def _has_words(*columns):
    """Rows with a word that begins so in each of the columns, for every word typed."""

    def condition(text, user):
        found = Q()
        for word in fold(text).split():
            for column in columns:
                found &= Q(**{f"{column}__contains": f" {word}"})
        return found

    return condition


#: The words of a topic are among those that the list is searched by, which an index finds.
_ABOUT = _has_words("search_folded", "topic_folded")


def with_unit(text: str, user) -> Q:
    """Sessions in which a unit took part, by its code or the words of its name, as far as the officer sees that."""
    rows = ActivityUnit.objects.visible_to(user)
    if match := CODE.match(text):
        rows = rows.filter(unit__code=match[1].upper())
    else:
        units = Unit.objects.order_by()
        for word in fold(text).split():
            units = units.filter(search_folded__contains=f" {word}")
        rows = rows.filter(unit__in=units.values("pk"))
    return Q(pk__in=rows.order_by().values("activity"))


class ActivityFilters(ListFilters):
    model = Activity
    typed = (
        Typed("don_vi", "Đơn vị tham gia", with_unit, "Tên hoặc mã đơn vị", suggested_by="units:unit_options"),
        Typed("noi_dung", "Nội dung, chủ đề", _ABOUT, suggested_by="activities:activity_options"),
        Typed("hinh_thuc", "Hình thức", _has_words("form_folded"), suggested_by="activities:activity_options"),
    )
    periods = (Period("Tổ chức", "tu", "den", between("held_on")),)
    orderings = {
        "ngay": ("-held_on", "-id"),
        "luot": ("-attendance_count", "-id"),
        "cuoc": ("-session_count", "-id"),
        "moi": ("-id",),
    }
    placeholder = "Nội dung, mã, nơi, cơ quan"

    @cached_property
    def parts(self):
        scope = Activity.objects.parts_visible_to(self.user, self.area)
        return [self.with_words(part.filter(self.condition)) for part in scope]

    @cached_property
    def filters(self):
        documents = LegalDocument.objects.visible_to(self.user).order_by(F("issued_on").desc(nulls_last=True), "number")
        programmes = [
            (str(pk), Truncator(f"{number}: {title}").chars(TITLE_SHOWN))
            for pk, number, title in documents.values_list("pk", "number", "title")
        ]
        return (
            Filter("ky", "Kỳ", period_options(self.on), _held, is_first=True),
            Filter("loai", "Loại", ActivityKind.choices, equals("kind"), is_first=True),
            Filter(
                "van_ban",
                "Chương trình, chỉ thị",
                ((NO_PROGRAMME, "Không ghi văn bản"), *programmes),
                _under,
            ),
            Filter(
                "noi",
                "Nơi tổ chức",
                (("trong", "Tổ chức trong địa bàn"), ("ngoai", "Nơi khác tổ chức, có đơn vị dự")),
                self._held_in,
            ),
            Filter("luot_nguoi", "Lượt người", ATTENDANCE, _counted),
            Filter("danh_sach", "Danh sách đơn vị", UNITS_NAMED, _named),
        )

    def _held_in(self, value):
        """Sessions held in the area in view, or elsewhere with a unit of it."""
        area = self.area or self.user.jurisdiction
        inside = path_range(area.path, "jurisdiction__path")
        return inside if value == "trong" else ~inside
