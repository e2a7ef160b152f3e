"""Who may give which function to whom: administrators grant only what they hold, only inside their own area.

The pages of accounts and the admin pages both ask here; nothing else decides.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer, PoliceOffice, Posting
from movement_portal.jurisdictions.scoping import covers
from movement_portal.lib.bulk import chunks
from movement_portal.lib.dates import today


class GrantRefused(PermissionDenied):
    """What was asked exceeds what the officer may give; the message says why, in Vietnamese."""


def grantable(by: Officer) -> frozenset[Function]:
    """The functions that an officer may give today.

    What they hold themselves and what their posting as account administrator lists; nothing without such a posting.
    """
    administering = [posting for posting in by.current_postings if posting.function == Function.MANAGE_ACCOUNTS]
    if not by.is_active or not administering:
        return frozenset()
    return frozenset(by.functions).union(*(posting.granted for posting in administering))


def check_grant(
    by: Officer, *, officer: Officer | None, office: PoliceOffice, function: Function, grants: Iterable[str] = ()
) -> None:
    """Raise ``GrantRefused`` unless ``by`` may post ``officer`` (None: one yet to be created) so.

    ``grants`` are the functions that the new posting may hand on; they never exceed the giver's own.
    """
    if officer is not None and officer.pk == by.pk:
        raise GrantRefused("Không ai được tự phân công cho mình.")
    allowed = grantable(by)
    if not covers(by.jurisdiction, office.jurisdiction):
        raise GrantRefused(f"{office} nằm ngoài địa bàn đồng chí quản lý.")
    if Function(function) not in allowed:
        raise GrantRefused(f"Đồng chí không được cấp chức năng “{Function(function).label}”.")
    if beyond := [item for item in Function if item in set(grants) - allowed]:
        raise GrantRefused(f"Đồng chí không được cho cấp tiếp chức năng “{beyond[0].label}”.")


def check_touch(by: Officer, officer: Officer) -> None:
    """Raise ``GrantRefused`` unless ``by`` may edit, lock or reset the account or end its postings.

    Nobody touches their own account here, nor one that holds, today or later, more than they could give: a new
    password for a more powerful account would be a way to its rights.
    """
    if refusal := refusal_to_touch(by, officer):
        raise GrantRefused(refusal)


def refusal_to_touch(by: Officer, officer: Officer) -> str:
    """Why ``by`` may not touch the account, in words for the page; an empty text if they may."""
    return refusals_to_touch(by, [officer.pk])[officer.pk]


def refusals_to_touch(by: Officer, officers: Iterable[int]) -> dict[int, str]:
    """As ``refusal_to_touch`` for the accounts with these keys, by key; one question for five hundred of them."""
    held: dict[int, list[Posting]] = {pk: [] for pk in officers}
    for part in chunks(list(held)):
        postings = Posting.objects.filter(officer__in=part).not_ended_before(today())
        for posting in postings.select_related("office__jurisdiction"):
            held[posting.officer_id].append(posting)
    return {pk: refusal_by_postings(by, pk, postings) for pk, postings in held.items()}


def refusal_by_postings(by: Officer, officer_id: int, postings: Iterable[Posting]) -> str:
    """Why ``by`` may not touch the account that holds these postings, their offices with areas loaded, or nothing."""
    if officer_id == by.pk:
        return "Không ai được tự quản lý tài khoản của mình."
    allowed = grantable(by)
    if not allowed:
        return "Đồng chí không được quản lý tài khoản."
    for posting in postings:
        if not covers(by.jurisdiction, posting.office.jurisdiction):
            return f"Cán bộ có phân công ngoài địa bàn đồng chí quản lý: {posting}."
        if not {posting.function, *posting.grants} <= allowed:
            return f"Cán bộ có chức năng vượt quyền cấp của đồng chí: {posting}."
    return ""
