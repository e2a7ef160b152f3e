"""The columns of the unit list: on the page and in exports."""

from functools import cache
from html import escape

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from movement_portal.jurisdictions.enums import PREFIXES, JurisdictionKind
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import path_covers, reach_of
from movement_portal.lib.numbers import written
from movement_portal.lib.prepared import ListSlot, Prepared
from movement_portal.lib.tables import Column
from movement_portal.spreadsheets.exporting import ExportColumn
from movement_portal.spreadsheets.writing import Kind, OutColumn
from movement_portal.templatetags.portal import row_chip
from units.eligibility import ATTRIBUTES, conclusions, with_eligibility
from units.enums import Eligibility, SchoolLevel, UnitKind, UnitStatus, UnitSubkind
from units.models import Headcount, Unit

#: Rows that an export reads at a time.
EXPORT_CHUNK = 2_000

FIELDS = (
    "id",
    "code",
    "name",
    "kind",
    "subkind",
    "school_level",
    "jurisdiction_id",
    "area_needs_review",
    "head_name",
    "head_phone",
    "contact_name",
    "contact_phone",
    "status",
)
#: What the conclusion on a row follows from, beside what is shown.
FACTS = tuple(sorted({*ATTRIBUTES, "eligibility_override", "override_reason"} - set(FIELDS)))
#: What the page reads of a unit.
ROW_FIELDS = (*FIELDS, *FACTS)
CONCLUSION = ("eligibility", "eligibility_reason")
EXPORT_FIELDS = (*FIELDS, *CONCLUSION)
PEOPLE = ("people_year", "staff_count", "learner_count")

_KIND = {kind: escape(UnitKind(kind).label) for kind in UnitKind.values}
_SUBKIND = {subkind: escape(UnitSubkind(subkind).label) for subkind in UnitSubkind.values}
_LEVEL = {level: escape(SchoolLevel(level).label) for level in SchoolLevel.values}

_STATUS_LOOKS = {
    UnitStatus.ACTIVE: ("ok", "check-circle"),
    UnitStatus.SUSPENDED: ("warn", "pause-circle"),
    UnitStatus.DISSOLVED: ("muted", "x-circle"),
    UnitStatus.MERGED: ("muted", "box-arrow-in-right"),
}
_ELIGIBILITY_LOOKS = {
    Eligibility.ELIGIBLE: ("ok", "check2", "Thuộc"),
    Eligibility.NOT_ELIGIBLE: ("muted", "dash-lg", "Không thuộc"),
    Eligibility.UNKNOWN: ("warn", "question-lg", "Chưa rõ"),
}


#: How many levels above an area its name may tell.
_LEVELS = [f"{'parent__' * depth}" for depth in range(4)]
AREA_COLUMNS = ("pk", *(f"{level}{name}" for level in _LEVELS for name in ("kind", "name", "path")))

_units_of_page = Prepared(
    lambda: (
        Unit.objects.visible_in_reach().filter(pk__among=ListSlot("keys", Unit._meta.pk)).order_by().values(*ROW_FIELDS)
    )
)
_areas_of_page = Prepared(
    lambda: (
        Jurisdiction.objects.filter(pk__among=ListSlot("keys", Jurisdiction._meta.pk))
        .order_by()
        .values_list(*AREA_COLUMNS)
    )
)
_people_of_page = Prepared(
    lambda: (
        Headcount.objects.filter(unit_id__among=ListSlot("keys", Unit._meta.pk))
        .order_by("year")
        .values_list("unit_id", "year", "staff_count", "learner_count")
    )
)


def names_of_areas(keys, own):
    """Names of the areas with these ids for an officer of ``own``, by id, in one prepared query."""
    return area_names(_areas_of_page(keys=set(keys)), own)


def area_names(rows, own):
    """Names of areas (rows of ``AREA_COLUMNS``) for an officer of ``own``, by id.

    With the levels above, down to the officer's own.
    """
    names = {}
    for pk, *columns in rows:
        parts = []
        for at in range(0, len(columns), 3):
            kind, name, path = columns[at : at + 3]
            if not path or kind == JurisdictionKind.COUNTRY or (parts and path_covers(path, own.path)):
                break
            parts.append(f"{PREFIXES[kind]} {name}")
        names[pk] = ", ".join(parts) or own.full_name
    return names


def rows_by_key(keys, user):
    """The rows of a page (``ROW_FIELDS``) in the order of the keys; what is gone or out of reach is left out."""
    found = {row["id"]: row for row in _units_of_page(keys=keys, **reach_of(user))}
    return [found[key] for key in keys if key in found]


def fill_rows(rows, *, on, own):
    """Give the rows of a page (``ROW_FIELDS``) ``area``, the conclusion of the day and the people of the latest year.

    Two queries and that of the rules, however many rows: for a page quicker than one query with all of it.
    """
    if not rows:
        return
    names = names_of_areas((row["jurisdiction_id"] for row in rows), own)
    people = _people_of_page(keys=[row["id"] for row in rows])
    latest = {unit: (year, staff, learners) for unit, year, staff, learners in people}
    for row, (outcome, reason) in zip(rows, conclusions(rows, on), strict=True):
        row["area"] = names[row["jurisdiction_id"]]
        row["eligibility"], row["eligibility_reason"] = outcome, reason
        row["people_year"], row["staff_count"], row["learner_count"] = latest.get(row["id"], (None, None, None))


# -- cells of the page -------------------------------------------------------------------------------------------------


@cache
def _detail_url():
    """The address of a profile in two halves, so that no row resolves it anew."""
    code = "DV0000000"
    before, after = reverse("units:unit_detail", args=[code]).split(code)
    return escape(before), escape(after)


@cache
def _status_chip(status):
    return row_chip(*_STATUS_LOOKS[status], UnitStatus(status).label)


@cache
def _eligibility_chip(value):
    return row_chip(*_ELIGIBILITY_LOOKS[value])


@cache
def _review_mark():
    return row_chip("warn", "geo-alt", "Cần xác định")


def _select(row):
    return (
        f'<input class="form-check-input" type="checkbox" name="chon" value="{row["id"]}" form="bulk" '
        f'aria-label="Chọn {escape(row["name"])}">'
    )


def _name(row):
    before, after = _detail_url()
    return f'<a href="{before}{row["code"]}{after}">{escape(row["name"])}</a>'


def _kind(row):
    kind = _KIND[row["kind"]]
    closer = _LEVEL.get(row["school_level"]) or _SUBKIND.get(row["subkind"])
    return f'<span title="{kind}">{closer}</span>' if closer else kind


def _area(row):
    name = escape(row["area"])
    return f"{name} {_review_mark()}" if row["area_needs_review"] else name


def _head(row):
    phone = row["head_phone"] or row["contact_phone"]
    name = escape(row["head_name"] or row["contact_name"])
    if not phone:
        return name
    return f'{name} <span class="soft">{escape(phone)}</span>'


def _people(row):
    if row["people_year"] is None:
        return ""
    staff, learners = row["staff_count"], row["learner_count"]
    told = (
        f"Năm {row['people_year']}: {written(staff)} cán bộ, nhân viên, người lao động; {written(learners)} người học"
    )
    return f'<span title="{told}">{written((staff or 0) + (learners or 0))}</span>'


def _eligibility(row):
    return f'<span title="{escape(row["eligibility_reason"])}">{_eligibility_chip(row["eligibility"])}</span>'


def _status(row):
    return _status_chip(row["status"])


SELECT = Column("id", "Chọn", _select, css="pick")
COLUMNS = (
    Column("code", "Mã", sort="ma", css="code"),
    Column("name", "Tên đơn vị", _name, sort="ten", css="card-title clip"),
    Column("kind", "Khối, loại hình", _kind, css="clip clip-short"),
    Column("area", "Địa bàn", _area, sort="dia_ban", css="clip clip-middle"),
    Column("head_name", "Người đứng đầu", _head, css="clip clip-middle"),
    Column("people", "Số người", _people, css="number"),
    Column("eligibility", "Đối tượng", _eligibility),
    Column("status", "Tình trạng", _status),
)


# -- columns of exports ------------------------------------------------------------------------------------------------


def _of(key):
    return lambda row: row[key]


def _label(choices, key):
    labels = dict(choices.choices)
    return lambda row: labels.get(row[key], "")


#: The columns on screen, what stands together in one cell there apart: under headers that the sheet of units knows.
EXPORT = (
    ExportColumn(OutColumn("Mã đơn vị", width=11), _of("code")),
    ExportColumn(OutColumn("Tên đơn vị", width=32), _of("name")),
    ExportColumn(OutColumn("Khối", width=12), _label(UnitKind, "kind")),
    ExportColumn(OutColumn("Loại hình", width=14), _label(UnitSubkind, "subkind")),
    ExportColumn(OutColumn("Cấp học", width=10), _label(SchoolLevel, "school_level")),
    ExportColumn(OutColumn("Địa bàn", width=18), _of("area")),
    ExportColumn(OutColumn("Người đứng đầu", width=18), _of("head_name")),
    ExportColumn(OutColumn("Điện thoại người đứng đầu", width=12), _of("head_phone")),
    ExportColumn(OutColumn("Đầu mối liên hệ", width=18), _of("contact_name")),
    ExportColumn(OutColumn("Điện thoại đầu mối", width=12), _of("contact_phone")),
    ExportColumn(OutColumn("Năm", width=6), _of("people_year")),
    ExportColumn(OutColumn("Số cán bộ, nhân viên, người lao động", Kind.INTEGER, 10), _of("staff_count")),
    ExportColumn(OutColumn("Số người học", Kind.INTEGER, 8), _of("learner_count")),
    ExportColumn(OutColumn("Kết luận về đối tượng", width=13), _label(Eligibility, "eligibility")),
    ExportColumn(OutColumn("Tình trạng", width=11), _label(UnitStatus, "status")),
)


def export_rows(segments, order, *, on, own):
    """The values of every unit of the segments, in order, read a stretch at a time."""
    areas = Jurisdiction.objects.within(own).order_by().values_list(*AREA_COLUMNS)
    names = area_names(areas, own)
    latest = Headcount.objects.filter(unit=OuterRef("pk")).order_by("-year")
    columns = zip(PEOPLE, ("year", "staff_count", "learner_count"), strict=True)
    counts = {name: Subquery(latest.values(column)[:1]) for name, column in columns}
    for segment in segments:
        rows = with_eligibility(segment.rows.annotate(**counts), on).values(*EXPORT_FIELDS, *PEOPLE)
        for row in rows.order_by(*order).iterator(chunk_size=EXPORT_CHUNK):
            row["area"] = names.get(row["jurisdiction_id"], "")
            yield [column.value(row) for column in EXPORT]
