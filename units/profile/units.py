"""What a unit's own page tells: its sections, what is still missing, what may be done."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from movement_portal.audit.presenting import Names
from movement_portal.jurisdictions.models import Jurisdiction, Officer, Succession
from units import workflow
from units.enums import UnitKind
from units.merging.standing import absorbed_units
from units.models import Unit, UnitMerge
from units.models.units import OPEN_STATUSES
from units.sections import Section, register


@dataclass(frozen=True)
class Hint:
    """Something the office still has to find out, and the field of the form where it goes."""

    label: str
    field: str


@dataclass(frozen=True)
class Step:
    """Something the officer may do with the unit now."""

    label: str
    icon: str
    url: str


@dataclass(frozen=True)
class Wanted:
    """What a complete record of some kinds has."""

    field: str
    label: str
    kinds: tuple[UnitKind, ...] = tuple(UnitKind)


WANTED = (
    Wanted("subkind", "loại hình"),
    Wanted("school_level", "cấp học", (UnitKind.SCHOOL,)),
    Wanted("enterprise_size", "quy mô doanh nghiệp", (UnitKind.ENTERPRISE,)),
    Wanted("is_state_budget", "hưởng ngân sách nhà nước hay không", (UnitKind.AGENCY,)),
    Wanted("address", "địa chỉ"),
    Wanted("head_name", "người đứng đầu"),
    Wanted("head_phone", "điện thoại người đứng đầu"),
)

STEP_ICONS = {
    "suspend": "pause-circle",
    "resume": "play-circle",
    "dissolve": "x-circle",
    "merge": "box-arrow-in-right",
    "restore": "arrow-counterclockwise",
}


def incomplete(field: str = "") -> Q:
    """Units that lack something a complete record has, or one thing only; the area is a list of its own."""
    lacking = Q()
    for wanted in WANTED:
        if field in ("", wanted.field):
            is_null = Unit._meta.get_field(wanted.field).null
            empty = Q(**{f"{wanted.field}__isnull": True}) if is_null else Q(**{wanted.field: ""})
            lacking |= empty & Q(kind__in=wanted.kinds)
    return lacking


def hints_for(unit: Unit) -> list[Hint]:
    """What is missing on the unit, the area first."""
    hints = [Hint("địa bàn cần xác định", "jurisdiction")] if unit.area_needs_review else []
    hints += [
        Hint(wanted.label, wanted.field)
        for wanted in WANTED
        if unit.kind in wanted.kinds and getattr(unit, wanted.field) in ("", None)
    ]
    return hints


def actions_for(unit: Unit, user: Officer) -> list[Step]:
    """What the officer may do with the unit as it is now."""
    actions = [
        Step(step.label, STEP_ICONS[step.name], reverse("units:unit_step", args=[unit.code, step.name]))
        for step in workflow.steps_for(unit, user)
    ]
    if user.has_perm("units.change_unit"):
        actions.append(Step("Chuyển địa bàn", "geo-alt", reverse("units:unit_relocate", args=[unit.code])))
    if user.has_perm("units.merge_unit") and unit.status in OPEN_STATUSES:
        actions.append(Step("Gộp hồ sơ trùng", "intersect", reverse("duplicates:merge_pick", args=[unit.code])))
    if user.has_perm("units.override_eligibility"):
        actions.append(
            Step("Kết luận về đối tượng", "patch-question", reverse("units:unit_override", args=[unit.code]))
        )
    return actions


def former_areas(unit: Unit) -> list[Succession]:
    """Areas that the unit's present one was made of, with their own parents: where it may have lain before."""
    return list(
        Succession.objects.filter(successor=unit.jurisdiction_id)
        .select_related("predecessor__parent__parent__parent")
        .order_by("effective_on", "predecessor__name_sort")
    )


def _headcounts(unit, user):
    rows = list(unit.headcounts.order_by("-year"))
    return {
        "rows": rows,
        "count": len(rows),
        "has_learners": unit.kind == UnitKind.SCHOOL or any(row.learner_count is not None for row in rows),
        "can_add": user.has_perm("units.add_headcount"),
        "can_change": user.has_perm("units.change_headcount"),
        "unit": unit,
    }


def _identifiers(unit, user):
    rows = list(unit.identifiers.all())
    return {
        "rows": rows,
        "count": len(rows),
        "can_add": user.has_perm("units.add_unitidentifier"),
        "can_change": user.has_perm("units.change_unitidentifier"),
        "unit": unit,
    }


def _related(unit, user):
    """Parent, branches, and units that went into this one; those out of reach are counted, not named."""
    branches = list(Unit.objects.visible_to(user).filter(parent=unit).select_related("jurisdiction")[:50])
    merged = (
        Unit.objects.visible_to(user).filter(~absorbed_units(), merged_into=unit).select_related("jurisdiction")[:50]
    )
    merged = list(merged)
    elsewhere = unit.branches.count() - len(branches) if len(branches) < 50 else 0
    parent = Unit.objects.visible_to(user).filter(pk=unit.parent_id).first() if unit.parent_id else None
    if not (branches or merged or unit.parent_id or elsewhere):
        return None
    return {
        "parent": parent,
        "parent_elsewhere": unit.parent_id is not None and parent is None,
        "branches": branches,
        "merged": merged,
        "elsewhere": elsewhere,
        "count": len(branches) + len(merged) + (1 if parent else 0),
    }


def _absorbed(unit, user):
    """Records of the same unit that went into this one."""
    rows = list(UnitMerge.objects.visible_to(user).standing().filter(survivor=unit).select_related("absorbed"))
    return {"rows": rows, "count": len(rows)} if rows else None


def _placements(unit, user):
    rows = list(unit.placements.all())
    names = Names(user)
    names.want_keys(Jurisdiction, {row.jurisdiction_id for row in rows})
    for row in rows:
        row.area_name = names.name(Jurisdiction, row.jurisdiction_id)
    return {"rows": rows, "count": len(rows), "former": former_areas(unit), "unit": unit}


def _status_changes(unit, user):
    rows = list(unit.status_changes.select_related("merged_into"))
    if not rows:
        return None
    names = Names(user)
    names.want_keys(Unit, {row.merged_into_id for row in rows} - {None})
    names.want_keys(Officer, {row.officer_id for row in rows} - {None})
    for row in rows:
        row.receiver_name = names.name(Unit, row.merged_into_id) if row.merged_into_id else ""
        row.receiver_is_known = names.knows(Unit, row.merged_into_id)
        row.officer_name = names.name(Officer, row.officer_id) if row.officer_id else ""
    return {"rows": rows, "count": len(rows)}


def register_sections() -> None:
    """The register's own sections of the page."""
    register(Section("so-nguoi", "Số người theo năm", "units/_headcounts.html", _headcounts, order=10))
    register(Section("ma-khac", "Mã khác", "units/_identifiers.html", _identifiers, order=20))
    register(Section("don-vi-lien-quan", "Đơn vị liên quan", "units/_related.html", _related, order=30))
    register(Section("da-gop", "Hồ sơ đã gộp vào đây", "units/_absorbed.html", _absorbed, order=35))
    register(Section("dia-ban", "Địa bàn theo thời gian", "units/_placements.html", _placements, order=40))
    register(Section("tinh-trang", "Đổi tình trạng", "units/_status_changes.html", _status_changes, order=50))
