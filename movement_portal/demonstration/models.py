"""Invented models of the demonstration province, the same each time: figures of seed 002, two clusters of seed 003."""

import datetime
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

from models_registry import workflow
from models_registry.enums import ModelGrade, RecognitionLevel
from models_registry.members import Body, join
from models_registry.models import (
    ModelGroup,
    ModelKind,
    ModelLogEntry,
    ModelRating,
    ModelRecognition,
    ModelStrength,
    SelfManagedModel,
)
from movement_portal.demonstration.people import full_name, phone
from movement_portal.jurisdictions.enums import COMMUNE_KINDS
from movement_portal.jurisdictions.models import Jurisdiction, Officer
from movement_portal.lib.dates import today
from units.enums import UnitKind, UnitStatus, UnitSubkind
from units.models import Unit

#: Models led by units, each by another one, and those among them that were recognised (domain.md 9.1, seed 002).
SITES, EXEMPLARY = 545, 8
#: Enterprises with teams of worker volunteers (seed 002).
WORKER_TEAMS = 28
#: Copies of running models among the sites: (how many sources, copies of each).
SOURCES, COPIES = 6, 4
RETIRED, DISSOLVED, STRENGTHENED, PROPOSED, APPROVED = 14, 5, 22, 7, 3
WORKER_TEAM = "Đội Công nhân xung kích tự quản về ANTT"
CLUSTER = "Cụm liên kết đảm bảo ANTT"
BORDER_CLUSTER = "Cụm liên kết đảm bảo ANTT xóa sơ hở vùng giáp ranh"
#: What models of units of a kind are, and how often.
OF_ENTERPRISES = (
    ("Tổ An ninh công nhân", 40),
    ("Camera phòng, chống tội phạm", 25),
    ("Tổ tự quản về ANTT và PCCC tại KCN", 15),
    ("Doanh nghiệp an toàn PCCC", 15),
    ("Zalo kết nối an ninh", 5),
)
OF_SCHOOLS = (
    ("Cổng trường trật tự ATGT", 40),
    ("Nhà trường tích cực phòng chống ma túy và bạo lực học đường", 25),
    ("Trường học an toàn về ANTT", 20),
    ("Camera phòng, chống tội phạm", 15),
)
OF_AGENCIES = (
    ("Camera phòng, chống tội phạm", 50),
    ("Bảng tự quản - tổ xử lý - camera", 25),
    ("Zalo kết nối an ninh", 25),
)
OF_HOSPITALS = (("Bệnh viện đảm bảo ANTT", 1),)
OF_CARRIERS = (("Lái xe an toàn", 1),)
ACTIVITIES = (
    "Họp giao ban quý, đánh giá hoạt động của các tổ",
    "Tuyên truyền phòng, chống tội phạm cho cán bộ, nhân viên",
    "Tuần tra, kiểm tra công tác bảo vệ trong dịp lễ",
    "Ký cam kết thực hiện quy chế của mô hình",
    "Sơ kết sáu tháng, biểu dương cá nhân tích cực",
    "Diễn tập xử lý tình huống gây rối trật tự",
)
LEVELS = (
    *(RecognitionLevel.COMMUNE,) * 2,
    RecognitionLevel.DISTRICT,
    *(RecognitionLevel.PROVINCE,) * 4,
    RecognitionLevel.MINISTRY,
)


def load_models(units: Sequence[Unit], officer: Officer, seed: int) -> dict[str, int]:
    """Models with who takes part, strength, activities, ratings and their life; answers how many of each.

    Kinds that the catalogue of the reference data does not have are added.
    """
    dice = random.Random(seed)
    kinds = _kinds()
    open_units = [unit for unit in units if unit.status == UnitStatus.ACTIVE]
    dice.shuffle(open_units)
    shop = next(unit for unit in open_units if unit.business_line == "Bán lẻ trong siêu thị")
    open_units.remove(shop)
    leads, rest = open_units[: SITES - SOURCES * COPIES - 1], open_units[SITES - SOURCES * COPIES - 1 :]
    names = _kinds_of(dice, leads)
    sites = [_site(dice, unit, kinds[name]) for unit, name in zip(leads, names, strict=True)]
    border, cluster = _clusters(dice, shop, rest, kinds)
    ended = [_site(dice, unit, kinds[name]) for unit, name in _with_kinds(dice, rest[100 : 100 + RETIRED + DISSOLVED])]
    workflow.enter_active([*sites, border, cluster, *ended], by=officer)
    copies = _replicate(dice, sites, rest[200:], officer)
    _join_clusters(border, cluster, rest)
    running = [*sites, *copies, border, cluster]
    entries = _write_records(dice, running)
    _live(dice, sites, ended, rest[400:], kinds, officer)
    return {"models": SITES + 1, "entries": entries}


def _kinds() -> dict[str, ModelKind]:
    """The kinds that are used here, by name."""
    used = [name for names in (OF_ENTERPRISES, OF_SCHOOLS, OF_AGENCIES, OF_HOSPITALS, OF_CARRIERS) for name, _ in names]
    wanted = dict.fromkeys([*used, WORKER_TEAM, CLUSTER, BORDER_CLUSTER])
    there = {kind.name: kind for kind in ModelKind.objects.all()}
    missing = ModelKind.objects.bulk_create([ModelKind(name=name) for name in wanted if name not in there])
    return there | {kind.name: kind for kind in missing}


def _kinds_of(dice: random.Random, units: Sequence[Unit]) -> list[str]:
    """The kind of the model that each unit leads: worker teams at exactly so many enterprises."""
    names = [name for _, name in _with_kinds(dice, units)]
    places = [
        place
        for place, unit in enumerate(units)
        if unit.kind == UnitKind.ENTERPRISE and names[place] != OF_CARRIERS[0][0]
    ]
    for place in places[:WORKER_TEAMS]:
        names[place] = WORKER_TEAM
    return names


def _with_kinds(dice: random.Random, units: Sequence[Unit]) -> Iterator[tuple[Unit, str]]:
    for unit in units:
        choice = OF_AGENCIES
        if unit.kind == UnitKind.SCHOOL:
            choice = OF_SCHOOLS
        elif unit.subkind == UnitSubkind.HOSPITAL:
            choice = OF_HOSPITALS
        elif unit.kind == UnitKind.ENTERPRISE:
            choice = OF_CARRIERS if "Vận tải" in unit.business_line else OF_ENTERPRISES
        yield unit, dice.choices([name for name, _ in choice], weights=[weight for _, weight in choice])[0]


def _site(dice: random.Random, unit: Unit, kind: ModelKind) -> SelfManagedModel:
    # Most models are some years old; each year some are new.
    year = dice.choices(range(2015, 2027), weights=(3, 3, 4, 5, 6, 8, 8, 10, 12, 14, 15, 12))[0]
    launched = min(datetime.date(year, dice.randint(1, 12), dice.randint(1, 28)), today())
    return SelfManagedModel(
        kind=kind,
        name=kind.name,
        lead_unit=unit,
        jurisdiction_id=unit.jurisdiction_id,
        place=unit.address,
        decision_number=f"{dice.randint(5, 480)}/QĐ-MAU",
        decision_on=launched - datetime.timedelta(days=dice.randint(5, 30)),
        launched_on=launched,
        head_name=unit.head_name if dice.random() < 0.4 else full_name(dice),
        head_title="Trưởng mô hình",
        head_phone=phone(dice),
    )


def _clusters(
    dice: random.Random, shop: Unit, rest: Sequence[Unit], kinds
) -> tuple[SelfManagedModel, SelfManagedModel]:
    """A supermarket with two police offices, and five bodies around a police office (seed 003)."""
    border = _site(dice, shop, kinds[BORDER_CLUSTER])
    home = rest[0].jurisdiction
    office = f"Công an {home.full_name}"
    cluster = SelfManagedModel(
        kind=kinds[CLUSTER],
        name=f"{CLUSTER} {home.full_name}",
        lead_body=office,
        jurisdiction=home,
        decision_number="12/QĐ-MAU",
        decision_on=datetime.date(2023, 3, 1),
        launched_on=datetime.date(2023, 3, 20),
        head_name=full_name(dice),
        head_title="Trưởng cụm",
        head_phone=phone(dice),
    )
    return border, cluster


def _join_clusters(border: SelfManagedModel, cluster: SelfManagedModel, rest: Sequence[Unit]) -> None:
    near = {unit.jurisdiction_id for unit in rest[:60]}
    areas = Jurisdiction.objects.filter(kind__in=COMMUNE_KINDS).in_bulk(near)
    others = [area for key, area in sorted(areas.items()) if key != border.jurisdiction_id]
    home = Jurisdiction.objects.get(pk=border.jurisdiction_id)
    join(border, bodies=[_police(home), _police(others[0])], since=border.launched_on)
    partners = [
        next(unit for unit in rest if unit.jurisdiction_id == key) for key in (cluster.jurisdiction_id, others[-1].pk)
    ]
    join(cluster, units=partners, bodies=[_police(others[0]), _police(others[-1])], since=cluster.launched_on)


def _police(area: Jurisdiction) -> Body:
    return Body(f"Công an {area.full_name}", area)


def _replicate(dice: random.Random, sites, units: Sequence[Unit], officer: Officer) -> list[SelfManagedModel]:
    """Copies of some models at units of the same kind, launched this year and the two before."""
    made = []
    by_kind: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        by_kind[unit.kind].append(unit)
    old = [site for site in sites if site.launched_on.year < 2023 and site.kind.name != WORKER_TEAM]
    sources = old[:SOURCES]
    for place, source in enumerate(sources):
        on = datetime.date(2024 + place % 3, dice.randint(2, 9), dice.randint(1, 28))
        taken = [by_kind[source.lead_unit.kind].pop() for _ in range(COPIES)]
        copies = [_site(dice, unit, source.kind) for unit in taken]
        made += workflow.replicate(source, copies, by=officer, on=on, is_running=True)
    return made


def _write_records(dice: random.Random, models: Sequence[SelfManagedModel]) -> int:
    """Strength, groups, activities, ratings, recognitions of running models; some have long been silent."""
    strengths, groups, entries, ratings = [], [], [], []
    for model in models:
        group_count = dice.choices((1, 2, 3, 5), weights=(35, 35, 20, 10))[0]
        members = group_count * dice.randint(6, 15)
        counted = max(model.launched_on, datetime.date(2026, 6, 30))
        strengths.append(ModelStrength(model=model, counted_on=counted, group_count=group_count, member_count=members))
        if dice.random() < 0.15:
            groups += [
                ModelGroup(
                    model=model, name=f"Tổ số {number + 1}", head_name=full_name(dice), member_count=members // 3
                )
                for number in range(group_count)
            ]
        entries += _entries(dice, model)
        for year in (2024, 2025):
            if model.launched_on.year <= year and dice.random() < 0.93:
                grade = dice.choices(ModelGrade.values, weights=(72, 23, 5))[0]
                ratings.append(ModelRating(model=model, year=year, grade=grade))
    ModelStrength.objects.bulk_create(strengths)
    ModelGroup.objects.bulk_create(groups)
    ModelLogEntry.objects.bulk_create(entries)
    ModelRating.objects.bulk_create(ratings)
    workflow.log_changed([model.pk for model in models])
    poor = {rating.model_id for rating in ratings if rating.grade != ModelGrade.EFFECTIVE}
    best = [model for model in models if model.pk not in poor and model.lead_unit_id and model.launched_on.year < 2024]
    ModelRecognition.objects.bulk_create(
        ModelRecognition(
            model=model,
            level=level,
            decision_number=f"{120 + place}/QĐ-MAU",
            # Districts ended on 1 July 2025.
            decision_on=datetime.date(2024 if level == RecognitionLevel.DISTRICT else 2025, 12, 10),
        )
        for place, (model, level) in enumerate(zip(best[:EXEMPLARY], LEVELS, strict=True))
    )
    return len(entries)


def _entries(dice: random.Random, model: SelfManagedModel) -> Iterator[ModelLogEntry]:
    is_silent = dice.random() < 0.07
    last = datetime.date(2026, 3, 31) if is_silent else min(today(), datetime.date(2026, 11, 15))
    for number in range(dice.randint(2, 5)):
        held = last - datetime.timedelta(days=dice.randint(0, 60) + 85 * number)
        if held > model.launched_on:
            about = dice.random() < 0.06
            yield ModelLogEntry(
                model=model,
                held_on=held,
                content=dice.choice(ACTIVITIES),
                participation_count=dice.randint(12, 90) // (10 if about else 1) * (10 if about else 1) or 10,
                approximation="over" if about else "",
            )


def _live(dice: random.Random, sites, ended, units: Sequence[Unit], kinds, officer: Officer) -> None:
    """What became of models since: ended, strengthened; some proposed and approved."""
    for place, model in enumerate(ended):
        step = workflow.RETIRE if place < RETIRED else workflow.DISSOLVE
        on = max(model.launched_on, datetime.date(2025 + place % 2, dice.randint(1, 9), dice.randint(1, 28)))
        reason = "Hoạt động không còn hiệu quả" if step is workflow.RETIRE else "Đơn vị thay đổi mô hình tổ chức"
        workflow.perform(step, model.pk, by=officer, on=on, reason=reason, decision_number=f"{300 + place}/QĐ-MAU")
    for model in dice.sample(sites, STRENGTHENED):
        on = max(model.launched_on, datetime.date(2026, dice.randint(1, 10), dice.randint(1, 28)))
        workflow.perform(
            workflow.STRENGTHEN, model.pk, by=officer, on=on, reason="Kiện toàn ban điều hành, sửa quy chế"
        )
    for place, (unit, name) in enumerate(_with_kinds(dice, units[: PROPOSED + APPROVED])):
        model = _site(dice, unit, kinds[name])
        model.launched_on, model.decision_number, model.decision_on = None, "", None
        workflow.propose(model, by=officer, on=datetime.date(2026, 10, 1 + place))
        if place >= PROPOSED:
            workflow.perform(
                workflow.APPROVE,
                model.pk,
                by=officer,
                on=datetime.date(2026, 11, 2),
                decision_number=f"{400 + place}/QĐ-MAU",
                decision_on=datetime.date(2026, 11, 2),
            )
