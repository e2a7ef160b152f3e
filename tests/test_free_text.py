"""No form keeps a number of identity papers in words: each one refuses it, or says here why it takes it."""

import importlib
import inspect
import pkgutil

import pytest
from django import forms

from movement_portal.lib.free_text import NumbersRefused, PlainForm
from movement_portal.lib.masking import REFUSAL

PACKAGES = ("movement_portal", "units", "models_registry", "assessments", "awards")

#: Forms whose texts are not refused, and why.
TAKE_NUMBERS = {
    "movement_portal.persons.fields.CitizenIdForm": "joined with the versioned form, which refuses all but the number",
    "movement_portal.spreadsheets.forms.FixForm": "what is typed stands in for a cell and is kept sealed",
    "movement_portal.spreadsheets.forms.CellForm": "what is typed stands in for a cell and is kept sealed",
    "units.forms.merging.MergePickForm": "a unit is picked",
    "units.forms.teams.OfUnit": "a unit is picked; joined with the versioned form",
    "units.forms.guards.NumberForm": "asks for the number to look it up; nothing is kept",
    "units.forms.training.PasteForm": "names to look up; nothing is kept",
    "movement_portal.accounts.forms.SignInForm": "signs in; nothing is kept",
    "movement_portal.accounts.forms.PasswordForm": "passwords are kept as digests",
    "movement_portal.accounts.forms.OfficerFilterForm": "filters of a list",
    "movement_portal.accounts.forms.JournalForm": "filters of a list",
    "movement_portal.jurisdictions.forms.TreeForm": "filters of a list",
}


def all_forms():
    for package in PACKAGES:
        root = importlib.import_module(package)
        for module in pkgutil.walk_packages(root.__path__, f"{package}."):
            if ".migrations" not in module.name and not module.name.endswith((".asgi", ".wsgi")):
                importlib.import_module(module.name)
    found, waiting = set(), [forms.BaseForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form.__module__.startswith(tuple(f"{package}." for package in PACKAGES)):
                found.add(form)
    return found


def name_of(form):
    return f"{form.__module__}.{form.__qualname__}"


def keeps_words(form):
    return any(isinstance(field, forms.CharField) for field in getattr(form, "base_fields", {}).values())


@pytest.mark.slow
def test_every_form_with_words_refuses_numbers():
    open_forms = {name_of(form) for form in all_forms() if keeps_words(form) and not issubclass(form, NumbersRefused)}
    assert open_forms == set(TAKE_NUMBERS)


@pytest.mark.slow
def test_no_form_leaves_the_refusal_out():
    own = [form for form in all_forms() if issubclass(form, NumbersRefused) and "clean" in form.__dict__]
    assert own
    assert [name_of(form) for form in own if "super().clean()" not in inspect.getsource(form.clean)] == []


class StepForm(PlainForm):
    reason = forms.CharField()
    contact_phone = forms.CharField(required=False)
    kind = forms.ChoiceField(choices=[("000123456789", "số")], required=False)


def test_a_form_refuses_the_number_and_shows_it_masked():
    form = StepForm({"reason": "Đối chiếu số 000 123 456 789"})
    assert form.errors == {"reason": [REFUSAL.format("000••••••789")]}


def test_a_form_takes_telephones_and_choices():
    form = StepForm({"reason": "ĐT 0912345678", "contact_phone": "0100 0000 0102", "kind": "000123456789"})
    assert form.is_valid()
