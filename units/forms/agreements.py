"""Forms of agreements of coordination and of who signed them."""

import uuid

from crispy_forms.layout import Fieldset
from django import forms

from movement_portal.audit.forms import VersionedModelForm
from movement_portal.jurisdictions.fields import AreaField
from movement_portal.lib.dates import today
from movement_portal.lib.free_text import PlainForm
from movement_portal.lib.vietnamese import fold, nfc
from units.agreements import BODY_LENGTH, NOBODY
from units.forms.duties import Scanned
from units.forms.pasting import UnitsField
from units.forms.teams import columns, fields_only
from units.forms.training import OFFICE_HELP, office_input
from units.models import CoordinationAgreement


class Parties(PlainForm):
    """Who signs with the police: units of the register, an area, other bodies."""

    units = UnitsField(label="Đơn vị trong sổ", required=False, help_text="Dán danh sách tên hoặc mã đơn vị.")
    area = AreaField(
        label="Địa bàn",
        required=False,
        help_text="Xã, phường cùng ký (Công an hoặc Ủy ban nhân dân nơi đó sẽ thấy văn bản).",
    )
    bodies = forms.CharField(
        label="Cơ quan khác",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một cơ quan không có trong sổ.",
    )

    def ask_parties(self, user):
        """Take units and areas within the officer's reach."""
        self.fields["units"].narrow(user)
        self.fields["area"].narrow(user)

    def need_one(self):
        """Refuse where nobody is named and nothing else is wrong with those named."""
        names = ("units", "area", "bodies")
        if not any(self.cleaned_data.get(name) for name in names) and not any(name in self.errors for name in names):
            self.add_error(None, forms.ValidationError(NOBODY, code="nobody"))

    def clean_bodies(self):
        bodies = [nfc(line).strip() for line in self.cleaned_data["bodies"].splitlines() if line.strip()]
        if any(len(body) > BODY_LENGTH for body in bodies):
            raise forms.ValidationError(f"Tên cơ quan dài quá {BODY_LENGTH} chữ.", code="length")
        return list(dict.fromkeys(bodies))


class PartiesForm(Parties):
    """Further parties of an agreement."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_parties(user)
        self.helper = fields_only("units", "area", "bodies")

    def clean(self):
        cleaned = super().clean()
        self.need_one()
        return cleaned


class AgreementForm(Scanned, Parties, VersionedModelForm):
    jurisdiction = AreaField(label="Địa bàn quản lý văn bản")
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = CoordinationAgreement
        fields = (
            "kind",
            "number",
            "title",
            "signed_on",
            "valid_from",
            "valid_to",
            "police_body",
            "jurisdiction",
            "note",
            "scan",
        )
        widgets = {
            "scan": forms.FileInput,
            "police_body": office_input(),
            "note": forms.Textarea(attrs={"rows": 2}),
            "title": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["jurisdiction"].narrow(user)
        self.fields["police_body"].help_text = OFFICE_HELP
        self.fields["valid_to"].help_text = "Để trống khi văn bản không ghi thời hạn."
        start, parties = [], []
        if self.instance.pk:
            # Parties come and go on the agreement's page.
            for name in ("submission_key", "units", "area", "bodies"):
                del self.fields[name]
        else:
            self.ask_parties(user)
            start = ["submission_key"]
            parties = [Fieldset("Ký với", "units", columns("area", "bodies"))]
            self.initial.setdefault("submission_key", uuid.uuid4())
            self.initial.setdefault("signed_on", today())
            self.initial.setdefault("jurisdiction", user.jurisdiction)
            if user.office:
                self.initial.setdefault("police_body", str(user.office))
        self.helper = fields_only(
            Fieldset("Văn bản", *start, columns("kind", "number", "signed_on"), "title"),
            Fieldset("Hiệu lực", columns("valid_from", "valid_to")),
            Fieldset("Cơ quan Công an", columns("police_body", "jurisdiction")),
            *parties,
            Fieldset("Bản quét, ghi chú", *self.ask_scan(), "note"),
        )

    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk:
            self.instance.submission_key = cleaned.get("submission_key")
            self.need_one()
        self._refuse_twin(cleaned)
        return cleaned

    def _refuse_twin(self, cleaned):
        """A number is given once a day in an area."""
        named = {name: cleaned.get(name) for name in ("number", "signed_on", "jurisdiction")}
        if not all(named.values()):
            return
        number = fold(named.pop("number"))
        others = CoordinationAgreement.objects.filter(**named).exclude(pk=self.instance.pk)
        if any(fold(other) == number for other in others.values_list("number", flat=True)):
            self.add_error("number", "Văn bản số này, ký ngày này đã có trong sổ. Mở văn bản ấy để thêm bên ký.")
