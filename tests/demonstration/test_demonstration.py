"""The demonstration province: its size, that it is the same each time, and that nobody real is in it."""

import random

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.http import QueryDict

from models_registry.filters import ModelFilters
from models_registry.models import ModelRecognition, SelfManagedModel
from movement_portal.audit.models import Change
from movement_portal.demonstration import register
from movement_portal.demonstration.accounts import ACCOUNTS, PASSWORD
from movement_portal.demonstration.people import phone
from movement_portal.jurisdictions.enums import Function, PoliceLevel
from movement_portal.jurisdictions.models import Officer
from tests import reference
from tests.factories import JurisdictionFactory, PoliceOfficeFactory
from units.enums import IncidentKind, UnitKind, UnitStatus
from units.filters.duties import IncidentFilters
from units.filters.forces import CertificateFilters, GuardFilters, TeamFilters
from units.models import (
    Commitment,
    CoordinationAgreement,
    Headcount,
    Incident,
    Inspection,
    PartRating,
    Placement,
    SecurityTeam,
    TransferRequest,
    Unit,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def territory():
    """A country with the demonstration province and three communes of it, each with its police."""
    country = JurisdictionFactory(country=True)
    province = JurisdictionFactory(province=True, code="79", name="Hồ Chí Minh", parent=country)
    communes = JurisdictionFactory.create_batch(3, parent=province)
    for area, level in ((country, PoliceLevel.MINISTRY), (province, PoliceLevel.PROVINCE)):
        PoliceOfficeFactory(jurisdiction=area, level=level)
    for commune in communes:
        PoliceOfficeFactory(jurisdiction=commune)
    return province


def test_the_province_has_the_units_of_a_real_one(territory):
    call_command("load_demo")
    kinds = {kind: Unit.objects.filter(kind=kind).count() for kind in UnitKind}
    assert kinds == {UnitKind.AGENCY: 706, UnitKind.ENTERPRISE: 425, UnitKind.SCHOOL: 596}
    assert Unit.objects.within(territory).count() == 1727
    assert Placement.objects.filter(valid_to=None).count() == 1727
    assert Headcount.objects.filter(year=2026).count() > 1500
    assert set(Unit.objects.values_list("status", flat=True)) == set(UnitStatus)
    assert Change.objects.filter(model="units.unit", action="create").count() == 1727


def test_the_models_are_those_of_a_real_report(territory):
    call_command("load_demo")
    running = SelfManagedModel.objects.filter(status="active")
    led = running.filter(lead_unit__isnull=False)
    assert (led.count(), led.values("lead_unit").distinct().count()) == (545, 545)
    assert ModelRecognition.objects.values("model").distinct().count() == 8
    assert running.filter(members__isnull=False).distinct().count() == 2
    assert running.filter(kind__name="Đội Công nhân xung kích tự quản về ANTT").count() == 28


def test_every_function_has_an_account_that_opens(territory, client):
    call_command("load_demo")
    assert {function for account in ACCOUNTS for function in account.functions} == set(Function)
    assert Officer.objects.get(username="quantri").check_password(PASSWORD)


def test_a_second_load_changes_nothing_and_a_filled_portal_is_left_alone(territory):
    call_command("load_demo")
    before = Change.objects.count()
    call_command("load_demo", once=True)
    assert Change.objects.count() == before
    with pytest.raises(CommandError, match="trống"):
        call_command("load_demo")


def test_production_is_never_filled(territory, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert not Officer.objects.exists()


def test_without_territory_the_command_says_what_to_run():
    with pytest.raises(CommandError, match="load_territory"):
        call_command("load_demo")


def test_the_same_seed_gives_the_same_units():
    places = [register.Place(1, "Xã A"), register.Place(2, "Xã B")]
    first, second = (list(register.enterprises(random.Random(5), places, 50)) for _ in range(2))
    assert first == second


def test_tax_codes_are_of_no_province_and_pass_the_check_digit():
    codes = {register.tax_code(serial) for serial in range(1, 500)}
    assert len(codes) == 499
    for code in codes:
        total = sum(int(d) * w for d, w in zip(code[:9], (31, 29, 23, 19, 17, 13, 7, 5, 3), strict=True))
        assert code.startswith("99")
        assert int(code[9]) == 10 - total % 11


def test_phones_belong_to_nobody():
    assert phone(random.Random(1)).startswith("0100")
    assert len(phone(random.Random(1))) == 10


def test_160_agencies_signed_nearly_7000_commitments_in_one_year(territory):
    """domain.md 9.1, seed 003."""
    call_command("load_demo")
    signed = Commitment.objects.filter(year=2018, unit__kind=UnitKind.AGENCY)
    assert signed.values("unit").distinct().count() == 160
    assert 6_500 < signed.aggregate(persons=Sum("signed_count"))["persons"] < 7_000
    for model in (CoordinationAgreement, Inspection, Incident, PartRating):
        assert model.objects.exists()


#: Filters that lead to what is seldom, and the answers that must find something.
SELDOM = {
    TeamFilters: {"tinh_trang": ("thoi", "sap"), "hinh_thuc": ("office", "board", "team", "group")},
    GuardFilters: {"chung_nhan": ("90", "30", "het", "chua"), "luu_y": ("tuoi", "trinh_do"), "trung": ("co",)},
    CertificateFilters: {"gia_tri": ("90", "30", "thu")},
    IncidentFilters: {"loai": IncidentKind.values},
    ModelFilters: {"tinh_trang": ("merged", "retired", "dissolved", "proposed", "approved"), "im_lang": ("12",)},
}


@pytest.mark.usefixtures("held_clock")
def test_what_is_seldom_is_there_to_be_found(territory):
    reference.load("guard_rules")
    call_command("load_demo")
    officer = Officer.objects.get(username="quantri")
    empty = [
        (filters.__name__, name, value)
        for filters, answers in SELDOM.items()
        for name, values in answers.items()
        for value in values
        if not filters(QueryDict(f"{name}={value}"), officer).picked.exists()
    ]
    assert empty == []
    assert SecurityTeam.objects.exclude(tool_licence_number="").filter(tool_licence_on=None).count() == 0
    assert TransferRequest.objects.count() == 1
