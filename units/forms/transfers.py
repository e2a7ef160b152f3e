"""Forms about units that another office looks after."""

from django import forms

from movement_portal.jurisdictions.fields import AreaField
from movement_portal.lib.dates import today
from movement_portal.lib.free_text import PlainForm
from units.forms.records import plain_helper

#: What of a unit being typed is looked up again when the request is sent.
TYPED = ("name", "kind", "tax_code", "school_code", "head_phone", "contact_phone", "address", "jurisdiction")


class TransferSendForm(PlainForm):
    """To which area, and why."""

    to_area = AreaField(label="Chuyển về địa bàn")
    request_reason = forms.CharField(
        label="Lý do đề nghị",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ví dụ: đơn vị đã chuyển trụ sở về đây từ tháng 9, có quyết định số…",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_area"].narrow(user)
        self.helper = plain_helper()


class AcceptForm(PlainForm):
    """From which day the unit goes over."""

    effective_on = forms.DateField(label="Chuyển từ ngày", initial=today)
    note = forms.CharField(label="Ghi chú", max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class RefuseForm(PlainForm):
    """Why the unit stays; the asking office reads it."""

    reason = forms.CharField(
        label="Vì sao không đồng ý",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nơi đề nghị đọc được nội dung này: không ghi thông tin của đơn vị.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
