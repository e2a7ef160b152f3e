"""Edit forms that carry the record's version: a stale save is refused and shows what changed in between."""

import datetime
from dataclasses import dataclass

from crispy_forms.layout import LayoutObject
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, models, transaction
from django.template.loader import render_to_string

from movement_portal.audit.models import Change
from movement_portal.audit.presenting import Actor, Names, actors_of, column_order, field_label, field_of, value_text
from movement_portal.audit.recording import current_act, describe
from movement_portal.lib.bounded import BoundedForm
from movement_portal.lib.changes import StaleRecord
from movement_portal.lib.free_text import NumbersRefused
from movement_portal.lib.orders import disorder_of

STALE = "Bản ghi đã được người khác sửa sau khi đồng chí mở. Nội dung của đồng chí chưa được lưu."
DELETED = "Bản ghi đã bị xóa sau khi đồng chí mở. Nội dung của đồng chí không lưu được."
NO_VERSION = "Không rõ đồng chí đang sửa phiên bản nào của bản ghi. Hãy mở lại trang rồi sửa."

#: Name of the tick by which an officer, having seen what changed, saves over it; its value is the version seen.
SAVE_OVER = "save_over"

#: A field the form does not hold, and one that holds what cannot be read as its value.
UNKNOWN, UNREADABLE = object(), object()


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """One field that changed in between, in words; ``yours`` is None where the form does not hold the field."""

    name: str
    label: str
    old: str
    theirs: str
    yours: str | None
    by: Actor
    at: datetime.datetime
    #: Whether the officer changed the field too; where not, the form now shows what the other saved.
    is_contested: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """What changed since the record was opened; ``version`` is the one seen now, None when it is deleted."""

    version: int | None
    lines: list[ConflictLine]
    save_over_name: str


def current_reader():
    """The officer whose request shows the form; nobody outside a request, and then no record is named."""
    doing = current_act()
    return doing.by if doing and doing.by else AnonymousUser()


class ConflictPanel(LayoutObject):
    """Shows the conflict of a form on top of its fields."""

    def __init__(self):
        self.fields = []

    def render(self, form, context, template_pack=None, **kwargs):
        return render_to_string("audit/_conflict.html", {"conflict": form.conflict}) if form.conflict else ""


class VersionField(forms.IntegerField):
    """The version a form was opened with; it is no content, so a row of a formset has not changed by it."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


#: What Django shows for no choice, and what the portal says in its place.
_DASHES, MUST_CHOOSE, NOTHING = "---------", "Chọn…", "Chưa ghi"


def name_nothing(fields):
    """Say in words what an empty choice means: that one must choose, or that nothing is on record."""
    for each in fields:
        if not isinstance(each, forms.ChoiceField):
            continue
        word = MUST_CHOOSE if each.required else NOTHING
        if isinstance(each, forms.ModelChoiceField):
            if each.empty_label == _DASHES:
                each.empty_label = word
        elif ("", _DASHES) in (choices := list(each.choices)):
            each.choices = [("", word) if choice == ("", _DASHES) else choice for choice in choices]


class VersionedModelForm(NumbersRefused, BoundedForm, forms.ModelForm):
    """An edit form of a tracked record.

    A stale save fails with ``conflict`` set: fields the officer left alone take the value saved in between, typed ones
    stay, and the tick of ``audit/_conflict.html`` saves over. A crispy ``helper`` set on the instance shows it by
    itself; other pages include the template inside their form. Save with ``try_save()``, or catch ``StaleRecord``
    around ``save()`` and call ``refuse_stale()``.
    """

    #: Whether the form asks why; the answer goes into the history.
    asks_reason = False
    #: Whether a new record's form has the version too, empty: rows of formsets are all alike.
    keeps_blank_version = False

    version = VersionField(required=False)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "helper" in cls.__dict__ and not isinstance(cls.__dict__["helper"], property):
            raise ImproperlyConfigured(f"{cls.__name__}: set self.helper in __init__, the version travels with it.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        name_nothing(self.fields.values())
        self.conflict = None
        self._helper = None
        if self.instance.pk:
            self.initial["version"] = self.instance.version
        elif not self.keeps_blank_version:
            del self.fields["version"]
        if self.asks_reason and self.instance.pk:
            self.fields["edit_reason"] = forms.CharField(
                label="Lý do sửa", required=False, max_length=500, help_text="Ghi vào nhật ký cùng thay đổi."
            )

    @property
    def helper(self):
        """The crispy helper; it carries the hidden version and, after a stale save, the conflict."""
        helper = self._helper
        if helper is None:
            raise AttributeError("helper")
        helper.render_hidden_fields = True
        if (layout := helper.layout) is not None and not any(isinstance(part, ConflictPanel) for part in layout.fields):
            layout.fields.insert(0, ConflictPanel())
        return helper

    @helper.setter
    def helper(self, helper):
        self._helper = helper

    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk:
            return cleaned
        opened = self.cleaned_data.get("version")
        if opened is None:
            self.add_error(None, forms.ValidationError(NO_VERSION, code="version"))
        elif self.instance.version not in (opened, self._saves_over()) and self.has_changed():
            self._refuse(self.instance.version)
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        for name, message in disorder_of(self.instance, self.changed_data):
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, forms.ValidationError(message, code="order"))

    def save(self, commit=True):
        if reason := self.cleaned_data.get("edit_reason"):
            describe(reason=reason)
        return super().save(commit)

    def try_save(self):
        """Save; False when the record changed since the page asked for it, the form then shows what changed.

        False too when somebody has written since the form was checked what it may not repeat: said as the check says
        it. ``IntegrityError`` where no check of the form tells why.
        """
        try:
            with transaction.atomic():
                self.save()
        except StaleRecord:
            self.refuse_stale()
            return False
        except IntegrityError:
            if not self._came_in_first():
                self._check_constraints_again()
            if self.is_valid():
                raise
            return False
        return True

    def _came_in_first(self):
        """Whether this very form, sent twice, has made its record already: then there is nothing to tell."""
        key = getattr(self.instance, "submission_key", None)
        return key is not None and type(self.instance)._base_manager.filter(submission_key=key).exists()

    def _check_constraints_again(self):
        """Say what the constraints say of the record now, after another has come between the check and the save."""
        try:
            self.instance.validate_constraints(exclude=self._get_validation_exclusions())
        except forms.ValidationError as problem:
            self._update_errors(problem)

    def refuse_stale(self):
        """Answer a ``StaleRecord`` raised while saving as a stale form is answered."""
        stored = type(self.instance)._base_manager.filter(pk=self.instance.pk)
        self._refuse(stored.values_list("version", flat=True).first())

    def _saves_over(self):
        value = self.data.get(self.add_prefix(SAVE_OVER), "")
        return int(value) if value.isascii() and value.isdecimal() else None

    def _refuse(self, stored_version):
        message, code = (DELETED, "deleted") if stored_version is None else (STALE, "stale")
        lines = [] if stored_version is None else self._lines(stored_version)
        self.conflict = Conflict(stored_version, lines, self.add_prefix(SAVE_OVER))
        self.add_error(None, forms.ValidationError(message, code=code))

    def _changed_since(self, opened, stored):
        """By column between two versions: the value before, the value after, and the last act that changed it."""
        between = Change.objects.of(self.instance).filter(version__gt=opened, version__lte=stored)
        old, theirs, last = {}, {}, {}
        for change in between.select_related("event").order_by("version", "id"):
            for column, value in change.after.items():
                old.setdefault(column, change.before.get(column))
                theirs[column], last[column] = value, change.event
        return old, theirs, last

    def _lines(self, stored_version):
        """What changed since the form was opened; untouched fields of the form take the stored value."""
        model = type(self.instance)
        old, theirs, last = self._changed_since(self.cleaned_data.get("version") or 0, stored_version)
        yours = {column: self._typed(column) for column in theirs}
        readable = {column: value for column, value in yours.items() if value not in (UNKNOWN, UNREADABLE)}
        reader = current_reader()
        names = Names(reader)
        actors = actors_of(last.values(), reader)
        for values in (old, theirs, readable):
            names.want(model, values)
        lines = []
        for column in column_order(model, theirs):
            if old[column] == theirs[column]:
                continue
            mine = yours[column]
            contested = mine is UNREADABLE or (mine is not UNKNOWN and mine not in (old[column], theirs[column]))
            if mine is not UNKNOWN and not contested:
                self._take(column, theirs[column])
            lines.append(
                ConflictLine(
                    name=column,
                    label=field_label(model, column),
                    old=value_text(model, column, old[column], names),
                    theirs=value_text(model, column, theirs[column], names),
                    yours=self._typed_text(column, mine, names),
                    by=actors[last[column].pk],
                    at=last[column].at,
                    is_contested=contested,
                )
            )
        return lines

    def _field_name(self, column):
        """The form field of a column when the officer could type there, else an empty text."""
        field = field_of(type(self.instance), column)
        if field is None or isinstance(field, models.FileField):
            return ""
        form_field = self.fields.get(field.name)
        return field.name if form_field is not None and not form_field.disabled else ""

    def _typed(self, column):
        name = self._field_name(column)
        if not name:
            return UNKNOWN
        if name not in self.cleaned_data:
            return UNREADABLE
        value = self.cleaned_data[name]
        return self.instance.plain_value(column, value.pk if isinstance(value, models.Model) else value)

    def _typed_text(self, column, typed, names):
        if typed is UNKNOWN:
            return None
        if typed is UNREADABLE:
            return str(self[self._field_name(column)].data or "")
        return value_text(type(self.instance), column, typed, names)

    def _take(self, column, value):
        """Show the stored value of a field that the officer left alone."""
        name = self._field_name(column)
        widget = self.fields[name].widget
        if isinstance(widget, forms.MultiWidget):
            return
        self.data = data = self.data.copy()
        key = self.add_prefix(name)
        field = field_of(type(self.instance), column)
        value = value if field.is_relation else field.to_python(value)
        if isinstance(value, list) and hasattr(data, "setlist"):
            data.setlist(key, value)
        elif isinstance(widget, forms.CheckboxInput) and not value:
            data.pop(key, None)
        else:
            data[key] = "" if value is None else value
