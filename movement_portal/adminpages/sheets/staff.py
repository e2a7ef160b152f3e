"""What a list of officers may write: every row judged by the rules of the pages of accounts, all rows at once.

An administrator grants only what they hold, only inside their own area (``jurisdictions.granting``); an officer serves
at one office at a time; a posting ends today at the earliest.
"""

import copy
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.granting import GrantRefused, check_grant, covers, grantable, refusal_by_postings
from movement_portal.jurisdictions.models import Officer, PoliceOffice, Posting
from movement_portal.jurisdictions.search import office_text
from movement_portal.lib.dates import day_before, today
from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.areas import BEYOND_RIGHTS, OUT_OF_REACH
from movement_portal.spreadsheets.drafts import Draft, ToMake
from movement_portal.spreadsheets.records import TAKEN_ELSEWHERE, in_parts
from movement_portal.spreadsheets.returning import unsigned
from movement_portal.spreadsheets.sheets import Written
from movement_portal.spreadsheets.undoing import Item
from movement_portal.spreadsheets.values import ValueProblem, parse_phones
from movement_portal.spreadsheets.workflow import ImportRefused

#: Fields of the sheet that are columns of the account.
OF_ACCOUNT = {"name": "full_name", "title": "title", "phone": "phone"}
#: Fields that make a posting the one it is.
OF_POSTING = ("officer", "office", "function", "valid_from")

TWO_PEOPLE = "Một tên đăng nhập ghi hai cách"
TWO_POSTINGS = "Trùng thời gian với phân công khác"
NOT_BY_LIST = "Phân công đã có không đổi bằng tệp"

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


def names_of_offices(offices) -> dict[str, list[int]]:
    """Keys of offices by their names without accents: alone, with the areas above, and as a cell has it."""
    named: dict[str, dict[int, PoliceOffice]] = defaultdict(dict)
    for office in offices.with_areas():
        for text in (office.name, office_text(office), office_in_cell(office)):
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


# -- rows --------------------------------------------------------------------------------------------------------------
def judge_rows(drafts: Sequence[Draft], officer: Officer, places: Any) -> None:
    """Find the posting that each row is about, and refuse what the sender could not write on the pages of accounts."""
    _tell_offices_out_of_reach(drafts)
    staff = _staff_of(drafts, officer)
    judged = [draft for draft in drafts if _is_about(staff, draft)]
    _refuse_two_people(judged)
    for draft in judged:
        if draft.found is None:
            _judge_new(staff, draft)
        else:
            _judge_known(staff, draft)
    _refuse_conflicts(staff, [draft for draft in judged if not draft.problems])


def _tell_offices_out_of_reach(drafts: Sequence[Draft]) -> None:
    """Say of offices that nobody knows in reach whether there is one of the name elsewhere: such rows are logged."""
    asked = [
        problem
        for draft in drafts
        for problem in draft.problems
        if problem.key == "office" and problem.cause.endswith("không tìm thấy")
    ]
    elsewhere = names_of_offices(PoliceOffice.objects.all()) if asked else {}
    for problem in asked:
        if fold(problem.value) in elsewhere:
            problem.reason = f"“{problem.value}” nằm ngoài địa bàn đồng chí quản lý."
            problem.cause = OUT_OF_REACH


def _staff_of(drafts: Sequence[Draft], officer: Officer) -> Staff:
    marks = (unsigned(draft.fingerprint) for draft in drafts if draft.fingerprint)
    named = [draft.get("officer") for draft in drafts]
    return Staff(officer).load(
        {pk for pk in named if isinstance(pk, int)},
        marked={mark[1] for mark in marks if mark},
        offices={pk for draft in drafts if isinstance(pk := draft.get("office"), int)},
        usernames={name.text for name in named if isinstance(name, ToMake)},
    )


def _is_about(staff: Staff, draft: Draft) -> bool:
    """Set the posting that the row is about, where there is one; whether enough is known of the row to judge it."""
    mark = unsigned(draft.fingerprint) if draft.fingerprint else None
    if mark:
        draft.found = staff.marked.get(mark[1])
        if draft.found is not None:
            _keep_what_it_is(draft, draft.found)
        return draft.found is not None
    named = draft.get("officer")
    if named is None or any(problem.key in OF_POSTING for problem in draft.problems):
        return False
    if isinstance(named, ToMake):
        if named.text in staff.taken:
            reason = f"Tên đăng nhập “{named.text}” đã có người dùng ngoài địa bàn phụ trách của đồng chí."
            draft.refuse("officer", reason, TAKEN_ELSEWHERE)
            return False
    else:
        draft.found = _match(staff, draft, staff.postings[named])
        draft.values.setdefault("name", staff.officers[named].full_name)
    return draft.found is not None or bool(draft.get("office") and draft.get("function"))


def _keep_what_it_is(draft: Draft, posting: Posting) -> None:
    """A row that the portal gave out stays about its posting: nobody and nothing else is put in its place."""
    own = {"officer": posting.officer_id, "office": posting.office_id}
    own |= {"function": posting.function, "valid_from": posting.valid_from}
    for name, value in own.items():
        if draft.written(name) and draft.get(name) not in (None, value):
            draft.refuse(name, "Phân công đã có không đổi được: kết thúc nó, rồi thêm một dòng mới.", NOT_BY_LIST)
        draft.values[name] = value
    if posting.valid_to and "valid_to" in draft.columns and not draft.written("valid_to"):
        draft.refuse("valid_to", _cannot_last_longer(posting), NOT_BY_LIST)


def _match(staff: Staff, draft: Draft, postings: Sequence[Posting]) -> Posting | None:
    """The posting of the officer that a row means: the one it describes, else the present one that fits."""
    start, end = draft.get("valid_from"), draft.get("valid_to")
    office, function = draft.get("office"), draft.get("function")
    fitting = [
        posting
        for posting in postings
        if staff.is_in_reach(posting)
        and office in (None, posting.office_id)
        and function in (None, "", posting.function)
        and start in (None, posting.valid_from)
    ]
    if start is None:
        # The newest comes first.
        lasting = [posting for posting in fitting if not staff.is_over(posting) or (end and posting.valid_to == end)]
        fitting = lasting or ([] if office and function else fitting)
    return fitting[0] if fitting else None


def _refuse_two_people(drafts: Sequence[Draft]) -> None:
    """Refuse rows that say of an account something else than a row before."""
    said: dict[tuple[Any, str], tuple[str, Draft]] = {}
    for draft in drafts:
        account = draft.get("officer")
        account = account.text if isinstance(account, ToMake) else account
        for name in OF_ACCOUNT:
            if not draft.written(name):
                continue
            value = draft.get(name)
            first, row = said.setdefault((account, name), (value, draft))
            if first != value:
                draft.refuse(name, f"Cùng một tài khoản, {row.place} ghi “{first}”.", TWO_PEOPLE)


def _judge_new(staff: Staff, draft: Draft) -> None:
    """A posting to be given, and with it perhaps an account to be opened."""
    start = draft.values.setdefault("valid_from", staff.today)
    office, function = staff.offices[draft.values["office"]], Function(draft.values["function"])
    grants = functions_in(draft.get("grants") or "")
    account = staff.officers.get(draft.values["officer"]) if isinstance(draft.values["officer"], int) else None
    try:
        check_grant(staff.by, officer=account, office=office, function=function, grants=grants)
    except GrantRefused as refusal:
        draft.refuse("function", str(refusal), BEYOND_RIGHTS)
        return
    if account and (refusal := staff.refusal(account.pk, staff.postings[account.pk])):
        draft.refuse("officer", refusal, BEYOND_RIGHTS)
    if not office.exists_on(start):
        draft.refuse("valid_from", f"Ngày {start:%d/%m/%Y} không có {office}.", "Cơ quan không có vào ngày phân công")
    if grants and function != Function.MANAGE_ACCOUNTS:
        draft.refuse("grants", _only_administrators(), NOT_BY_LIST)


def _only_administrators() -> str:
    constraint = next(
        each for each in Posting._meta.constraints if each.name == "posting_grants_only_of_administrators"
    )
    return str(constraint.violation_error_message)


def _judge_known(staff: Staff, draft: Draft) -> None:
    """A posting that is there: what the row says otherwise of it and of its officer."""
    posting: Posting = draft.found
    changed = [name for name in (*OF_ACCOUNT, "valid_to", "grants") if _says_otherwise(draft, posting, name)]
    if not changed:
        return
    if refusal := staff.refusal(posting.officer_id, staff.postings[posting.officer_id]):
        for name in changed:
            draft.refuse(name, refusal, BEYOND_RIGHTS)
        return
    if "valid_to" in changed:
        _judge_end(staff, draft, posting)
    if "grants" in changed:
        grants = functions_in(draft.values["grants"])
        if posting.function != Function.MANAGE_ACCOUNTS:
            draft.refuse("grants", _only_administrators(), NOT_BY_LIST)
        elif beyond := set(grants) - staff.allowed:
            named = in_words(beyond)
            draft.refuse("grants", f"Đồng chí không được cho cấp tiếp chức năng “{named}”.", BEYOND_RIGHTS)


def _says_otherwise(draft: Draft, posting: Posting, name: str) -> bool:
    value = draft.get(name)
    if value in (None, ""):
        return False
    if name == "grants":
        return value != in_words(posting.grants)
    if name == "phone":
        return value != same_phone(posting.officer.phone, value)
    return value != (posting.valid_to if name == "valid_to" else getattr(posting.officer, OF_ACCOUNT[name]))


def _judge_end(staff: Staff, draft: Draft, posting: Posting) -> None:
    """As ``jurisdictions.workflow.end_posting``: today or later, and never later than it would end anyway."""
    last_day = draft.values["valid_to"]
    if staff.is_over(posting):
        draft.refuse("valid_to", f"Phân công đã kết thúc ({posting.period}).", NOT_BY_LIST)
    elif last_day < day_before(staff.today):
        draft.refuse("valid_to", "Ngày cuối cùng không thể ở trong quá khứ.", "Ngày kết thúc đã qua")
    elif posting.valid_to and last_day > posting.valid_to:
        draft.refuse("valid_to", _cannot_last_longer(posting), NOT_BY_LIST)


def _cannot_last_longer(posting: Posting) -> str:
    return f"Phân công vốn kết thúc sớm hơn ({posting.period}): muốn kéo dài, thêm một dòng phân công mới."


def _refuse_conflicts(staff: Staff, drafts: Sequence[Draft]) -> None:
    """Refuse new postings on days on which the officer has another that it cannot stand beside."""
    ends = {draft.found.pk: draft.values["valid_to"] for draft in drafts if draft.found and draft.get("valid_to")}
    taken: dict[Any, list[tuple[Draft, Posting]]] = defaultdict(list)
    for draft in drafts:
        if draft.found is not None:
            continue
        named = draft.values["officer"]
        account = named.text if isinstance(named, ToMake) else named
        posting = _posting_of(staff, draft)
        known = [_ending(each, ends) for each in staff.postings.get(account, ())]
        conflict = posting.conflict_with(each for each in known if posting.overlaps(each))
        for other, beside in taken[account]:
            if not conflict and posting.overlaps(beside) and posting.conflict_with([beside]):
                conflict = (
                    f"Trùng thời gian với {other.place}: một cán bộ một lúc ở một cơ quan, mỗi chức năng một lần."
                )
        if conflict:
            draft.refuse("office", conflict, TWO_POSTINGS)
        else:
            taken[account].append((draft, posting))


def _posting_of(staff: Staff, draft: Draft) -> Posting:
    """The posting that a row would become."""
    return Posting(
        office=staff.offices[draft.values["office"]],
        function=draft.values["function"],
        valid_from=draft.values["valid_from"],
        valid_to=draft.get("valid_to"),
    )


def _ending(posting: Posting, ends: Mapping[int, Any]) -> Posting:
    """The posting as it would be with its end among these, by key."""
    if posting.pk not in ends:
        return posting
    ending = copy.copy(posting)
    ending.valid_to = ends[posting.pk]
    return ending


# -- writing -----------------------------------------------------------------------------------------------------------
def make_accounts(named: Mapping[str, Mapping[str, Any]]) -> dict[str, Officer]:
    """New accounts by username, of the values of their first rows; nobody can sign in before a password is issued."""
    offices = PoliceOffice.objects.select_related("jurisdiction").in_bulk({each["office"] for each in named.values()})
    accounts = {}
    for username, values in named.items():
        officer = Officer(username=username, full_name=values["name"])
        officer.title, officer.phone = values.get("title") or "", values.get("phone") or ""
        officer.set_unusable_password()
        # The history of an account is that of its first office.
        officer.opened_at = offices[values["office"]]
        accounts[username] = officer
    return accounts


def write_rest(written: Sequence[Written], by: Officer) -> None:
    """Ask once more, with all of it written, whether it may stand; then write what the rows say of the accounts.

    Raises ``ImportRefused`` where the sender's rights or the postings have changed since the check.
    """
    staff = Staff(by).load({each.record.officer_id for each in written})
    rows = {posting.pk: posting for postings in staff.postings.values() for posting in postings}
    made = {each.record.pk for each in written if each.created}
    were = {each.record.pk: each.before["valid_to"] for each in written if "valid_to" in each.before}
    for pk, postings in staff.postings.items():
        before = [_ending(posting, were) for posting in postings if posting.pk not in made]
        if refusal := staff.refusal(pk, before):
            raise ImportRefused(f"{staff.officers[pk]}: {refusal}")
    for each in written:
        posting = rows[each.record.pk]
        others = (other for other in staff.postings[posting.officer_id] if other.pk != posting.pk)
        conflict = each.created and posting.conflict_with(other for other in others if posting.overlaps(other))
        try:
            grants = functions_in(each.values.get("grants") or "")
            if each.created or grants:
                check_grant(
                    by, officer=posting.officer, office=posting.office, function=posting.function, grants=grants
                )
        except GrantRefused as refusal:
            conflict = str(refusal)
        if conflict:
            raise ImportRefused(f"{posting.officer}: {conflict}")
    _write_accounts(staff, written)
    _write_grants(rows, written)


def _write_accounts(staff: Staff, written: Sequence[Written]) -> None:
    changed: dict[int, Officer] = {}
    for each in written:
        officer = staff.officers[each.record.officer_id]
        for name, column in OF_ACCOUNT.items():
            value, old = each.values.get(name), getattr(officer, column)
            if value and name == "phone":
                value = same_phone(old, value)
            if value and value != old:
                setattr(officer, column, value)
                changed[officer.pk] = officer
    if changed:
        Officer.objects.bulk_update(list(changed.values()), list(OF_ACCOUNT.values()))


def _write_grants(rows: Mapping[int, Posting], written: Sequence[Written]) -> None:
    changed = []
    for each in written:
        if "grants" in each.values:
            posting = rows[each.record.pk]
            posting.grants = [function.value for function in functions_in(each.values["grants"] or "")]
            changed.append(posting)
    if changed:
        Posting.objects.bulk_update(changed, ["grants"])


# -- taking back -------------------------------------------------------------------------------------------------------
def what_stays(items: Sequence[Item], by: Officer) -> Iterator[tuple[Item, str]]:
    """Records of accounts that whoever takes an import back may not touch: an end taken back gives a function again."""
    owners = {}
    for item in items:
        if item.record is not None and isinstance(item.record, Officer | Posting):
            owners[item.key] = item.pk if isinstance(item.record, Officer) else item.record.officer_id
    staff = Staff(by).load(set(owners.values()))
    lasting: dict[int, list[Posting]] = defaultdict(list)
    for item in items:
        if isinstance(item.record, Posting) and "valid_to" in item.restore:
            posting = next(each for each in staff.postings[owners[item.key]] if each.pk == item.pk)
            lasting[owners[item.key]].append(_ending(posting, {item.pk: item.restore["valid_to"]}))
    refusals = {pk: staff.refusal(pk, [*staff.postings[pk], *lasting[pk]]) for pk in set(owners.values())}
    for item in items:
        if refusal := refusals.get(owners.get(item.key)):
            yield item, refusal[0].lower() + refusal[1:].rstrip(".")
