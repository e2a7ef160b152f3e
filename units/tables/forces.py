"""Columns of the lists of security teams, guards, courses and certificates: on the page and in exports."""

import datetime

from django.db import models
from django.db.models import Count, Max
from django.utils.html import escape

from movement_portal.lib.dates import is_within, today
from movement_portal.lib.numbers import written
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.writing import Kind
from movement_portal.templatetags.portal import chip
from units.enums import Education, FormerForce, GuardKind, GuardRole, Sex, TeamForm, TeamKind, TrainingResult
from units.filters.forces import SOON, CertificateFilters, CourseFilters, GuardFilters, TeamFilters
from units.models import Guard, SecurityTeam, TeamStrength, TrainingAttendance, TrainingCertificate
from units.same_person import elsewhere_in_words, units_by_number
from units.tables.records import (
    AREA_COLUMN,
    UNIT_COLUMN,
    UNIT_EXPORT,
    RecordList,
    count_of_units,
    day_text,
    in_order,
    labels_of,
    out_column,
    record_link,
    unit_link,
    with_areas,
    word_of,
)

# -- teams -------------------------------------------------------------------------------------------------------------
_TEAM_FIELDS = (
    "id", "name", "kind", "form", "unit_id", "unit__code", "unit__name", "unit__jurisdiction_id", "leader_name",
    "leader_phone", "company_name", "decision_number", "decision_on", "established_on", "ended_on", "tool_count",
    "tool_licence_number", "tool_licence_on",
)  # fmt: skip


def load_teams(teams, keys, own):
    """Rows of teams with the last count, and of the guards named how many are at work and hold a certificate.

    All of it on the day that the list is of.
    """
    rows = list(teams.filter(pk__in=keys).order_by().values(*_TEAM_FIELDS, "counted_to"))
    if not rows:
        return []
    day = rows[0]["counted_to"]
    counted = TeamStrength.objects.filter(team__in=keys, counted_on__lte=day).order_by("counted_on")
    strengths = {team: (number, day) for team, number, day in counted.values_list("team", "headcount", "counted_on")}
    serving = Guard.objects.serving(day).filter(team__in=keys).order_by()
    named = dict(serving.values_list("team").annotate(count=Count("pk")))
    held = TrainingCertificate.objects.valid(day).filter(guard__in=serving.values("pk"))
    certified = dict(held.order_by().values_list("guard__team").annotate(count=Count("guard", distinct=True)))
    for row in rows:
        row["strength"], row["strength_on"] = strengths.get(row["id"], (None, None))
        row["named"], row["certified"] = named.get(row["id"], 0), certified.get(row["id"], 0)
    return in_order(with_areas(rows, own), keys)


_KIND = labels_of(TeamKind)


def _team_kind(row):
    # The name says already whether it is a “tổ” or a “đội”; the export has the form in a column of its own.
    company = f' <span class="soft">{escape(row["company_name"])}</span>' if row["company_name"] else ""
    return f"{_KIND[row['kind']]}{company}"


def _strength(row):
    if row["strength"] is None:
        return ""
    return f'<span title="Ngày {day_text(row["strength_on"])}">{written(row["strength"])}</span>'


def _leader(row):
    phone = f' <span class="soft">{escape(row["leader_phone"])}</span>' if row["leader_phone"] else ""
    return f"{escape(row['leader_name'])}{phone}"


def _not_now(first, last, day=None):
    """The chip of what has ended, or has not begun."""
    if last is not None and last < (day or today()):
        return chip("muted", "x-circle", f"Đến {day_text(last)}")
    return chip("warn", "clock", f"Từ {day_text(first)}")


def _team_state(row):
    first, last, day = row["established_on"], row["ended_on"], row["counted_to"]
    if not is_within(first, last, day):
        return _not_now(first, last, day)
    return chip("ok", "check-circle", "Đang có" if day == today() else "Có")


def _count_teams(filters):
    day = filters.counted_to
    people = filters.everything.with_strength(day).aggregate(total=models.Sum("strength"))["total"] or 0
    until = "" if day == today() else f" tính đến {day_text(day)}"
    return f"{count_of_units(filters)}; {written(people)} người theo lần kiểm đếm gần nhất của mỗi lực lượng{until}"


TEAMS = RecordList(
    filters=TeamFilters,
    title="Lực lượng bảo vệ",
    noun="lực lượng",
    load=load_teams,
    columns=(
        UNIT_COLUMN,
        Column(
            "name",
            "Lực lượng",
            lambda row: record_link("forces:team_detail", row["id"], row["name"]),
            css="clip clip-short",
        ),
        Column("kind", "Loại", _team_kind, css="clip clip-words"),
        Column("area", "Địa bàn", sort="dia_ban", css="clip clip-short"),
        Column("leader_name", "Người phụ trách", _leader, css="clip clip-middle"),
        Column("strength", "Quân số", _strength, css="number"),
        Column("named", "Có tên", lambda row: written(row["named"]), css="number"),
        Column("certified", "Còn hạn", lambda row: written(row["certified"]), css="number"),
        Column("state", "Tình trạng", _team_state),
    ),
    export=(
        *UNIT_EXPORT,
        out_column("Tên lực lượng", "name", width=28),
        out_column("Hình thức", word_of(TeamForm, "form"), width=10),
        out_column("Loại lực lượng", word_of(TeamKind, "kind")),
        out_column("Tổng số", "strength", Kind.INTEGER, 10),
        out_column("Ngày kiểm đếm", "strength_on", Kind.DATE),
        out_column("Người bảo vệ có tên trong sổ", "named", Kind.INTEGER, 12),
        out_column("Giấy chứng nhận còn hạn", "certified", Kind.INTEGER, 12),
        out_column("Người phụ trách", "leader_name", width=24),
        out_column("Điện thoại người phụ trách", "leader_phone", width=16),
        out_column("Công ty dịch vụ bảo vệ", "company_name", width=28),
        out_column("Số quyết định thành lập", "decision_number"),
        out_column("Ngày quyết định", "decision_on", Kind.DATE),
        out_column("Thành lập từ ngày", "established_on", Kind.DATE),
        out_column("Giải thể, hết hợp đồng ngày", "ended_on", Kind.DATE),
        out_column("Số công cụ hỗ trợ", "tool_count", Kind.INTEGER, 10),
        out_column("Số giấy phép sử dụng công cụ", "tool_licence_number"),
        out_column("Ngày cấp giấy phép", "tool_licence_on", Kind.DATE),
    ),
    counted=_count_teams,
    list_url="forces:team_list",
    export_url="forces:team_export",
    file_name="luc-luong-bao-ve",
    empty="Chưa ghi lực lượng bảo vệ nào trong địa bàn của đồng chí.",
    import_sheet="security-teams",
    add_label="Thêm lực lượng",
    add_url="forces:team_add",
)


# -- guards ------------------------------------------------------------------------------------------------------------
_GUARD_FIELDS = (
    "id", "name", "birth_on", "birth_year", "sex", "role", "kind", "education", "former_force", "started_on",
    "ended_on", "unit_id", "unit__code", "unit__name", "unit__jurisdiction_id", "team__name", "staff_card_number",
    "citizen_id", "citizen_id_index",
)  # fmt: skip


def load_guards(guards, keys, own):
    """Rows of guards with the last day of the certificate that holds longest, and where else the person works."""
    rows = list(guards.filter(pk__in=keys).order_by().values(*_GUARD_FIELDS))
    kept = TrainingCertificate.objects.filter(guard__in=keys, withdrawn_on__isnull=True).order_by()
    until = dict(kept.values_list("guard").annotate(last=Max("expires_on")))
    numbers = {row["citizen_id_index"] for row in rows if row["citizen_id_index"] and _is_serving(row)}
    units = units_by_number(numbers, Guard.objects.within(own)) if numbers else {}
    for row in rows:
        row["until"] = until.get(row["id"])
        known = units.get(row["citizen_id_index"], {}) if _is_serving(row) else {}
        row["elsewhere"] = elsewhere_in_words(known, row["unit_id"])
    return in_order(with_areas(rows, own), keys)


def _is_serving(row):
    return is_within(row["started_on"], row["ended_on"])


_ROLE, _GUARD_KIND = labels_of(GuardRole), labels_of(GuardKind)


def certificate_chip(until: datetime.date | None):
    """A certificate's last day as a chip: it holds, it ends soon, it has ended, there is none."""
    day = today()
    if until is None:
        return chip("muted", "dash-lg", "Chưa có")
    if until < day:
        return chip("bad", "x-circle", f"Hết hạn {day_text(until)}")
    if until <= day + datetime.timedelta(days=SOON):
        return chip("warn", "clock", f"Đến {day_text(until)}")
    return chip("ok", "check-circle", f"Đến {day_text(until)}")


def _birth(row):
    return day_text(row["birth_on"]) or (str(row["birth_year"]) if row["birth_year"] else "")


def _guard_state(row):
    if not _is_serving(row):
        return _not_now(row["started_on"], row["ended_on"])
    return chip("warn", "people", "Làm hai nơi") if row["elsewhere"] else chip("ok", "check-circle", "Đang làm")


def _masked(row):
    return row["citizen_id"].masked if row["citizen_id"] else ""


GUARDS = RecordList(
    filters=GuardFilters,
    title="Người bảo vệ",
    noun="người bảo vệ",
    load=load_guards,
    columns=(
        Column(
            "name",
            "Họ và tên",
            lambda row: record_link("forces:guard_detail", row["id"], row["name"]),
            sort="ten",
            css="card-title clip",
        ),
        Column("birth", "Sinh", _birth),
        Column("unit__name", "Đơn vị", unit_link, sort="don_vi", css="clip"),
        AREA_COLUMN,
        Column("role", "Chức danh", lambda row: _ROLE[row["role"]]),
        Column("kind", "Loại", lambda row: _GUARD_KIND[row["kind"]]),
        Column("until", "Chứng nhận", lambda row: certificate_chip(row["until"])),
        Column("state", "Tình trạng", _guard_state),
    ),
    export=(
        *UNIT_EXPORT,
        out_column("Họ và tên", "name", width=26),
        out_column("Ngày sinh", "birth_on", Kind.DATE),
        out_column("Năm sinh", "birth_year", width=10),
        out_column("Giới tính", word_of(Sex, "sex"), width=10),
        out_column("Lực lượng", "team__name", width=24),
        out_column("Chức danh", word_of(GuardRole, "role"), width=12),
        out_column("Loại", word_of(GuardKind, "kind")),
        out_column("Trình độ", word_of(Education, "education"), width=14),
        out_column("Từng phục vụ trong", word_of(FormerForce, "former_force")),
        out_column("Làm bảo vệ từ ngày", "started_on", Kind.DATE),
        out_column("Làm đến hết ngày", "ended_on", Kind.DATE),
        out_column("Số giấy chứng nhận nhân viên bảo vệ", "staff_card_number"),
        out_column("Chứng nhận huấn luyện đến hết ngày", "until", Kind.DATE, 14),
        out_column("Số định danh (đã che)", _masked, width=16),
        out_column("Cũng làm bảo vệ ở", "elsewhere", width=40),
    ),
    counted=count_of_units,
    list_url="forces:guard_list",
    export_url="forces:guard_export",
    file_name="nguoi-bao-ve",
    empty="Chưa ghi người bảo vệ nào trong địa bàn của đồng chí.",
    import_sheet="guards",
    add_label="Thêm người bảo vệ",
    add_url="forces:guard_add",
)


# -- training ----------------------------------------------------------------------------------------------------------
_COURSE_FIELDS = ("id", "name", "organiser", "contents", "started_on", "ended_on", "place", "jurisdiction_id")


def course_counts(keys, own):
    """Of each course: guards within the area who took part, how many passed, and their units."""
    rows = TrainingAttendance.objects.within(own).filter(course__in=keys).order_by().values("course")
    passed = Count("pk", filter=models.Q(result=TrainingResult.PASSED))
    counted = rows.annotate(all=Count("pk"), passed=passed, units=Count("guard__unit", distinct=True))
    return {row["course"]: row for row in counted}


def load_courses(courses, keys, own):
    """Rows of courses with what is counted within the officer's area."""
    rows = list(courses.filter(pk__in=keys).order_by().values(*_COURSE_FIELDS))
    counts = course_counts(keys, own)
    for row in rows:
        found = counts.get(row["id"], {})
        row.update({name: found.get(name, 0) for name in ("all", "passed", "units")})
        row["letters"] = ", ".join("đ" if value == "dd" else value for value in row["contents"])
    return in_order(rows, keys)


def _period(row):
    first, last = row["started_on"], row["ended_on"]
    return day_text(first) if first == last else f"{day_text(first)} – {day_text(last)}"


def _count_courses(filters):
    rows = TrainingAttendance.objects.visible_to(filters.user).filter(
        course__in=filters.everything.order_by().values("pk")
    )
    return f"có {written(rows.count())} lượt người học trong địa bàn"


COURSES = RecordList(
    filters=CourseFilters,
    title="Lớp huấn luyện",
    noun="lớp",
    load=load_courses,
    columns=(
        Column(
            "name",
            "Tên lớp",
            lambda row: record_link("forces:course_detail", row["id"], row["name"]),
            sort="ten",
            css="card-title clip",
        ),
        Column("organiser", "Cơ quan tổ chức", css="clip clip-middle"),
        Column("period", "Thời gian", _period, sort="ngay"),
        Column("letters", "Nội dung"),
        Column("units", "Đơn vị", lambda row: written(row["units"]), css="number"),
        Column("all", "Lượt người học", lambda row: written(row["all"]), css="number"),
        Column("passed", "Đạt", lambda row: written(row["passed"]), css="number"),
    ),
    export=(
        out_column("Tên lớp", "name", width=40),
        out_column("Cơ quan tổ chức", "organiser", width=32),
        out_column("Từ ngày", "started_on", Kind.DATE),
        out_column("Đến ngày", "ended_on", Kind.DATE),
        out_column("Địa điểm", "place", width=28),
        out_column("Nội dung", "letters", width=12),
        out_column("Đơn vị có người học", "units", Kind.INTEGER, 12),
        out_column("Lượt người học", "all", Kind.INTEGER, 12),
        out_column("Đạt", "passed", Kind.INTEGER, 10),
    ),
    counted=_count_courses,
    list_url="forces:course_list",
    export_url="forces:course_export",
    file_name="lop-huan-luyen",
    empty="Chưa ghi lớp huấn luyện nào.",
    import_sheet="training-courses",
    add_label="Thêm lớp",
    add_url="forces:course_add",
)

_CERTIFICATE_FIELDS = (
    "id", "number", "issuer", "issued_on", "expires_on", "withdrawn_on", "guard_id", "guard__name",
    "guard__birth_year", "guard__unit__code", "guard__unit__name", "guard__unit__jurisdiction_id",
)  # fmt: skip


def load_certificates(certificates, keys, own):
    """Rows of certificates with the guard and the unit."""
    rows = list(certificates.filter(pk__in=keys).order_by().values(*_CERTIFICATE_FIELDS))
    return in_order(with_areas(rows, own, "guard__unit__jurisdiction_id"), keys)


def _certificate_state(row):
    if row["withdrawn_on"]:
        return chip("muted", "x-circle", f"Thu hồi {day_text(row['withdrawn_on'])}")
    return certificate_chip(row["expires_on"])


CERTIFICATES = RecordList(
    filters=CertificateFilters,
    title="Giấy chứng nhận huấn luyện",
    noun="giấy chứng nhận",
    load=load_certificates,
    columns=(
        Column("number", "Số", css="clip clip-short"),
        Column(
            "guard__name",
            "Người bảo vệ",
            lambda row: record_link("forces:guard_detail", row["guard_id"], row["guard__name"]),
            sort="ten",
            css="card-title clip",
        ),
        Column("unit", "Đơn vị", lambda row: unit_link(row, "guard__unit__"), css="clip"),
        Column("area", "Địa bàn", css="clip clip-middle"),
        Column("issuer", "Cơ quan cấp", css="clip clip-middle"),
        Column("issued_on", "Ngày cấp", lambda row: day_text(row["issued_on"]), sort="ngay_cap"),
        Column("state", "Giá trị", _certificate_state, sort="het_han"),
    ),
    export=(
        out_column("Số giấy chứng nhận", "number"),
        out_column("Họ và tên", "guard__name", width=26),
        out_column("Năm sinh", "guard__birth_year", width=10),
        out_column("Mã đơn vị", "guard__unit__code", width=12),
        out_column("Đơn vị", "guard__unit__name", width=44),
        out_column("Địa bàn", "area", width=32),
        out_column("Cơ quan cấp", "issuer", width=32),
        out_column("Ngày cấp", "issued_on", Kind.DATE),
        out_column("Có giá trị đến hết ngày", "expires_on", Kind.DATE),
        out_column("Thu hồi, đổi ngày", "withdrawn_on", Kind.DATE),
    ),
    counted=lambda filters: f"của {written(filters.everything.order_by().values('guard').distinct().count())} người",
    list_url="forces:certificate_list",
    export_url="forces:certificate_export",
    file_name="giay-chung-nhan-huan-luyen",
    empty="Chưa ghi giấy chứng nhận huấn luyện nào trong địa bàn của đồng chí.",
    import_sheet="training-certificates",
)


def serving_guards(unit) -> models.QuerySet:
    """The guards at work at a unit, heads first."""
    order = models.Case(
        *(models.When(role=value, then=place) for place, value in enumerate(GuardRole.values)),
        output_field=models.SmallIntegerField(),
    )
    return Guard.objects.serving().filter(unit=unit).order_by(order, "given_sort", "id")


def teams_of(unit) -> models.QuerySet:
    """The teams of a unit with their last count, those that are there first."""
    return (
        SecurityTeam.objects.filter(unit=unit)
        .with_strength()
        .order_by(models.F("ended_on").desc(nulls_first=True), "id")
    )
