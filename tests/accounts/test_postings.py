"""An officer serves at one office at a time; the database and the model refuse the rest."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer, Posting
from tests.factories import OfficerFactory, PoliceOfficeFactory, PostingFactory

pytestmark = pytest.mark.django_db

NEW_YEAR = datetime.date(2026, 1, 1)


def posting(officer, **values):
    values = {"office": officer.office, "function": Function.READ, "valid_from": NEW_YEAR, **values}
    return Posting(officer=officer, **values)


def test_several_functions_at_one_office(clerk):
    posting(clerk).full_clean()


def test_the_same_function_twice_at_once_is_refused(clerk):
    with pytest.raises(ValidationError, match="đã có chức năng này"):
        posting(clerk, function=Function.ENTER).full_clean()


def test_two_offices_at_once_are_refused(clerk, neighbour):
    with pytest.raises(ValidationError, match="kết thúc phân công đó trước"):
        posting(clerk, office=PoliceOfficeFactory(jurisdiction=neighbour)).full_clean()


def test_one_office_after_another(clerk, neighbour):
    clerk.postings.update(valid_to=datetime.date(2025, 12, 31))
    posting(clerk, office=PoliceOfficeFactory(jurisdiction=neighbour)).full_clean()


def test_a_day_on_which_the_office_does_not_exist_is_refused(clerk):
    office = clerk.office
    office.valid_from = datetime.date(2026, 6, 1)
    with pytest.raises(ValidationError, match="Ngày này không có"):
        posting(clerk, office=office).full_clean()


def test_a_posting_at_an_office_that_ended_does_not_stand_in_the_way(clerk, neighbour):
    office = clerk.office
    office.valid_to = datetime.date(2025, 12, 31)
    office.save()
    posting(clerk, office=PoliceOfficeFactory(jurisdiction=neighbour)).full_clean()


def test_unknown_functions_cannot_be_handed_on(clerk):
    with pytest.raises(ValidationError, match="Không có chức năng bay"):
        posting(clerk, function=Function.MANAGE_ACCOUNTS, grants=["bay"]).full_clean()


@pytest.mark.parametrize(
    "values",
    [
        {"valid_to": datetime.date(2025, 12, 31)},
        {"grants": [Function.READ]},
    ],
)
def test_the_database_refuses(clerk, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        posting(clerk, **values).save()


def test_the_database_refuses_the_same_posting_twice(clerk):
    PostingFactory(officer=clerk, office=clerk.office, function=Function.READ, valid_from=NEW_YEAR)
    with pytest.raises(IntegrityError), transaction.atomic():
        posting(clerk).save()


def test_usernames_are_stored_in_lower_case():
    assert OfficerFactory(username="NguyenA").username == "nguyena"


def test_the_database_refuses_a_first_password_without_end():
    officer = OfficerFactory()
    officer.must_change_password = True
    with pytest.raises(IntegrityError), transaction.atomic():
        officer.save()


def test_the_database_refuses_an_end_without_a_first_password():
    officer = OfficerFactory()
    officer.password_expires_at = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        officer.save()


def test_the_database_refuses_capitals_in_a_username():
    OfficerFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(Officer).update(username="ABC")


def test_an_officer_is_seen_where_they_serve_and_no_longer_where_they_served(clerk, commune, neighbour):
    clerk.postings.update(valid_to=datetime.date(2025, 12, 31))
    by_old, by_new = OfficerFactory(jurisdiction=commune), OfficerFactory(jurisdiction=neighbour)
    assert Officer.objects.visible_to(by_old).filter(pk=clerk.pk).exists()
    PostingFactory(officer=clerk, office=by_new.office, valid_from=NEW_YEAR, valid_to=datetime.date(2026, 2, 1))
    assert not Officer.objects.visible_to(by_old).filter(pk=clerk.pk).exists()
    assert Officer.objects.visible_to(by_new).filter(pk=clerk.pk).exists()
