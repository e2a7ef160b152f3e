"""What a list of officers may write: every row judged by the rules of the pages of accounts, all rows at once.

An administrator grants only what they hold, only inside their own area (``jurisdictions.granting``); an officer serves
at one office at a time; a posting ends today at the earliest.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from movement_portal.adminpages.sheets.staff import (
    BECOMES,
    OF_ACCOUNT,
    OF_POSTING,
    Staff,
    ending,
    functions_in,
    in_words,
    names_of_offices,
)
from movement_portal.adminpages.sheets.usernames import name_accounts
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.granting import GrantRefused, check_grant
from movement_portal.jurisdictions.models import Officer, PoliceOffice, Posting
from movement_portal.lib.dates import day_before
from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.areas import BEYOND_RIGHTS, OUT_OF_REACH
from movement_portal.spreadsheets.drafts import Draft, ToMake
from movement_portal.spreadsheets.records import TAKEN_ELSEWHERE
from movement_portal.spreadsheets.returning import unsigned

TWO_PEOPLE = "Một tên đăng nhập ghi hai cách"
TWO_POSTINGS = "Trùng thời gian với phân công khác"
NOT_BY_LIST = "Phân công đã có không đổi bằng tệp"


def judge_rows(drafts: Sequence[Draft], officer: Officer, places: Any) -> None:
    """Find the posting that each row is about, and refuse what the sender could not write on the pages of accounts."""
    _tell_offices_out_of_reach(drafts)
    name_accounts(drafts, officer)
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
            if BECOMES[name](first, value) != first:
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
    if name == "valid_to":
        return value != posting.valid_to
    old = getattr(posting.officer, OF_ACCOUNT[name])
    return BECOMES[name](old, value) != old


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
        known = [ending(each, ends) for each in staff.postings.get(account, ())]
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
