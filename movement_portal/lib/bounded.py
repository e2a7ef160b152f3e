"""Forms that refuse what no record can hold: days of years that cannot be, numbers too large for either database."""

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.core.validators import MaxValueValidator

from movement_portal.lib.dates import plausible_day

#: Kinds of columns -> the largest number that PostgreSQL keeps in one; SQLite would take more.
_LARGEST = {"PositiveSmallIntegerField": 2**15 - 1, "PositiveIntegerField": 2**31 - 1}


class BoundedForm(forms.BaseForm):
    """A form of which every day and every number is one that both databases and common sense take."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                field.validators.append(plausible_day)
            elif isinstance(field, forms.IntegerField) and (largest := self._largest(name)):
                field.validators.append(MaxValueValidator(largest))

    def _largest(self, name: str) -> int | None:
        """The largest number of the column behind a field; None where there is none to heed."""
        model = getattr(getattr(self, "_meta", None), "model", None)
        try:
            return _LARGEST.get(model._meta.get_field(name).get_internal_type()) if model else None
        except FieldDoesNotExist:
            return None
