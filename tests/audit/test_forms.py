"""An edit form knows the version it was opened with and refuses to undo what others saved in between."""

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError
from django.http import QueryDict

from movement_portal.audit.enums import EventKind
from movement_portal.audit.forms import VersionedModelForm, name_nothing
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.presenting import Actor
from movement_portal.audit.recording import act
from movement_portal.jurisdictions.models import Jurisdiction
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory
from units.models import Headcount, Unit

pytestmark = pytest.mark.django_db


class UnitForm(VersionedModelForm):
    asks_reason = True

    class Meta:
        model = Unit
        fields = ["name", "kind", "is_armed_force", "has_party_organisation", "size_year", "jurisdiction", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("name", "note")


def page_of(unit):
    """What the browser sends back when nothing is typed on the edit page."""
    form = UnitForm(instance=Unit.objects.get(pk=unit.pk))
    data = QueryDict(mutable=True)
    for name in form.fields:
        value = form[name].value()
        if value not in (None, False):
            data[name] = value
    return data


def submit(data, unit, **typed):
    data = data.copy()
    for name, value in typed.items():
        data[name] = value
    return UnitForm(data, instance=Unit.objects.get(pk=unit.pk))


@pytest.fixture
def unit(country):
    return UnitFactory(name="Sở A", note="cũ", jurisdiction__parent=country)


@pytest.fixture(autouse=True)
def reader(country):
    """The officer whose request shows the forms."""
    officer = OfficerFactory(jurisdiction=country)
    with act(EventKind.EDIT, by=officer):
        yield officer


@pytest.fixture
def colleague(unit):
    return OfficerFactory(full_name="Trần Thị Mẫu", jurisdiction=unit.jurisdiction)


def saved_by(colleague, unit, **values):
    """Another officer's save of the same record."""
    with act(EventKind.EDIT, by=colleague):
        other = Unit.objects.get(pk=unit.pk)
        for name, value in values.items():
            setattr(other, name, value)
        other.save()


def test_fresh_form_saves_with_its_reason(unit):
    with act(EventKind.EDIT) as doing:
        form = submit(page_of(unit), unit, note="mới", edit_reason="Theo biên bản")
        assert form.is_valid()
        assert form.try_save()
    assert Unit.objects.get(pk=unit.pk).note == "mới"
    assert AuditEvent.objects.get(pk=doing.id).reason == "Theo biên bản"


def test_form_for_a_new_record_has_no_version(unit):
    assert "version" not in UnitForm().fields


def test_stale_form_is_refused_and_nothing_is_saved(unit, colleague):
    page = page_of(unit)
    saved_by(colleague, unit, note="của chị")
    form = submit(page, unit, note="của tôi")
    assert not form.is_valid()
    assert form.has_error("__all__", "stale")
    assert Unit.objects.get(pk=unit.pk).note == "của chị"


def test_conflict_says_what_changed_by_whom_and_what_was_typed(unit, colleague):
    page = page_of(unit)
    saved_by(colleague, unit, note="của chị")
    form = submit(page, unit, note="của tôi")
    form.is_valid()
    (line,) = form.conflict.lines
    assert (line.label, line.old, line.theirs, line.yours) == ("Ghi chú", "cũ", "của chị", "của tôi")
    assert (line.by, line.is_contested) == (Actor("Trần Thị Mẫu", colleague.office.name), True)


def test_typed_text_is_kept_and_untouched_fields_take_what_was_saved(unit, colleague):
    page = page_of(unit)
    saved_by(colleague, unit, note="của chị", is_armed_force=True, size_year=2025)
    form = submit(page, unit, name="Sở B")
    form.is_valid()
    assert [form[name].value() for name in ("name", "note", "is_armed_force", "size_year")] == [
        "Sở B",
        "của chị",
        True,
        2025,
    ]


def test_first_and_last_values_of_several_changes_are_shown(unit, colleague):
    page = page_of(unit)
    saved_by(colleague, unit, note="một")
    saved_by(colleague, unit, note="hai")
    form = submit(page, unit, note="của tôi")
    form.is_valid()
    assert [(line.old, line.theirs) for line in form.conflict.lines] == [("cũ", "hai")]


def test_areas_are_named_not_numbered(unit, colleague, country):
    page = page_of(unit)
    area = JurisdictionFactory(name="Bình An", parent=country)
    saved_by(colleague, unit, jurisdiction=area)
    form = submit(page, unit, note="x")
    form.is_valid()
    (line,) = form.conflict.lines
    assert (line.label, line.theirs) == ("Địa bàn", "Xã Bình An")


def test_ticking_the_seen_version_saves_over(unit, colleague):
    page = page_of(unit)
    saved_by(colleague, unit, note="của chị")
    stale = submit(page, unit, note="của tôi")
    stale.is_valid()
    form = submit(page, unit, note="của tôi", save_over=str(stale.conflict.version))
    assert form.is_valid()
    assert form.try_save()
    assert Unit.objects.get(pk=unit.pk).note == "của tôi"


def test_tick_of_an_older_version_does_not_save_over_a_newer_one(unit, colleague):
    page = page_of(unit)
    saved_by(colleague, unit, note="một")
    stale = submit(page, unit, note="của tôi")
    stale.is_valid()
    saved_by(colleague, unit, note="hai")
    assert not submit(page, unit, note="của tôi", save_over=str(stale.conflict.version)).is_valid()


def test_form_without_a_version_is_refused(unit):
    page = page_of(unit)
    del page["version"]
    form = submit(page, unit, note="x")
    assert not form.is_valid()
    assert form.has_error("__all__", "version")


def test_race_at_save_time_is_answered_like_a_stale_form(unit, colleague):
    form = submit(page_of(unit), unit, note="của tôi")
    assert form.is_valid()
    saved_by(colleague, unit, note="của chị")
    assert form.try_save() is False
    assert [(line.theirs, line.yours) for line in form.conflict.lines] == [("của chị", "của tôi")]
    assert Change.objects.of(unit).count() == 2


class YearForm(VersionedModelForm):
    """One row of a unit and year, which there is once."""

    class Meta:
        model = Headcount
        fields = ("unit", "year", "staff_count")


def test_what_another_wrote_between_check_and_save_is_told_as_the_check_tells_it(unit):
    """The second of two clicks, or of two officers, sees why; nothing fails."""
    form = YearForm({"unit": unit.pk, "year": 2026, "staff_count": 7})
    assert form.is_valid()
    Headcount.objects.create(unit=unit, year=2026, staff_count=5)
    assert not form.try_save()
    [told] = form.non_field_errors()
    assert told == Headcount._meta.constraints[0].violation_error_message
    assert Headcount.objects.get().staff_count == 5


def test_what_the_database_alone_refuses_stays_an_error(unit, monkeypatch):
    form = YearForm({"unit": unit.pk, "year": 2026, "staff_count": 7})
    assert form.is_valid()

    def refuse(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(Headcount, "save", refuse)
    with pytest.raises(IntegrityError):
        form.try_save()


def test_record_deleted_in_between_is_said(unit):
    form = submit(page_of(unit), unit, note="của tôi")
    assert form.is_valid()
    Unit.objects.get(pk=unit.pk).delete()
    assert form.try_save() is False
    assert form.has_error("__all__", "deleted")
    assert form.conflict.version is None


def test_unreadable_entry_is_shown_as_typed(unit, colleague):
    page = page_of(unit)
    saved_by(colleague, unit, size_year=2024)
    form = submit(page, unit, size_year="hai nghìn")
    form.is_valid()
    assert [(line.theirs, line.yours) for line in form.conflict.lines] == [("2024", "hai nghìn")]


def test_crispy_form_carries_the_version_and_shows_the_conflict(unit, colleague):
    page = page_of(unit)
    assert 'name="version" value="1"' in render_crispy_form(UnitForm(instance=unit))
    saved_by(colleague, unit, note="của chị")
    form = submit(page, unit, note="của tôi")
    form.is_valid()
    html = render_crispy_form(form)
    assert 'name="save_over" value="2"' in html
    assert "của chị" in html


def test_helper_of_a_class_is_refused():
    with pytest.raises(ImproperlyConfigured):
        type("Broken", (VersionedModelForm,), {"helper": FormHelper()})


def test_an_empty_choice_says_what_it_means():
    must = forms.ChoiceField(choices=[("", "---------"), ("a", "A")])
    may = forms.TypedChoiceField(choices=[("", "---------"), ("a", "A")], required=False)
    record = forms.ModelChoiceField(Jurisdiction.objects.all(), required=False)
    own = forms.ModelChoiceField(Jurisdiction.objects.all(), empty_label="Mọi nơi")
    name_nothing([must, may, record, own, forms.CharField()])
    assert [must.choices[0][1], may.choices[0][1]] == ["Chọn…", "Chưa ghi"]
    assert [record.empty_label, own.empty_label] == ["Chưa ghi", "Mọi nơi"]


def test_a_form_names_what_its_record_leaves_empty():
    class SizeForm(VersionedModelForm):
        class Meta:
            model = Unit
            fields = ["enterprise_size"]

    assert list(SizeForm().fields["enterprise_size"].choices)[:1] == [("", "Chưa ghi")]


class DatedForm(VersionedModelForm):
    class Meta:
        model = Jurisdiction
        fields = ["valid_from"]


@pytest.mark.parametrize(("typed", "told"), [("01/07/0205", "Năm 0205 không đúng"), ("01/07/9999", "Năm 9999")])
def test_a_day_of_a_year_that_cannot_be_is_refused(country, typed, told):
    form = DatedForm({"valid_from": typed, "version": country.version}, instance=country)
    assert told in str(form.errors["valid_from"])


def test_a_number_larger_than_any_database_keeps_is_refused(unit):
    form = UnitForm({"size_year": "40000"}, instance=unit)
    assert "nhiều nhất là 32767" in str(form.errors["size_year"])


@pytest.mark.parametrize("name", ["note", "edit_reason"])
def test_a_number_of_an_identity_paper_typed_into_words_is_refused(unit, name):
    form = submit(page_of(unit), unit, **{name: "Bảo vệ số 000 123 456 789"})
    assert list(form.errors) == [name]
    assert "Ghi số định danh vào ô “Số định danh cá nhân”" in form.errors[name][0]
    assert "000••••••789" in form.errors[name][0]
