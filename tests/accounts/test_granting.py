"""Administrators grant only what they hold, only inside their own area; nobody rises by a detour."""

import datetime

import pytest

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.granting import GrantRefused, check_grant, check_touch, grantable
from movement_portal.jurisdictions.models import Officer
from tests.accounts.conftest import administrator
from tests.factories import OfficerFactory, PoliceOfficeFactory, PostingFactory

pytestmark = pytest.mark.django_db


def test_an_administrator_grants_what_they_hold_and_what_is_listed(commune):
    by = administrator(commune, grants=[Function.ENTER], functions=[Function.READ])
    assert grantable(by) == {Function.MANAGE_ACCOUNTS, Function.ENTER, Function.READ}


@pytest.mark.parametrize("function", [item for item in Function if item != Function.MANAGE_ACCOUNTS])
def test_without_administering_accounts_nobody_grants(commune, function):
    assert grantable(OfficerFactory(jurisdiction=commune, jurisdiction__function=function)) == frozenset()


def test_an_administration_that_has_ended_grants_nothing(commune):
    by = OfficerFactory(
        jurisdiction=commune,
        jurisdiction__function=Function.MANAGE_ACCOUNTS,
        jurisdiction__valid_to=datetime.date(2025, 12, 31),
    )
    assert grantable(by) == frozenset()


def test_inside_the_area_what_is_held_is_granted(admin, commune):
    check_grant(admin, officer=None, office=admin.office, function=Function.ENTER)


@pytest.mark.parametrize("function", [Function.DECIDE, Function.MANAGE_RECORDS, Function.APPRAISE])
def test_more_than_is_held_is_refused(admin, function):
    with pytest.raises(GrantRefused, match="không được cấp chức năng"):
        check_grant(admin, officer=None, office=admin.office, function=function)


def test_an_office_of_the_neighbour_is_refused(admin, neighbour):
    with pytest.raises(GrantRefused, match="ngoài địa bàn"):
        check_grant(admin, officer=None, office=PoliceOfficeFactory(jurisdiction=neighbour), function=Function.ENTER)


def test_an_office_above_is_refused(admin, province):
    with pytest.raises(GrantRefused, match="ngoài địa bàn"):
        check_grant(admin, officer=None, office=PoliceOfficeFactory(jurisdiction=province), function=Function.ENTER)


def test_handing_on_more_than_one_may_give_is_refused(admin):
    with pytest.raises(GrantRefused, match="cấp tiếp"):
        check_grant(
            admin,
            officer=None,
            office=admin.office,
            function=Function.MANAGE_ACCOUNTS,
            grants=[Function.ENTER, Function.DECIDE],
        )


def test_nobody_posts_themselves(admin):
    with pytest.raises(GrantRefused, match="tự phân công"):
        check_grant(admin, officer=admin, office=admin.office, function=Function.READ)


def test_an_officer_of_equal_or_lesser_rights_is_touched(admin, clerk, commune):
    check_touch(admin, clerk)
    check_touch(admin, administrator(commune, grants=[Function.READ]))


def test_nobody_touches_their_own_account(admin):
    with pytest.raises(GrantRefused, match="tài khoản của mình"):
        check_touch(admin, admin)


@pytest.mark.parametrize("function", [Function.DECIDE, Function.MANAGE_RECORDS])
def test_an_account_of_greater_rights_is_not_touched(admin, commune, function):
    chief = OfficerFactory(jurisdiction=commune, jurisdiction__function=function)
    with pytest.raises(GrantRefused, match="vượt quyền"):
        check_touch(admin, chief)


def test_an_administrator_who_grants_more_is_not_touched(admin, commune):
    with pytest.raises(GrantRefused, match="vượt quyền"):
        check_touch(admin, administrator(commune, grants=[Function.DECIDE]))


def test_rights_that_begin_tomorrow_count_already(admin, clerk):
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    PostingFactory(officer=clerk, office=clerk.office, function=Function.DECIDE, valid_from=tomorrow)
    with pytest.raises(GrantRefused, match="vượt quyền"):
        check_touch(admin, clerk)


def test_a_posting_outside_that_begins_tomorrow_counts_already(admin, clerk, neighbour):
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    office = PoliceOfficeFactory(jurisdiction=neighbour)
    PostingFactory(officer=clerk, office=office, function=Function.ENTER, valid_from=tomorrow)
    with pytest.raises(GrantRefused, match="ngoài địa bàn"):
        check_touch(admin, clerk)


def test_rights_of_the_past_do_not_count(admin, clerk):
    PostingFactory(
        officer=clerk,
        office=clerk.office,
        function=Function.DECIDE,
        valid_from=datetime.date(2020, 1, 1),
        valid_to=datetime.date(2021, 1, 1),
    )
    check_touch(admin, clerk)


def test_with_the_office_its_postings_end(commune):
    officer = OfficerFactory(jurisdiction=commune)
    office = officer.office
    office.valid_to = datetime.date(2025, 12, 31)
    office.save()
    fresh = Officer.objects.get(pk=officer.pk)
    assert fresh.jurisdiction is None
    assert fresh.get_all_permissions() == set()
