"""What is being done and by whom: the act under way in this thread, which names the changes it makes."""

import contextlib
import contextvars
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

#: Kind of an act done from the command line.
COMMAND = "command"


@dataclass
class Act:
    """What is being done and by whom; its event is written with the first change it makes."""

    kind: str
    by: Any = None
    label: str = ""
    reason: str = ""
    request_id: str = ""
    id: uuid.UUID = field(default_factory=uuid.uuid4)


_act: contextvars.ContextVar[Act | None] = contextvars.ContextVar("act", default=None)


def current_act() -> Act | None:
    """The act under way in this thread, or None."""
    return _act.get()


@contextlib.contextmanager
def act(kind: str, *, by: Any = None, label: str = "", reason: str = "", request_id: str = "") -> Iterator[Act]:
    """Everything changed inside is one event; nested acts keep their own."""
    outer = _act.get()
    if outer is not None:
        by, request_id = outer.by if by is None else by, request_id or outer.request_id
    doing = Act(kind, by, label, reason, request_id)
    token = _act.set(doing)
    try:
        yield doing
    finally:
        _act.reset(token)


@contextlib.contextmanager
def resumed(doing: Act | None) -> Iterator[None]:
    """What is changed inside belongs to an act that was under way before, or to none."""
    token = _act.set(doing)
    try:
        yield
    finally:
        _act.reset(token)


def command_act(label: str) -> contextlib.AbstractContextManager[Act]:
    """All that a command writes inside is one act of history."""
    return act(COMMAND, label=label)


def describe(*, label: str = "", reason: str = "", kind: str = "") -> None:
    """Say of the act under way what it does and why, before its first change."""
    if doing := _act.get():
        doing.label = label or doing.label
        doing.reason = reason or doing.reason
        doing.kind = kind or doing.kind
