"""What the law says of guards, as warnings with their source; nothing is refused for it.

The rules are dated rows of ``GuardRule`` (``fixtures/reference/22_guard_rules.json``): Nghị định 06/2013/NĐ-CP,
Thông tư 46/2014/TT-BCA.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q

from movement_portal.lib.dates import today
from movement_portal.spreadsheets.drafts import Draft
from units.certificates import years_later
from units.enums import Education, GuardRuleSubject, TeamKind, UnitKind, UnitSubkind
from units.models import Guard, GuardRule, SecurityTeam

#: Months after which a unit is reminded where no rule is recorded.
USUAL_MONTHS = 24

_EDUCATION_ORDER = {value: order for order, value in enumerate(Education.values)}
#: Public bodies that may hire guards by their very kind: Nghị định 06/2013/NĐ-CP, Điều 7 khoản 2.
_MAY_HIRE = (UnitSubkind.HOSPITAL,)


@dataclass(frozen=True)
class Caution:
    """One warning and where it is written."""

    text: str
    source: str = ""

    def __str__(self):
        return f"{self.text} ({self.source})" if self.source else self.text


def rules_on(day: datetime.date | None = None) -> dict[str, GuardRule]:
    """The rules of the day by subject, in one query; of two for one subject the later."""
    rules = GuardRule.objects.as_of(day or today()).select_related("legal_document").order_by("valid_from")
    return {rule.subject: rule for rule in rules}


def cautions_of_guard(guard: Guard, rules: dict[str, GuardRule], day: datetime.date | None = None) -> list[Caution]:
    """What the rules say against one guard: too young, too little school. What is not known is not held against one."""
    age = caution_of_age(guard, rules, day)
    found = [age] if age else []
    rule = rules.get(GuardRuleSubject.EDUCATION)
    if rule and guard.education and _below(guard.education, rule.value):
        found.append(_caution(rule, trinh_do=guard.get_education_display()))
    return found


def caution_of_age(guard: Guard, rules: dict[str, GuardRule], day: datetime.date | None = None) -> Caution | None:
    """The warning that a guard is, or was at the start, younger than the rule asks; None where they are not."""
    rule = rules.get(GuardRuleSubject.MINIMUM_AGE)
    if rule is None or not rule.value.isdecimal():
        return None
    age = guard.age_on(guard.started_on or day or today())
    # A start before the birth is no age: it is refused elsewhere.
    return _caution(rule, tuoi=age) if age is not None and 0 <= age < int(rule.value) else None


def _below(education: str, least: str) -> bool:
    return _EDUCATION_ORDER.get(education, 99) < _EDUCATION_ORDER.get(least, 0)


def _caution(rule: GuardRule, **values) -> Caution:
    text = rule.message or f"Chưa đúng quy định về {rule.get_subject_display()}."
    for name, value in {"gia_tri": rule.value, **values}.items():
        text = text.replace(f"{{{name}}}", str(value))
    return Caution(text, rule.source)


def cautions_of_team(team: SecurityTeam, rules: dict[str, GuardRule]) -> list[Caution]:
    """What the rules say against a team: a State body that hires guards for good, tools without a licence."""
    rule = rules.get(GuardRuleSubject.HIRED_BY_STATE)
    found = [_caution(rule)] if rule and team.kind == TeamKind.HIRED and hires_against_rule(team) else []
    if team.tool_count and not team.tool_licence_number:
        found.append(Caution("Có công cụ hỗ trợ nhưng chưa ghi giấy phép sử dụng.", "Thông tư 46/2014/TT-BCA, Điều 8"))
    return found


def hires_against_rule(team: SecurityTeam) -> bool:
    """Whether a hired force stands at a State body that is none of the exceptions."""
    unit = team.unit
    return (
        unit.kind == UnitKind.AGENCY
        and unit.is_state_budget is not False
        and unit.subkind not in _MAY_HIRE
        and not team.hired_ground
    )


def hiring_against_rule() -> Q:
    """As ``hires_against_rule`` for teams in the database."""
    state = ~Q(unit__is_state_budget=False) | Q(unit__is_state_budget__isnull=True)
    return Q(kind=TeamKind.HIRED, hired_ground="", unit__kind=UnitKind.AGENCY) & state & ~Q(unit__subkind__in=_MAY_HIRE)


def too_young(rules: dict[str, GuardRule], day: datetime.date | None = None) -> Q:
    """As ``cautions_of_guard`` for guards in the database: surely younger than the rule asks when they began.

    Where it is not known when they began, today; none without a rule.
    """
    rule = rules.get(GuardRuleSubject.MINIMUM_AGE)
    if rule is None or not rule.value.isdecimal():
        return Q(pk__in=())
    years = int(rule.value)
    born_after = years_later(day or today(), -years)
    now = Q(birth_on__gt=born_after) | Q(birth_on__isnull=True, birth_year__gt=born_after.year)
    earlier = Q(started_on__month__lt=F("birth_on__month")) | Q(
        started_on__month=F("birth_on__month"), started_on__day__lt=F("birth_on__day")
    )
    began = Q(started_on__year__lt=F("birth_year") + years) | Q(started_on__year=F("birth_year") + years) & earlier
    return Q(started_on__isnull=True) & now | began


def tell_of_age(drafts: Sequence[Draft], _officer, _places) -> None:
    """Tell of each row of a list of guards that the rule thinks the person too young; asks the database once."""
    born = [draft for draft in drafts if draft.get("birth_year") is not None]
    rules = rules_on() if born else {}
    for draft in born:
        guard = Guard(**{name: draft.get(name) for name in ("birth_on", "birth_year", "started_on")})
        if caution := caution_of_age(guard, rules):
            draft.notice("started_on", str(caution))


def too_little_school(rules: dict[str, GuardRule]) -> Q:
    """Guards whose education is known and below the rule; none without a rule."""
    rule = rules.get(GuardRuleSubject.EDUCATION)
    if rule is None:
        return Q(pk__in=())
    return Q(education__in=[value for value in Education.values if _below(value, rule.value)])


def training_months(rules: dict[str, GuardRule]) -> int:
    """Months without training after which a unit is reminded."""
    rule = rules.get(GuardRuleSubject.TRAINING_MONTHS)
    return int(rule.value) if rule and rule.value.isdecimal() else USUAL_MONTHS


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The day so many months earlier; the last of its month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("Every month has 28 days.")


def cautions_of_unit(teams: Sequence[SecurityTeam], rules: dict[str, GuardRule]) -> list[Caution]:
    """The warnings of all teams of a unit, each once."""
    return list(dict.fromkeys(caution for team in teams for caution in cautions_of_team(team, rules)))
