"""The register that is measured is a valid one."""

import pytest
from django.urls import URLResolver, get_resolver

from benchmarks import activities, doubles, duties, guards, models
from benchmarks.filling import fill_units
from tests.factories import JurisdictionFactory
from units.models import Unit

#: Apps of which every list is opened by a benchmark, whoever writes the next one.
MEASURED = {"activities", "documents", "duplicates", "duties", "forces", "models", "retention"}


def lists(resolver, namespace=""):
    """URL names of lists, by their view's name, with their namespace."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from lists(pattern, pattern.namespace or namespace)
        elif pattern.name and pattern.name.endswith("_list") and namespace in MEASURED:
            yield f"{namespace}:{pattern.name}"


def test_every_list_of_what_units_do_is_measured():
    opened = {url for bench in (activities, doubles, duties, guards, models) for _, url, _ in bench.PAGES}
    assert set(lists(get_resolver())) - opened == set()
    assert {"activities:activity_totals", "models:model_period", "duties:incident_table", "units:grouping_list"} <= (
        opened | {url for _, url, _ in activities.TABLE}
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
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
