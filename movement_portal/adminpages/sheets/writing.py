"""What a list of officers has judged right, written; and what stays when it is taken back."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from movement_portal.adminpages.sheets.staff import BECOMES, OF_ACCOUNT, Staff, ending, functions_in, same_name
from movement_portal.jurisdictions.granting import GrantRefused, check_grant
from movement_portal.jurisdictions.models import Officer, PoliceOffice, Posting
from movement_portal.lib.vietnamese import mid_sentence
from movement_portal.spreadsheets.sheets import Written
from movement_portal.spreadsheets.undoing import Item
from movement_portal.spreadsheets.workflow import ImportRefused


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
    opened = set()
    for pk, postings in staff.postings.items():
        before = [ending(posting, were) for posting in postings if posting.pk not in made]
        if not before:
            opened.add(pk)
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
    _refuse_one_name_of_two(staff, opened, written)
    _write_accounts(staff, written)
    _write_grants(rows, written)


def _refuse_one_name_of_two(staff: Staff, opened: set[int], written: Sequence[Written]) -> None:
    """Rows judged apart may have come to one new username; an account that has just been opened is of one person."""
    for each in written:
        officer = staff.officers[each.record.officer_id]
        if (
            officer.pk in opened
            and each.created
            and same_name(officer.full_name, each.values["name"]) != officer.full_name
        ):
            named = f"“{officer.full_name}” và “{each.values['name']}”"
            raise ImportRefused(f"Tên đăng nhập “{officer.username}” được ghi cho {named}: hãy ghi hai tên khác nhau.")


def _write_accounts(staff: Staff, written: Sequence[Written]) -> None:
    changed: dict[int, Officer] = {}
    for each in written:
        officer = staff.officers[each.record.officer_id]
        for name, column in OF_ACCOUNT.items():
            value, old = each.values.get(name), getattr(officer, column)
            if value and (value := BECOMES[name](old, value)) != old:
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
            lasting[owners[item.key]].append(ending(posting, {item.pk: item.restore["valid_to"]}))
    refusals = {pk: staff.refusal(pk, [*staff.postings[pk], *lasting[pk]]) for pk in set(owners.values())}
    for item in items:
        if refusal := refusals.get(owners.get(item.key)):
            yield item, mid_sentence(refusal).rstrip(".")
