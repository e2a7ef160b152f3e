"""A form field for one area, chosen by typing; without JavaScript a code or a full name is typed and understood."""

import datetime
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.search import areas_called
from movement_portal.lib.dates import today
from movement_portal.lib.vietnamese import accented_key, nfc

#: Areas named in the message about a name of several.
NAMED = 5


@dataclass(frozen=True)
class Choice:
    """What a form was sent with: the key of the area chosen, and the text beside it (None in a link without one)."""

    key: str = ""
    text: str | None = None

    def __bool__(self):
        return bool(self.key if self.text is None else self.text)


class AreaWidget(forms.Widget):
    """A text field that suggests areas, and the key of the one chosen: sent as ``<name>_text`` and ``<name>``."""

    template_name = "jurisdictions/widgets/area_picker.html"
    #: The areas that may be chosen, and the day they are of (None is today): the field sets both.
    areas = Jurisdiction.objects.none()
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
            "url": reverse("jurisdictions:area_search"),
            "on": self.on.isoformat() if self.on else "",
        }
        return context

    def choice_of(self, value) -> Choice:
        """A value as it is shown: what was sent stays as it was, a key gets the name of its area."""
        if isinstance(value, Choice):
            if value.text is not None:
                return value
            value = value.key
        if isinstance(value, Jurisdiction):
            value = value.pk
        if value in (None, "") or not str(value).isdecimal():
            return Choice()
        area = Jurisdiction.objects.with_parents().filter(pk=value).first()
        return Choice(str(area.pk), area.long_name) if area else Choice()


class AreaField(forms.ModelChoiceField):
    """One area out of those an officer reaches; nothing can be chosen before ``narrow`` says whose field it is."""

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
        if chosen is not None and accented_key(chosen.long_name) == accented_key(value.text):
            return chosen
        return self.named(value.text)

    def chosen(self, key: str) -> Jurisdiction | None:
        """The area of a key, or None where it cannot be chosen."""
        return self.queryset.with_parents().filter(pk=key).first() if key.isdecimal() else None

    def named(self, text: str) -> Jurisdiction:
        """The one area that a text names; raises ``ValidationError`` where it names none or several."""
        found = areas_called(self.queryset, text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise self.error("unknown", text=text)
        names = "; ".join(area.long_name for area in found[:NAMED]) + ("; …" if len(found) > NAMED else "")
        raise self.error("ambiguous", text=text, names=names)

    def error(self, code, **params):
        """A refusal as the form shows it."""
        return ValidationError(self.error_messages[code], code=code, params=params)

    def validate(self, value):
        forms.Field.validate(self, value)

    def has_changed(self, initial, data):
        if self.disabled:
            return False
        try:
            area = self.to_python(data)
        except ValidationError:
            return True
        before = initial.pk if isinstance(initial, Jurisdiction) else initial
        return str(before or "") != str(area.pk if area else "")
