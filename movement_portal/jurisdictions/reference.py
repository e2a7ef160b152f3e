"""Loading the reference data of the territory: areas, what became of them, and the police offices that follow.

The files of ``fixtures/territory/`` are read whole and compared in memory with what the database holds; only what is
missing is written. What an administrator corrected stays, unless it is asked to be restored.
"""

import csv
import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction

from movement_portal.jurisdictions.enums import (
    COMMUNE_KINDS,
    DISTRICT_KINDS,
    PROVINCE_KINDS,
    JurisdictionKind,
    PoliceLevel,
)
from movement_portal.jurisdictions.models import Jurisdiction, PoliceOffice, Succession
from movement_portal.lib.bulk import chunks
from movement_portal.lib.dates import day_before
from movement_portal.lib.periods import overlap
from movement_portal.lib.vietnamese import nfc

#: District police ended on 1 March 2025, the districts four months later.
DISTRICT_POLICE_LAST_DAY = datetime.date(2025, 2, 28)
#: From this day on communes have their office; the offices of communes before are no part of the register.
COMMUNE_POLICE_FROM = datetime.date(2025, 7, 1)
#: The department of the Ministry of Public Security in charge of the movement.
MINISTRY_OFFICE = "Bộ Công an – Cục Xây dựng phong trào bảo vệ an ninh Tổ quốc (V05)"
#: Rows handed over in one go: keeps the lists of ids in queries short.
ROWS = 2000

Key = tuple[str, datetime.date | None]


@dataclass(frozen=True)
class AreaRow:
    """One line of ``areas.csv``."""

    code: str
    kind: JurisdictionKind
    name: str
    parent: str
    valid_from: datetime.date | None
    valid_to: datetime.date | None

    @property
    def key(self) -> Key:
        """What names an area for good: its code and its first day."""
        return self.code, self.valid_from

    def overlaps(self, record: Jurisdiction) -> bool:
        """Whether the record exists on a day of this line."""
        return overlap((record.valid_from, record.valid_to), (self.valid_from, self.valid_to))

    def record(self, parent: Jurisdiction | None) -> Jurisdiction:
        """A new record of this line."""
        return Jurisdiction(
            code=self.code,
            kind=self.kind,
            name=self.name,
            parent=parent,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
        )


@dataclass(frozen=True)
class SuccessionRow:
    """One line of ``successions.csv``; codes as they were the day before and on the day."""

    effective_on: datetime.date
    old: str
    new: str
    kind: str
    legal_basis: str


@dataclass
class Result:
    """What a load did: rows created by kind of record, areas changed, and areas that differ and were kept."""

    created: dict[str, int] = field(default_factory=dict)
    changed: int = 0
    kept: list[str] = field(default_factory=list)

    @property
    def wrote(self) -> bool:
        """Whether anything was written."""
        return bool(self.changed or any(self.created.values()))


class BrokenReference(Exception):
    """The files do not fit each other or the areas that are there."""


def day(text: str) -> datetime.date | None:
    """A date in ISO form; an empty text is no date."""
    return datetime.date.fromisoformat(text) if text else None


def read_rows(path: Path) -> list[dict[str, str]]:
    """The lines of one file by column."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_areas(folder: Path) -> list[AreaRow]:
    """The areas of all times."""
    return [
        AreaRow(
            line["code"],
            JurisdictionKind(line["kind"]),
            nfc(line["name"]),
            line["parent"],
            day(line["valid_from"]),
            day(line["valid_to"]),
        )
        for line in read_rows(folder / "areas.csv")
    ]


def read_successions(folder: Path) -> list[SuccessionRow]:
    """What became of the areas."""
    return [
        SuccessionRow(
            datetime.date.fromisoformat(line["effective_on"]),
            line["old"],
            line["new"],
            line["kind"],
            nfc(line["legal_basis"]),
        )
        for line in read_rows(folder / "successions.csv")
    ]


def load(folder: Path, *, restore: bool = False) -> Result:
    """Bring the database up to the files, in one transaction; ``restore`` also takes back corrections by hand.

    Raises ``BrokenReference`` when an area or a succession names an area that is not there.
    """
    result = Result()
    with transaction.atomic():
        areas = load_areas(read_areas(folder), result, restore=restore)
        load_successions(read_successions(folder), areas, result)
        without = {line["code"] for line in read_rows(folder / "without-police.csv")}
        load_offices(without, result)
        if result.wrote:
            refresh_statistics()
    return result


def refresh_statistics():
    """Tell PostgreSQL how large its tables now are; a plan for empty ones took minutes instead of milliseconds."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (Jurisdiction, Succession, PoliceOffice):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


class Areas:
    """The areas of the files with the records they stand for."""

    def __init__(self, rows: list[AreaRow], records):
        self.rows: dict[str, list[AreaRow]] = defaultdict(list)
        for row in rows:
            self.rows[row.code].append(row)
        self.records: dict[Key, Jurisdiction] = {}
        by_code = defaultdict(list)
        for record in records:
            by_code[record.code].append(record)
        for row in rows:
            same = [record for record in by_code[row.code] if row.overlaps(record)]
            if same:
                self.records[row.key] = next((one for one in same if one.valid_from == row.valid_from), same[0])

    def on(self, code: str, date: datetime.date) -> Jurisdiction:
        """The record of the area that has the code on the date; raises ``BrokenReference`` where there is none."""
        for row in self.rows[code]:
            if (row.valid_from or date) <= date <= (row.valid_to or date) and row.key in self.records:
                return self.records[row.key]
        raise BrokenReference(f"Không có địa bàn mã {code} vào ngày {date:%d/%m/%Y}.")


def load_areas(rows: list[AreaRow], result: Result, *, restore: bool) -> Areas:
    """Create the areas that are missing, level by level; end those that the files say have ended."""
    areas = Areas(rows, Jurisdiction.objects.all())
    missing = [row for row in rows if row.key not in areas.records]
    update_areas([(row, areas.records[row.key]) for row in rows if row.key in areas.records], result, restore=restore)
    for level in sorted({row.kind.level for row in missing}):
        lines = [row for row in missing if row.kind.level == level]
        for batch in chunks(lines, ROWS):
            made = Jurisdiction.objects.bulk_create([row.record(parent_of(row, areas)) for row in batch])
            areas.records.update(zip([row.key for row in batch], made, strict=True))
    result.created["địa bàn"] = len(missing)
    return areas


def parent_of(row: AreaRow, areas: Areas) -> Jurisdiction | None:
    """The parent of a line, as of the first day of the area, or the last where the first is open."""
    if not row.parent:
        return None
    return areas.on(row.parent, row.valid_from or row.valid_to or datetime.date.max)


def update_areas(known: list[tuple[AreaRow, Jurisdiction]], result: Result, *, restore: bool):
    """End areas that have ended meanwhile; note, or with ``restore`` take back, what else differs."""
    ended, restored = [], []
    for row, area in known:
        if area.valid_to is None and row.valid_to is not None and area.valid_from == row.valid_from:
            area.valid_to = row.valid_to
            ended.append(area)
        if (area.kind, area.name, area.valid_from, area.valid_to) != (row.kind, row.name, row.valid_from, row.valid_to):
            if restore:
                area.kind, area.name, area.valid_from, area.valid_to = row.kind, row.name, row.valid_from, row.valid_to
                restored.append(area)
            else:
                result.kept.append(f"{area.code} {area.full_name} (bộ dữ liệu: {row.kind.prefix} {row.name})")
    result.changed += Jurisdiction.objects.bulk_update(ended, ["valid_to"])
    result.changed += Jurisdiction.objects.bulk_update(restored, ["kind", "name", "valid_from", "valid_to"])


def load_successions(rows: list[SuccessionRow], areas: Areas, result: Result):
    """Create the successions that are missing."""
    known = set(Succession.objects.values_list("predecessor_id", "successor_id", "effective_on"))
    new = []
    for row in rows:
        predecessor = areas.on(row.old, day_before(row.effective_on))
        successor = areas.on(row.new, row.effective_on)
        if (predecessor.pk, successor.pk, row.effective_on) in known:
            continue
        new.append(
            Succession(
                predecessor=predecessor,
                successor=successor,
                kind=row.kind,
                effective_on=row.effective_on,
                legal_basis=row.legal_basis,
            )
        )
    for batch in chunks(new, ROWS):
        Succession.objects.bulk_create(batch)
    result.created["kế thừa"] = len(new)


def office_name(area: Jurisdiction) -> str:
    """“Công an tỉnh Bắc Ninh”, “Công an Thành phố Hà Nội”, “Công an phường Bến Thành”."""
    prefix = JurisdictionKind(area.kind).prefix
    return f"Công an {prefix if area.kind == JurisdictionKind.CITY else prefix.lower()} {area.name}"


def load_offices(without: set[str], result: Result):
    """Create the police offices that are missing, from the top down; areas with an office of the level keep theirs.

    The department of the ministry stands over the provinces, a province's police over districts and communes. Offices
    come and go with their areas, except that district police end four months before the districts.
    """
    held = {(office.jurisdiction_id, office.level): office for office in PoliceOffice.objects.order_by("pk")}
    areas = {area.pk: area for area in Jurisdiction.objects.order_by("path")}
    created = 0
    for level, kinds in (
        (PoliceLevel.MINISTRY, {JurisdictionKind.COUNTRY}),
        (PoliceLevel.PROVINCE, PROVINCE_KINDS),
        (PoliceLevel.DISTRICT, DISTRICT_KINDS),
        (PoliceLevel.COMMUNE, COMMUNE_KINDS),
    ):
        new = []
        for area in areas.values():
            if area.kind not in kinds or area.code in without or (area.pk, level) in held:
                continue
            if level == PoliceLevel.COMMUNE and (area.valid_from is None or area.valid_from < COMMUNE_POLICE_FROM):
                continue
            new.append(office_of(area, level, held))
        for batch in chunks(new, ROWS):
            PoliceOffice.objects.bulk_create(batch)
        held.update({(office.jurisdiction_id, office.level): office for office in new})
        created += len(new)
    result.created["cơ quan Công an"] = created


def office_of(area: Jurisdiction, level: PoliceLevel, held) -> PoliceOffice:
    """The office of an area, under the office of the area above."""
    above = {
        PoliceLevel.PROVINCE: PoliceLevel.MINISTRY,
        PoliceLevel.DISTRICT: PoliceLevel.PROVINCE,
        PoliceLevel.COMMUNE: PoliceLevel.PROVINCE,
    }
    valid_to = area.valid_to
    if level == PoliceLevel.DISTRICT and (valid_to is None or valid_to > DISTRICT_POLICE_LAST_DAY):
        valid_to = DISTRICT_POLICE_LAST_DAY
    return PoliceOffice(
        level=level,
        name=MINISTRY_OFFICE if level == PoliceLevel.MINISTRY else office_name(area),
        jurisdiction=area,
        parent=held.get((area.parent_id, above[level])) if level in above else None,
        valid_from=area.valid_from,
        valid_to=valid_to,
    )
