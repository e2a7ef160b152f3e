"""Lists of areas, accounts and groups of units go out as they are on screen."""

import csv
import io

import pytest
from django.urls import reverse

from movement_portal.audit.models import AuditEvent
from tests.factories import OfficerFactory, UnitFactory
from units.models import Grouping

LISTS = (
    ("jurisdictions:area_list", "spreadsheets:area_export"),
    ("accounts:officer_list", "spreadsheets:officer_export"),
    ("units:grouping_list", "units:grouping_export"),
)


@pytest.fixture
def signed_in(client, place, monkeypatch):
    monkeypatch.setattr(type(place.officer), "has_perm", lambda *_: True)
    monkeypatch.setattr(type(place.officer), "has_perms", lambda *_: True)
    client.force_login(place.officer)
    return client


def exported(client, name, **query):
    answer = client.get(reverse(name, kwargs={"form": "csv"}), query)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize(("page", "export"), LISTS)
def test_the_page_offers_its_list_as_a_file(signed_in, place, page, export):
    Grouping.objects.create(kind="sector", name="Xây dựng")
    content = signed_in.get(reverse(page)).content.decode()
    assert reverse(export, kwargs={"form": "xlsx"}) in content


@pytest.mark.parametrize("export", [export for _, export in LISTS[1:]])
def test_without_the_right_no_list_goes_out(client, place, export):
    officer = OfficerFactory()
    client.force_login(officer)
    assert client.get(reverse(export, kwargs={"form": "xlsx"})).status_code == 403


def test_areas_go_out_as_on_screen(signed_in, place):
    rows = exported(signed_in, "spreadsheets:area_export")
    assert {row[0] for row in rows[1:]} == {place.ward.full_name, place.commune.full_name}


def test_areas_go_out_as_they_were_searched(signed_in, place):
    rows = exported(signed_in, "spreadsheets:area_export", q="an phu")
    assert [row[0] for row in rows[1:]] == [place.ward.full_name]


def test_accounts_in_reach_go_out(signed_in, place):
    rows = exported(signed_in, "spreadsheets:officer_export")
    names = {row[1] for row in rows[1:]}
    assert {place.officer.username, place.local.username} <= names
    assert place.above.username not in names


def test_groups_go_out_with_their_units_in_reach(signed_in, place):
    group = Grouping.objects.create(kind="sector", name="Xây dựng", code="XD")
    UnitFactory(jurisdiction=place.ward, sector=group)
    UnitFactory(jurisdiction=place.far, sector=group)
    assert exported(signed_in, "units:grouping_export")[1:] == [["Xây dựng", "XD", "1"]]


def test_groups_go_out_so_that_they_come_in_again(signed_in, place):
    Grouping.objects.create(kind="sector", name="Xây dựng", code="XD")
    rows = exported(signed_in, "units:grouping_export", cot="du")
    assert "Xây dựng" in rows[1]


def test_what_went_out_is_in_the_log(signed_in, place):
    exported(signed_in, "spreadsheets:officer_export")
    assert AuditEvent.objects.filter(kind="export", label__startswith="Xuất danh sách tài khoản").exists()
