"""Merging two records of one unit, all of it in one transaction and under one event of history."""

import json
from collections.abc import Mapping

from django.core import serializers
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models.deletion import Collector

from movement_portal.audit.enums import EventKind
from movement_portal.audit.recording import act
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.bulk import chunks
from movement_portal.lib.changes import StaleRecord
from movement_portal.lib.dates import today
from movement_portal.lib.masking import refusal
from movement_portal.lib.tracking import TrackedModel
from movement_portal.lib.transitions import TransitionError
from units.enums import PairState
from units.merging.choices import BOTH, CODES, THEIRS, fill
from units.merging.codes import OLD_CODE, OLD_SCHOOL_CODE, OLD_TAX_CODE
from units.merging.links import Link, UndeclaredLink, check_declared, unique_with
from units.merging.planning import Conflict, Move, Plan, plan_merge
from units.merging.workflow import settle_merged
from units.models import DuplicatePair, Unit, UnitIdentifier, UnitMerge
from units.models.records import area_changed
from units.workflow import absorb

PERMISSION = "units.merge_unit"


class PlanChanged(Exception):
    """What was shown before the merge is no longer what is there."""


def merge(
    survivor_id: int,
    absorbed_id: int,
    *,
    by: Officer,
    reason: str,
    token: str,
    answers: Mapping[str, str] | None = None,
) -> UnitMerge:
    """Merge one record into another; ``token`` and ``answers`` are of the plan that the officer has seen.

    Raises ``PermissionDenied``, ``Unit.DoesNotExist`` out of reach, ``PlanChanged``, and ``TransitionError`` where the
    merge does not fit or a relation is unknown; nothing is changed then.
    """
    if not by.has_perm(PERMISSION):
        raise PermissionDenied
    if not (reason := reason.strip()[:300]):
        raise TransitionError("Phải ghi vì sao hai hồ sơ này là một đơn vị.")
    if problem := refusal(reason):
        raise TransitionError(problem)
    if survivor_id == absorbed_id:
        raise TransitionError("Không gộp một hồ sơ vào chính nó.")
    try:
        check_declared()
        with transaction.atomic():
            survivor, absorbed = _locked(survivor_id, absorbed_id, by)
            plan = plan_merge(survivor, absorbed, user=by, answers=answers)
            if plan.token != token:
                raise PlanChanged
            label = f"Gộp hồ sơ trùng {absorbed.code} vào {survivor.name} ({survivor.code})"
            with act(EventKind.EDIT, by=by, label=label[:200], reason=reason) as doing:
                return _carry_out(plan, by=by, reason=reason, event_id=doing.id)
    except UndeclaredLink as error:
        raise TransitionError(str(error)) from error
    except StaleRecord as error:
        raise PlanChanged from error
    except (IntegrityError, ValidationError) as error:
        raise TransitionError(
            "Chưa gộp được: dữ liệu sau khi gộp sẽ trái một quy tắc của sổ. Kiểm tra các lựa chọn ở trên."
        ) from error


def _locked(survivor_id: int, absorbed_id: int, by: Officer) -> tuple[Unit, Unit]:
    """Both rows, locked in one order, so that of two merges of the same units the second sees the first."""
    rows = Unit.objects.visible_to(by).filter(pk__in=(survivor_id, absorbed_id)).order_by("pk")
    found = {unit.pk: unit for unit in rows.select_for_update(of=("self",))}
    if len(found) < 2:
        raise Unit.DoesNotExist
    return found[survivor_id], found[absorbed_id]


def _carry_out(plan: Plan, *, by: Officer, reason: str, event_id) -> UnitMerge:
    survivor, absorbed, day = plan.survivor, plan.absorbed, today()
    _fill(plan)
    set_aside = [row for conflict in plan.conflicts for row in _settle(conflict)]
    for move in plan.moves:
        _move(move, survivor, absorbed)
    _keep_codes(survivor, absorbed)
    absorbed.refresh_from_db()
    absorb(absorbed, survivor, on=max(day, absorbed.status_on or day), reason=f"Gộp hồ sơ trùng: {reason}", by=by)
    _settle_pair(survivor, absorbed, by=by, reason=reason)
    area_changed([survivor.pk])
    return UnitMerge.objects.create(
        survivor=survivor,
        absorbed=absorbed,
        reason=reason,
        merged_by=by,
        event_id=event_id,
        set_aside=json.loads(json.dumps(set_aside, cls=DjangoJSONEncoder)),
    )


def _fill(plan: Plan) -> None:
    """Write what was chosen; codes that change sides leave the one record before they come to the other."""
    survivor, absorbed = plan.survivor, plan.absorbed
    before = {name: getattr(survivor, name) for name in CODES}
    fill(survivor, absorbed, plan.fields)
    if is_below(survivor, absorbed):
        survivor.parent_id = absorbed.parent_id if absorbed.parent_id != survivor.pk else None
    elif survivor.parent_id in (survivor.pk, absorbed.pk):
        survivor.parent_id = None
    exchanged = {name: getattr(absorbed, name) for name in CODES if getattr(survivor, name) != before[name]}
    if exchanged:
        for name in exchanged:
            setattr(absorbed, name, "")
        absorbed.save(update_fields=list(exchanged))
    survivor.full_clean(exclude=["parent", "jurisdiction"])
    survivor.save()
    if any(exchanged.values()):
        for name, value in exchanged.items():
            setattr(absorbed, name, value)
        absorbed.save(update_fields=list(exchanged))


def is_below(unit: Unit, other: Unit) -> bool:
    """Whether the unit stands somewhere below the other."""
    seen: set[int] = set()
    above = unit.parent
    while above is not None and above.pk not in seen:
        if above.pk == other.pk:
            return True
        seen.add(above.pk)
        above = above.parent
    return False


def _move(move: Move, survivor: Unit, absorbed: Unit) -> None:
    """Give the rows of one relation, those that are still there, to the unit that is left."""
    link = move.link
    renamed = {conflict.theirs for conflict in move.conflicts if conflict.chosen == BOTH}
    columns = [link.field, *([link.rename] if renamed else [])]
    for pks in chunks([pk for pk in move.pks if not (link.model is Unit and pk == survivor.pk)]):
        rows = list(link.model._base_manager.filter(pk__in=pks).select_for_update(of=("self",)))
        for row in rows:
            setattr(row, link.field, survivor)
            if row.pk in renamed:
                limit = link.model._meta.get_field(link.rename).max_length
                suffix = f" ({absorbed.code})"
                setattr(row, link.rename, getattr(row, link.rename)[: limit - len(suffix)] + suffix)
        link.model._base_manager.bulk_update(rows, columns)


def _settle(conflict: Conflict) -> list[dict]:
    """Of two rows keep one with what belongs to both; answers the other, which goes, as it was."""
    link = conflict.link
    if conflict.chosen == BOTH:
        return []
    rows = {row.pk: row for row in link.model._base_manager.filter(pk__in=(conflict.ours, conflict.theirs))}
    kept, other = rows[conflict.ours], rows[conflict.theirs]
    if conflict.chosen == THEIRS:
        kept, other = other, kept
    for model, field in link.parts:
        _take_parts(model, field, kept, other)
    if link.ends:
        if getattr(other, link.ends) is None:
            begun = getattr(other, "started_on", None)
            setattr(other, link.ends, max(filter(None, (today(), begun))))
        setattr(other, link.same, kept)
        other.save(update_fields=[link.ends, link.same])
        return []
    set_aside = rows_as_they_are(other)
    other.delete()
    return set_aside


def rows_as_they_are(row: TrackedModel) -> list[dict]:
    """A row and all that would be deleted with it, in full, the row first."""
    collector = Collector(using=row._state.db)
    collector.collect([row])
    gone = {(type(row), row.pk): row}
    for model, found in collector.data.items():
        gone |= {(model, each.pk): each for each in found}
    for query in collector.fast_deletes:
        gone |= {(query.model, each.pk): each for each in query}
    return serializers.serialize("python", gone.values())


def _take_parts(model: type[TrackedModel], field: str, ours: TrackedModel, theirs: TrackedModel) -> None:
    """Rows that belong to the row left behind go to the one that is kept, but those it has already."""
    taken: set[tuple] = set()
    constraints = list(unique_with(Link(model, field)))
    for _, columns in constraints:
        rows = model._base_manager.filter(**{field: ours})
        taken |= {(columns, *values) for values in rows.values_list(*columns)}
    going = []
    for row in model._base_manager.filter(**{field: theirs}).order_by("pk"):
        if not any((columns, *(getattr(row, name) for name in columns)) in taken for _, columns in constraints):
            setattr(row, field, ours)
            going.append(row)
    model._base_manager.bulk_update(going, [field])


def _keep_codes(survivor: Unit, absorbed: Unit) -> None:
    """The codes of the record that is gone find the unit that is left."""
    kept = {(OLD_CODE, absorbed.code)}
    for scheme, name in ((OLD_TAX_CODE, "tax_code"), (OLD_SCHOOL_CODE, "school_code")):
        absorbed.refresh_from_db(fields=[name])
        if code := getattr(absorbed, name):
            kept.add((scheme, code))
    for scheme, value in sorted(kept):
        if not UnitIdentifier.objects.filter(scheme=scheme, value=value).exists():
            UnitIdentifier.objects.create(unit=survivor, scheme=scheme, value=value)


def _settle_pair(survivor: Unit, absorbed: Unit, *, by: Officer, reason: str) -> None:
    first, second = sorted((survivor.pk, absorbed.pk))
    for pair in DuplicatePair.objects.filter(first=first, second=second).select_for_update(of=("self",)):
        if pair.state != PairState.MERGED:
            settle_merged(pair, by=by, reason=reason)
