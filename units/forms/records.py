"""Small forms of a unit's page: steps, moves, conclusions, headcounts, other codes, groups, areas to be settled."""

from crispy_forms.helper import FormHelper
from django import forms

from movement_portal.audit.forms import VersionedModelForm
from movement_portal.jurisdictions.fields import AreaField
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.dates import today
from movement_portal.lib.free_text import PlainForm
from units.forms.fields import UnitField
from units.models import Grouping, Headcount, Unit, UnitIdentifier
from units.models.units import OPEN_STATUSES


def plain_helper():
    """Fields only: the page around holds the form tag and its buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class StepForm(PlainForm):
    """What is said with a step in the life of a unit."""

    into = UnitField(label="Đơn vị nhận", help_text="Gõ tên, mã hoặc mã số thuế rồi chọn.")
    effective_on = forms.DateField(label="Có hiệu lực từ ngày", initial=today)
    reason = forms.CharField(
        label="Lý do, căn cứ",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Số, ngày quyết định hoặc lý do cụ thể.",
    )

    def __init__(self, *args, step, unit, user, **kwargs):
        super().__init__(*args, **kwargs)
        if step.needs_receiver:
            receivers = Unit.objects.visible_to(user).filter(status__in=OPEN_STATUSES).exclude(pk=unit.pk)
            self.fields["into"].narrow(receivers)
        else:
            del self.fields["into"]
        self.helper = plain_helper()


class RelocateForm(PlainForm):
    """Where a unit goes, from which day, under which paper."""

    jurisdiction = AreaField(label="Địa bàn mới")
    effective_on = forms.DateField(label="Từ ngày", initial=today)
    legal_basis = forms.CharField(
        label="Căn cứ", max_length=200, required=False, help_text="Quyết định, thông báo (nếu có)."
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"].narrow(user)
        self.helper = plain_helper()


class OverrideForm(PlainForm):
    """An officer's own conclusion about whether the unit can be recognised."""

    RULES, ELIGIBLE, NOT_ELIGIBLE = "rules", "eligible", "not_eligible"
    #: What each answer means to the workflow.
    MEANING = {RULES: None, ELIGIBLE: True, NOT_ELIGIBLE: False}

    conclusion = forms.ChoiceField(label="Kết luận", widget=forms.RadioSelect)
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(self.ELIGIBLE, "Thuộc đối tượng"), (self.NOT_ELIGIBLE, "Không thuộc đối tượng")]
        if unit.eligibility_override is not None:
            choices.append((self.RULES, "Bỏ kết luận riêng, theo quy định"))
        self.fields["conclusion"].choices = choices
        self.helper = plain_helper()


class UnitRecordForm(VersionedModelForm):
    """A row of one unit."""

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.unit = unit
        self.helper = plain_helper()

    def _get_validation_exclusions(self):
        # The unit is not on the form, yet “once a year” is about it.
        return super()._get_validation_exclusions() - {"unit"}


class HeadcountForm(UnitRecordForm):
    class Meta:
        model = Headcount
        fields = ("year", "staff_count", "learner_count")
        localized_fields = ("staff_count", "learner_count")

    def __init__(self, *args, has_learners, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_learners:
            del self.fields["learner_count"]
        self.initial.setdefault("year", today().year)


class UnitIdentifierForm(UnitRecordForm):
    class Meta:
        model = UnitIdentifier
        fields = ("scheme", "value")


class GroupingForm(VersionedModelForm):
    class Meta:
        model = Grouping
        fields = ("kind", "name", "code")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def _get_validation_exclusions(self):
        # The folded name is derived, yet “this group is there already” is about it.
        return super()._get_validation_exclusions() - {"search_folded"}

    def clean(self):
        cleaned = super().clean()
        if "name" in cleaned:
            self.instance.name, self.instance.code = cleaned["name"], cleaned.get("code", "")
            self.instance.derive()
        return cleaned


class SettleAreaForm(PlainForm):
    """One area, one of those proposed or another, for the units sent."""

    unit = forms.ModelMultipleChoiceField(Unit.objects.none())
    proposed = forms.ModelChoiceField(Jurisdiction.objects.none(), required=False)
    jurisdiction = AreaField(label="Địa bàn khác", required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.visible_to(user)
        self.fields["proposed"].queryset = self.fields["jurisdiction"].narrow(user).queryset
        self.fields["jurisdiction"].widget.attrs["class"] = "form-control"

    def clean(self):
        cleaned = super().clean()
        cleaned["area"] = cleaned.get("proposed") or cleaned.get("jurisdiction")
        if cleaned["area"] is None and not self.errors:
            raise forms.ValidationError("Chọn một địa bàn.", code="area")
        return cleaned
