"""What a list of officers is compared with: accounts, postings and offices, read once; the words of its cells."""

import copy
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from movement_portal.jurisdictions.enums import Function, JurisdictionKind
from movement_portal.jurisdictions.granting import grantable, refusal_by_postings
from movement_portal.jurisdictions.models import Officer, PoliceOffice, Posting
from movement_portal.jurisdictions.scoping import covers
from movement_portal.jurisdictions.search import office_text
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import accented_key, fold
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.values import ValueProblem, parse_phones

#: Fields of the sheet that are columns of the account.
OF_ACCOUNT = {"name": "full_name", "title": "title", "phone": "phone"}
#: Fields that make a posting the one it is.
OF_POSTING = ("officer", "office", "function", "valid_from")

POLICE = "Công an"
#: How lists shorten the word before the name of an area.
SHORT = {
    JurisdictionKind.WARD: "P",
    JurisdictionKind.COMMUNE: "X",
    JurisdictionKind.TOWNSHIP: "TT",
    JurisdictionKind.SPECIAL_ZONE: "ĐK",
    JurisdictionKind.DISTRICT: "H",
    JurisdictionKind.URBAN_DISTRICT: "Q",
    JurisdictionKind.TOWN: "TX",
    JurisdictionKind.PROVINCIAL_CITY: "TP",
    JurisdictionKind.CITY: "TP",
}

_SEVERAL = re.compile(r"[;,\n]")


# -- words of cells ----------------------------------------------------------------------------------------------------
def functions_in(text: str) -> list[Function]:
    """The functions that a cell names, in the order of the table; raises ``KeyError`` for one that is none."""
    known = {fold(word): each for each in Function for word in (each.label, each.value)}
    named = {known[fold(part)] for part in _SEVERAL.split(text) if fold(part)}
    return [each for each in Function if each in named]


def in_words(functions: Iterable[str]) -> str:
    """Functions as a cell names them: “Nhập liệu; Chỉ đọc”."""
    wanted = set(functions)
    return "; ".join(each.label for each in Function if each in wanted)


def office_in_cell(office: PoliceOffice) -> str:
    """An office as a cell names it, one that has ended with its last day; its area is loaded with those above."""
    ended = f" (đến {office.valid_to:%d/%m/%Y})" if office.valid_to else ""
    return f"{office_text(office)}{ended}"


def spoken(office: PoliceOffice) -> Iterator[str]:
    """All that lists call an office: “Công an phường Bến Thành”, “CA P. Bến Thành”, “Phường Bến Thành”."""
    area = office.jurisdiction
    yield from (office.name, office_text(office), office_in_cell(office), area.full_name)
    if office.name.startswith(POLICE):
        yield f"CA{office.name.removeprefix(POLICE)}"
    yield from (f"{POLICE} {area.full_name}", f"CA {area.full_name}")
    if short := SHORT.get(area.kind):
        yield from (f"{before}{short} {area.name}" for before in (f"{POLICE} ", "CA ", "CA"))


def names_of_offices(offices) -> dict[str, list[int]]:
    """Keys of offices by all that they are called, without accents."""
    named: dict[str, dict[int, PoliceOffice]] = defaultdict(dict)
    for office in offices.with_areas():
        for text in spoken(office):
            named[fold(text)][office.pk] = office
    keys = {}
    for text, found in named.items():
        lasting = [pk for pk, office in found.items() if office.valid_to is None]
        # Of several that bore the name the one that exists today.
        keys[text] = lasting or list(found)
    return keys


def same_phone(old: str, new: str) -> str:
    """The number that stands there, where the list writes the same one in another way; else the list's."""
    try:
        return old if old and parse_phones(old).value == new else new
    except ValueProblem:
        return new


def same_name(old: str, new: str) -> str:
    """The name that stands there, where the list writes the same one with other letters or marks; else the list's."""
    return old if old and accented_key(old) == accented_key(new) else new


#: What a value of an account becomes when a list says another.
BECOMES = {"name": same_name, "title": lambda _, new: new, "phone": same_phone}


# -- what is there -----------------------------------------------------------------------------------------------------
class Staff:
    """Accounts, postings and offices that a list names; asked once for all rows."""

    def __init__(self, by: Officer):
        self.by, self.today = by, today()
        self.allowed = grantable(by)
        self.officers: dict[int, Officer] = {}
        self.postings: dict[int, list[Posting]] = defaultdict(list)
        self.marked: dict[int, Posting] = {}
        self.offices: dict[int, PoliceOffice] = {}
        #: Names of accounts out of reach.
        self.taken: set[str] = set()

    def load(self, officers: Iterable[int], *, marked: Iterable[int] = (), offices=(), usernames=()) -> "Staff":
        """Read these accounts with all their postings, postings by their own keys, offices, names that are taken."""
        rows = Posting.objects.select_related("office__jurisdiction", "officer").order_by("-valid_from", "-id")
        wanted = set(officers)
        for part in in_parts(marked):
            self.marked.update({posting.pk: posting for posting in rows.filter(pk__in=part).visible_to(self.by)})
        wanted |= {posting.officer_id for posting in self.marked.values()}
        for part in in_parts(wanted):
            self.officers.update(Officer.objects.in_bulk(part))
            for posting in rows.filter(officer__in=part):
                self.postings[posting.officer_id].append(posting)
        for part in in_parts(offices):
            self.offices.update(PoliceOffice.objects.select_related("jurisdiction").in_bulk(part))
        for part in in_parts(usernames):
            self.taken.update(Officer.objects.filter(username__in=part).values_list("username", flat=True))
        return self

    def is_in_reach(self, posting: Posting) -> bool:
        """Whether whoever sends the list sees the posting."""
        return covers(self.by.jurisdiction, posting.office.jurisdiction)

    def is_over(self, posting: Posting) -> bool:
        """Whether the posting, or its office, has ended."""
        ends = [day for day in (posting.valid_to, posting.office.valid_to) if day]
        return bool(ends) and min(ends) < self.today

    def refusal(self, officer_id: int, postings: Iterable[Posting]) -> str:
        """Why whoever sends the list may not touch the account with these postings; those that are over are nothing."""
        return refusal_by_postings(self.by, officer_id, [each for each in postings if not self.is_over(each)])


def ending(posting: Posting, ends: Mapping[int, Any]) -> Posting:
    """The posting as it would be with its end among these, by key."""
    if posting.pk not in ends:
        return posting
    ending = copy.copy(posting)
    ending.valid_to = ends[posting.pk]
    return ending
