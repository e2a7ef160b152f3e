"""Queries prepared once answer as the querysets that they are made of."""

import datetime
import threading

import pytest
from django.db import connection, models

from movement_portal.jurisdictions.models import Jurisdiction, PoliceOffice
from movement_portal.lib.prepared import ListSlot, Prepared, PreparedCount, Slot
from tests.factories import JurisdictionFactory, PoliceOfficeFactory

pytestmark = pytest.mark.django_db

KEY = Jurisdiction._meta.pk
TEXT = models.CharField()


def test_a_slot_takes_another_value_at_every_call():
    areas = [JurisdictionFactory(name=name) for name in ("A", "B")]
    named = Prepared(lambda: Jurisdiction.objects.filter(name=Slot("name", TEXT)))
    assert [named(name=area.name) for area in areas] == [[area] for area in areas]
    assert named(name="C") == []


def test_one_slot_may_stand_in_several_places():
    both = Prepared(lambda: Jurisdiction.objects.filter(name=Slot("text", TEXT), code=Slot("text", TEXT)))
    area = JurisdictionFactory(name="30999", code="30999")
    assert both(text="30999") == [area]


def test_a_call_without_a_value_is_an_error():
    with pytest.raises(KeyError, match="name"):
        Prepared(lambda: Jurisdiction.objects.filter(name=Slot("name", TEXT)))()


def test_dates_are_bound_as_dates():
    area = JurisdictionFactory(valid_from=datetime.date(2025, 7, 1))
    began = Prepared(lambda: Jurisdiction.objects.filter(valid_from__lte=Slot("day", models.DateField())))
    assert began(day=datetime.date(2025, 7, 1)) == [area]
    assert began(day=datetime.date(2025, 6, 30)) == []


def test_rows_come_with_the_types_of_their_columns():
    area = JurisdictionFactory()
    columns = ("pk", "valid_from", "valid_to")
    rows = Prepared(lambda: Jurisdiction.objects.filter(pk=Slot("pk", KEY)).values(*columns))
    lists = Prepared(lambda: Jurisdiction.objects.filter(pk=Slot("pk", KEY)).values_list(*columns))
    values = (area.pk, area.valid_from, None)
    assert rows(pk=area.pk) == [dict(zip(columns, values, strict=True))]
    assert lists(pk=area.pk) == [values]


def test_related_objects_come_along(django_assert_num_queries):
    office = PoliceOfficeFactory()
    offices = Prepared(
        lambda: PoliceOffice.objects.filter(pk=Slot("pk", PoliceOffice._meta.pk)).select_related("jurisdiction")
    )
    with django_assert_num_queries(1):
        assert offices(pk=office.pk)[0].jurisdiction == office.jurisdiction


@pytest.mark.parametrize("wanted", [0, 1, 3])
def test_a_list_is_one_parameter(wanted):
    areas = JurisdictionFactory.create_batch(4)[:wanted]
    listed = Prepared(lambda: Jurisdiction.objects.filter(pk__among=ListSlot("keys", KEY)).order_by("pk"))
    assert listed(keys=[area.pk for area in areas]) == areas


def test_a_list_may_name_what_a_relation_points_to():
    office = PoliceOfficeFactory()
    PoliceOfficeFactory()
    there = Prepared(lambda: PoliceOffice.objects.filter(jurisdiction_id__among=ListSlot("keys", KEY)))
    assert there(keys={office.jurisdiction_id}) == [office]


def test_a_queryset_of_nothing_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Prepared(Jurisdiction.objects.none)() == []
        assert PreparedCount(Jurisdiction.objects.none)() == 0


def test_a_count_stops_where_its_queryset_does():
    JurisdictionFactory.create_batch(3, name="Đếm")
    counted = PreparedCount(lambda: Jurisdiction.objects.filter(name=Slot("name", TEXT)).values("pk")[:2])
    assert (counted(name="Đếm"), counted(name="Khác")) == (2, 0)


def test_the_sql_is_made_once():
    made = []
    prepared = Prepared(lambda: made.append(1) or Jurisdiction.objects.filter(pk=Slot("pk", KEY)))
    for pk in range(3):
        prepared(pk=pk)
    assert made == [1]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_threads_share_the_sql_and_not_the_connection():
    area = JurisdictionFactory()
    named = Prepared(lambda: Jurisdiction.objects.filter(name=Slot("name", TEXT)))
    named(name="")
    found = []

    def ask():
        found.append(named(name=area.name))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [[area]]
