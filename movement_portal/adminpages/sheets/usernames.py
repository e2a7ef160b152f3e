"""Usernames for lists that have none: the account of whoever is called so at the office, else a new name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from movement_portal.jurisdictions.models import Officer, PoliceOffice, Posting
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import accented_key, strip_accents
from movement_portal.spreadsheets.drafts import Draft, ToMake
from movement_portal.spreadsheets.records import in_parts

#: Accounts of one name that are told apart by a digit.
ALIKE = 9
NOT_TOLD_APART = "Cần ghi tên đăng nhập"

_NOT_LETTERS = re.compile(r"[^a-z0-9]+")

#: Who a row is about: office and name as it is spoken.
Person = tuple[int, str]


def name_accounts(drafts: Sequence[Draft], officer: Officer) -> None:
    """Give rows without a username the account that their name and office mean, or the name of one to be opened.

    A name is made of what the row itself says, so that a row which is judged again gets the same one.
    """
    rows = [draft for draft in drafts if _lacks_username(draft)]
    people = {draft: (draft.values["office"], accented_key(draft.values["name"])) for draft in rows}
    known = _accounts_at({office for office, _ in people.values()})
    offices = _offices({office for office, _ in people.values()})
    wanted = {draft: _username(draft.values["name"], offices[draft.values["office"]]) for draft in rows}
    new = {draft for draft in rows if not known.get(people[draft])}
    taken = _taken({wanted[draft] for draft in new})
    namesakes = _namesakes({draft.values["name"] for draft in new}, officer)
    meant: dict[str, Person] = {}
    for draft in rows:
        accounts, base = known.get(people[draft], {}), wanted[draft]
        if len(accounts) > 1:
            draft.refuse("officer", f"Có {len(accounts)} cán bộ cùng họ tên ở cơ quan này.", NOT_TOLD_APART, value="")
        elif accounts:
            [(draft.values["officer"], username)] = accounts.items()
            draft.notice("officer", f"Không ghi tên đăng nhập: là tài khoản “{username}”, cùng họ tên, cơ quan.")
        elif not base or meant.setdefault(base, people[draft]) != people[draft]:
            draft.refuse("officer", "Không tự đặt được tên đăng nhập: hãy ghi.", NOT_TOLD_APART, value="")
        else:
            _open(draft, base, taken, namesakes.get(draft.values["name"], ""))


def _lacks_username(draft: Draft) -> bool:
    return (
        draft.get("officer") is None
        and not draft.fingerprint
        and not any(problem.key == "officer" for problem in draft.problems)
        and isinstance(draft.get("office"), int)
        and bool(draft.get("name"))
    )


def _open(draft: Draft, base: str, taken: set[str], namesake: str) -> None:
    free = [name for name in _forms(base) if name not in taken]
    if not free:
        draft.refuse("officer", "Không tự đặt được tên đăng nhập: hãy ghi.", NOT_TOLD_APART, value="")
        return
    draft.values["officer"] = ToMake(free[0])
    draft.notice("officer", f"Không ghi tên đăng nhập: cổng đặt “{free[0]}”.")
    if namesake:
        reason = f"Đã có tài khoản “{namesake}” cùng họ tên ở cơ quan khác: nếu là một người, hãy ghi tên đăng nhập ấy."
        draft.notice("officer", reason)


def _username(name: str, office: PoliceOffice) -> str:
    """“nguyenvanmau.benthanh”; empty where no letter is left."""
    person, place = (_NOT_LETTERS.sub("", strip_accents(text).lower()) for text in (name, office.jurisdiction.name))
    return f"{person}.{place}"[:58] if person else ""


def _forms(base: str) -> list[str]:
    return [base, *(f"{base}{digit}" for digit in range(2, ALIKE + 1))]


def _offices(keys: Iterable[int]) -> dict[int, PoliceOffice]:
    found: dict[int, PoliceOffice] = {}
    for part in in_parts(keys):
        found.update(PoliceOffice.objects.select_related("jurisdiction").in_bulk(part))
    return found


def _accounts_at(offices: Iterable[int]) -> dict[Person, dict[int, str]]:
    """Accounts posted to these offices today or later, by office and name: their keys and usernames."""
    found: dict[Person, dict[int, str]] = defaultdict(dict)
    for part in in_parts(offices):
        rows = Posting.objects.filter(office__in=part).not_ended_before(today()).order_by()
        for office, pk, name, username in rows.values_list(
            "office", "officer", "officer__full_name", "officer__username"
        ):
            found[office, accented_key(name)][pk] = username
    return found


def _taken(bases: Iterable[str]) -> set[str]:
    forms = (form for base in bases if base for form in _forms(base))
    return {
        name
        for part in in_parts(forms)
        for name in Officer.objects.filter(username__in=part).values_list("username", flat=True)
    }


def _namesakes(names: Iterable[str], officer: Officer) -> dict[str, str]:
    """Accounts in reach that bear these very names: one username for each."""
    reach = Officer.objects.visible_to(officer)
    return {
        name: username
        for part in in_parts(names)
        for name, username in reach.filter(full_name__in=part).values_list("full_name", "username")
    }
