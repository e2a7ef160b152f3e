"""Forms of inspections, incidents and ratings of parts."""

from crispy_forms.layout import Fieldset
from django import forms

from movement_portal.audit.forms import VersionedModelForm
from movement_portal.lib.dates import today
from units.enums import IncidentConclusion
from units.forms.duties import DutyForm
from units.forms.teams import columns, fields_only
from units.models import Incident, Inspection, PartRating
from units.person_words import NO_NUMBERS, names_in, numbers_in

YES_NO = (("", "chưa rõ"), ("true", "có"), ("false", "không"))


def answer_field(label: str, help_text: str = ""):
    """A question that may stay open: yes, no, not known."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        required=False,
        empty_value=None,
        coerce=lambda value: {"true": True, "false": False}.get(str(value).lower()),
        help_text=help_text,
    )


class InspectionForm(DutyForm):
    class Meta:
        model = Inspection
        fields = ("inspected_on", "team", "content", "findings", "deadline", "fixed_on", "fix_note")
        widgets = {"findings": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("inspected_on", today())
        self.fields["deadline"].help_text = "Để trống khi không có kiến nghị phải khắc phục."
        self.helper = fields_only(
            Fieldset("Lần kiểm tra", *self.start, columns("inspected_on", "team"), "content", "findings"),
            Fieldset("Khắc phục", columns("deadline", "fixed_on"), "fix_note"),
        )


class FixForm(VersionedModelForm):
    """That the findings of an inspection are put right."""

    class Meta:
        model = Inspection
        fields = ("fixed_on", "fix_note")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fixed_on"].required = True
        self.initial["fixed_on"] = self.initial.get("fixed_on") or today()
        self.helper = fields_only(columns("fixed_on", "fix_note"))

    def _get_validation_exclusions(self):
        # The day of the visit is not on the form, yet “not before the visit” is about it.
        return super()._get_validation_exclusions() - {"inspected_on"}


class IncidentForm(DutyForm):
    """An incident as counts; a text with a number of identity papers is refused, one with a name is asked about."""

    is_force_majeure = answer_field("Do bất khả kháng", "Chỉ loại trừ ở điểm 3đ, 3g.")
    found_in_time = answer_field("Phát hiện kịp thời, hạn chế thiệt hại và báo cáo", "Chỉ loại trừ ở điểm 3đ.")
    names_nobody = forms.BooleanField(label="Tóm tắt không có tên người nào", required=False)

    class Meta:
        model = Incident
        fields = (
            "occurred_on",
            "kind",
            "incident_count",
            "is_force_majeure",
            "found_in_time",
            "reported_on",
            "conclusion",
            "concluded_on",
            "summary",
        )
        localized_fields = ("incident_count",)
        widgets = {"summary": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("is_force_majeure", "found_in_time"):
            value = getattr(self.instance, name)
            self.initial[name] = "" if value is None else str(value).lower()
        # Asked only of a text that reads as if it named somebody.
        is_asked = self.is_bound and bool(names_in(self.data.get("summary", "")))
        if not is_asked:
            del self.fields["names_nobody"]
        self.helper = fields_only(
            Fieldset("Vụ việc", *self.start, columns("occurred_on", "incident_count"), "kind"),
            Fieldset("Xử lý", columns("is_force_majeure", "found_in_time", "reported_on")),
            Fieldset("Kết luận", columns("conclusion", "concluded_on")),
            Fieldset("Tóm tắt", "summary", *(["names_nobody"] if is_asked else [])),
        )

    def clean_summary(self):
        summary = self.cleaned_data["summary"]
        if numbers_in(summary):
            raise forms.ValidationError(NO_NUMBERS, code="number")
        return summary

    def clean(self):
        cleaned = super().clean()
        names = names_in(cleaned.get("summary", ""))
        if names and not cleaned.get("names_nobody"):
            said = "”, “".join(names)
            self.add_error(
                "summary", f"Có thể là tên người: “{said}”. Bỏ tên đi, hoặc đánh dấu nếu đó không phải tên người."
            )
        if cleaned.get("conclusion") == IncidentConclusion.OPEN and cleaned.get("concluded_on"):
            self.add_error("concluded_on", "Chưa kết luận thì không ghi ngày kết luận.")
        return cleaned


class PartRatingForm(DutyForm):
    class Meta:
        model = PartRating
        fields = ("year", "kind", "total_count", "good_count", "disciplined_count")
        localized_fields = ("total_count", "good_count", "disciplined_count")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("year", today().year)
        self.fields["good_count"].label = "Số đầu mối đạt"
        self.fields[
            "good_count"
        ].help_text = "Đạt Tập thể lao động tiên tiến hoặc Hoàn thành tốt nhiệm vụ trở lên (Thông tư 124/2021/TT-BCA)."
        self.helper = fields_only(
            *self.start, columns("year", "kind"), columns("total_count", "good_count", "disciplined_count")
        )
