"""Invented activities of the demonstration province over a year and a half, the same each time."""

import datetime
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.models import Jurisdiction
from units.enums import ActivityKind, Approximation, UnitKind, UnitStatus
from units.models import Activity, ActivityUnit, Unit

FIRST_ON, LAST_ON = datetime.date(2025, 6, 1), datetime.date(2026, 11, 20)
#: Activities that a commune and the province itself put down in that time.
OF_COMMUNE, OF_PROVINCE = (4, 9), 46
#: The years of the directive before: one line of a report for each, as an office brings it into a new register.
REPORTED = (
    (2017, 962, 151_420, ""),
    (2018, 1_048, 170_905, ""),
    (2019, 1_117, 184_236, ""),
    (2020, 1_066, 177_907, ""),
)


@dataclass(frozen=True)
class Theme:
    """What activities are about: kind, topic, form, the units it is for, people a session, papers handed out."""

    kind: ActivityKind
    topic: str
    form: str
    people: tuple[int, int]
    document: str = ""
    of: UnitKind | None = None
    materials: str = ""


DIRECTIVE = "06/CT-BCA-V05"
THEMES = (
    Theme(ActivityKind.PROPAGANDA, "Tuyên truyền phòng, chống lừa đảo trên không gian mạng", "Trực tiếp", (60, 320),
          DIRECTIVE, None, "Tờ rơi"),
    Theme(ActivityKind.PROPAGANDA, "Tuyên truyền phòng, chống ma túy trong học đường", "Sinh hoạt dưới cờ", (240, 900),
          DIRECTIVE, UnitKind.SCHOOL, "Tờ rơi"),
    Theme(ActivityKind.PROPAGANDA, "Phổ biến Luật Giao thông đường bộ cho học sinh", "Sinh hoạt ngoại khóa", (180, 700),
          "", UnitKind.SCHOOL, "Sách mỏng"),
    Theme(ActivityKind.PROPAGANDA, "Tuyên truyền pháp luật cho công nhân ca đêm", "Loa nội bộ", (90, 600),
          DIRECTIVE, UnitKind.ENTERPRISE),
    Theme(ActivityKind.PROPAGANDA, "Tin bài về phong trào trên trang của địa phương", "Trực tuyến", (200, 2_000),
          "", None, "Tin, bài"),
    Theme(ActivityKind.CONFERENCE, "Giao ban quý phong trào cơ quan, doanh nghiệp, nhà trường", "Trực tiếp", (30, 90),
          DIRECTIVE),
    Theme(ActivityKind.CONFERENCE, "Triển khai tiêu chuẩn “An toàn về an ninh, trật tự”", "Trực tiếp và trực tuyến",
          (40, 120), "124/2021/TT-BCA", None, "Tài liệu hướng dẫn"),
    Theme(ActivityKind.TRAINING, "Tập huấn kỹ năng bảo vệ cho lực lượng tại chỗ", "Tập trung", (25, 80), "", None,
          "Tài liệu tập huấn"),
    Theme(ActivityKind.TRAINING, "Tập huấn phòng cháy, chữa cháy và thoát nạn", "Tập trung", (35, 140)),
    Theme(ActivityKind.DRILL, "Diễn tập chữa cháy và cứu nạn, cứu hộ", "Thực địa", (50, 220), "",
          UnitKind.ENTERPRISE),
    Theme(ActivityKind.DIALOGUE, "Đối thoại với công nhân, người lao động", "Trực tiếp", (40, 180), "",
          UnitKind.ENTERPRISE),
    Theme(ActivityKind.GUIDANCE, "Kiểm tra, hướng dẫn thực hiện phong trào", "Làm việc tại đơn vị", (6, 20)),
)  # fmt: skip
FESTIVAL = Theme(
    ActivityKind.FESTIVAL, "Ngày hội Toàn dân bảo vệ an ninh Tổ quốc", "Mít tinh, hội thi", (150, 900), "521/QĐ-TTg"
)
PARTNERS = (
    "Đoàn Thanh niên",
    "Hội Liên hiệp Phụ nữ",
    "Ủy ban Mặt trận Tổ quốc",
    "Công đoàn",
    "Sở Giáo dục và Đào tạo",
    "Ban Quản lý các khu công nghiệp",
)


def load_activities(units: Sequence[Unit], province: Jurisdiction, seed: int) -> dict[str, int]:
    """Activities of the communes and the province, and the units that took part; answers how many of each."""
    dice = random.Random(seed)
    documents = {each.number: each for each in LegalDocument.objects.all()}
    by_area: dict[int, list[Unit]] = {}
    for unit in units:
        if unit.status == UnitStatus.ACTIVE:
            by_area.setdefault(unit.jurisdiction_id, []).append(unit)
    areas = Jurisdiction.objects.in_bulk(by_area)
    planned: list[tuple[Activity, list[Unit]]] = [(activity, []) for activity in _reported(province, documents)]
    for pk in sorted(by_area):
        planned += _of_area(dice, areas[pk], by_area[pk], documents, dice.randint(*OF_COMMUNE))
    everybody = [unit for pk in sorted(by_area) for unit in by_area[pk]]
    planned += _of_area(dice, province, everybody, documents, OF_PROVINCE)
    planned.sort(key=lambda pair: pair[0].held_on)
    Activity.objects.bulk_create([activity for activity, _ in planned])
    rows = ActivityUnit.objects.bulk_create(
        [
            ActivityUnit(activity=activity, unit=unit, attendance_count=count)
            for activity, taking_part in planned
            for unit, count in _shares(dice, activity, taking_part)
        ]
    )
    return {"activities": len(planned), "participations": len(rows)}


def _reported(province, documents) -> Iterator[Activity]:
    """What the years of the former directive came to: 4.193 sessions with 684.468 attendances (domain facts 9.1)."""
    for year, sessions, attendances, approximation in REPORTED:
        yield Activity(
            kind=ActivityKind.PROPAGANDA,
            topic=f"Tuyên truyền, phổ biến pháp luật năm {year} (theo báo cáo tổng kết)",
            programme=documents.get("07/CT-BCA-V28"),
            held_on=datetime.date(year, 1, 1),
            held_to=datetime.date(year, 12, 31),
            organiser="Công an tỉnh và các ngành phối hợp",
            jurisdiction=province,
            session_count=sessions,
            attendance_count=attendances,
            approximation=approximation,
        )


def _of_area(dice, area, units, documents, number) -> Iterator[tuple[Activity, list[Unit]]]:
    yield _one(dice, area, units, documents, FESTIVAL, datetime.date(2026, 8, dice.randint(5, 19)))
    for _ in range(number):
        theme = dice.choice(THEMES)
        day = FIRST_ON + datetime.timedelta(days=dice.randrange((LAST_ON - FIRST_ON).days))
        yield _one(dice, area, units, documents, theme, day)


def _one(dice, area, units, documents, theme, day):
    fitting = [unit for unit in units if theme.of in (None, unit.kind)]
    taking_part = dice.sample(fitting, min(len(fitting), int(dice.triangular(1, 60, 6))))
    sessions = 1 if dice.random() < 0.8 else dice.randint(2, 6)
    count = sum(dice.randint(*theme.people) for _ in range(sessions))
    roll = dice.random()
    approximation = ""
    if roll < 0.22:
        # As reports write it: “gần 700”, “trên 1.200”.
        step = 100 if count >= 500 else 10
        approximation = Approximation.NEARLY if roll < 0.12 else Approximation.OVER
        count = -(-count // step) * step if approximation == Approximation.NEARLY else count // step * step
    host = dice.choice(taking_part) if taking_part else None
    activity = Activity(
        kind=theme.kind,
        topic=theme.topic,
        programme=documents.get(theme.document),
        form=theme.form,
        held_on=day,
        held_to=day + datetime.timedelta(days=dice.randint(1, 3)) if dice.random() < 0.08 else None,
        place=f"Hội trường {host.name}" if host and dice.random() < 0.6 else "Hội trường Công an",
        organiser=f"Công an {area.full_name}",
        partners="\n".join(sorted(dice.sample(PARTNERS, dice.choice((0, 1, 1, 2))))),
        jurisdiction=area,
        session_count=sessions,
        attendance_count=None if roll > 0.97 else count,
        approximation="" if roll > 0.97 else approximation,
        materials=theme.materials,
        material_count=dice.randint(2, 40) * 10 if theme.materials else None,
    )
    if taking_part and dice.random() < 0.06:
        # Some reports give the number of units and no list.
        activity.unit_count, taking_part = len(taking_part), []
    return activity, taking_part


def _shares(dice, activity, units) -> Iterator[tuple[Unit, int | None]]:
    """The units, a few sessions with what came from each."""
    known = activity.attendance_count is not None and not activity.approximation and dice.random() < 0.25
    left = activity.attendance_count or 0
    for place, unit in enumerate(units):
        share = (
            left if place == len(units) - 1 else min(left, dice.randint(1, max(1, 2 * left // (len(units) - place))))
        )
        left -= share
        yield unit, share if known else None
