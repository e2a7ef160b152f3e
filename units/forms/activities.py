"""The form of an activity: made for speed, and for a new one after an earlier one."""

import uuid

from crispy_forms.layout import Div, Fieldset, LayoutObject
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse_lazy

from movement_portal.audit.forms import VersionedModelForm
from movement_portal.jurisdictions.enums import COMMUNE_KINDS
from movement_portal.jurisdictions.fields import AreaField
from movement_portal.lib.numbers import written
from units.activities import COPIED, add_units, copy_of, set_units, units_of
from units.forms.documents import DocumentField
from units.forms.fields import SuggestingInput
from units.forms.pasting import Pasted, UnitsField
from units.forms.teams import fields_only
from units.models import Activity, ActivityUnit
from units.pasting import LIMIT

#: Units that the box of an edit shows; of more it takes further ones.
IN_BOX = 200
#: The hidden field with the units that an edit began with.
OPENED = "units_opened"
#: Hidden names: the earlier activity, the fields taken from it, those looked at, “all of them”.
SOURCE, TAKEN, SEEN, SEEN_ALL = "chep", "copied", "seen", "seen_all"
UNSEEN = "Chép từ lần trước, chưa xem lại: sửa ô này hoặc đánh dấu “Đã xem”."


class Mark(LayoutObject):
    """Beside a field taken from an earlier activity: that it was, and the tick of having looked at it."""

    def __init__(self, name):
        self.name, self.fields = name, []

    def render(self, form, context, template_pack=None, **kwargs):
        if self.name not in form.taken:
            return ""
        mark = {"name": self.name, "is_seen": self.name in form.seen, "earlier": form.earlier}
        return render_to_string("units/_copied_mark.html", {"mark": mark, "field": form[self.name]})


def place(name, css_class="col-md"):
    """A field with room for its mark."""
    return Div(name, Mark(name), css_class=f"{css_class} copied-place")


def row(*names):
    """Fields beside one another where there is room."""
    return Div(*(place(name) for name in names), css_class="row")


class ActivityForm(VersionedModelForm):
    #: Whether the units typed join those that are there, in place of being all of them.
    only_adds = False

    jurisdiction = AreaField(label="Địa bàn tổ chức")
    programme = DocumentField(label="Chương trình, chỉ thị", required=False)
    units = UnitsField(
        label="Đơn vị tham gia",
        required=False,
        help_text="Dán danh sách từ Word, Excel hay tin nhắn; số thứ tự, điện thoại được bỏ qua.",
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Activity
        fields = (
            "kind",
            "topic",
            "programme",
            "form",
            "held_on",
            "held_to",
            "place",
            "organiser",
            "jurisdiction",
            "partners",
            "session_count",
            "approximation",
            "attendance_count",
            "materials",
            "material_count",
            "unit_count",
            "note",
        )
        localized_fields = ("session_count", "attendance_count", "material_count", "unit_count")
        widgets = {
            name: SuggestingInput(reverse_lazy("activities:activity_options"))
            for name in ("form", "place", "organiser", "materials")
        } | {"partners": forms.Textarea(attrs={"rows": 2}), "note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, user, earlier=None, units=(), **kwargs):
        super().__init__(*args, **kwargs)
        if units:
            self.initial["units"] = Pasted.of(units)
        self.user, self.earlier = user, earlier
        self.taken, self.seen = frozenset(), frozenset()
        self.fields["jurisdiction"].narrow(user)
        self.fields["units"].narrow(user)
        self.fields["session_count"].required = False
        self.fields["session_count"].initial = 1
        self.fields["approximation"].label = "Gần đúng"
        self.fields["approximation"].choices = [
            ("", "Đúng số"),
            *(choice for choice in self.fields["approximation"].choices if choice[0]),
        ]
        if self.instance.pk:
            self._open()
        else:
            self._begin()
        self.helper = fields_only(*self._layout())

    def _open(self):
        """The form of an activity that is there already."""
        del self.fields["submission_key"]
        there = units_of(self.instance, self.user)
        self.only_adds = len(there) > IN_BOX
        if self.only_adds:
            self.fields["units"].label = "Thêm đơn vị tham gia"
            self.fields[
                "units"
            ].help_text = (
                f"Đã có {written(len(there))} đơn vị. Dán đơn vị cần thêm; bớt đơn vị ở trang lượt người theo đơn vị."
            )
        else:
            self.initial["units"] = Pasted.of(there)
            self.fields[OPENED] = forms.CharField(widget=forms.HiddenInput, required=False)
            self.initial[OPENED] = " ".join(str(unit.pk) for unit in there)

    def _begin(self):
        """The form of a new activity, after an earlier one where there is one."""
        self.initial.setdefault("submission_key", uuid.uuid4())
        self.initial.setdefault("jurisdiction", self.user.jurisdiction)
        if self.user.office and self.user.jurisdiction.kind not in COMMUNE_KINDS:
            self.initial.setdefault("organiser", str(self.user.office))
        copied = copy_of(self.earlier, self.user) if self.earlier else {}
        if len(copied.get("units", ())) > LIMIT:
            del copied["units"]
        elif "units" in copied:
            copied["units"] = Pasted.of(copied["units"])
        self.initial |= copied
        if not self.is_bound:
            self.taken = frozenset(copied)
            return
        self.taken = frozenset(self.data.getlist(TAKEN)) & frozenset(COPIED)
        if SEEN_ALL in self.data:
            self.seen = self.taken
        else:
            # Whoever has typed another value has looked at the field.
            changed = [name for name in self.taken if self.earlier and self._is_changed(name)]
            self.seen = self.taken & frozenset([*self.data.getlist(SEEN), *changed])

    def _is_changed(self, name):
        """Whether a field taken from the earlier activity holds another value now."""
        before, now = self[name].initial, self[name].data
        if isinstance(before, str) and isinstance(now, str):
            # Browsers end the lines of a text in their own way.
            return " ".join(before.split()) != " ".join(now.split())
        return self.fields[name].has_changed(before, now)

    def _layout(self):
        key = [name for name in ("submission_key", OPENED) if name in self.fields]
        return (
            Fieldset(
                "Hoạt động",
                *key,
                row("kind", "form"),
                place("topic", ""),
                row("held_on", "held_to"),
                row("place", "jurisdiction"),
            ),
            Fieldset("Kết quả", row("session_count", "approximation", "attendance_count")),
            Fieldset("Đơn vị tham gia", place("units", ""), place("unit_count", "col-md-4")),
            Fieldset(
                "Thực hiện",
                place("programme", ""),
                row("organiser", "partners"),
                row("materials", "material_count"),
                place("note", ""),
            ),
        )

    @property
    def unseen(self):
        """Fields taken from the earlier activity that nobody has looked at, in the order of the form."""
        return [name for name in self.fields if name in self.taken - self.seen]

    def clean_session_count(self):
        count = self.cleaned_data["session_count"]
        return 1 if count is None else count

    def clean(self):
        cleaned = super().clean()
        for name in self.unseen:
            self.add_error(name, ValidationError(UNSEEN, code="unseen"))
        if cleaned.get("approximation") and cleaned.get("attendance_count") is None:
            self.add_error("attendance_count", "Ghi số lượt người, hoặc chọn “Đúng số”.")
        named = len(cleaned.get("units") or ())
        if self.only_adds:
            named = max(named, ActivityUnit.objects.filter(activity=self.instance).count())
        count = cleaned.get("unit_count")
        if count is not None and count < named:
            self.add_error("unit_count", f"Danh sách đã có {written(named)} đơn vị: xóa ô này hoặc ghi số lớn hơn.")
        if not self.instance.pk:
            self.instance.submission_key = cleaned.get("submission_key")
        return cleaned

    def _save_m2m(self):
        super()._save_m2m()
        if self.only_adds:
            add_units(self.instance, self.cleaned_data["units"])
        else:
            text = self.cleaned_data.get(OPENED, "")
            opened = {int(key) for key in text.split() if key.isascii() and key.isdecimal() and len(key) < 19}
            set_units(self.instance, self.cleaned_data["units"], by=self.user, opened=opened if text else None)
