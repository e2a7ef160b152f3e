"""Form fields for one area or one police office, chosen by typing out of thousands.

Without JavaScript a code or a full name is typed and understood.
"""

import datetime
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from movement_portal.jurisdictions.models import Jurisdiction, PoliceOffice
from movement_portal.jurisdictions.search import areas_called, office_text, offices_called
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import accented_key, nfc

#: Records named in the message about a name of several.
NAMED = 5
#: Digits of the longest key that a database has.
KEY_DIGITS = 18


def _is_key(text: str) -> bool:
    """Whether a text sent may be the key of a record."""
    return text.isdecimal() and len(text) <= KEY_DIGITS


@dataclass(frozen=True)
class Choice:
    """What a form was sent with: the key of the record chosen, and the text beside it (None in a link without one)."""

    key: str = ""
    text: str | None = None

    def __bool__(self):
        return bool(self.key if self.text is None else self.text)


class PickerWidget(forms.Widget):
    """A text field that suggests records, and the key of the one chosen: sent as ``<name>_text`` and ``<name>``."""

    template_name = "jurisdictions/widgets/picker.html"
    #: Page that answers the search, what is sought in words, and what stands in the empty field.
    url_name = ""
    noun = ""
    placeholder = ""
    #: The day the records are of; None is today.
    on: datetime.date | None = None
    choices = ()

    def value_from_datadict(self, data, files, name):
        text = data.get(f"{name}_text")
        return Choice(str(data.get(name) or "").strip(), text if text is None else nfc(text))

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}_text" not in data

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        choice = self.choice_of(value)
        context["widget"] |= {
            "key": choice.key,
            "text": choice.text or "",
            "url": reverse(self.url_name),
            "on": self.on.isoformat() if self.on else "",
            "noun": self.noun,
            "placeholder": self.placeholder,
        }
        return context

    def choice_of(self, value) -> Choice:
        """A value as it is shown: what was sent stays as it was, a key gets the name of its record."""
        if isinstance(value, Choice):
            if value.text is not None:
                return value
            value = value.key
        if isinstance(value, models.Model):
            value = value.pk
        if value in (None, "") or not _is_key(str(value)):
            return Choice()
        text = self.text_of_key(value)
        return Choice(str(value), text) if text else Choice()

    def text_of_key(self, key) -> str:
        """What the record of a key is called in the field; empty where there is none."""
        raise NotImplementedError


class PickedField(forms.ModelChoiceField):
    """One record out of those an officer reaches; nothing can be chosen before ``narrow`` says whose field it is."""

    def prepare_value(self, value):
        return value if isinstance(value, Choice) else super().prepare_value(value)

    def to_python(self, value):
        if not isinstance(value, Choice):
            return super().to_python(value)
        if not value:
            return None
        chosen = self.chosen(value.key)
        if value.text is None:
            if chosen is None:
                raise self.error("invalid_choice")
            return chosen
        if chosen is not None and accented_key(self.text_of(chosen)) == accented_key(value.text):
            return chosen
        return self.named(value.text)

    def chosen(self, key: str):
        """The record of a key, or None where it cannot be chosen."""
        return self.loaded().filter(pk=key).first() if _is_key(key) else None

    def named(self, text: str):
        """The one record that a text names; raises ``ValidationError`` where it names none or several."""
        found = self.called(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise self.error("unknown", text=text)
        names = "; ".join(map(self.text_of, found[:NAMED])) + ("; …" if len(found) > NAMED else "")
        raise self.error("ambiguous", text=text, names=names)

    def loaded(self):
        """The records on offer, with what their texts need."""
        raise NotImplementedError

    def text_of(self, record) -> str:
        """What a record is called in the field."""
        raise NotImplementedError

    def called(self, text: str) -> list:
        """The records on offer that a text names in full."""
        raise NotImplementedError

    def error(self, code, **params):
        """A refusal as the form shows it."""
        return ValidationError(self.error_messages[code], code=code, params=params)

    def validate(self, value):
        forms.Field.validate(self, value)

    def has_changed(self, initial, data):
        if self.disabled:
            return False
        try:
            record = self.to_python(data)
        except ValidationError:
            return True
        before = initial.pk if isinstance(initial, models.Model) else initial
        return str(before or "") != str(record.pk if record else "")


class AreaWidget(PickerWidget):
    url_name = "jurisdictions:area_search"
    noun = "địa bàn"
    placeholder = "Gõ tên hoặc mã địa bàn"

    def text_of_key(self, key):
        area = Jurisdiction.objects.with_parents().filter(pk=key).first()
        return area.long_name if area else ""


class AreaField(PickedField):
    """One area."""

    widget = AreaWidget
    default_error_messages = {
        "required": "Chọn địa bàn.",
        "invalid_choice": "Địa bàn này không có trong phạm vi của đồng chí.",
        "unknown": "Không tìm thấy địa bàn “%(text)s”. Gõ mã hoặc tên đầy đủ, ví dụ “Xã Tân Tiến, Tỉnh Lạng Sơn”.",
        "ambiguous": "Có nhiều địa bàn khớp với “%(text)s”: %(names)s. Ghi thêm tên tỉnh, thành phố hoặc gõ mã.",
    }

    def __init__(self, queryset=None, **kwargs):
        super().__init__(Jurisdiction.objects.none() if queryset is None else queryset, **kwargs)

    def narrow(self, user, *, on: datetime.date | None = None, kinds=None):
        """Offer the areas that the officer reaches: those of today, or with ``on`` those of that day.

        ``kinds`` leaves only areas of these kinds.
        """
        areas = Jurisdiction.objects.visible_to(user) if on is None else Jurisdiction.objects.visible_with_history(user)
        areas = areas.as_of(on or today())
        self.queryset = areas if kinds is None else areas.filter(kind__in=kinds)
        self.widget.on = on
        return self

    def loaded(self):
        return self.queryset.with_parents()

    def text_of(self, record):
        return record.long_name

    def called(self, text):
        return areas_called(self.queryset, text)


class OfficeWidget(PickerWidget):
    url_name = "jurisdictions:office_search"
    noun = "cơ quan Công an"
    placeholder = "Gõ tên cơ quan hoặc địa bàn"

    def text_of_key(self, key):
        office = PoliceOffice.objects.with_areas().filter(pk=key).first()
        return office_text(office) if office else ""


class OfficeField(PickedField):
    """One police office of today."""

    widget = OfficeWidget
    default_error_messages = {
        "required": "Chọn cơ quan Công an.",
        "invalid_choice": "Cơ quan này không có trong phạm vi của đồng chí.",
        "unknown": "Không tìm thấy cơ quan “%(text)s”. Gõ tên đầy đủ, ví dụ “Công an Xã Tân Tiến, Tỉnh Lạng Sơn”.",
        "ambiguous": "Có nhiều cơ quan khớp với “%(text)s”: %(names)s. Ghi thêm tên tỉnh, thành phố.",
    }

    def __init__(self, queryset=None, **kwargs):
        super().__init__(PoliceOffice.objects.none() if queryset is None else queryset, **kwargs)

    def narrow(self, user):
        """Offer the offices of today that the officer reaches."""
        self.queryset = PoliceOffice.objects.visible_to(user).as_of(today())
        return self

    def loaded(self):
        return self.queryset.with_areas()

    def text_of(self, record):
        return office_text(record)

    def called(self, text):
        return offices_called(self.queryset, text)
