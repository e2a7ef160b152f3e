"""Functions are groups of permissions, written from one table; an officer's rights follow from today's postings."""

import datetime

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from movement_portal.jurisdictions import functions
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer
from movement_portal.jurisdictions.scoping import ReferenceModel
from tests.factories import OfficerFactory, PoliceOfficeFactory, PostingFactory

pytestmark = pytest.mark.django_db

OTHERS = [function for function in Function if function != Function.MANAGE_ACCOUNTS]


def permissions(*, function):
    return OfficerFactory(jurisdiction__function=function).get_all_permissions()


def test_every_function_is_a_group():
    assert set(Group.objects.values_list("name", flat=True)) == set(Function.values)


@pytest.mark.parametrize("function", Function)
def test_a_group_holds_what_an_officer_of_the_function_may_do(function):
    rows = Group.objects.filter(name=function).values_list(
        "permissions__content_type__app_label", "permissions__codename"
    )
    province = PoliceOfficeFactory(level="province").jurisdiction
    officer = OfficerFactory(jurisdiction=province, jurisdiction__function=function)
    assert officer.get_all_permissions() == {f"{app}.{codename}" for app, codename in rows}


def test_sync_again_changes_nothing():
    before = set(Group.objects.values_list("name", "permissions"))
    call_command("sync_functions", verbosity=0)
    assert set(Group.objects.values_list("name", "permissions")) == before


def test_sync_removes_a_group_that_is_no_function():
    Group.objects.create(name="old")
    call_command("sync_functions", verbosity=0)
    assert not Group.objects.filter(name="old").exists()


@pytest.mark.parametrize("line", ["units.fly_unit", "units.fly_*", "nowhere.view_unit"])
def test_a_permission_that_does_not_exist_is_an_error(monkeypatch, line):
    monkeypatch.setitem(functions.PERMISSIONS, Function.READ, (line,))
    with pytest.raises(CommandError, match="read: "):
        call_command("sync_functions", verbosity=0)


@pytest.mark.parametrize("function", OTHERS)
def test_whoever_works_with_records_reads_and_exports_them(function):
    assert {"units.view_unit", "units.export_unit"} <= permissions(function=function)


def test_entering_is_typing_not_importing_and_not_deleting():
    held = permissions(function=Function.ENTER)
    assert {"units.add_unit", "units.change_unit", "units.add_headcount"} <= held
    assert (
        not {"spreadsheets.import_sheet", "units.import_unit", "units.delete_unit", "units.change_unit_status"} & held
    )


@pytest.mark.parametrize("function", [Function.READ, Function.APPRAISE])
def test_readers_write_nothing(function):
    assert not [name for name in permissions(function=function) if name.split(".")[1].startswith(("add", "change"))]


def test_account_administrators_see_no_records():
    held = permissions(function=Function.MANAGE_ACCOUNTS)
    # Of lists they bring in those of officers: of other kinds they may add no records.
    assert {name.split(".")[0] for name in held} == {"jurisdictions", "spreadsheets"}
    assert {name for name in held if ".add_" in name} == {"jurisdictions.add_officer", "jurisdictions.add_posting"}
    assert "jurisdictions.change_posting" in held


@pytest.mark.parametrize("function", OTHERS)
def test_only_account_administrators_touch_accounts(function):
    assert not [name for name in permissions(function=function) if name.endswith(("_officer", "_posting"))]


def test_nobody_deletes_an_account():
    assert not [name for function in Function for name in permissions(function=function) if "delete_officer" in name]


def test_functions_add_up():
    officer = OfficerFactory(jurisdiction__function=Function.READ)
    PostingFactory(officer=officer, office=officer.office, function=Function.MANAGE_ACCOUNTS)
    held = Officer.objects.get(pk=officer.pk).get_all_permissions()
    assert {"units.view_unit", "jurisdictions.change_officer"} <= held


def test_without_a_posting_there_are_no_permissions():
    assert OfficerFactory(jurisdiction=False).get_all_permissions() == set()


def test_a_posting_that_has_ended_gives_nothing():
    officer = OfficerFactory(jurisdiction__valid_to=datetime.date(2025, 12, 31))
    assert officer.get_all_permissions() == set()


def test_a_locked_officer_may_do_nothing():
    assert OfficerFactory(is_active=False).get_all_permissions() == set()


def test_permissions_cost_one_query_whatever_is_asked(django_assert_num_queries):
    officer = Officer.objects.get(pk=OfficerFactory(jurisdiction__function=Function.MANAGE_RECORDS).pk)
    with django_assert_num_queries(1):
        for name in ("units.view_unit", "units.add_unit", "spreadsheets.import_sheet", "units.nothing"):
            officer.has_perm(name)
        officer.has_module_perms("units")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("once_more", [1, 2])
def test_transactional_tests_have_the_functions_too(once_more):
    assert Group.objects.filter(permissions__codename="view_unit").count() == 5


def test_every_catalogue_is_known_to_be_shared():
    names = {
        (model._meta.app_label, model._meta.model_name)
        for model in apps.get_models()
        if issubclass(model, ReferenceModel)
    }
    known = {(app, name) for app, listed in functions.SHARED.items() for name in listed}
    assert names <= known


@pytest.mark.slow
@pytest.mark.parametrize(("level", "writes"), [("province", True), ("ministry", True), ("commune", False)])
def test_only_the_province_and_above_write_what_all_areas_share(level, writes):
    office = PoliceOfficeFactory(level=level)
    officer = OfficerFactory(jurisdiction=office.jurisdiction, jurisdiction__function=Function.MANAGE_RECORDS)
    assert officer.has_perm("units.view_eligibilityrule")
    assert officer.has_perm("units.change_unit")
    assert officer.has_perm("units.change_eligibilityrule") is writes
    assert officer.has_perm("jurisdictions.add_jurisdiction") is writes
