"""A form field for many units at once: a list is pasted, unsure lines are settled, the units come out.

Used wherever many units are picked::

    units = UnitsField(label="Đơn vị tham gia")
    ...
    self.fields["units"].narrow(user)          # whose reach; a queryset may narrow it further

``cleaned_data["units"]`` is the list of units in the order of the text, each once. With JavaScript the lines are
looked up as soon as the button is pressed; without it the form comes back with them.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from movement_portal.lib.vietnamese import nfc
from units.forms.fields import coded_option
from units.models import Unit
from units.pasting import LIMIT, Found, Sureness, find_pasted, lines_of

#: Ends of the names that a field sends beside the keys of its units.
TEXT, SETTLED, ASKED, UNKNOWN = "_text", "_settled", "_find", "_unknown"


def mark_of(text: str) -> str:
    """Tells whether lines that were settled are still those of the text."""
    lines = "\n".join(nfc(line) for line in text.splitlines() if line.strip())
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Pasted:
    """What a form was sent with: the text, the keys chosen, for which text they were, whether lines are asked for."""

    text: str = ""
    keys: tuple[str, ...] = ()
    #: Mark of the text whose lines were settled; empty where none were.
    settled: str = ""
    is_asked: bool = False
    #: Lines of the settled text that no unit was found for.
    unknown: int = 0

    def __bool__(self):
        return bool(self.text.strip() or any(self.keys))

    @property
    def is_settled(self) -> bool:
        """Whether the keys are those of the text as it is now."""
        return self.settled == mark_of(self.text)

    @property
    def units(self) -> list[int]:
        """The keys chosen."""
        return [int(key) for key in self.keys if key.isascii() and key.isdecimal() and len(key) < 19]

    @property
    def left_out(self) -> int:
        """Lines that were settled by taking no unit: unknown ones, and choices left empty."""
        return self.unknown + sum(not key for key in self.keys) if self.settled and self.is_settled else 0

    @classmethod
    def of(cls, units: Iterable[Unit]) -> "Pasted":
        """The units of a record as the field shows them to begin with: a line for each, settled."""
        units = list(units)
        text = "\n".join(coded_option(unit) for unit in units)
        return cls(text, tuple(str(unit.pk) for unit in units), mark_of(text))


@dataclass
class Lines:
    """Lines as the widget shows them, and how many there are of each kind."""

    name: str
    found: list[Found]
    too_many: bool = False
    mark: str = ""
    #: Keys chosen before, where lines are shown again.
    chosen: frozenset[int] = field(default=frozenset())
    #: Whether they were chosen for this very text: what was not chosen then stays so.
    is_settled: bool = False

    @property
    def sure(self) -> list[Found]:
        return [each for each in self.found if each.sureness == Sureness.SURE and not each.is_repeat]

    @property
    def repeated(self) -> list[Found]:
        return [each for each in self.found if each.is_repeat]

    @property
    def unsure(self) -> list[Found]:
        return [each for each in self.found if each.sureness == Sureness.UNSURE]

    @property
    def unknown(self) -> list[Found]:
        return [each for each in self.found if each.sureness == Sureness.UNKNOWN]


def look_up(name: str, pasted: Pasted, units) -> Lines:
    """The lines of a text looked up for the field of that name; what was chosen before stays chosen."""
    found, too_many = find_pasted(pasted.text, units), len(lines_of(pasted.text)) > LIMIT
    return Lines(name, found, too_many, mark_of(pasted.text), frozenset(pasted.units), pasted.is_settled)


class UnitsWidget(forms.Widget):
    """A text box to paste into, and below it what was found."""

    template_name = "units/widgets/units_paste.html"
    units = Unit.objects.none()

    def value_from_datadict(self, data, files, name):
        keys = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        settled = data.get(f"{name}{SETTLED}", "")
        text, unknown = data.get(f"{name}{TEXT}", ""), data.get(f"{name}{UNKNOWN}", "")
        count = int(unknown) if unknown.isascii() and unknown.isdecimal() and len(unknown) < 6 else 0
        return Pasted(text, tuple(keys), settled, f"{name}{ASKED}" in data, count)

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}{TEXT}" not in data

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        pasted = value if isinstance(value, Pasted) else Pasted()
        context["widget"] |= {
            "text": pasted.text,
            "lines": look_up(name, pasted, self.units) if pasted.text.strip() else None,
            "address": f"{reverse('units:unit_paste')}?o={name}",
            "options": f"{reverse('units:unit_options')}?o={name}_one",
        }
        return context


class UnitsField(forms.Field):
    """Units of an officer's reach by a pasted list; nothing can be chosen before ``narrow`` says whose field it is."""

    widget = UnitsWidget
    default_error_messages = {
        "required": "Dán danh sách đơn vị.",
        "look": "Kiểm tra các dòng bên dưới rồi bấm lại.",
        "open": "Còn %(count)s dòng chưa rõ là đơn vị nào: xem ở dưới; gửi lần nữa thì các dòng ấy được bỏ qua.",
        "none": "Chưa nhận ra đơn vị nào trong danh sách.",
        "changed": "Danh sách đã sửa sau khi nhận ra: xem lại các dòng bên dưới rồi bấm lại.",
        "long": f"Quá {LIMIT} dòng: chia danh sách làm nhiều lần, hoặc nhập bằng tệp Excel.",
        "out": "Có đơn vị không thuộc phạm vi của đồng chí.",
    }

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.queryset = Unit.objects.none()
        #: Lines of the text that were left out because nobody knows which unit they are.
        self.left_out = 0

    def narrow(self, user, queryset=None):
        """Take only units that the officer sees, of the queryset where one is given."""
        self.queryset = (Unit.objects.all() if queryset is None else queryset).visible_to(user)
        self.widget.units = self.queryset
        return self

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.widget.units = self.widget.units
        return copied

    def clean(self, value):
        if not value:
            if self.required:
                raise self.error("required")
            return []
        if value.is_asked:
            raise self.error("look")
        if len(lines_of(value.text)) > LIMIT:
            raise self.error("long")
        keys = self._keys(value)
        if not keys:
            raise self.error("none")
        self.left_out = value.left_out
        units = self.queryset.in_bulk(keys)
        if len(units) < len(set(keys)):
            raise self.error("out")
        return [units[key] for key in dict.fromkeys(keys)]

    def _keys(self, value: Pasted) -> list[int]:
        """Keys as they were settled on the page; of a text that nobody has looked at, those of sure lines only."""
        if value.is_settled or not value.text.strip():
            return value.units
        if value.settled:
            raise self.error("changed")
        found = find_pasted(value.text, self.queryset)
        if waiting := [each for each in found if each.sureness != Sureness.SURE]:
            raise self.error("open", count=len(waiting))
        return [each.matches[0].pk for each in found]

    def error(self, code, **params):
        """A refusal as the form shows it."""
        return ValidationError(self.error_messages[code], code=code, params=params)

    def has_changed(self, initial, data):
        if not isinstance(initial, Pasted):
            return bool(data)
        if mark_of(initial.text) != mark_of(data.text):
            return True
        return data.is_settled and set(data.units) != set(initial.units)
