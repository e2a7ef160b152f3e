import io

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from movement_portal.audit.models import Change
from movement_portal.jurisdictions.models import Jurisdiction
from tests.factories import JurisdictionFactory, UnitFactory
from units.models import Unit

pytestmark = pytest.mark.django_db


def run(*args):
    out = io.StringIO()
    call_command("check_derived", *args, stdout=out)
    return out.getvalue()


def spoil(model, row, **columns):
    """Change columns past the tracked queryset, as bulk SQL would."""
    models.QuerySet(model).filter(pk=row.pk).update(**columns)


def test_all_is_well_when_nothing_lags_behind():
    UnitFactory()
    assert "sai 0" in run()


@pytest.mark.parametrize("column", ["name_sort", "search_folded", "search_accented"])
def test_a_row_that_lags_behind_is_told(column):
    spoil(Unit, UnitFactory(), **{column: "0"})
    with pytest.raises(CommandError, match="1 bản ghi"):
        run()


def test_fix_writes_what_the_sources_give():
    unit, area = UnitFactory(name="Sở A"), JurisdictionFactory(name="Ô Môn")
    spoil(Unit, unit, name="Sở B")
    spoil(Jurisdiction, area, name_sort="9")
    run("--fix")
    unit.refresh_from_db()
    assert unit.search_folded.startswith(" so b ")
    assert Jurisdiction.objects.get(pk=area.pk).name_sort == area.name_sort
    run()


def test_fix_of_derived_columns_leaves_no_history():
    unit = UnitFactory()
    before = Change.objects.count()
    spoil(Unit, unit, name_sort="9")
    run("--fix")
    assert Change.objects.count() == before


def test_queries_do_not_grow_with_rows(django_assert_max_num_queries):
    UnitFactory.create_batch(12)
    with django_assert_max_num_queries(40):
        run()
