"""The register that is measured is a valid one."""

import pytest

from benchmarks.filling import fill_units
from tests.factories import JurisdictionFactory
from units.models import Unit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_filled_register_holds_what_saving_each_unit_would_have_written():
    country = JurisdictionFactory(country=True)
    JurisdictionFactory.create_batch(3, parent=JurisdictionFactory(province=True, parent=country))
    fill_units(30)
    fill_units(60)
    units = list(Unit.objects.prefetch_related("placements", "headcounts"))
    assert len(units) == 60
    derived = [(unit.name_sort, unit.search_folded, unit.search_accented) for unit in units]
    for unit in units:
        unit.derive()
        unit.full_clean()
        assert [placement.jurisdiction_id for placement in unit.placements.all()] == [unit.jurisdiction_id]
        assert len(unit.headcounts.all()) == 1
    assert [(unit.name_sort, unit.search_folded, unit.search_accented) for unit in units] == derived
    assert Unit.objects.create(name="Sở Mẫu", kind="agency", jurisdiction=country).code == "DV0000061"
