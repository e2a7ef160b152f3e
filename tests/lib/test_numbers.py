from decimal import Decimal

import pytest

from movement_portal.lib.numbers import percent, written


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (0, 0, "0"),
        (1727, 0, "1.727"),
        (1_000_000, 0, "1.000.000"),
        (Decimal("83.25"), 1, "83,3"),
        (2.5, 0, "3"),
        (-1439, 0, "-1.439"),
        (None, 0, "–"),
    ],
)
def test_numbers_are_written_the_vietnamese_way(value, places, text):
    assert written(value, places) == text


def test_percentage_of_the_seed_report():
    assert percent(1439, 1727) == "83,3 %"


@pytest.mark.parametrize(("part", "whole"), [(1, 0), (None, 5), (5, None)])
def test_no_percentage_without_a_base(part, whole):
    assert percent(part, whole) == "–"
