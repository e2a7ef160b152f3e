"""The form of one unit: only the fields of its kind, grouped as the paper form is."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Field, Fieldset, Layout, Row
from django import forms

from movement_portal.audit.forms import VersionedModelForm
from movement_portal.jurisdictions.fields import AreaField
from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.phones import display_phones, normal_phones
from units.codes import normal_tax_code, parent_tax_code
from units.enums import GroupingKind, UnitKind, UnitSubkind, subkinds_of
from units.forms.fields import GroupingField, UnitField
from units.models import Unit

SIZE_FIELDS = ("size_year", "size_staff_count", "size_revenue_amount", "size_capital_amount")

SCHOOLS = frozenset({UnitKind.SCHOOL})
ENTERPRISES = frozenset({UnitKind.ENTERPRISE})
PUBLIC_BODIES = frozenset({UnitKind.AGENCY, UnitKind.SCHOOL})

#: Fields that only units of some kinds have.
KIND_FIELDS = {
    "school_level": SCHOOLS,
    "school_code": SCHOOLS,
    "enterprise_size": ENTERPRISES,
    "business_sector": ENTERPRISES,
    "business_line": ENTERPRISES,
    **dict.fromkeys(SIZE_FIELDS, ENTERPRISES),
    "industrial_park": ENTERPRISES,
    "governing_body": PUBLIC_BODIES,
    "is_state_budget": PUBLIC_BODIES,
}

GROUPING_FIELDS = ("sector", "industrial_park", "governing_body")
PHONE_FIELDS = ("head_phone", "contact_phone")

YES_NO = [("unknown", "Chưa rõ"), ("true", "Có"), ("false", "Không")]


def yes_no_field(label):
    field = forms.NullBooleanField(label=label, required=False)
    field.widget.choices = YES_NO
    return field


class UnitForm(VersionedModelForm):
    """Create or edit a unit of one kind; the officer sees and chooses only what is within their reach."""

    tax_code = forms.CharField(
        label="Mã số thuế", required=False, max_length=30, help_text="10 chữ số; chi nhánh thêm “-001”."
    )
    parent = UnitField(label="Đơn vị cấp trên", required=False, help_text="Gõ tên, mã hoặc mã số thuế rồi chọn.")
    jurisdiction = AreaField(label="Địa bàn")
    sector = GroupingField(GroupingKind.SECTOR, label="Ngành, lĩnh vực", required=False)
    industrial_park = GroupingField(GroupingKind.INDUSTRIAL_PARK, label="Khu, cụm công nghiệp", required=False)
    governing_body = GroupingField(GroupingKind.GOVERNING_BODY, label="Cơ quan chủ quản", required=False)
    is_state_budget = yes_no_field("Hưởng ngân sách nhà nước")
    has_party_organisation = yes_no_field("Có tổ chức Đảng")
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    is_another = forms.BooleanField(label="Đây là đơn vị khác, vẫn thêm vào sổ", required=False)

    class Meta:
        model = Unit
        fields = (
            "name",
            "other_names",
            "subkind",
            "school_level",
            "school_code",
            "tax_code",
            "governing_body",
            "sector",
            "is_state_budget",
            "is_armed_force",
            "has_party_organisation",
            "enterprise_size",
            "business_sector",
            "business_line",
            *SIZE_FIELDS,
            "industrial_park",
            "parent",
            "jurisdiction",
            "address",
            "head_name",
            "head_title",
            "head_phone",
            "contact_name",
            "contact_title",
            "contact_phone",
            "note",
        )
        localized_fields = SIZE_FIELDS[1:]
        widgets = {
            "other_names": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, kind, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.user = UnitKind(kind), user
        #: The unit goes over to another kind: what only the old one has goes.
        self.is_other_kind = bool(self.instance.pk) and self.instance.kind != self.kind
        self.instance.kind = self.kind.value
        for name, kinds in KIND_FIELDS.items():
            if self.kind not in kinds:
                del self.fields[name]
        self.fields["subkind"].choices = [("", "Chưa rõ"), *_labels(UnitSubkind, subkinds_of(self.kind))]
        for name in ("school_level", "enterprise_size", "business_sector"):
            if name in self.fields:
                choices = self._meta.model._meta.get_field(name).choices
                self.fields[name].choices = [("", "Chưa rõ"), *choices]
        self.fields["parent"].narrow(Unit.objects.visible_to(user).exclude(pk=self.instance.pk))
        for name in GROUPING_FIELDS:
            if name in self.fields:
                self.fields[name].narrow(user)
        self._narrow_area(user)
        for name in PHONE_FIELDS:
            self.fields[name].help_text = "Nhiều số cách nhau bằng dấu “;”."
            self.initial[name] = display_phones(self.initial.get(name) or "")
        if self.instance.pk:
            del self.fields["submission_key"], self.fields["is_another"]
        else:
            self.initial.setdefault("submission_key", uuid.uuid4())
        self.helper = self._helper_of()

    def _narrow_area(self, user):
        field = self.fields["jurisdiction"].narrow(user)
        if self.instance.pk:
            # An area that has ended since stays on the form until the unit is given its successor.
            field.queryset |= Jurisdiction.objects.visible_to(user).filter(pk=self.instance.jurisdiction_id)
            field.help_text = "Sửa ở đây khi địa bàn ghi sai; đơn vị chuyển trụ sở thì dùng “Chuyển địa bàn”."

    def _helper_of(self):
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            _group("Đơn vị", self, ["name"], ["subkind", "school_level", "tax_code", "school_code"], ["other_names"]),
            _group(
                "Quy mô",
                self,
                ["enterprise_size", "business_sector"],
                ["business_line"],
                ["size_year", "size_staff_count"],
                ["size_revenue_amount", "size_capital_amount"],
            ),
            _group(
                "Tính chất và trực thuộc",
                self,
                ["is_state_budget", "has_party_organisation"],
                ["governing_body", "sector", "industrial_park"],
                ["parent"],
                ["is_armed_force"],
            ),
            _group("Địa bàn, địa chỉ", self, ["jurisdiction", "address"]),
            _group("Người đứng đầu", self, ["head_name", "head_title", "head_phone"]),
            _group("Đầu mối liên hệ", self, ["contact_name", "contact_title", "contact_phone"]),
            _group("Ghi chú", self, ["note"]),
        )
        if "submission_key" in self.fields:
            helper.layout.fields.append(Field("submission_key"))
        return helper

    def clean_tax_code(self):
        text = self.cleaned_data["tax_code"].strip()
        if not text:
            return ""
        try:
            return normal_tax_code(text)
        except ValueError as error:
            raise forms.ValidationError(str(error), code="tax_code") from error

    def clean_school_code(self):
        return self.cleaned_data["school_code"].strip()

    def clean_head_phone(self):
        return self._clean_phones("head_phone")

    def clean_contact_phone(self):
        return self._clean_phones("contact_phone")

    def _clean_phones(self, name):
        try:
            return normal_phones(self.cleaned_data[name])
        except ValueError as error:
            raise forms.ValidationError(f"“{error}” không phải là số điện thoại.", code="phone") from error

    def clean(self):
        cleaned = super().clean()
        parent = cleaned.get("parent")
        if parent and self.instance.pk and _is_above(self.instance, parent):
            self.add_error("parent", "Đơn vị này đang là cấp trên của đơn vị vừa chọn.")
        company = parent_tax_code(cleaned.get("tax_code") or "")
        if company and not parent:
            cleaned["parent"] = Unit.objects.visible_to(self.user).filter(tax_code=company).first()
        return cleaned

    def _post_clean(self):
        # A name that is not in the catalogue yet is saved with the unit, once everything else is right.
        new = {
            name: self.cleaned_data[name]
            for name in GROUPING_FIELDS
            if self.cleaned_data.get(name) and self.cleaned_data[name].pk is None
        }
        for name in new:
            self.cleaned_data[name] = None
        super()._post_clean()
        self.new_groupings = new
        self.cleaned_data.update(new)

    def save(self, commit=True):
        for name, kinds in KIND_FIELDS.items():
            if self.is_other_kind and self.kind not in kinds:
                setattr(self.instance, name, Unit._meta.get_field(name).get_default())
        for name, grouping in self.new_groupings.items():
            grouping.save()
            setattr(self.instance, name, grouping)
        if self.instance.pk and "jurisdiction" in self.changed_data:
            self.instance.area_needs_review = False
        if not self.instance.pk:
            self.instance.submission_key = self.cleaned_data.get("submission_key")
        return super().save(commit)


def _labels(choices, values):
    return [(value, choices(value).label) for value in values]


def _is_above(unit, other):
    """Whether the unit stands somewhere above the other."""
    seen = set()
    while other is not None and other.pk not in seen:
        if other.pk == unit.pk:
            return True
        seen.add(other.pk)
        other = other.parent
    return False


def _group(legend, form, *lines):
    """A group of the paper form: each line its fields side by side, those that the kind lacks left out."""
    rows = []
    for line in lines:
        names = [name for name in line if name in form.fields]
        if names:
            rows.append(Row(*[Column(name, css_class="col-md") for name in names], css_class="g-3"))
    return Fieldset(legend, *rows) if rows else HTML("")
