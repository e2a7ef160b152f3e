"""Units go out and come in again the same."""

import pytest

from movement_portal.spreadsheets.resources import resource_for
from tests.factories import UnitFactory
from tests.spreadsheets.lists import tax_code
from tests.units.test_unit_sheet.rows import SCHOOL
from units.models import Unit
from units.sheets.units import UNITS


@pytest.mark.slow
def test_what_goes_out_comes_in_the_same(place):
    place.committed(
        [*SCHOOL, "Số học sinh năm 2024", "Điện thoại", "Địa chỉ", "Có tổ chức Đảng", "Ghi chú"],
        ["79000707", "=THCS", "Sở Mẫu", "", "Tư thục", "", "THCS", "An Phú", "1.250", "0912345678", "Số 1", "x", "@"],
    )  # fmt: skip
    UnitFactory(name="Sở @Mẫu", jurisdiction=place.commune, size_revenue_amount=1_500_000_000, is_state_budget=False)
    resource = resource_for("units", queryset=Unit.objects.all())
    labels = [column.label for column in resource.columns()]
    rows = [["" if value is None else value for value in row] for row in resource.rows(Unit.objects.all())]
    batch = place.checked(labels, *rows)
    assert [found.changes for found in batch.rows.all()] == [{}, {}]
    assert batch.counts["same"] == 2


def test_every_stored_field_goes_out():
    labels = {column.label for column in resource_for("units", queryset=Unit.objects.none()).columns()}
    missing = {each.label for each in UNITS.stored_fields if not each.hidden and each.exported} - labels
    assert missing == set()


def test_the_resource_of_import_export_gives_the_same_rows(place):
    UnitFactory(jurisdiction=place.ward, tax_code=tax_code(1))
    resource = resource_for("units", queryset=Unit.objects.all())
    data = resource.export(Unit.objects.all())
    assert data.headers == [column.label for column in resource.columns()]
    assert data["Mã số thuế"] == [tax_code(1)]
    assert data["Xã, phường"] == ["Phường An Phú"]
