"""What has happened has a day that has come: in forms, on the admin pages and in lists."""

import datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from movement_portal.lib.dates import DAY_AHEAD, YEAR_AHEAD, happened, today
from movement_portal.spreadsheets.model_sheets import field_of_column
from movement_portal.spreadsheets.values import ValueProblem
from units.models import Activity, Guard

pytestmark = pytest.mark.usefixtures("held_clock")


@pytest.mark.parametrize(
    ("value", "fault"),
    [(datetime.date(2026, 11, 23), DAY_AHEAD), (datetime.date(2150, 1, 1), DAY_AHEAD), (2027, YEAR_AHEAD)],
)
def test_what_is_to_come_has_not_happened(value, fault):
    with pytest.raises(ValidationError, match=fault):
        happened(value)


def test_today_has_come():
    happened(today())
    happened(today().year)


def test_columns_of_the_past_are_columns():
    for model in apps.get_models():
        names = {column.name for column in model._meta.concrete_fields}
        assert set(getattr(model, "past_fields", ())) <= names, model


@pytest.mark.parametrize("cell", ["01/01/2199", datetime.datetime(9999, 12, 31)])
def test_a_list_refuses_a_day_that_has_not_come(cell):
    with pytest.raises(ValueProblem):
        field_of_column(Activity._meta.get_field("held_on")).read(cell)


def test_a_list_refuses_a_year_of_birth_to_come():
    with pytest.raises(ValueProblem, match=YEAR_AHEAD):
        field_of_column(Guard._meta.get_field("birth_year")).read("2150")


def test_a_list_refuses_a_day_of_no_year():
    with pytest.raises(ValueProblem, match="9999"):
        field_of_column(Guard._meta.get_field("started_on")).read(datetime.datetime(9999, 12, 31))
