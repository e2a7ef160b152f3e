"""Filters of the lists of security teams, guards, courses and certificates."""

import datetime
from functools import cached_property

from django.db.models import Count, DateField, Exists, Max, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from movement_portal.lib.dates import today
from units.enums import (
    Education,
    FormerForce,
    GuardKind,
    GuardRole,
    StrengthEvent,
    TeamForm,
    TeamKind,
    TeamRating,
    TrainingContent,
    UnitKind,
)
from units.law import hiring_against_rule, rules_on, too_little_school, too_young
from units.listing import Filter, ListFilters, Options, Period, between, equals
from units.models import (
    Guard,
    SecurityTeam,
    TeamReview,
    TeamStrength,
    TrainingAttendance,
    TrainingCertificate,
    TrainingCourse,
)

#: The value of a state filter that asks for the past as well.
EVERY = "tat_ca"

#: The value of the filter that asks for persons at two units.
AT_TWO_UNITS = "hai_noi"

#: Days before the end of a certificate at which the office is reminded.
SOON, SOONER = 90, 30


#: The value of a state filter that asks for what begins on a day to come.
AHEAD = "sap"


def state_condition(first: str, last: str, on: datetime.date | None = None):
    """Rows of a day (today unless said), of the days before, of those after, or all, by their first and last day."""

    def condition(value: str) -> Q:
        if value == EVERY:
            return Q()
        day = on or today()
        ahead, past = Q(**{f"{first}__gt": day}), Q(**{f"{last}__lt": day})
        if value == AHEAD:
            return ahead
        begun = Q(**{f"{first}__isnull": True}) | Q(**{f"{first}__lte": day})
        left = Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": day})
        return past if value == "thoi" else begun & left

    return condition


# -- teams -------------------------------------------------------------------------------------------------------------
OWN_KINDS = (TeamKind.FULL_TIME, TeamKind.PART_TIME)
TEAM_KINDS: Options = (("cua_don_vi", "Chuyên trách, bán chuyên trách"), *TeamKind.choices)


def _team_kind(value):
    return Q(kind__in=OWN_KINDS) if value == "cua_don_vi" else Q(kind=value)


def built_or_strengthened(first: datetime.date | None, last: datetime.date | None) -> Q:
    """Teams set up in the period, or counted in it as built or strengthened: the figure that reports print."""
    events = TeamStrength.objects.filter(
        between("counted_on")(first, last),
        team=OuterRef("pk"),
        event__in=(StrengthEvent.BUILT, StrengthEvent.STRENGTHENED),
    )
    return between("established_on")(first, last) & Q(established_on__isnull=False) | Q(Exists(events))


#: Years back that the filter by rating offers.
YEARS = 5


def rating_options() -> Options:
    """Each rating of the latest years, the newest first: “2025-good”, “2025-chua”, and those with discipline."""
    this = today().year
    words = [(value, label.lower()) for value, label in TeamRating.choices]
    words += [("chua", "chưa xếp loại"), ("ky_luat", "có người bị kỷ luật")]
    return [
        (f"{year}-{value}", f"Năm {year}: {label}") for year in range(this, this - YEARS, -1) for value, label in words
    ]


def _rated(value):
    year, _, grade = value.partition("-")
    reviews = TeamReview.objects.filter(team=OuterRef("pk"), year=int(year))
    if grade == "chua":
        return ~Q(Exists(reviews.exclude(rating="")))
    if grade == "ky_luat":
        return Q(Exists(reviews.filter(Q(reprimand_count__gt=0) | Q(warning_count__gt=0))))
    return Q(Exists(reviews.filter(rating=grade)))


class TeamFilters(ListFilters):
    model = SecurityTeam
    options = (
        Filter("hinh_thuc", "Hình thức", TeamForm.choices, equals("form")),
        Filter("khoi", "Khối", UnitKind.choices, equals("unit__kind")),
        Filter(
            "luu_y",
            "Lưu ý",
            (("thue", "Cơ quan nhà nước thuê dịch vụ"), ("cong_cu", "Công cụ chưa có giấy phép")),
            lambda value: hiring_against_rule() if value == "thue" else Q(tool_count__gt=0, tool_licence_number=""),
        ),
    )
    periods = (
        Period("Xây dựng, củng cố", "tu", "den", built_or_strengthened),
        # What stood on the day, with its last count up to it: the figure of a report that closes on that day.
        Period("Tính đến ngày", "", "ngay", lambda *_: Q()),
    )
    orderings = {
        "ten": ("unit__name_sort", "id"),
        "dia_ban": ("unit__jurisdiction__name_sort", "unit__name_sort", "id"),
    }
    text_columns = ("search_folded", "unit__search_folded")
    placeholder = "Đơn vị, tên lực lượng, người phụ trách"

    @cached_property
    def counted_to(self) -> datetime.date:
        """The day of the list: today, or the one asked for."""
        return self.days.get("ngay", today())

    @cached_property
    def scope(self):
        """Every team in reach; each knows the day of the list."""
        return super().scope.annotate(counted_to=Value(self.counted_to, DateField()))

    @cached_property
    def filters(self):
        states = (("", "Đang có"), ("thoi", "Đã giải thể, hết hợp đồng"), (AHEAD, "Sắp có"), (EVERY, "Tất cả"))
        standing = state_condition("established_on", "ended_on", self.counted_to)
        return (
            Filter("loai", "Loại lực lượng", TEAM_KINDS, _team_kind, is_first=True),
            Filter("tinh_trang", "Tình trạng", states, standing, is_first=True, nothing=""),
            *self.options,
            # The years offered grow with the calendar.
            Filter("xep_loai", "Xếp loại, kỷ luật", rating_options(), _rated),
        )


# -- guards ------------------------------------------------------------------------------------------------------------
def _certificates():
    return TrainingCertificate.objects.filter(guard=OuterRef("pk"), withdrawn_on__isnull=True)


def certificate_condition(value: str) -> Q:
    """Guards by the last certificate they have: it holds, it ends soon, it has ended, there is none."""
    day = today()
    held = _certificates().filter(expires_on__gte=day)
    if value == "con":
        return Q(Exists(held))
    if value in ("90", "30"):
        after = held.filter(expires_on__gt=day + datetime.timedelta(days=int(value)))
        return Q(Exists(held)) & ~Q(Exists(after))
    if value == "het":
        return Q(Exists(_certificates())) & ~Q(Exists(held))
    return ~Q(Exists(_certificates()))


def certificate_counts(guards: QuerySet[Guard]) -> dict[str, int]:
    """How many of the guards each value of ``certificate_condition`` finds, all counted in one walk."""
    day = today()
    last = Max("certificates__expires_on", filter=Q(certificates__withdrawn_on__isnull=True))
    soon = {str(days): Q(until__range=(day, day + datetime.timedelta(days=days))) for days in (SOONER, SOON)}
    conditions = {**soon, "het": Q(until__lt=day), "chua": Q(until__isnull=True)}
    counted = guards.order_by().values("pk").annotate(until=last)
    named = {f"of_{value}": Count("pk", filter=condition) for value, condition in conditions.items()}
    found = counted.aggregate(**named)
    return {value: found[f"of_{value}"] for value in conditions}


CERTIFICATE_OPTIONS: Options = (
    ("con", "Còn giá trị"),
    ("90", "Hết hạn trong 90 ngày"),
    ("30", "Hết hạn trong 30 ngày"),
    ("het", "Đã hết hạn"),
    ("chua", "Chưa có"),
)


def _caution(value):
    rules = rules_on()
    return too_young(rules) if value == "tuoi" else too_little_school(rules)


class GuardFilters(ListFilters):
    model = Guard
    options = (
        Filter("chung_nhan", "Giấy chứng nhận huấn luyện", CERTIFICATE_OPTIONS, certificate_condition, is_first=True),
        Filter(
            "tinh_trang",
            "Tình trạng",
            (("", "Đang làm"), ("thoi", "Đã thôi làm"), (AHEAD, "Sắp vào làm"), (EVERY, "Tất cả")),
            state_condition("started_on", "ended_on"),
            is_first=True,
            nothing="",
        ),
        Filter("loai", "Loại", GuardKind.choices, equals("kind"), is_first=True),
        Filter("chuc_danh", "Chức danh", GuardRole.choices, equals("role")),
        Filter("khoi", "Khối", UnitKind.choices, equals("unit__kind")),
        Filter("trinh_do", "Trình độ", Education.choices, equals("education")),
        Filter("xuat_than", "Từng phục vụ trong", FormerForce.choices, equals("former_force")),
        Filter(
            "luu_y",
            "Lưu ý",
            (("tuoi", "Dưới tuổi quy định"), ("trinh_do", "Trình độ dưới quy định")),
            _caution,
        ),
        Filter(
            "trung",
            "Số định danh",
            (("co", "Có số định danh"), (AT_TWO_UNITS, "Đang làm ở hai đơn vị")),
            lambda _: Q(citizen_id_index__isnull=False),
        ),
    )
    periods = (Period("Bắt đầu làm", "tu", "den", between("started_on")),)
    orderings = {
        "ten": ("given_sort", "id"),
        "don_vi": ("unit__name_sort", "given_sort", "id"),
        "dia_ban": ("unit__jurisdiction__name_sort", "unit__name_sort", "given_sort", "id"),
    }
    text_columns = ("search_folded", "unit__search_folded")
    placeholder = "Họ tên, đơn vị"

    @cached_property
    def picked(self):
        rows = self.scope.filter(self.condition)
        return rows.also_elsewhere() if self.chosen.get("trung") == AT_TWO_UNITS else rows


# -- training ----------------------------------------------------------------------------------------------------------
def _content(value):
    # With its quotes: “d” alone is in “dd” too.
    return Q(contents_text__contains=f'"{value}"')


class CourseFilters(ListFilters):
    model = TrainingCourse
    options = (Filter("noi_dung", "Nội dung", TrainingContent.choices, _content, is_first=True),)
    periods = (Period("Tổ chức", "tu", "den", between("started_on")),)
    orderings = {"ngay": ("-started_on", "-id"), "ten": ("name_sort", "id")}
    placeholder = "Tên lớp, cơ quan tổ chức"

    @cached_property
    def picked(self):
        return self.scope.alias(contents_text=Cast("contents", TextField())).filter(self.condition)


def certificate_value(value: str) -> Q:
    """Certificates that hold, end soon, have ended, or were withdrawn."""
    if value == "thu":
        return Q(withdrawn_on__isnull=False)
    kept, day = Q(withdrawn_on__isnull=True), today()
    if value == "het":
        return kept & Q(expires_on__lt=day)
    held = kept & Q(expires_on__gte=day)
    return held if value == "con" else held & Q(expires_on__lte=day + datetime.timedelta(days=int(value)))


class CertificateFilters(ListFilters):
    model = TrainingCertificate
    options = (
        Filter(
            "gia_tri",
            "Giá trị",
            (
                ("con", "Còn giá trị"),
                ("90", "Hết hạn trong 90 ngày"),
                ("30", "Hết hạn trong 30 ngày"),
                ("het", "Đã hết hạn"),
                ("thu", "Đã thu hồi, đổi"),
            ),
            certificate_value,
            is_first=True,
        ),
        Filter(
            "tinh_trang",
            "Người bảo vệ",
            (("", "Đang làm"), ("thoi", "Đã thôi làm"), (AHEAD, "Sắp vào làm"), (EVERY, "Tất cả")),
            state_condition("guard__started_on", "guard__ended_on"),
            is_first=True,
            nothing="",
        ),
    )
    periods = (Period("Cấp", "tu", "den", between("issued_on")),)
    orderings = {
        "het_han": ("expires_on", "id"),
        "ngay_cap": ("-issued_on", "-id"),
        "ten": ("guard__given_sort", "id"),
    }
    text_columns = ("search_folded", "guard__search_folded", "guard__unit__search_folded")
    placeholder = "Số giấy, cơ quan cấp, họ tên, đơn vị"


def trained_since(day: datetime.date) -> Q:
    """Guards who took part in a course that ended, or got a certificate issued, on the day or later."""
    attended = TrainingAttendance.objects.filter(guard=OuterRef("pk"), course__ended_on__gte=day)
    issued = TrainingCertificate.objects.filter(guard=OuterRef("pk"), issued_on__gte=day)
    return Q(Exists(attended)) | Q(Exists(issued))
