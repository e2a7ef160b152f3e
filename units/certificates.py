"""How long a training certificate holds: by the rule of the day of issue (Thông tư 46/2014/TT-BCA, Điều 7)."""

import datetime
from collections.abc import Sequence

from units.enums import GuardRuleSubject
from units.models.rules import GuardRule

#: Where no rule is recorded for the day: what Thông tư 46/2014/TT-BCA says.
USUAL_YEARS = 5


def years_later(day: datetime.date, years: int) -> datetime.date:
    """The same day so many years later; of 29 February the day before in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def fill_expiry(certificates: Sequence) -> None:
    """Set the last day of those certificates that have none; one query for the rules."""
    open_ended = [each for each in certificates if each.expires_on is None and each.issued_on is not None]
    if not open_ended:
        return
    rules = list(GuardRule.objects.filter(subject=GuardRuleSubject.CERTIFICATE_YEARS).order_by("-valid_from"))
    for each in open_ended:
        each.expires_on = years_later(each.issued_on, years_on(rules, each.issued_on))


def years_on(rules: Sequence[GuardRule], day: datetime.date) -> int:
    """The years for which a certificate issued on the day holds, by the rules given."""
    for rule in rules:
        if rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to) and rule.value.isdecimal():
            return int(rule.value)
    return USUAL_YEARS
