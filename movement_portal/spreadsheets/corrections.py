"""What an officer has put right in a list without touching the file, in the form the check asks for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from movement_portal.spreadsheets.drafts import Problem
from movement_portal.spreadsheets.enums import Decision, ExistingMode, FixAction
from movement_portal.spreadsheets.models import ImportBatch, ImportEdit, ImportFix, ValueMemory
from movement_portal.spreadsheets.models.corrections import TOLD_APART

#: Worksheet as kept with a row, and number of the row.
Place = tuple[str, int]

#: Characters of the name of a worksheet that are kept.
WORKSHEET_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Fix:
    """One answer to a fault: of one value, or with ``whole`` of every value of the cause."""

    key: str
    cause: str
    action: FixAction
    value: str = ""
    whole: bool = False
    text: str = ""
    area_id: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A cell typed anew: by the header of its column, or by field where no column fills it."""

    column: str
    key: str
    text: str


@dataclass
class Corrections:
    """All answers and decisions of a batch, found by what the check has in hand."""

    fixes: Iterable[Fix] = ()
    edits: Mapping[Place, list[Edit]] = field(default_factory=dict)
    decisions: Mapping[Place, tuple[Decision, int | None]] = field(default_factory=dict)
    existing: ExistingMode = ExistingMode.UPDATE
    #: What the officer has said of cells that a returned workbook and the register both changed.
    answers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self):
        self._of_value: dict[tuple[str, str], Fix] = {}
        self._of_cause: dict[tuple[str, str], Fix] = {}
        self._left_out: set[tuple[str, str, str | None]] = set()
        for fix in self.fixes:
            if fix.action == FixAction.LEAVE_OUT:
                self._left_out.add((fix.key, fix.cause, None if fix.whole else fix.value))
            elif fix.whole:
                self._of_cause[fix.key, fix.cause] = fix
            else:
                self._of_value[fix.key, fix.value] = fix

    @property
    def has_values(self) -> bool:
        """Whether anything was said of single values."""
        return bool(self._of_value)

    def of_value(self, key: str, text: str) -> Fix | None:
        """The answer to a value of a field; an empty text asks for what fills a field that says nothing."""
        return self._of_value.get((key, told_apart(text))) if self._of_value else None

    def of_cause(self, key: str, cause: str) -> Fix | None:
        """The answer to every value of a field that has this fault."""
        return self._of_cause.get((key, told_apart(cause))) if self._of_cause else None

    def of_fault(self, key: str, text: str, cause: str) -> Fix | None:
        """The answer to a value, else to the fault."""
        return self.of_value(key, text) or self.of_cause(key, cause)

    def leave_out(self, problems: Iterable[Problem]) -> bool:
        """Whether rows with one of the faults stay out of the register."""
        return bool(self._left_out) and any(
            (problem.key, told_apart(problem.cause), value) in self._left_out
            for problem in problems
            for value in (None, told_apart(problem.value))
        )

    def edits_of(self, worksheet: str, number: int) -> list[Edit]:
        """Cells of a row that were typed anew."""
        return self.edits.get((worksheet[:WORKSHEET_LENGTH], number), [])

    def decision_on(self, worksheet: str, number: int) -> tuple[Decision | None, int | None]:
        """What was decided of a row, and the record it is the same as."""
        return self.decisions.get((worksheet[:WORKSHEET_LENGTH], number), (None, None))


#: A list as it came.
NOTHING = Corrections()


def told_apart(text: str) -> str:
    """The part of a text by which values and causes are told apart."""
    return text[:TOLD_APART]


def corrections_of(batch: ImportBatch) -> Corrections:
    """What the officer has put right in a batch, and what the office has said of values before."""
    edits: dict[Place, list[Edit]] = {}
    for edit in ImportEdit.objects.filter(batch=batch):
        edits.setdefault((edit.worksheet, edit.number), []).append(Edit(edit.column, edit.key, edit.text))
    decisions = {
        (each.worksheet, each.number): (Decision(each.decision), each.object_id) for each in batch.decisions.all()
    }
    return Corrections(
        [*remembered_fixes(batch.sheet, batch.officer), *map(fix_of, batch.fixes.all())],
        edits,
        decisions,
        ExistingMode(batch.existing),
        batch.answers,
    )


def fix_of(fix: ImportFix) -> Fix:
    """A kept answer as the check asks for it."""
    return Fix(fix.key, fix.cause, FixAction(fix.action), fix.value, fix.whole, fix.text, fix.area_id)


def remembered_fixes(sheet_name: str, officer) -> list[Fix]:
    """What the officer's office has said of values in earlier lists of the kind."""
    office = officer.office
    known = ValueMemory.objects.filter(sheet=sheet_name, office=office) if office else []
    return [
        Fix(
            each.key, "", FixAction.AREA if each.area_id else FixAction.TEXT, each.value, False, each.text, each.area_id
        )
        for each in known
    ]
