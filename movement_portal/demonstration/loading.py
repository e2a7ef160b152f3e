"""Fills an empty portal with an invented province of 1.727 units and its officers."""

import datetime
import random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act
from movement_portal.demonstration import messy_lists, register
from movement_portal.demonstration.accounts import ACCOUNTS, PASSWORD
from movement_portal.demonstration.people import full_name
from movement_portal.jurisdictions.enums import COMMUNE_KINDS, PROVINCE_KINDS, Function, JurisdictionKind, PoliceLevel
from movement_portal.jurisdictions.models import Jurisdiction, Officer, PoliceOffice, Posting, Succession
from movement_portal.lib.dates import today
from movement_portal.spreadsheets import samples
from units import workflow
from units.enums import GroupingKind, UnitKind
from units.models import Grouping, Headcount, Placement, Unit

SEED = 20261122
#: Official code of the province that is filled; a real one, so that pickers and imports meet real names.
PROVINCE_CODE = "79"
YEARS = (2024, 2025, 2026)
REFORM_ON = datetime.date(2025, 7, 1)
BEFORE_REFORM_ON = datetime.date(2025, 6, 30)
DISTRICT_POLICE_END_ON = datetime.date(2025, 2, 28)


class NoTerritory(Exception):
    """The reference data of the territory are not loaded."""


@transaction.atomic
def load_accounts() -> dict[str, Officer]:
    """The officers of ``ACCOUNTS`` with postings of today, and one of a district police office that has ended."""
    dice = random.Random(SEED)
    now = today()
    province = home_province()
    country = Jurisdiction.objects.get(kind=JurisdictionKind.COUNTRY)
    areas = {"country": country, "province": province, **dict(enumerate(_communes(province)))}
    password = make_password(PASSWORD)
    officers = [
        Officer(username=account.username, full_name=full_name(dice), title=account.title, password=password)
        for account in ACCOUNTS
    ]
    former = Officer(username="huyen.cu", full_name=full_name(dice), title="Đại úy", password=password)
    Officer.objects.bulk_create([*officers, former])
    postings = []
    for account, officer in zip(ACCOUNTS, officers, strict=True):
        area = areas[account.place]
        office = area.police_offices.as_of(now).order_by("id").first()
        for function in account.functions:
            grants = list(Function.values) if function is Function.MANAGE_ACCOUNTS else []
            postings.append(
                Posting(officer=officer, office=office, function=function, valid_from=REFORM_ON, grants=grants)
            )
    district = _district_office(areas[0])
    if district is not None:
        postings.append(
            Posting(
                officer=former,
                office=district,
                function=Function.ENTER,
                valid_from=datetime.date(2022, 1, 1),
                valid_to=DISTRICT_POLICE_END_ON,
            )
        )
    Posting.objects.bulk_create(postings)
    return {officer.username: officer for officer in officers}


@transaction.atomic
def load_register() -> list[Unit]:
    """The units with their groupings, headcounts and the areas they lay in before and after July 2025."""
    dice = random.Random(SEED)
    province = home_province()
    places = [register.Place(area.pk, area.full_name) for area in _communes(province)]
    seat = register.Place(province.pk, province.full_name)
    values = [
        *register.agencies(dice, places, seat, register.AGENCIES),
        *register.enterprises(dice, places, register.ENTERPRISES),
        *register.schools(dice, places, register.SCHOOLS),
    ]
    parks = _groupings(GroupingKind.INDUSTRIAL_PARK, register.INDUSTRIAL_PARKS)
    governing = _groupings(GroupingKind.GOVERNING_BODY, ("Sở Giáo dục và Đào tạo", "Ủy ban nhân dân cấp xã"))
    sectors = _groupings(GroupingKind.SECTOR, sorted({line for line, _, _ in register.BUSINESS_LINES}))
    by_line = {grouping.name: grouping for grouping in sectors}
    units = [Unit(**row) for row in values]
    for number, unit in enumerate(units):
        if unit.kind == UnitKind.ENTERPRISE:
            unit.sector = by_line[unit.business_line]
            unit.industrial_park = parks[number % len(parks)] if dice.random() < 0.3 else None
        elif unit.kind == UnitKind.SCHOOL:
            unit.governing_body = governing[unit.school_level not in ("upper_secondary", "continuing", "college")]
        _leave_gaps(dice, unit)
    workflow.register(units, by=None)
    Headcount.objects.bulk_create(
        Headcount(unit=unit, **count)
        for unit, row in zip(units, values, strict=True)
        if dice.random() < 0.92
        for count in register.headcounts(dice, row, YEARS)
    )
    _place_before_reform(dice, units)
    return units


def home_province() -> Jurisdiction:
    """The province that is filled; raises ``NoTerritory``."""
    province = Jurisdiction.objects.as_of(today()).filter(code=PROVINCE_CODE, kind__in=PROVINCE_KINDS).first()
    if province is None:
        raise NoTerritory("Chưa có dữ liệu địa bàn: chạy “manage.py load_territory” trước.")
    return province


def _communes(province):
    areas = Jurisdiction.objects.as_of(today()).within(province).filter(kind__in=COMMUNE_KINDS)
    return list(areas.exclude(kind=JurisdictionKind.SPECIAL_ZONE).order_by("name_sort", "id"))


def _district_office(commune):
    """Police office of the district that the commune's area belonged to before the reform."""
    origin = Succession.objects.filter(successor=commune).select_related("predecessor").order_by("id").first()
    if origin is None or origin.predecessor.parent_id is None:
        return None
    return PoliceOffice.objects.filter(jurisdiction_id=origin.predecessor.parent_id, level=PoliceLevel.DISTRICT).first()


def _groupings(kind, names):
    return Grouping.objects.bulk_create([Grouping(kind=kind, name=name) for name in names])


def _leave_gaps(dice, unit):
    """Some units lack what an office still has to find out."""
    if dice.random() < 0.04:
        unit.contact_name = unit.contact_title = unit.contact_phone = ""
    if dice.random() < 0.03:
        unit.head_phone = ""
    if unit.kind == UnitKind.ENTERPRISE and dice.random() < 0.05:
        unit.enterprise_size = ""
    if dice.random() < 0.01:
        unit.area_needs_review = True
        unit.area_note = "Theo địa chỉ cũ, chưa rõ phường hay xã"


def _place_before_reform(dice, units):
    """Before July 2025 each unit lay in one of the communes that its present one was made of."""
    origins: dict[int, list[int]] = {}
    pairs = Succession.objects.filter(
        effective_on=REFORM_ON, successor__in={unit.jurisdiction_id for unit in units}
    ).order_by("id")
    for successor, predecessor in pairs.values_list("successor_id", "predecessor_id"):
        origins.setdefault(successor, []).append(predecessor)
    present = [
        placement
        for placement in Placement.objects.filter(valid_to=None).order_by("id")
        if placement.jurisdiction_id in origins
    ]
    for placement in present:
        placement.valid_from = REFORM_ON
    Placement.objects.bulk_update(present, ["valid_from"])
    Placement.objects.bulk_create(
        Placement(
            unit_id=placement.unit_id,
            jurisdiction_id=dice.choice(origins[placement.jurisdiction_id]),
            valid_to=BEFORE_REFORM_ON,
        )
        for placement in present
    )


#: Communes that the messy lists are about.
LISTED = 3
SAMPLES = (
    (
        "mau-1-danh-sach-truong.xlsx",
        "Danh sách trường học: phông .VnTime, tiêu đề hai dòng, dòng nhóm, cộng và ký tên",
        "Gõ lẫn phông TCVN3 và Unicode; xã, phường nằm ở dòng nhóm “I. Phường …”, cấp học ở dòng nhóm con.",
    ),
    (
        "mau-2-doanh-nghiep-theo-xa.xlsx",
        "Doanh nghiệp, mỗi xã, phường một trang tính: mã số thuế kiểu số, địa danh cũ, có đơn vị trùng",
        "Tên quận, huyện, phường trước 01/7/2025; vài doanh nghiệp đã có trong sổ nhưng viết tên khác đi.",
    ),
    (
        "mau-3-co-quan-nhieu-loi.xlsx",
        "Cơ quan, đơn vị: ít loại lỗi nhưng lặp lại ở nhiều dòng",
        "Một địa bàn sai viết sáu kiểu, ngày không có thật, điện thoại không phải số: sửa một lần cho cả nhóm.",
    ),
)


def load_samples() -> None:
    """Offer three messy lists about communes of the province, some of their units in the register already."""
    province = home_province()
    enterprises = Unit.objects.filter(kind=UnitKind.ENTERPRISE)
    homes = set(enterprises.values_list("jurisdiction", flat=True))
    communes = [area for area in _communes(province) if area.pk in homes][:LISTED]
    names = [area.full_name for area in communes]
    sheets = []
    for area in communes:
        old = Succession.objects.filter(successor=area, effective_on=REFORM_ON).order_by("id")
        places = [
            messy_lists.OldPlace(each.predecessor.full_name, parent.full_name if parent else "")
            for each in old.select_related("predecessor__parent")
            for parent in [each.predecessor.parent]
        ]
        known = enterprises.filter(jurisdiction=area).order_by("id")[:3]
        sheets.append((area.full_name, places, [messy_lists.Known(unit.name, unit.address) for unit in known]))
    contents = (messy_lists.schools(names), messy_lists.enterprises(sheets), messy_lists.agencies(names))
    samples.keep(
        [
            (samples.SampleList(file_name, "units", title, about), content)
            for (file_name, title, about), content in zip(SAMPLES, contents, strict=True)
        ]
    )


#: (how many, step, day, reason) of what offices have written since.
LIFE = (
    (9, workflow.SUSPEND, datetime.date(2026, 3, 2), "Tạm ngừng để sửa chữa, theo thông báo của đơn vị"),
    (6, workflow.DISSOLVE, datetime.date(2026, 1, 15), "Giải thể theo quyết định của cơ quan chủ quản"),
    (4, workflow.MERGE, datetime.date(2026, 7, 1), "Sáp nhập theo phương án sắp xếp"),
)


def load_life(officer: Officer, units: list[Unit]) -> None:
    """What has happened to some units since: suspended, dissolved, merged, concluded upon; one act each."""
    dice = random.Random(SEED)
    chosen = dice.sample(units, sum(number for number, *_ in LIFE) + 3)
    by_kind: dict[tuple, list[Unit]] = {}
    for unit in units:
        if unit not in chosen:
            by_kind.setdefault((unit.kind, unit.jurisdiction_id), []).append(unit)
    for number, step, on, reason in LIFE:
        for _ in range(number):
            unit = chosen.pop()
            into = by_kind[unit.kind, unit.jurisdiction_id][0] if step.needs_receiver else None
            with act(EventKind.EDIT, by=officer):
                workflow.perform(step, unit.pk, by=officer, on=on, reason=reason, into_id=into and into.pk)
    for unit in chosen:
        with act(EventKind.EDIT, by=officer):
            workflow.override_eligibility(
                unit, False, reason="Đã có văn bản của cơ quan chủ quản đề nghị chưa xét năm nay", by=officer
            )
