"""Invented commitments, agreements, inspections, incidents and ratings of the demonstration province."""

import datetime
import random
from collections.abc import Iterator, Sequence

from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.models import Jurisdiction
from units.enums import (
    AgreementKind,
    Approximation,
    CommitmentKind,
    IncidentConclusion,
    IncidentKind,
    PartKind,
    UnitKind,
    UnitStatus,
)
from units.models import (
    AgreementParty,
    Commitment,
    CoordinationAgreement,
    Headcount,
    Incident,
    Inspection,
    PartRating,
    Unit,
)

#: The agencies of seed 003 (domain.md 9.1): they signed in one year, “nearly 7,000” persons in all.
SIGNING_AGENCIES, SIGNING_YEAR = 160, 2018
DIRECTIVE = "07/CT-BCA-V28"
YEARS = (2024, 2025, 2026)
#: What is to be put right later waits still.
LAST_FIX = datetime.date(2026, 11, 10)


def load_duties(units: Sequence[Unit], province: Jurisdiction, seed: int) -> dict[str, int]:
    """Everything of the kind; answers how many of each."""
    dice = random.Random(seed)
    active = [unit for unit in units if unit.status == UnitStatus.ACTIVE]
    commitments = Commitment.objects.bulk_create([*_first_signing(dice, active), *_commitments(dice, active)])
    agreements = _agreements(dice, active, province)
    inspections = Inspection.objects.bulk_create(_inspections(dice, active))
    incidents = Incident.objects.bulk_create(_incidents(dice, active))
    ratings = PartRating.objects.bulk_create(_ratings(dice, active))
    return {
        "commitments": len(commitments),
        "agreements": agreements,
        "inspections": len(inspections),
        "incidents": len(incidents),
        "ratings": len(ratings),
    }


# -- commitments -------------------------------------------------------------------------------------------------------
def _first_signing(dice: random.Random, units: Sequence[Unit]) -> Iterator[Commitment]:
    agencies = [unit for unit in units if unit.kind == UnitKind.AGENCY]
    directive = LegalDocument.objects.filter(number=DIRECTIVE).first()
    for unit in dice.sample(agencies, SIGNING_AGENCIES):
        signed = dice.randint(33, 52)
        yield Commitment(
            unit=unit,
            year=SIGNING_YEAR,
            kind=CommitmentKind.COMMITMENT,
            content="Thực hiện Chỉ thị 07 về phong trào trong cơ quan, doanh nghiệp, nhà trường",
            signed_count=signed,
            total_count=signed + dice.randint(0, 4),
            approximation=Approximation.NEARLY if dice.random() < 0.1 else "",
            signed_on=datetime.date(SIGNING_YEAR, dice.randint(1, 11), dice.randint(1, 28)),
            legal_document=directive,
        )


def _commitments(dice: random.Random, units: Sequence[Unit]) -> Iterator[Commitment]:
    staff = {
        (unit, year): count
        for unit, year, count in Headcount.objects.filter(staff_count__isnull=False).values_list(
            "unit", "year", "staff_count"
        )
    }
    for year in YEARS:
        for unit in dice.sample(units, len(units) // 3):
            total = staff.get((unit.pk, year))
            signed = None if total is None else max(0, total - dice.choice((0, 0, 0, 1, 2, 5)))
            yield Commitment(
                unit=unit,
                year=year,
                kind=CommitmentKind.COVENANT if dice.random() < 0.25 else CommitmentKind.COMMITMENT,
                content="Không vi phạm pháp luật, không mắc tệ nạn xã hội",
                signed_count=signed,
                total_count=total,
                signed_on=datetime.date(year, dice.randint(1, 3), dice.randint(1, 28)),
            )


# -- agreements --------------------------------------------------------------------------------------------------------
BODIES = ("Sở Giáo dục và Đào tạo Mẫu", "Liên đoàn Lao động Mẫu", "Ban Quản lý các khu công nghiệp Mẫu")


def _agreements(dice: random.Random, units: Sequence[Unit], province: Jurisdiction) -> int:
    agreements = []
    for number in range(1, 25):
        signed_on = datetime.date(dice.randint(2021, 2025), dice.randint(1, 12), 15)
        lasts = dice.choice((730, 1095, 1826))
        agreements.append(
            CoordinationAgreement(
                kind=dice.choice(AgreementKind.values),
                number=f"{number:02d}/QCPH-CAT-MAU",
                title="Phối hợp bảo đảm an ninh, trật tự trong cơ quan, doanh nghiệp, nhà trường",
                signed_on=signed_on,
                valid_from=signed_on,
                valid_to=signed_on + datetime.timedelta(days=lasts) if number % 4 else None,
                police_body="Phòng An ninh chính trị nội bộ",
                jurisdiction=province,
            )
        )
    parties = []
    for number, agreement in enumerate(CoordinationAgreement.objects.bulk_create(agreements)):
        parties += [AgreementParty(agreement=agreement, unit=unit) for unit in dice.sample(units, dice.randint(1, 6))]
        if number % 3 == 0:
            parties.append(AgreementParty(agreement=agreement, body=dice.choice(BODIES)))
    AgreementParty.objects.bulk_create(parties)
    return len(agreements)


# -- inspections -------------------------------------------------------------------------------------------------------
FINDINGS = (
    "Sổ trực chưa ghi đầy đủ; hệ thống đèn chiếu sáng ban đêm hỏng một phần.",
    "Nội quy bảo vệ chưa niêm yết ở cổng; chưa có phương án bảo vệ.",
    "Bình chữa cháy ở tầng hai quá hạn kiểm định.",
    "Chưa phân công người trực ngày nghỉ.",
)
SUBJECTS = (
    "Công tác bảo vệ và phòng cháy, chữa cháy",
    "Thực hiện phong trào và nội quy bảo vệ",
    "Công tác bảo vệ bí mật nhà nước",
)


def _inspections(dice: random.Random, units: Sequence[Unit]) -> Iterator[Inspection]:
    for unit in dice.sample(units, 260):
        day = datetime.date(dice.choice((2025, 2026)), dice.randint(1, 10), dice.randint(1, 28))
        has_findings = dice.random() < 0.6
        deadline = day + datetime.timedelta(days=dice.choice((15, 30, 60))) if has_findings else None
        fixed = deadline - datetime.timedelta(days=dice.randint(1, 12)) if deadline and dice.random() < 0.85 else None
        fixed = fixed if fixed and fixed <= LAST_FIX else None
        yield Inspection(
            unit=unit,
            inspected_on=day,
            team="Tổ kiểm tra của Công an phường",
            content=dice.choice(SUBJECTS),
            findings=dice.choice(FINDINGS) if has_findings else "",
            deadline=deadline,
            fixed_on=fixed,
            fix_note="Đã khắc phục, có báo cáo bằng văn bản" if fixed else "",
        )


# -- incidents ---------------------------------------------------------------------------------------------------------
def _incidents(dice: random.Random, units: Sequence[Unit]) -> Iterator[Incident]:
    schools = [unit for unit in units if unit.kind == UnitKind.SCHOOL]
    kinds = (IncidentKind.DD, IncidentKind.E, IncidentKind.G, IncidentKind.H, IncidentKind.SCHOOL_VIOLENCE)
    for _ in range(74):
        kind = dice.choices(kinds, weights=(14, 4, 20, 34, 28))[0]
        day = datetime.date(dice.choice((2023, 2024, 2025, 2026)), dice.randint(1, 10), dice.randint(1, 28))
        conclusion = dice.choices(IncidentConclusion.values, weights=(20, 65, 15))[0]
        is_open = conclusion == IncidentConclusion.OPEN
        yield Incident(
            unit=dice.choice(schools if kind == IncidentKind.SCHOOL_VIOLENCE else units),
            occurred_on=day,
            kind=kind,
            incident_count=dice.choice((1, 1, 1, 2)),
            is_force_majeure=dice.random() < 0.2 if kind == IncidentKind.G else None,
            found_in_time=dice.choice((True, True, False, None)),
            reported_on=day + datetime.timedelta(days=dice.randint(0, 3)) if dice.random() < 0.8 else None,
            conclusion=conclusion,
            concluded_on=None if is_open else day + datetime.timedelta(days=dice.randint(5, 20)),
        )


# -- ratings of parts --------------------------------------------------------------------------------------------------
def _ratings(dice: random.Random, units: Sequence[Unit]) -> Iterator[PartRating]:
    for unit in dice.sample(units, 420):
        total = dice.randint(3, 14)
        for year in (2024, 2025):
            yield PartRating(
                unit=unit,
                year=year,
                kind=PartKind.DEPARTMENT,
                total_count=total,
                good_count=total - dice.choice((0, 0, 1, 2)),
                disciplined_count=int(dice.random() < 0.04),
            )
