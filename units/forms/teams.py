"""Forms of security teams, their strength and their years."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms

from movement_portal.audit.forms import VersionedModelForm
from movement_portal.lib.dates import today
from units.enums import TeamKind
from units.forms.fields import UnitField
from units.models import SecurityTeam, TeamReview, TeamStrength, Unit
from units.models.teams import ENDS_BEFORE_SET_UP


def columns(*names):
    """Fields beside one another where there is room."""
    return Div(*(Div(name, css_class="col-md") for name in names), css_class="row")


def fields_only(*parts):
    """A helper for a form whose tag and buttons stand in the page."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*parts)
    return helper


def refuse_end_before_start(form, cleaned, *, first, last, message):
    """Say it at the last day, where the constraint would say it of the whole form."""
    begun, ended = cleaned.get(first), cleaned.get(last)
    if begun and ended and ended < begun:
        form.add_error(last, message)


class OfUnit(forms.Form):
    """A new record asks which unit it belongs to; an old one stays where it is."""

    unit_code = UnitField(label="Đơn vị", help_text="Gõ tên, mã hoặc mã số thuế rồi chọn.")
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def ask_unit(self, user, unit=None):
        """Take units within the officer's reach, at first the one given."""
        if self.instance.pk:
            del self.fields["unit_code"], self.fields["submission_key"]
            return
        # It stands first on the page, and so do its errors.
        self.order_fields(["unit_code"])
        self.fields["unit_code"].narrow(Unit.objects.visible_to(user).open())
        if unit is not None:
            self.initial["unit_code"] = unit
        if "submission_key" in {column.name for column in self._meta.model._meta.concrete_fields}:
            self.initial.setdefault("submission_key", uuid.uuid4())
        else:
            del self.fields["submission_key"]

    def known(self, names):
        """Columns beside the form's own that the constraints are about; none while the unit is not known."""
        return names if self.instance.unit_id else set()

    def take_unit(self):
        """Put the unit chosen into the record; called before the model is checked."""
        if unit := self.cleaned_data.get("unit_code"):
            self.instance.unit = unit
        if key := self.cleaned_data.get("submission_key"):
            self.instance.submission_key = key


class SecurityTeamForm(OfUnit, VersionedModelForm):
    class Meta:
        model = SecurityTeam
        fields = (
            "kind",
            "form",
            "name",
            "decision_number",
            "decision_on",
            "established_on",
            "ended_on",
            "leader_name",
            "leader_phone",
            "company_name",
            "hired_ground",
            "tool_count",
            "tool_licence_number",
            "tool_licence_on",
        )
        localized_fields = ("tool_count",)

    headcount = forms.IntegerField(
        label="Quân số hiện nay", required=False, min_value=0, help_text="Số người; ghi thành quân số của hôm nay."
    )

    def __init__(self, *args, user, unit=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_unit(user, unit)
        if self.instance.pk:
            del self.fields["headcount"]
        else:
            self.initial.setdefault("name", "Tổ bảo vệ")
        start = [] if self.instance.pk else ["unit_code"]
        count = [] if self.instance.pk else ["headcount"]
        self.helper = fields_only(
            Fieldset("Lực lượng", *start, columns("kind", "form"), "name", *count),
            Fieldset("Thành lập", columns("decision_number", "decision_on"), columns("established_on", "ended_on")),
            Fieldset("Người phụ trách", columns("leader_name", "leader_phone")),
            Fieldset(
                "Thuê dịch vụ bảo vệ",
                HTML('<p class="text-secondary">Chỉ ghi công ty và số người, không ghi danh sách nhân viên.</p>'),
                columns("company_name", "hired_ground"),
            ),
            Fieldset("Công cụ hỗ trợ", columns("tool_count", "tool_licence_number", "tool_licence_on")),
        )

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - self.known({"unit"})

    def clean(self):
        cleaned = super().clean()
        hired = cleaned.get("kind") == TeamKind.HIRED
        if hired and not cleaned.get("company_name"):
            self.add_error("company_name", "Thuê dịch vụ phải ghi tên công ty.")
        refuse_end_before_start(self, cleaned, first="established_on", last="ended_on", message=ENDS_BEFORE_SET_UP)
        if cleaned.get("kind") and not hired:
            # Typed by mistake under the wrong kind, it would say what is not so.
            cleaned["company_name"] = cleaned["hired_ground"] = ""
        return cleaned

    def _post_clean(self):
        self.take_unit()
        super()._post_clean()

    def _save_m2m(self):
        super()._save_m2m()
        if self.cleaned_data.get("headcount") is not None:
            TeamStrength.objects.create(
                team=self.instance, counted_on=today(), headcount=self.cleaned_data["headcount"]
            )


class TeamRecordForm(VersionedModelForm):
    """A row of one team."""

    def __init__(self, *args, team, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.team = team
        self.helper = fields_only(columns(*(name for name in self.fields if name != "version")))

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"team"}


class TeamStrengthForm(TeamRecordForm):
    class Meta:
        model = TeamStrength
        fields = ("counted_on", "event", "headcount")
        localized_fields = ("headcount",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("counted_on", today())


class TeamReviewForm(TeamRecordForm):
    class Meta:
        model = TeamReview
        fields = ("year", "rating", "reprimand_count", "warning_count")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("year", today().year)
