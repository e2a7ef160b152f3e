"""Lists to try the import with: there on a portal of demonstration data, and nowhere else."""

import pytest
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from movement_portal.spreadsheets import samples
from tests.factories import OfficerFactory

URL = "spreadsheets:sample_list"


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def offered(media):
    sample = samples.SampleList("mau.xlsx", "units", "Danh sách thử", "Có đủ thứ lộn xộn")
    samples.keep([(sample, b"PK-content")])
    return sample


def test_the_upload_page_offers_them(client, place, offered):
    client.force_login(place.officer)
    page = client.get(reverse("spreadsheets:import_upload")).content.decode()
    assert "Danh sách thử" in page
    answer = client.get(reverse(URL), {"tep": "mau.xlsx"})
    assert b"".join(answer.streaming_content) == b"PK-content"
    assert "mau.xlsx" in answer["Content-Disposition"]


def test_a_portal_without_them_says_nothing_of_them(client, place, media):
    client.force_login(place.officer)
    assert "Tệp mẫu để thử" not in client.get(reverse("spreadsheets:import_upload")).content.decode()
    assert "không có tệp mẫu" in client.get(reverse(URL)).content.decode()


@pytest.mark.parametrize("name", ["khac.xlsx", "index.json", "../portal.sqlite3", "/etc/passwd"])
def test_nothing_else_is_given_out(client, place, offered, name):
    client.force_login(place.officer)
    assert client.get(reverse(URL), {"tep": name}).status_code == 404


@pytest.mark.slow
def test_without_the_right_to_import(client, place, offered):
    client.force_login(OfficerFactory(jurisdiction=place.province, jurisdiction__function=Function.READ))
    assert client.get(reverse(URL)).status_code == 403
