"""Forms of commitments: one unit, and many units at once."""

from crispy_forms.layout import Fieldset
from django import forms

from movement_portal.audit.forms import VersionedModelForm
from movement_portal.lib.dates import FIRST_YEAR, LAST_YEAR, today
from movement_portal.lib.free_text import PlainForm
from movement_portal.lib.vietnamese import nfc
from units.commitments import kept_commitments
from units.enums import Approximation, CommitmentKind
from units.forms.documents import DocumentField
from units.forms.pasting import UnitsField
from units.forms.teams import OfUnit, columns, fields_only
from units.models import Commitment, Unit

#: How exact a number is, to choose from; most are.
EXACTNESS = [("", "đúng số"), *Approximation.choices]
MORE_THAN_ALL = "Số người ký không được nhiều hơn tổng số người."


class DutyForm(OfUnit, VersionedModelForm):
    """A record of one unit: a new one asks which, an old one stays where it is."""

    def __init__(self, *args, user, unit=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_unit(user, unit)
        self.start = [name for name in ("unit_code", "submission_key") if name in self.fields]

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - self.known({"unit"})

    def _post_clean(self):
        self.take_unit()
        super()._post_clean()


class Scanned(forms.Form):
    """The scan of a paper: chosen anew, or taken away; the page around links to the one that is kept."""

    scan_removed = forms.BooleanField(label="Bỏ bản quét đang lưu", required=False)

    def ask_scan(self) -> list[str]:
        """Prepare the fields and answer those that the form shows."""
        if self.instance.scan:
            self.fields["scan"].help_text = "Đã có bản quét. Chọn tệp mới để thay; PDF, ảnh hoặc Word, tối đa 20 MB."
            return ["scan", "scan_removed"]
        self.fields["scan"].help_text = "PDF, ảnh hoặc Word, tối đa 20 MB."
        del self.fields["scan_removed"]
        return ["scan"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("scan_removed") and "scan" not in self.files:
            cleaned["scan"] = False
        return cleaned


def refuse_year(form: forms.Form, cleaned) -> None:
    """A commitment is of a year up to the next one; signed in that year or one beside it (early, or late)."""
    year, signed_on = cleaned.get("year"), cleaned.get("signed_on")
    if year is None:
        return
    if year > today().year + 1:
        form.add_error("year", f"Năm {year} còn xa: chỉ ghi đến năm {today().year + 1}.")
    elif signed_on and abs(signed_on.year - year) > 1:
        form.add_error("signed_on", f"Ngày ký {signed_on:%d/%m/%Y} không hợp với năm {year}: xem lại năm hoặc ngày.")


class CommitmentForm(Scanned, DutyForm):
    legal_document = DocumentField(required=False)

    class Meta:
        model = Commitment
        fields = (
            "year", "kind", "content", "legal_document", "signed_on", "approximation", "signed_count", "total_count",
            "scan",
        )  # fmt: skip
        localized_fields = ("signed_count", "total_count")
        widgets = {"scan": forms.FileInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("year", today().year)
        self.initial.setdefault("kind", CommitmentKind.COMMITMENT)
        self.fields["approximation"].choices = EXACTNESS
        self.helper = fields_only(
            Fieldset("Cam kết", *self.start, columns("year", "kind", "signed_on"), "content", "legal_document"),
            Fieldset("Số người", columns("approximation", "signed_count", "total_count")),
            Fieldset("Bản quét", *self.ask_scan()),
        )

    def clean(self):
        cleaned = super().clean()
        refuse_year(self, cleaned)
        unit = cleaned.get("unit_code") or (self.instance.unit if self.instance.unit_id else None)
        if unit and not {"year", "kind", "content"} & self.errors.keys():
            kept = kept_commitments([unit], **{name: cleaned[name] for name in ("year", "kind", "content")})
            if unit.pk in kept and kept[unit.pk].pk != self.instance.pk:
                self.add_error("content", "Đơn vị đã ghi cam kết này trong năm.")
        return cleaned


class ManyCommitmentsForm(PlainForm):
    """What the commitments of many units have in common, and which units."""

    past_fields = ("signed_on",)

    year = forms.IntegerField(label="Năm", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    kind = forms.ChoiceField(label="Hình thức", choices=CommitmentKind.choices)
    signed_on = forms.DateField(label="Ngày ký", required=False, help_text="Để trống khi mỗi nơi ký một ngày.")
    content = forms.CharField(label="Nội dung", max_length=200, required=False)
    legal_document = DocumentField(required=False)
    units = UnitsField(
        label="Các đơn vị",
        help_text="Dán danh sách từ Word, Excel hay tin nhắn; bước sau ghi số người của từng đơn vị.",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].narrow(user, Unit.objects.open())
        self.initial.setdefault("year", today().year)
        self.initial.setdefault("kind", CommitmentKind.COMMITMENT)
        self.helper = fields_only(columns("year", "kind", "signed_on"), columns("content", "legal_document"), "units")

    def clean_content(self):
        return nfc(self.cleaned_data["content"])

    def clean(self):
        cleaned = super().clean()
        refuse_year(self, cleaned)
        return cleaned


class FiguresForm(forms.Form):
    """The figures of one unit among many; ``kept`` is the commitment it has already, if any."""

    signed_count = forms.IntegerField(label="Số người ký", required=False, min_value=0, localize=True)
    total_count = forms.IntegerField(label="Tổng số người", required=False, min_value=1, localize=True)
    approximation = forms.ChoiceField(label="Mức chính xác", required=False, choices=EXACTNESS)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, unit, kept=None, staff_count=None, takes_all=False, **kwargs):
        self.unit, self.kept, self.staff_count, self.takes_all = unit, kept, staff_count, takes_all
        if kept is not None:
            names = ("signed_count", "total_count", "approximation", "version")
            initial = {name: getattr(kept, name) for name in names}
        else:
            # A unit without people has nobody to sign: how many there are is asked for.
            initial = {"total_count": staff_count or None}
        super().__init__(*args, prefix=str(unit.pk), initial=initial, **kwargs)
        for name in ("signed_count", "total_count", "approximation"):
            css = "form-select" if name == "approximation" else "form-control number"
            wrong = " is-invalid" if self.is_bound and self[name].errors else ""
            self.fields[name].widget.attrs |= {"class": css + wrong, "aria-label": f"{self[name].label}: {unit.name}"}

    def clean(self):
        cleaned = super().clean()
        signed, total = cleaned.get("signed_count"), cleaned.get("total_count")
        if signed is None and self.takes_all and "signed_count" not in self.errors:
            signed = cleaned["signed_count"] = total
        if signed is not None and total is not None and signed > total:
            self.add_error("signed_count", MORE_THAN_ALL)
        if cleaned.get("approximation") and signed is None:
            self.add_error("approximation", "Chưa ghi số người ký thì không ghi mức chính xác.")
        if self.kept is not None and cleaned.get("version") != self.kept.version:
            self.add_error(None, "Số của đơn vị này vừa được người khác sửa. Xem lại rồi lưu.")
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(self.kept.version)
        return cleaned
