"""Forms about records of one unit."""

from django import forms

from movement_portal.lib.free_text import PlainForm
from units.forms.fields import UnitField
from units.forms.records import plain_helper
from units.models import Unit


class MergePickForm(forms.Form):
    """The other record of a unit."""

    other = UnitField(label="Hồ sơ trùng", help_text="Gõ tên, mã hoặc mã số thuế của hồ sơ trùng rồi chọn.")

    def __init__(self, *args, unit, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].narrow(Unit.objects.visible_to(user).open().exclude(pk=unit.pk))
        self.helper = plain_helper()


class UndoForm(PlainForm):
    """Why a merge is taken back, and that later edits may stay."""

    reason = forms.CharField(label="Vì sao hoàn tác", max_length=300)
    keeping_edits = forms.BooleanField(label="Giữ nguyên những chỗ đã sửa sau khi gộp", required=False)

    def __init__(self, *args, has_edits, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_edits:
            del self.fields["keeping_edits"]
        self.helper = plain_helper()
