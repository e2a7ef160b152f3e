"""Forms that refuse what no record can hold: days of years that cannot be, numbers too large for either database.

``past_fields`` of a form or of its model name days and years of what has happened: none may lie ahead.
"""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.core.validators import MaxValueValidator

from movement_portal.lib.dates import happened, plausible_day

#: Kinds of columns -> the largest number that PostgreSQL keeps in one; SQLite would take more.
_LARGEST = {"PositiveSmallIntegerField": 2**15 - 1, "PositiveIntegerField": 2**31 - 1}
#: Of a number that goes into a column of another record.
_LARGEST_COUNT = 2**31 - 1


class BoundedForm(forms.BaseForm):
    """A form of which every day and every number is one that both databases and common sense take."""

    #: Fields beside those of the model that tell when something has happened.
    past_fields: Sequence[str] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        past = {*self.past_fields, *getattr(self._model, "past_fields", ())}
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                field.validators.append(plausible_day)
            elif isinstance(field, forms.IntegerField) and (largest := self._largest(name)):
                field.validators.append(MaxValueValidator(largest))
            if name in past:
                field.validators.append(happened)

    @property
    def _model(self):
        return getattr(getattr(self, "_meta", None), "model", None)

    def _largest(self, name: str) -> int | None:
        """The largest number of the column behind a field; None where there is none to heed."""
        if self._model is None:
            return _LARGEST_COUNT
        try:
            return _LARGEST.get(self._model._meta.get_field(name).get_internal_type())
        except FieldDoesNotExist:
            return _LARGEST_COUNT
