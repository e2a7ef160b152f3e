"""Who can be recognised as “An toàn về an ninh, trật tự”: evaluated from dated rules, never written in code.

Thông tư 124/2021/TT-BCA, Điều 1, 2 and its predecessor are rows of ``EligibilityRule`` (``fixtures/reference/``).
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, Case, CharField, F, Q, Value, When

from movement_portal.lib.prepared import Prepared, Slot
from units.enums import Eligibility, UnitKind
from units.models import EligibilityRule, Unit

NO_RULE = "Chưa có quy định nào áp dụng cho đơn vị này vào ngày xét"

_YES_NO = {"true": True, "false": False, "": None}


@dataclass(frozen=True)
class Explanation:
    """Whether a unit can be recognised on a day, why, and where that is written."""

    outcome: Eligibility
    reason: str
    rule: EligibilityRule | None
    is_override: bool

    @property
    def source(self) -> str:
        """The legal source: “Thông tư 124/2021/TT-BCA, Điều 2 khoản 3”; empty for an officer's own conclusion."""
        if self.rule is None:
            return ""
        return ", ".join(part for part in (self.rule.legal_document.cited, self.rule.article) if part)


def with_eligibility(queryset: models.QuerySet, on: datetime.date) -> models.QuerySet:
    """Units with ``eligibility`` (a value of ``Eligibility``) and ``eligibility_reason`` under the rules of the day.

    The first rule that fits decides, an officer's own conclusion before all of them. One query for the rules.
    """
    return _annotated(queryset, list(_rules(on)))


#: What a rule can look at, the kind first: units alike in all of it have the same outcome.
ATTRIBUTES = ("kind", *(value for value in EligibilityRule.Attribute.values if value != EligibilityRule.Attribute.ANY))

#: Rules in force, by key and version -> the outcome and reason of each combination of attributes met so far.
_decided: dict[tuple, dict[tuple, tuple[str, str]]] = {}


def conclusions(rows: Sequence[Mapping[str, Any]], on: datetime.date) -> list[tuple[str, str]]:
    """Outcome and reason of each row (``id``, the override, ``ATTRIBUTES``), as ``with_eligibility`` has them.

    For a page of rows: the database decides once for each combination of attributes under the same rules, and a page
    has few; what it said is kept until a rule changes.
    """
    rules = _rules_in_force(day=on)
    told = {pk: (outcome, reason) for pk, _, outcome, reason in rules}
    stamp = tuple((pk, version) for pk, version, _, _ in rules)
    if stamp not in _decided:
        _decided.clear()
        _decided[stamp] = {}
    decided = _decided[stamp]
    alike = {tuple(row[name] for name in ATTRIBUTES): row["id"] for row in rows}
    if unmet := {key: attributes for attributes, key in alike.items() if attributes not in decided}:
        decision = _decision(list(_rules(on)), BigIntegerField(), (), lambda rule: rule.pk, None)
        found = Unit.objects.filter(pk__in=unmet).order_by().annotate(eligibility_rule=decision)
        for key, rule in found.values_list("pk", "eligibility_rule"):
            decided[unmet[key]] = told.get(rule, (Eligibility.UNKNOWN.value, NO_RULE))
    return [_concluded(row, decided) for row in rows]


def _concluded(row, decided):
    own = row["eligibility_override"]
    if own is not None:
        return (Eligibility.ELIGIBLE if own else Eligibility.NOT_ELIGIBLE).value, row["override_reason"]
    return decided.get(tuple(row[name] for name in ATTRIBUTES), (Eligibility.UNKNOWN.value, NO_RULE))


def explain(unit: Unit, on: datetime.date) -> Explanation:
    """The outcome for one unit on a day with its reason and legal source."""
    rules = list(_rules(on).select_related("legal_document"))
    found = _annotated(Unit.objects.filter(pk=unit.pk), rules).values(
        "eligibility", "eligibility_reason", "eligibility_rule", "eligibility_override"
    )[0]
    return Explanation(
        Eligibility(found["eligibility"]),
        found["eligibility_reason"],
        next((rule for rule in rules if rule.pk == found["eligibility_rule"]), None),
        found["eligibility_override"] is not None,
    )


def _rules(on):
    return EligibilityRule.objects.as_of(on).order_by("valid_from", "order")


_rules_in_force = Prepared(
    lambda: _rules(Slot("day", models.DateField())).values_list("pk", "version", "outcome", "reason")
)


def _decision(rules, output_field, own, by_rule, otherwise):
    """The officer's own conclusion, else what ``by_rule`` says of the first rule that fits."""
    whens = [When(_condition(rule), then=Value(by_rule(rule))) for rule in rules]
    return Case(*own, *whens, default=Value(otherwise), output_field=output_field)


#: An officer's own conclusion stands before every rule.
_OWN_OUTCOME = (
    When(eligibility_override=True, then=Value(Eligibility.ELIGIBLE.value)),
    When(eligibility_override=False, then=Value(Eligibility.NOT_ELIGIBLE.value)),
)
_OWN_REASON = (When(eligibility_override__isnull=False, then=F("override_reason")),)
_OWN_RULE = (When(eligibility_override__isnull=False, then=Value(None)),)


def _annotated(queryset, rules):
    text = CharField()
    return queryset.annotate(
        eligibility=_decision(rules, text, _OWN_OUTCOME, lambda rule: rule.outcome, Eligibility.UNKNOWN.value),
        eligibility_reason=_decision(rules, text, _OWN_REASON, lambda rule: rule.reason, NO_RULE),
        eligibility_rule=_decision(rules, BigIntegerField(), _OWN_RULE, lambda rule: rule.pk, None),
    )


def _condition(rule):
    """Units that a rule speaks of."""
    fits = Q(kind=UnitKind(rule.unit_kind))
    attribute, value = rule.attribute, rule.value
    if attribute == EligibilityRule.Attribute.ANY:
        return fits
    if attribute in (EligibilityRule.Attribute.ARMED_FORCE, EligibilityRule.Attribute.STATE_BUDGET):
        wanted = _YES_NO[value]
        return fits & (Q(**{f"{attribute}__isnull": True}) if wanted is None else Q(**{attribute: wanted}))
    return fits & Q(**{attribute: value})
