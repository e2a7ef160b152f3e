"""A constraint that comes later: rows in its way are named, and nothing is changed."""

import pytest
from django.core.management import CommandError
from django.db import connection, models
from django.db.migrations.state import ModelState, ProjectState

from movement_portal.lib.standing_rows import AddToldConstraint

POSITIVE = models.CheckConstraint(
    name="thing_count_positive", condition=models.Q(count__gte=1), violation_error_message="Số phải từ 1."
)


@pytest.fixture
def state(transactional_db):
    """A table of things, each with a count."""
    state = ProjectState()
    fields = [("id", models.AutoField(primary_key=True)), ("count", models.IntegerField(null=True))]
    state.add_model(ModelState("units", "Thing", fields, options={"verbose_name": "đồ vật", "constraints": []}))
    thing = state.apps.get_model("units", "Thing")
    with connection.schema_editor() as editor:
        editor.create_model(thing)
    yield state
    with connection.schema_editor() as editor:
        editor.delete_model(thing)


def add_constraint(state):
    operation = AddToldConstraint("thing", POSITIVE)
    after = state.clone()
    operation.state_forwards("units", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("units", editor, state, after)
    return after.apps.get_model("units", "Thing")


def test_rows_that_break_it_are_named_and_stay(state):
    things = state.apps.get_model("units", "Thing").objects
    keys = [things.create(count=count).pk for count in (0, 1, None, 0)]
    with pytest.raises(CommandError) as refused:
        add_constraint(state)
    assert str(refused.value).startswith("2 bản ghi “đồ vật” chưa đúng: Số phải từ 1.")
    assert str(refused.value).endswith(f"Số thứ tự: {keys[0]}, {keys[3]}.")
    assert things.count() == 4


def test_it_stands_where_no_row_breaks_it(state):
    state.apps.get_model("units", "Thing").objects.create(count=None)
    things = add_constraint(state).objects
    with pytest.raises(Exception, match="thing_count_positive"):
        things.create(count=0)
