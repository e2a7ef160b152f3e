"""Forms whose texts take no number of identity papers: the one place where what officers type is refused for it.

Every form of the portal and of the admin pages that keeps what is typed inherits it; a test walks through all of them.
Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: such a number has one column, where it is sealed.
"""

from collections.abc import Sequence

from django import forms

from movement_portal.lib.bounded import BoundedForm
from movement_portal.lib.masking import is_phone_column, refusal


class NumbersRefused(forms.BaseForm):
    """A form that refuses numbers of identity papers in all its texts but those named in ``numbers_taken``."""

    #: Fields that are for such a number.
    numbers_taken: Sequence[str] = ()

    def clean(self):
        cleaned = super().clean()
        for name, value in list(self.cleaned_data.items()):
            if name in self.numbers_taken or not isinstance(value, str) or not self._is_text(name):
                continue
            if problem := refusal(value, is_phone=is_phone_column(name)):
                self.add_error(name, forms.ValidationError(problem, code="citizen_id"))
        return cleaned

    def _is_text(self, name: str) -> bool:
        return isinstance(self.fields.get(name), forms.CharField)


class PlainForm(NumbersRefused, BoundedForm, forms.Form):
    """A form of no record: what it asks is kept in a step, a reason, a note."""
