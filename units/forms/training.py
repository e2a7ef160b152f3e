"""Forms of courses and certificates."""

import uuid

from crispy_forms.layout import Fieldset
from django import forms
from django.urls import reverse_lazy

from movement_portal.audit.forms import VersionedModelForm
from movement_portal.jurisdictions.enums import COMMUNE_KINDS
from movement_portal.jurisdictions.fields import AreaField
from movement_portal.lib.dates import today
from movement_portal.lib.free_text import PlainForm
from units.enums import TrainingResult
from units.forms.fields import SuggestingInput, contents_field
from units.forms.teams import columns, fields_only, refuse_end_before_start
from units.models import TrainingCertificate, TrainingCourse
from units.models.training import ENDS_BEFORE_BEGIN

OFFICE_HELP = "Gõ rồi chọn trong gợi ý, hoặc ghi tên cơ quan khác."


def office_input():
    """A text box that suggests police offices and takes any other name as well."""
    return SuggestingInput(reverse_lazy("forces:office_options"))


class TrainingCourseForm(VersionedModelForm):
    contents = contents_field()
    jurisdiction = AreaField(label="Địa bàn tổ chức")

    class Meta:
        model = TrainingCourse
        fields = ("name", "organiser", "jurisdiction", "started_on", "ended_on", "place", "contents")
        widgets = {"organiser": office_input()}

    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"].narrow(user)
        self.fields["organiser"].help_text = OFFICE_HELP
        start = []
        if self.instance.pk:
            del self.fields["submission_key"]
        else:
            start = ["submission_key"]
            self.initial.setdefault("submission_key", uuid.uuid4())
            self.initial.setdefault("name", "Lớp huấn luyện nghiệp vụ bảo vệ")
            self.initial.setdefault("jurisdiction", user.jurisdiction)
            if user.office and user.jurisdiction.kind not in COMMUNE_KINDS:
                self.initial.setdefault("organiser", str(user.office))
        self.helper = fields_only(
            Fieldset("Lớp", *start, "name", columns("organiser", "jurisdiction")),
            Fieldset("Thời gian, địa điểm", columns("started_on", "ended_on"), "place"),
            Fieldset("Nội dung", "contents"),
        )

    def clean(self):
        cleaned = super().clean()
        refuse_end_before_start(self, cleaned, first="started_on", last="ended_on", message=ENDS_BEFORE_BEGIN)
        if not self.instance.pk:
            self.instance.submission_key = cleaned.get("submission_key")
        return cleaned


class TrainingCertificateForm(VersionedModelForm):
    class Meta:
        model = TrainingCertificate
        fields = ("number", "issuer", "issued_on", "expires_on", "withdrawn_on")
        widgets = {"issuer": office_input()}

    def __init__(self, *args, guard, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.guard = guard
        self.fields["expires_on"].required = False
        self.fields["issuer"].help_text = OFFICE_HELP
        self.helper = fields_only(columns("number", "issuer"), columns("issued_on", "expires_on", "withdrawn_on"))

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"guard"}


class PasteForm(forms.Form):
    """Names to put into a course."""

    names = forms.CharField(
        label="Dán tên",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Mỗi dòng một người, chép từ Word, Excel: họ tên; sau đó có thể là ngày sinh, năm sinh, đơn vị.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields_only("names")


class IssueForm(PlainForm):
    """Certificates for everybody who passed."""

    past_fields = ("issued_on",)

    issuer = forms.CharField(label="Cơ quan cấp", max_length=200, widget=office_input(), help_text=OFFICE_HELP)
    issued_on = forms.DateField(label="Ngày cấp", initial=today)
    first_number = forms.IntegerField(label="Số đầu tiên", min_value=1, initial=1)
    pattern = forms.CharField(
        label="Mẫu số", max_length=40, initial="#/GCN-HLBV", help_text="Dấu # thay cho số chạy liên tiếp."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields_only(columns("issuer", "issued_on"), columns("first_number", "pattern"))

    def clean_pattern(self):
        pattern = self.cleaned_data["pattern"]
        if "#" not in pattern:
            raise forms.ValidationError("Mẫu phải có dấu # ở chỗ của số.", code="pattern")
        return pattern


class ResultForm(forms.Form):
    """One result for the guards ticked."""

    result = forms.ChoiceField(choices=TrainingResult.choices)
