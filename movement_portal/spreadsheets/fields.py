"""Fields of a sheet: what a column may be called, what may stand in it, and where its value goes."""

import datetime
import enum
import functools
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from movement_portal.lib.changes import plain
from movement_portal.lib.dates import DAY_AHEAD, YEAR_AHEAD, is_ahead, plausible_day
from movement_portal.lib.vietnamese import fold, mid_sentence, nfc, sort_key, tone_placements
from movement_portal.persons.citizen_ids import CitizenId, is_sealed
from movement_portal.spreadsheets import values
from movement_portal.spreadsheets.tables import Cell
from movement_portal.spreadsheets.values import JOINT, Parsed, ValueProblem

#: Stands between a field and the year of its column: “staff_count@2024”.
YEAR_MARK = "@"


class Kind(enum.StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    CODE = "code"
    CHOICE = "choice"
    INTEGER = "integer"
    DECIMAL = "decimal"
    AMOUNT = "amount"
    DATE = "date"
    YEAR = "year"
    BOOL = "bool"
    PHONE = "phone"
    AREA = "area"
    RELATION = "relation"
    #: Several items in one cell; the field says elsewhere what they are.
    SEVERAL = "several"


#: Kinds whose cells are read alike for every field; codes and choices need their field.
PARSERS: dict[Kind, values.Parser] = {
    Kind.TEXT: values.parse_text,
    Kind.LONG_TEXT: values.parse_long_text,
    Kind.INTEGER: values.parse_integer,
    Kind.DECIMAL: values.parse_decimal,
    Kind.AMOUNT: values.parse_amount,
    Kind.DATE: values.parse_date,
    Kind.YEAR: values.parse_year,
    Kind.BOOL: values.parse_bool,
    Kind.PHONE: values.parse_phones,
    Kind.AREA: values.parse_text,
    Kind.RELATION: values.parse_text,
    Kind.SEVERAL: values.parse_several,
}


class Merge(enum.StrEnum):
    """What a filled cell does to a filled field of an existing row."""

    REPLACE = "replace"
    #: The new lines are added below what is there already.
    APPEND = "append"
    #: Only a new row takes the value (a state that has its own workflow).
    KEEP = "keep"


@dataclass(frozen=True)
class Choice:
    """One value of a closed list, and the ways it is written."""

    value: str
    label: str
    synonyms: tuple[str, ...] = ()


def choices_of(enumeration: type[models.TextChoices], **synonyms: Iterable[str]) -> tuple[Choice, ...]:
    """The members of a Django enumeration as choices; synonyms are given by member name."""
    return tuple(
        Choice(member.value, str(member.label), tuple(synonyms.get(member.name, ()))) for member in enumeration
    )


@dataclass(frozen=True)
class Lookup:
    """A column of another model in which a text is looked for, and the form the column keeps it in."""

    column: str
    #: All forms under which the column may hold the text.
    forms: Callable[[str], Iterable[str]] = lambda text: (nfc(text),)
    #: Column whose text without accents must then be the same, where the column looked in is not exact.
    confirm: str = ""


@dataclass(frozen=True, kw_only=True)
class Relation:
    """Another record named in a cell: found among those the officer may see, by the lookups in order."""

    model: type[models.Model]
    lookups: tuple[Lookup, ...]
    #: Fixed conditions on the rows looked at.
    limit: Mapping[str, Any] = field(default_factory=dict)
    #: Makes a row from its name where a catalogue may grow with an import; needs the right to add such rows.
    make: Callable[[str], models.Model] | None = None
    #: As ``make`` for all new names of a list at once: by each name as written the values of the first row with it.
    make_all: Callable[[Mapping[str, Mapping[str, Any]]], Mapping[str, models.Model]] | None = None
    #: What is said of a name that the list adds.
    made: str = "thêm vào danh mục"
    #: What an export writes of a record, and the relations it reads for that; without it the record's code or name.
    text: Callable[[models.Model], str] | None = None
    text_relations: tuple[str, ...] = ()
    #: Field of the same sheet by which a row of the same file may be meant.
    in_file: str = ""
    #: A name that nobody knows is told, and the row taken without it.
    optional: bool = False
    #: A row whose other row is refused is refused as well: it cannot be taken without it.
    is_needed: bool = False
    #: For texts that no lookup knows: other names of the records given, without accents, and whose they are.
    also_called: Callable[[models.QuerySet], Mapping[str, list[int]]] | None = None
    #: The row belongs to the record named, which must be one that the officer may write.
    is_owner: bool = False

    #: ``Sheet.look_up`` finds the record itself, by more than the one cell.
    is_looked_up: bool = False

    @property
    def makes(self) -> bool:
        """Whether a list may add to the records named."""
        return self.make is not None or self.make_all is not None


@dataclass(frozen=True, kw_only=True)
class Child:
    """The value belongs in a row of another model that hangs on the record, one row for each key (a year)."""

    model: type[models.Model]
    #: Foreign key of the child to the record.
    parent: str
    #: Column that tells the children of one record apart.
    key: str


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """The value is told by rows of other models that hang on the record; ``Sheet.after_write`` writes them.

    In a cell of several it is a list of items in the words in which they go out. A list adds to those of the record
    and takes none away; values hold the items that are new.
    """

    #: The values by key of the record, of those the officer may read; one question for all records.
    read: Callable[[Collection[int], Any], Mapping[int, Any]]
    #: What the items of a cell of several are in those words, for the officer and the index of places, or why one is
    #: none; a fixed number of questions for the items of all rows.
    look_up: Callable[[Collection[str], Any, Any], Mapping[str, str | ValueProblem]] | None = None
    #: What old and new value of a cell of one become together, where both may say the same in other words.
    join: Callable[[Any, Any], Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column of a sheet."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    synonyms: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[Choice, ...] = ()
    help: str = ""
    example: str = ""
    #: Characters of the column in a workbook; 0 lets the writer choose.
    width: int = 0
    #: Column of the model; empty for a value that only the hooks of the sheet use.
    column: str = ""
    #: False for a column that is read but never written out.
    exported: bool = True
    #: True for a value that only the engine and the hooks set: no column may be given it.
    hidden: bool = False
    #: Tells when something has happened: no day or year to come.
    is_past: bool = False
    max_length: int = 0
    minimum: int | None = None
    maximum: int | None = None
    #: Digits of a code whose leading zeros a spreadsheet may have lost.
    code_length: int = 0
    #: Reads the cell in place of the parser of the kind.
    parse: values.Parser | None = None
    #: Cells of this form tell the field where its header does not.
    looks_like: re.Pattern | None = None
    merge: Merge = Merge.REPLACE
    #: Field that takes the whole text when this one is too short for it, or names what the officer may not add.
    overflow: str = ""
    relation: Relation | None = None
    child: Child | None = None
    elsewhere: Elsewhere | None = None
    #: What else a row says may tell the value: a list without such a column is whole.
    is_derived: bool = False
    #: How the model looks a text up for a key: column and form.
    lookup: Lookup | None = None

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """Folded headers that mean this field."""
        return frozenset() if self.hidden else frozenset(fold(text) for text in (self.label, *self.synonyms))

    @functools.cached_property
    def choice_index(self) -> dict[str, Choice]:
        """Choices by every folded way of writing them; labels win over synonyms."""
        index = {fold(text): choice for choice in self.choices for text in choice.synonyms}
        index.update({fold(choice.value): choice for choice in self.choices})
        index.update({fold(choice.label): choice for choice in self.choices})
        return index

    @functools.cached_property
    def choice_labels(self) -> dict[str, str]:
        return {choice.value: choice.label for choice in self.choices}

    def read(self, cell: Cell) -> Parsed:
        """The value of a filled cell; raises ``ValueProblem`` where it cannot be read."""
        values.refuse_error_cell(cell)
        if self.parse:
            parsed = self.parse(cell)
        elif self.kind == Kind.CHOICE:
            parsed = self._choice(cell)
        elif self.kind == Kind.CODE:
            parsed = values.parse_code(cell, length=self.code_length)
        else:
            parsed = PARSERS[self.kind](cell)
        value = parsed.value
        if type(value) is not str or (self.max_length and len(value) > self.max_length):
            self._refuse_out_of_bounds(value)
        return parsed

    def _choice(self, cell: Cell) -> Parsed:
        found = self.choice_index.get(fold(values.shown(cell)))
        if found is None:
            raise ValueProblem(
                f"“{values.shown(cell)}” không có trong danh mục {mid_sentence(self.label)}.",
                f"Không có trong danh mục {mid_sentence(self.label)}",
            )
        return Parsed(found.value)

    def _refuse_out_of_bounds(self, value: Any) -> None:
        if self.max_length and not self.overflow and isinstance(value, str) and len(value) > self.max_length:
            raise ValueProblem(f"Dài {len(value)} ký tự, tối đa {self.max_length}.", "Quá dài")
        if isinstance(value, datetime.date):
            try:
                plausible_day(value)
            except ValidationError as fault:
                raise ValueProblem(fault.messages[0], "Năm không đúng") from fault
        if self.is_past and is_ahead(value):
            fault = DAY_AHEAD if isinstance(value, datetime.date) else YEAR_AHEAD
            raise ValueProblem(fault, fault.rstrip("."))
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            if self.minimum is not None and value < self.minimum:
                raise ValueProblem(f"Phải từ {self.minimum} trở lên.", "Số ngoài khoảng cho phép")
            if self.maximum is not None and value > self.maximum:
                raise ValueProblem(f"Phải không quá {self.maximum}.", "Số ngoài khoảng cho phép")

    def shown(self, value: Any) -> str:
        """The value in words for the preview; relations and areas are named by the caller."""
        if value is None or value == "":
            return ""
        if self.kind == Kind.CHOICE:
            return self.choice_labels.get(value, str(value))
        if self.kind == Kind.SEVERAL:
            return JOINT.join(value)
        if isinstance(value, bool):
            return "Có" if value else "Không"
        if self.kind in (Kind.INTEGER, Kind.AMOUNT) and isinstance(value, int):
            return f"{value:,}".replace(",", ".")
        if isinstance(value, Decimal):
            return f"{value:,f}".translate(str.maketrans(",.", ".,"))
        return values.shown(value) if not isinstance(value, str) else value

    def decode(self, raw: Any) -> Any:
        """A value as it was before ``encode``."""
        if raw is None or not isinstance(raw, str):
            return raw
        if is_sealed(raw):
            return CitizenId.sealed(raw)
        if self.kind == Kind.DATE:
            return datetime.date.fromisoformat(raw)
        if self.kind == Kind.DECIMAL:
            return Decimal(raw)
        return raw

    def match_key(self, value: Any) -> Any:
        """What two values of a key are compared by: texts without accents and case, an empty cell as an empty text."""
        if self.kind != Kind.TEXT:
            return value
        return fold(value or "") if value is None or isinstance(value, str) else value

    @property
    def database_lookup(self) -> Lookup:
        """Column and form by which rows of the model are found."""
        return self.lookup or Lookup(self.column)


def encode(value: Any) -> Any:
    """A value as JSON keeps it."""
    return plain(value)


def name_sort_forms(text: str) -> list[str]:
    """Sort keys of a name with its tones in either placement."""
    return [sort_key(form) for form in tone_placements(text)]


#: Names are looked up in the column that sorts them: one index serves both.
BY_NAME = Lookup("name_sort", name_sort_forms, confirm="name")


def split_year(key: str) -> tuple[str, int | None]:
    """“staff_count@2024” -> (“staff_count”, 2024)."""
    name, _, year = key.partition(YEAR_MARK)
    return name, int(year) if year else None


def with_year(name: str, year: int) -> str:
    """The key of a field's value in one year."""
    return f"{name}{YEAR_MARK}{year}"
