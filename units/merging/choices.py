"""Field by field: what the unit that is left says after a merge."""

from collections.abc import Mapping
from dataclasses import dataclass

from movement_portal.audit.presenting import Names, field_label, value_text
from movement_portal.jurisdictions.models import Officer
from movement_portal.lib.vietnamese import fold
from units.forms.units import KIND_FIELDS, SIZE_FIELDS
from units.models import Unit

OURS, THEIRS, BOTH = "ours", "theirs", "both"

#: Fields that an officer chooses between, in the order of the form; the area and the kind stay those of the unit left.
CHOSEN = (
    "name", "subkind", "school_level", "school_code", "tax_code", "governing_body", "sector", "is_state_budget",
    "is_armed_force", "has_party_organisation", "enterprise_size", "business_sector", "business_line", *SIZE_FIELDS,
    "industrial_park", "parent", "address", "head_name", "head_title", "head_phone", "contact_name", "contact_title",
    "contact_phone", "note",
)  # fmt: skip
#: Codes that two units cannot share: what one takes over the other gives up for its own.
CODES = ("tax_code", "school_code")
#: Fields that can hold what both say, and what stands between.
JOINED = {"head_phone": "; ", "contact_phone": "; ", "note": "\n"}


@dataclass(frozen=True)
class FieldChoice:
    """One field that the two records fill differently."""

    name: str
    label: str
    #: What each says, in words.
    ours: str
    theirs: str
    options: tuple[str, ...]
    chosen: str

    @property
    def key(self) -> str:
        return f"field-{self.name}"


def field_choices(
    survivor: Unit, absorbed: Unit, *, user: Officer, answers: Mapping[str, str] | None = None
) -> list[FieldChoice]:
    """The fields to choose between, each with what was answered, or else what loses nothing."""
    names = Names(user)
    columns = {name: Unit.attname(name) for name in CHOSEN if _applies(name, survivor, absorbed)}
    plain = {
        name: tuple(Unit.plain_value(column, getattr(unit, column)) for unit in (survivor, absorbed))
        for name, column in columns.items()
    }
    for side in (0, 1):
        names.want(Unit, {columns[name]: values[side] for name, values in plain.items()})
    choices = []
    for name, (ours, theirs) in plain.items():
        if theirs in (None, "") or ours == theirs:
            continue
        is_empty = ours in (None, "")
        options = (OURS, THEIRS, BOTH) if name in JOINED and not is_empty else (OURS, THEIRS)
        proposed = THEIRS if is_empty else BOTH if name == "note" else OURS
        answer = (answers or {}).get(f"field-{name}", proposed)
        words = [value_text(Unit, columns[name], value, names) for value in (ours, theirs)]
        label = field_label(Unit, columns[name])
        choices.append(FieldChoice(name, label, *words, options, answer if answer in options else proposed))
    return choices


def _applies(name: str, survivor: Unit, absorbed: Unit) -> bool:
    if name == "parent" and absorbed.parent_id in (survivor.pk, None):
        return False
    if name == "subkind":
        return survivor.kind == absorbed.kind
    return survivor.kind in KIND_FIELDS.get(name, {survivor.kind})


def fill(survivor: Unit, absorbed: Unit, choices: list[FieldChoice]) -> None:
    """Give the unit that is left what was chosen, and the names it was known by; codes are exchanged.

    Nothing is saved.
    """
    names = [survivor.name, absorbed.name, *absorbed.other_names.splitlines()]
    for choice in choices:
        ours, theirs = getattr(survivor, choice.name), getattr(absorbed, choice.name)
        if choice.chosen == THEIRS:
            setattr(survivor, choice.name, theirs)
            if choice.name in CODES:
                setattr(absorbed, choice.name, ours)
        elif choice.chosen == BOTH:
            glue = JOINED[choice.name]
            parts = [*ours.split(glue), *theirs.split(glue)]
            whole = glue.join(dict.fromkeys(parts))
            limit = Unit._meta.get_field(choice.name).max_length
            if limit is None or len(whole) <= limit:
                setattr(survivor, choice.name, whole)
    others = survivor.other_names.splitlines()
    known = {fold(survivor.name), *map(fold, others)}
    for name in names:
        if fold(name) not in known:
            known.add(fold(name))
            others.append(name)
    survivor.other_names = "\n".join(others)
