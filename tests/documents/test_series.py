"""Numbers of a series: one after the other, none twice, none lost by what is taken back."""

import pytest
from django.db import transaction

from movement_portal.documents.models import NumberSeries, take_numbers

pytestmark = pytest.mark.django_db


def test_numbers_begin_at_one_and_go_on():
    assert list(take_numbers("mau", 3)) == [1, 2, 3]
    assert list(take_numbers("mau")) == [4]


def test_each_series_counts_for_itself():
    take_numbers("mau", 5)
    assert list(take_numbers("khac")) == [1]


def test_numbers_of_what_was_taken_back_are_given_again():
    point = transaction.savepoint()
    take_numbers("mau", 5)
    transaction.savepoint_rollback(point)
    assert list(take_numbers("mau")) == [1]


def test_two_statements_take_any_number(django_assert_num_queries):
    take_numbers("mau")
    with django_assert_num_queries(4):  # two of them the mark of the transaction
        take_numbers("mau", 10_000)
    assert NumberSeries.objects.get().last_number == 10_001
