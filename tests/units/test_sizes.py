"""Size of an enterprise: Nghị định 80/2021/NĐ-CP, Điều 5."""

import datetime

import pytest

from tests import reference
from units.models import Unit
from units.sizes import possible_sizes, size_warning

pytestmark = pytest.mark.django_db

ON = datetime.date(2022, 1, 1)
BILLION = 10**9


@pytest.fixture(autouse=True)
def thresholds():
    reference.load("size_thresholds")


@pytest.mark.parametrize(
    ("staff", "revenue", "capital", "sector", "size"),
    [
        (10, 3, 99, "production", "micro"),
        (10, 99, 3, "production", "micro"),
        (10, 4, 4, "production", "small"),
        (11, 1, 1, "production", "small"),
        (100, 50, 99, "production", "small"),
        (100, 51, 21, "production", "medium"),
        (200, 200, 999, "production", "medium"),
        (200, 201, 101, "production", "large"),
        (201, 1, 1, "production", "large"),
        (10, 10, 99, "trade", "micro"),
        (10, 11, 4, "trade", "small"),
        (50, 100, 99, "trade", "small"),
        (51, 1, 1, "trade", "medium"),
        (100, 300, 999, "trade", "medium"),
        (100, 301, 101, "trade", "large"),
        (101, 1, 1, "trade", "large"),
    ],
)
def test_measured(staff, revenue, capital, sector, size):
    assert possible_sizes(staff, revenue * BILLION, capital * BILLION, sector, ON) == {size}


@pytest.mark.parametrize(
    ("figures", "sizes"),
    [
        ((None, None, None, ""), {"micro", "small", "medium", "large"}),
        ((150, None, None, "production"), {"medium", "large"}),
        ((150, None, None, "trade"), {"large"}),
        ((150, None, None, ""), {"medium", "large"}),
        ((None, None, 500 * BILLION, "trade"), {"micro", "small", "medium", "large"}),
        ((None, 500 * BILLION, 500 * BILLION, "trade"), {"large"}),
        ((5, 1 * BILLION, None, "trade"), {"micro"}),
    ],
)
def test_what_the_figures_allow(figures, sizes):
    assert possible_sizes(*figures, ON) == sizes


def test_no_thresholds_no_answer():
    assert possible_sizes(5, 1, 1, "trade", datetime.date(2015, 1, 1)) == set()


def test_warning_when_figures_contradict_the_choice():
    unit = Unit(enterprise_size="small", business_sector="trade", size_staff_count=150)
    assert size_warning(unit, ON) == "Số liệu đã ghi ứng với quy mô “Lớn”, không phải “Nhỏ”."


@pytest.mark.parametrize("unit", [Unit(enterprise_size="large", size_staff_count=150), Unit(enterprise_size="small")])
def test_no_warning(unit):
    assert size_warning(unit, ON) == ""
