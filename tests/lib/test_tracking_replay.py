"""Whatever is written in whatever way, the history replayed gives the rows as they are."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from movement_portal.audit.models import Change
from movement_portal.lib.changes import StaleRecord
from units.models import Grouping

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

CODES = st.sampled_from(["", "a", "b", "c"])
ROWS = st.integers(0, 3)
STEPS = st.one_of(
    st.tuples(st.just("create"), ROWS, CODES),
    st.tuples(st.just("bulk_create"), ROWS, CODES),
    st.tuples(st.just("save"), ROWS, CODES),
    st.tuples(st.just("save_stale"), ROWS, CODES),
    st.tuples(st.just("bulk_update"), ROWS, CODES),
    st.tuples(st.just("update"), ROWS, CODES),
    st.tuples(st.just("update_where"), ROWS, CODES),
    st.tuples(st.just("rolled_back"), ROWS, CODES),
    st.tuples(st.just("delete"), ROWS, CODES),
    st.tuples(st.just("delete_where"), ROWS, CODES),
)


class Register:
    """The rows under test and the ways of writing them; ``ROWS`` choose among those that exist."""

    def __init__(self):
        self.made = 0

    def new(self, code):
        self.made += 1
        return Grouping(kind="sector", name=f"Nhóm {self.made}", code=code)

    def take(self, step, index, code):
        rows = list(Grouping.objects.order_by("pk"))
        row = rows[index % len(rows)] if rows else None
        if step == "create":
            self.new(code).save()
        elif step == "bulk_create":
            Grouping.objects.bulk_create([self.new(code) for _ in range(index)])
        elif step == "update_where":
            Grouping.objects.filter(kind="sector", code="").update(kind="governing_body")
        elif step == "delete_where":
            Grouping.objects.filter(code=code).delete()
        elif row is not None:
            getattr(self, step)(rows, row, code)

    def save(self, rows, row, code):
        row.code = code
        row.save()

    def save_stale(self, rows, row, code):
        Grouping.objects.filter(pk=row.pk).update(kind="industrial_park")
        row.code = code + "!"
        if Grouping.objects.get(pk=row.pk).version != row.version:
            with pytest.raises(StaleRecord):
                row.save()

    def bulk_update(self, rows, row, code):
        for one in rows:
            one.code = code
        Grouping.objects.bulk_update(rows, ["code"])

    def update(self, rows, row, code):
        Grouping.objects.filter(pk__gte=row.pk).update(kind="governing_body" if code else "sector")

    def rolled_back(self, rows, row, code):
        point = transaction.savepoint()
        row.code = code
        row.save()
        Grouping.objects.all().delete()
        transaction.savepoint_rollback(point)

    def delete(self, rows, row, code):
        row.delete()


def replayed():
    """Rows and versions as the history tells them."""
    rows = {}
    for change in Change.objects.filter(model="units.grouping").order_by("id"):
        if change.action == "create":
            rows[change.object_id] = {"version": change.version, **change.after}
        elif change.action == "update":
            row = rows[change.object_id]
            assert {name: row.get(name) or "" for name in change.before} == {
                name: value or "" for name, value in change.before.items()
            }
            assert change.version == row["version"] + 1
            row |= {"version": change.version, **change.after}
        else:
            del rows[change.object_id]
    return {key: (row["version"], row["kind"], row["name"], row.get("code") or "") for key, row in rows.items()}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(STEPS, max_size=12))
def test_history_replayed_gives_the_rows(steps):
    with transaction.atomic():
        point = transaction.savepoint()
        register = Register()
        for step in steps:
            register.take(*step)
        stored = {row.pk: (row.version, row.kind, row.name, row.code) for row in Grouping.objects.all()}
        told = replayed()
        transaction.savepoint_rollback(point)
    assert told == stored
