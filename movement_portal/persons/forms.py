"""Why whole numbers are needed: asked before they are shown or leave the portal."""

from crispy_forms.helper import FormHelper
from django import forms

from movement_portal.lib.free_text import PlainForm
from movement_portal.persons.reading import SHORTEST


class ReasonForm(PlainForm):
    """Why whole numbers are needed."""

    reason = forms.CharField(
        label="Lý do xem",
        min_length=SHORTEST,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ghi vào nhật ký cùng tên đồng chí, ai xem lại cũng đọc được.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
