"""What is held on persons, why and for how long: each app declares its own kinds of persons when it starts.

The page of personal data, and the command that puts together all that is held on one person, read it here.
Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15; Nghị định 356/2025/NĐ-CP.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.vietnamese import fold, mid_sentence


@dataclass(frozen=True)
class Person:
    """One record that is about a person, as the command tells it: (label, value) in words."""

    record: models.Model
    name: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class Holding:
    """One kind of persons."""

    slug: str
    #: “Người làm bảo vệ”.
    title: str
    model: type[models.Model]
    #: What is held, as the page lists it.
    held: tuple[str, ...]
    #: What it is needed for.
    purpose: str
    #: The text it rests on.
    basis: str
    #: How long it stays, line by line, or what says it today.
    period: tuple[str, ...] | Callable[[], tuple[str, ...]]
    #: Every record about a person of that name (folded) or blind index, whatever the reach.
    find: Callable[[str, str], Iterable[Person]]
    #: Models and their columns that name such persons: whom history alone still names is found by them.
    named_in: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = ()
    #: What is not held on purpose.
    not_held: tuple[str, ...] = ()
    order: int = 100

    @property
    def period_lines(self) -> tuple[str, ...]:
        """How long it stays, in words."""
        return self.period() if callable(self.period) else self.period


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Declare a kind of persons; the same slug again takes the place of the first."""
    _holdings[holding.slug] = holding


def holdings() -> list[Holding]:
    """Every kind of persons, in the order of the page."""
    return sorted(_holdings.values(), key=lambda holding: holding.order)


def facts_of(record: models.Model, names: Iterable[str]) -> list[tuple[str, str]]:
    """The filled fields among ``names`` with their labels, in words; a number as it is masked."""
    facts = []
    for name in names:
        column: Any = record._meta.get_field(name)
        value = getattr(record, name)
        if value in (None, ""):
            continue
        shown = getattr(record, f"get_{name}_display")() if column.choices else value
        if isinstance(shown, bool):
            shown = "có" if shown else "không"
        elif hasattr(shown, "strftime"):
            shown = f"{shown:%d/%m/%Y}"
        label = str(column.verbose_name)
        facts.append((label[:1].upper() + label[1:], str(shown)))
    return facts


def _officers(folded: str, index: str) -> Iterable[Person]:
    if not folded:
        return
    for officer in Officer.objects.filter(search_folded__contains=folded):
        if fold(officer.full_name) == folded:
            facts = facts_of(officer, ("username", "full_name", "title", "phone", "is_active", "last_login"))
            for posting in officer.postings.select_related("office").order_by("valid_from", "id"):
                facts.append(("Phân công", f"{posting.office}, {mid_sentence(posting.get_function_display())}"))
            yield Person(officer, officer.full_name, facts)


def register_officers() -> None:
    """The officers who sign in."""
    register(
        Holding(
            slug="can-bo",
            title="Cán bộ sử dụng cổng",
            model=Officer,
            held=(
                "Họ tên, cấp bậc, chức vụ, điện thoại cơ quan",
                "Cơ quan, chức năng, thời gian phân công",
                "Lần đăng nhập gần nhất và mọi thao tác đã làm",
            ),
            purpose="Cấp quyền theo địa bàn và chịu trách nhiệm về từng thao tác.",
            basis="Nghị định 356/2025/NĐ-CP; quy chế khai thác hệ thống của cơ quan",
            period=("Trong thời gian công tác; tên còn trong nhật ký chừng nào nhật ký còn.",),
            not_held=("Số định danh, địa chỉ nhà, gia đình",),
            find=_officers,
            named_in=((Officer, ("full_name",)),),
            order=90,
        )
    )
