"""What an officer sees is the same however it is asked: each time anew, or by a query prepared once."""

import datetime

import pytest

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.jurisdictions.scoping import bounds_of, reach_of
from movement_portal.lib.prepared import Prepared
from tests.factories import GuardFactory, JurisdictionFactory, OfficerFactory, UnitFactory
from units.models import AgreementParty, CoordinationAgreement, Guard, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def areas(country):
    """Two provinces with two communes each, a unit in every area; and another root."""
    provinces = JurisdictionFactory.create_batch(2, province=True, parent=country)
    communes = [JurisdictionFactory(parent=province) for province in provinces for _ in range(2)]
    found = [country, *provinces, *communes, JurisdictionFactory()]
    for area in found:
        UnitFactory(jurisdiction=area)
    return found


@pytest.mark.parametrize("gathered", [False, True])
@pytest.mark.parametrize("is_root", [False, True])
@pytest.mark.parametrize("model", [Unit, Jurisdiction])
def test_a_prepared_query_shows_what_visible_to_shows(areas, model, is_root, gathered):
    prepared = Prepared(lambda: model.objects.visible_in_reach(is_root=is_root, gathered=gathered))
    for area in areas:
        officer = OfficerFactory(jurisdiction=area)
        seen = set(model.objects.visible_to(officer))
        assert set(model.objects.visible_to(officer, gathered=True)) == seen
        assert set(prepared(**reach_of(officer))) == seen
        assert seen


def test_without_a_posting_a_prepared_query_shows_nothing(areas):
    officer = OfficerFactory(jurisdiction=False)
    assert Prepared(lambda: Unit.objects.visible_in_reach())(**reach_of(officer)) == []


@pytest.mark.parametrize("gathered", [False, True])
def test_the_bounds_of_an_area_hold_what_is_within_it(areas, gathered):
    prepared = Prepared(lambda: Unit.objects.within_bounds(gathered=gathered))
    for area in areas:
        assert set(prepared(**bounds_of(area))) == set(Unit.objects.within(area))


def test_a_root_holds_nothing_of_another_root(areas, country):
    other = areas[-1]
    assert set(Unit.objects.within(other).values_list("jurisdiction", flat=True)) == {other.pk}
    assert Unit.objects.within(country).count() == len(areas) - 1


@pytest.mark.slow
def test_a_root_holds_no_row_that_names_no_area(areas, country):
    agreement = CoordinationAgreement.objects.create(
        kind="regulation",
        jurisdiction=areas[-1],
        number="01/QCPH",
        title="Quy chế",
        signed_on=datetime.date(2026, 3, 2),
    )
    AgreementParty.objects.create(agreement=agreement, body="Hội Cựu chiến binh")
    assert not AgreementParty.objects.within(country).exists()
    assert AgreementParty.objects.within(areas[-1]).count() == 1


def test_the_units_of_a_root_are_asked_for_without_their_areas(areas, country):
    assert "JOIN" not in str(Unit.objects.within(country).query)
    assert "JOIN" in str(Unit.objects.within(areas[1]).query)


def test_what_units_of_a_root_have_is_asked_for_without_the_units(areas, country):
    guards = {area.pk: GuardFactory(unit=area.units.get()) for area in areas}
    assert "JOIN" not in str(Guard.objects.within(country).query)
    assert "JOIN" in str(Guard.objects.within(areas[1]).query)
    for area in areas:
        inside = {key for key in guards if next(each for each in areas if each.pk == key).path.startswith(area.path)}
        assert set(Guard.objects.within(area)) == {guards[key] for key in inside}
        assert set(Prepared(lambda: Guard.objects.within_bounds())(**bounds_of(area))) == {
            guards[key] for key in inside
        }
