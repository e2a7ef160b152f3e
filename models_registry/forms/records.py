"""Forms of what is written of a model: members, groups, strength, activities, ratings, recognitions; kinds."""

from django import forms

from models_registry.enums import MemberRole
from models_registry.models import (
    ModelGroup,
    ModelKind,
    ModelLogEntry,
    ModelMember,
    ModelRating,
    ModelRecognition,
    ModelStrength,
)
from movement_portal.audit.forms import VersionedModelForm
from movement_portal.jurisdictions.fields import AreaField
from movement_portal.lib.dates import today
from movement_portal.lib.free_text import PlainForm
from movement_portal.lib.orders import disorder_of
from movement_portal.lib.vietnamese import fold
from units.forms.pasting import UnitsField
from units.forms.teams import columns, fields_only


class JoinForm(PlainForm):
    """Units and one body that join a model."""

    units = UnitsField(label="Đơn vị trong sổ", required=False, help_text="Dán hoặc gõ, mỗi dòng một đơn vị.")
    body = forms.CharField(
        label="Cơ quan, lực lượng khác",
        max_length=200,
        required=False,
        help_text="Ví dụ: Công an phường, Ban quản lý khu phố.",
    )
    jurisdiction = AreaField(label="Địa bàn của cơ quan đó", required=False)
    role = forms.ChoiceField(label="Vai trò", choices=MemberRole.choices)
    valid_from = forms.DateField(label="Tham gia từ ngày", required=False)

    def __init__(self, *args, user, model, **kwargs):
        super().__init__(*args, **kwargs)
        self.model = model
        self.fields["units"].narrow(user)
        self.fields["jurisdiction"].narrow(user)
        self.helper = fields_only("units", columns("body", "jurisdiction"), columns("role", "valid_from"))

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if cleaned["body"] and not cleaned["jurisdiction"]:
            self.add_error("jurisdiction", "Chọn địa bàn của cơ quan.")
        if cleaned["jurisdiction"] and not cleaned["body"]:
            self.add_error("body", "Ghi tên cơ quan, lực lượng.")
        for name, message in disorder_of(ModelMember(model=self.model, valid_from=cleaned["valid_from"]), ()):
            self.add_error(name, message)
        if not cleaned["units"] and not cleaned["body"]:
            raise forms.ValidationError("Chọn ít nhất một đơn vị hoặc một cơ quan.", code="nobody")
        return cleaned


class ModelRecordForm(VersionedModelForm):
    """A row of one model."""

    def __init__(self, *args, model, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.model = model
        self.user = user
        self.prepare()
        self.helper = fields_only(columns(*(name for name in self.fields if name != "version")))

    def prepare(self):
        """Set first values and narrow choices."""

    def _get_validation_exclusions(self):
        # The model is not on the form, yet “once a year” is about it.
        return super()._get_validation_exclusions() - {"model"}


class ModelMemberForm(ModelRecordForm):
    """A member that is there already: a unit stays the one it is, a body may be put right."""

    jurisdiction = AreaField(label="Địa bàn")

    class Meta:
        model = ModelMember
        fields = ("body", "jurisdiction", "role", "valid_from", "valid_to")

    def prepare(self):
        if self.instance.unit_id:
            del self.fields["body"], self.fields["jurisdiction"]
            return
        self.fields["body"].required = True
        self.fields["jurisdiction"].narrow(self.user)

    def _get_validation_exclusions(self):
        # One open membership of a unit: that is about the unit, which is not on the form.
        return super()._get_validation_exclusions() - {"unit"}


class ModelGroupForm(ModelRecordForm):
    class Meta:
        model = ModelGroup
        fields = ("name", "head_name", "head_phone", "member_count", "valid_from", "valid_to")
        localized_fields = ("member_count",)


class ModelStrengthForm(ModelRecordForm):
    class Meta:
        model = ModelStrength
        fields = ("counted_on", "group_count", "member_count", "camera_count")
        localized_fields = ("group_count", "member_count", "camera_count")

    def prepare(self):
        self.initial.setdefault("counted_on", today())


class ModelLogEntryForm(ModelRecordForm):
    class Meta:
        model = ModelLogEntry
        fields = ("held_on", "content", "participation_count", "approximation", "note")
        localized_fields = ("participation_count",)
        widgets = {"content": forms.Textarea(attrs={"rows": 3})}

    def prepare(self):
        self.initial.setdefault("held_on", today())
        self.fields["participation_count"].help_text = "Lượt người của buổi này; không phải số người."

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields_only(columns("held_on", "participation_count", "approximation"), "content", "note")


class ModelRatingForm(ModelRecordForm):
    class Meta:
        model = ModelRating
        fields = ("year", "grade", "remark")

    def prepare(self):
        self.initial.setdefault("year", today().year)


class ModelRecognitionForm(ModelRecordForm):
    class Meta:
        model = ModelRecognition
        fields = ("level", "decision_number", "decision_on", "issuer")


class ModelKindForm(VersionedModelForm):
    """A kind of the catalogue."""

    class Meta:
        model = ModelKind
        fields = (
            "name",
            "other_names",
            "place",
            "theme",
            "is_self_prevention",
            "is_self_management",
            "is_self_protection",
            "is_self_reconciliation",
            "legal_document",
            "note",
            "is_in_use",
        )
        widgets = {"other_names": forms.Textarea(attrs={"rows": 2}), "note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = fields_only(
            columns("name", "other_names"),
            columns("theme", "place"),
            columns("is_self_prevention", "is_self_management", "is_self_protection", "is_self_reconciliation"),
            "legal_document",
            "note",
            "is_in_use",
        )

    def clean_name(self):
        # The folded name is derived, yet “this kind is there already” is about it.
        name = self.cleaned_data["name"]
        if ModelKind.objects.exclude(pk=self.instance.pk).filter(name_folded=fold(name)).exists():
            raise forms.ValidationError("Loại mô hình này đã có.", code="taken")
        return name
