"""One line of a list on its way to a record: what was read, what is wrong, what it would change."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from movement_portal.lib.changes import Plain
from movement_portal.spreadsheets.enums import RowOutcome


@dataclass(slots=True)
class Problem:
    """Why a row is refused: the column as the office calls it, the cell, the reason, and the fault many rows share."""

    column: str
    value: str
    reason: str
    cause: str
    #: Name of the field at fault.
    key: str = ""

    def as_json(self) -> dict[str, Plain]:
        return {
            "column": self.column,
            "value": self.value,
            "reason": self.reason,
            "cause": self.cause,
            "key": self.key,
        }


@dataclass(slots=True)
class Notice:
    """What was understood or changed on the way in, without refusing the row."""

    column: str
    text: str
    #: The reader has put the text right: it stays told as long as the cell is that of the file.
    is_repair: bool = False

    def as_json(self) -> dict[str, Plain]:
        told: dict[str, Plain] = {"column": self.column, "text": self.text}
        return {**told, "repair": True} if self.is_repair else told


@dataclass(slots=True)
class JudgedRow:
    """What is remembered of a row for those that name it."""

    worksheet: str
    number: int
    label: str
    #: Key of the record the row is about, when there is one.
    record_pk: int | None
    is_refused: bool

    @property
    def place(self) -> str:
        """“dòng 12”, as one row is named in the reason of another."""
        return f"dòng {self.number}"


@dataclass(slots=True)
class RowOfFile:
    """A relation to a record that another row of the same file will make."""

    draft: "Draft | JudgedRow"


@dataclass(slots=True)
class ToMake:
    """A relation to a record of a catalogue that the import itself adds."""

    text: str


@dataclass(slots=True, eq=False)
class Draft:
    """A row under check. ``values`` holds what will be written, by field name (“name@2024” for a value of a year)."""

    worksheet: str
    number: int
    #: Cells by header, as the office sees them.
    cells: dict[str, str] = field(default_factory=dict)
    #: Those of them that are no line of text, in the form that is kept.
    originals: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    #: Header of the column that each field was read from.
    columns: dict[str, str] = field(default_factory=dict)
    #: Title lines above the header of the worksheet.
    title: tuple[str, ...] = ()
    notices: list[Notice] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: What an officer may put right although the row is taken: a place that stands open.
    doubts: list[Problem] = field(default_factory=list)
    #: The record the row is about, when there is one.
    found: models.Model | None = None
    #: There is such a record of other days already, and the row adds its own days beside it.
    adds_period: bool = False
    #: The record was told by its likeness, not by a key: it keeps its own name.
    is_alike: bool = False
    #: The row's own area is unknown and the chosen one stands in.
    area_guessed: bool = False
    #: The place as the row writes it, with district and province.
    area_text: str = ""
    #: Areas that its place may be today, where it was split or several bear the name.
    area_candidates: tuple[int, ...] = ()
    #: Path of the area the row goes to.
    area_path: str = ""
    outcome: RowOutcome = RowOutcome.REFUSED
    #: Old and new value in words of each field that will be written.
    changes: dict[str, list[str]] = field(default_factory=dict)
    label: str = ""
    #: The hidden mark of a row that the portal gave out, and the cells that went out with it, by key.
    fingerprint: str = ""
    exported: dict[str, str] | None = None
    #: Fields that the file and the register both changed, while nobody has said which is right.
    questions: list[dict[str, str]] = field(default_factory=list)
    #: An officer keeps the row out.
    is_left_out: bool = False
    #: Records that the row looks like, with their likeness in percent, the likest first.
    candidates: list[tuple[int, int]] = field(default_factory=list)
    #: How many rows stand before it in the list.
    position: int = 0

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a field, or the default where the row says nothing."""
        return self.values.get(name, default)

    def column(self, name: str) -> str:
        """Header of the column a field came from; the field's own name where no column is at fault."""
        return self.columns.get(name, "")

    def written(self, name: str) -> str:
        """The cell a field was read from, as the office sees it."""
        return self.cells.get(self.column(name), "")

    def refuse(self, name: str, reason: str, cause: str = "", value: str | None = None) -> None:
        """Refuse the row for what stands in a field."""
        self.problems.append(
            Problem(self.column(name), self.written(name) if value is None else value, reason, cause or reason, name)
        )

    def doubt(self, name: str, reason: str, cause: str, value: str) -> None:
        """Tell what may be put right although the row is taken."""
        self.doubts.append(Problem(self.column(name), value, reason, cause, name))

    def notice(self, name: str, text: str) -> None:
        """Tell the officer how a value was understood."""
        self.notices.append(Notice(self.column(name), text))

    def add_line(self, name: str, line: str) -> None:
        """Add a line, or a text of several, to a text of several lines, once."""
        text = "\n".join(each for each in str(self.values.get(name, "")).split("\n") if each)
        if f"\n{line}\n" not in f"\n{text}\n":
            self.values[name] = f"{text}\n{line}" if text else line

    def called(self, keys: Iterable[Iterable[str]]) -> str:
        """What the row is called: its name, its record's, what it is told apart by as written, or “Dòng 12”."""
        if name := self.get("name") or self.found:
            return str(name)
        for key in keys:
            # What is said once for all rows tells none of them apart.
            own = [name for name in key if name in self.columns]
            if own and self.written(own[0]):
                return ", ".join(text for name in own if (text := self.written(name)))
        return self.place.capitalize()

    @property
    def record_pk(self) -> int | None:
        """Key of the record the row is about, when there is one."""
        return None if self.found is None else self.found.pk

    @property
    def is_refused(self) -> bool:
        return bool(self.problems)

    def judged(self) -> JudgedRow:
        """What rows that come later need of this one."""
        return JudgedRow(self.worksheet, self.number, self.label, self.record_pk, self.is_refused)

    @property
    def is_new(self) -> bool:
        return self.found is None

    @property
    def place(self) -> str:
        """“dòng 12”, as one row is named in the reason of another."""
        return f"dòng {self.number}"
