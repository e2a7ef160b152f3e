"""Columns of a citizen identification number: the sealed one, and the blind index beside it."""

from typing import Any

from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from movement_portal.lib.masking import DIGITS
from movement_portal.persons.citizen_ids import CitizenId, NotANumber, is_sealed, validate


class CitizenIdAttribute(DeferredAttribute):
    """The attribute of an instance: whatever is set becomes a ``CitizenId``, so that no clear text lies about."""

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class CitizenIdField(models.Field):
    """A number kept sealed; None where there is none.

    A sealed text set again stays as it is and is never sealed twice. Forms do not offer it: ``CitizenIdForm`` does.
    """

    descriptor_class = CitizenIdAttribute

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, "max_length": 200, "null": True, "blank": True, "editable": False})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "null", "blank", "editable"):
            del kwargs[fixed]
        return name, path, args, kwargs

    def get_internal_type(self):
        return "CharField"

    def from_db_value(self, value, expression, connection):
        return value if value is None else CitizenId.sealed(value, is_stored=True)

    def to_python(self, value: Any) -> CitizenId | None:
        if value is None or value == "" or isinstance(value, CitizenId):
            return value or None
        try:
            return CitizenId.sealed(value) if is_sealed(value) else CitizenId.of(value)
        except NotANumber as problem:
            raise ValidationError(str(problem), code="citizen_id") from problem

    def get_prep_value(self, value):
        value = self.to_python(value)
        return value and value.token

    def get_lookup(self, lookup_name):
        """None but “is empty”: a sealed number is looked for by its index."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: look for {self.name}_index.")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return value.token if value else ""

    def formfield(self, **kwargs):
        return None


class BlindIndexField(models.CharField):
    """The blind index of a number, computed in ``derive`` by ``fill_index``."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, "max_length": 64, "null": True, "blank": True, "editable": False})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "null", "blank", "editable"):
            del kwargs[fixed]
        return name, path, args, kwargs


def fill_index(row: models.Model, name: str = "citizen_id") -> None:
    """Set the index of a row's number; one that was only read keeps the index it has."""
    number: CitizenId | None = getattr(row, name)
    column = f"{name}_index"
    if number is None:
        setattr(row, column, None)
    elif not number.is_stored or not getattr(row, column):
        setattr(row, column, number.index)


class CitizenIdForm(forms.ModelForm):
    """A form beside whose fields the number is typed: it is never sent back to the page, empty leaves it as it is."""

    numbers_taken = ("citizen_id_typed",)

    citizen_id_typed = forms.CharField(
        label="Số định danh cá nhân",
        required=False,
        max_length=20,
        validators=[validate],
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    citizen_id_removed = forms.BooleanField(label="Xóa số định danh đang lưu", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        number = self.instance.citizen_id
        help_text = f"Không bắt buộc; {DIGITS} chữ số, lưu ở dạng mã hóa, chỉ hiện ba số đầu và ba số cuối."
        if number is None:
            del self.fields["citizen_id_removed"]
        else:
            help_text = f"Đang lưu {number.masked}. Để trống thì giữ nguyên."
        self.fields["citizen_id_typed"].help_text = help_text

    def _post_clean(self):
        # Before the model is checked: that a person serves once is about the number too.
        typed = self.cleaned_data.get("citizen_id_typed")
        if typed:
            self.instance.citizen_id = typed
        elif self.cleaned_data.get("citizen_id_removed"):
            self.instance.citizen_id = None
        fill_index(self.instance)
        super()._post_clean()
