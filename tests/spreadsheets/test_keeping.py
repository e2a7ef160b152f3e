"""Uploaded files go after the days that the office has set; the import and its digest stay."""

import datetime

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from movement_portal.spreadsheets.models import ImportBatch
from tests.spreadsheets.lists import tax_code

HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường"]


def row(number):
    return [f"Công ty {number}", "Doanh nghiệp", tax_code(number), "An Phú"]


def sent_long_ago(batch):
    ImportBatch.objects.filter(pk=batch.pk).update(uploaded_at=timezone.now() - datetime.timedelta(days=100))
    return batch


def run(capture, **options):
    with capture(execute=True):
        call_command("remove_import_files", **options)


@pytest.mark.slow
def test_the_file_of_an_old_import_goes_its_digest_stays(place, client, django_capture_on_commit_callbacks):
    batch = sent_long_ago(place.committed(HEADER, row(1)))
    name = batch.file.name
    run(django_capture_on_commit_callbacks, days=90)
    batch.refresh_from_db()
    assert not batch.file
    assert batch.sha256
    assert not default_storage.exists(name)
    client.force_login(place.officer)
    assert client.get(reverse("spreadsheets:import_file", args=[batch.pk])).status_code == 404
    text = client.get(reverse("spreadsheets:import_detail", args=[batch.pk])).content.decode()
    assert "Tệp gốc đã được xóa" in text
    assert batch.sha256 in text


@pytest.mark.parametrize("days", [0, 200])
def test_files_stay_while_nothing_says_otherwise(place, days, django_capture_on_commit_callbacks):
    batch = sent_long_ago(place.committed(HEADER, row(2)))
    run(django_capture_on_commit_callbacks, days=days)
    batch.refresh_from_db()
    assert default_storage.exists(batch.file.name)


def test_the_file_of_a_list_that_waits_stays(place, django_capture_on_commit_callbacks):
    batch = sent_long_ago(place.checked(HEADER, row(3)))
    run(django_capture_on_commit_callbacks, days=90)
    batch.refresh_from_db()
    assert default_storage.exists(batch.file.name)


def test_a_file_that_a_later_import_shares_stays(place, django_capture_on_commit_callbacks):
    old = sent_long_ago(place.committed(HEADER, row(4)))
    new = place.checked(HEADER, row(4))
    assert old.file.name == new.file.name
    run(django_capture_on_commit_callbacks, days=90)
    assert default_storage.exists(new.file.name)
    old.refresh_from_db()
    assert not old.file
