"""What an officer saves and deletes in the admin pages keeps its history, its scope and one act."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from movement_portal.adminpages.base import PortalModelAdmin
from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.jurisdictions.enums import Function, PoliceLevel
from movement_portal.lib.changes import StaleRecord
from tests.adminpages.change_pages import change_url, form_data
from tests.factories import (
    OfficerFactory,
    PoliceOfficeFactory,
)
from units.models import Grouping, Headcount, Unit, UnitIdentifier

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

UNITS = "/quan-tri/units/unit/"
SECRET = "Bí Mật"


# -- saving --------------------------------------------------------------------------------------------------------


def test_record_is_saved_with_history_and_reason(staff, officer, unit):
    page = staff.get(change_url(unit))
    response = staff.post(change_url(unit), form_data(page, name="Trường Bình Minh", edit_reason="Đổi tên"))
    assert response.status_code == 302
    change = Change.objects.of(unit).select_related("event").latest("id")
    assert (change.after, change.event.officer, change.event.reason) == (
        {"name": "Trường Bình Minh"},
        officer,
        "Đổi tên",
    )


def test_stale_form_shows_what_changed(staff, unit):
    data = form_data(staff.get(change_url(unit)), name="Tên của tôi")
    Unit.objects.filter(pk=unit.pk).update(note="của người khác")
    text = staff.post(change_url(unit), data).content.decode()
    assert "Có người đã sửa bản ghi này" in text
    assert "của người khác" in text
    assert Unit.objects.get(pk=unit.pk).name == unit.name


def test_race_between_reading_and_writing_shows_what_changed(staff, unit, monkeypatch):
    data = form_data(staff.get(change_url(unit)), name="Tên của tôi")
    save, attempts = Unit.save, []

    def refused_once(self, **kwargs):
        attempts.append(self)
        if len(attempts) == 1:
            raise StaleRecord(self)
        save(self, **kwargs)

    def get_object(self, request, *args):
        if attempts:
            Unit.objects.filter(pk=unit.pk).update(note="của người khác")
        return found(self, request, *args)

    found = PortalModelAdmin.get_object
    monkeypatch.setattr(Unit, "save", refused_once)
    monkeypatch.setattr(PortalModelAdmin, "get_object", get_object)
    text = staff.post(change_url(unit), data).content.decode()
    assert "Có người đã sửa bản ghi này" in text
    assert len(attempts) == 1


def test_new_record_outside_the_area_is_refused(staff, neighbour):
    page = staff.get("/quan-tri/units/unit/add/")
    response = staff.post(
        "/quan-tri/units/unit/add/", form_data(page, name="Sở Mới", kind="agency", jurisdiction=neighbour.pk)
    )
    assert response.context["adminform"].form.has_error("jurisdiction")
    assert not Unit.objects.filter(name="Sở Mới").exists()


def test_new_record_inside_the_area_is_entered(staff, area):
    page = staff.get("/quan-tri/units/unit/add/")
    staff.post("/quan-tri/units/unit/add/", form_data(page, name="Sở Mới", kind="agency", jurisdiction=area.pk))
    assert Unit.objects.get(name="Sở Mới").code


def test_foreign_parent_cannot_be_picked(staff, unit, foreign_unit):
    data = form_data(staff.get(change_url(unit)), parent=foreign_unit.pk)
    assert staff.post(change_url(unit), data).context["adminform"].form.has_error("parent")


def test_foreign_parent_that_is_there_already_stays(staff, unit, foreign_unit):
    unit.parent = foreign_unit
    unit.save()
    staff.post(change_url(unit), form_data(staff.get(change_url(unit)), note="x"))
    unit.refresh_from_db()
    assert (unit.note, unit.parent_id) == ("x", foreign_unit.pk)


def test_inline_rows_are_saved_with_their_unit(staff, unit):
    page = staff.get(change_url(unit))
    prefix = next(
        inline.formset.prefix for inline in page.context["inline_admin_formsets"] if inline.opts.model is Headcount
    )
    data = form_data(page) | {
        f"{prefix}-TOTAL_FORMS": 1,
        f"{prefix}-0-year": 2025,
        f"{prefix}-0-staff_count": 12,
        f"{prefix}-0-unit": unit.pk,
    }
    assert staff.post(change_url(unit), data).status_code == 302
    assert unit.headcounts.get().staff_count == 12


def test_stale_inline_row_is_refused(staff, unit):
    row = UnitIdentifier.objects.create(unit=unit, scheme="Mã", value="1")
    page = staff.get(change_url(unit))
    prefix = next(
        inline.formset.prefix for inline in page.context["inline_admin_formsets"] if inline.opts.model is UnitIdentifier
    )
    data = form_data(page, **{f"{prefix}-0-value": "3"})
    UnitIdentifier.objects.filter(pk=row.pk).update(value="2")
    assert "Có người đã sửa bản ghi này" in staff.post(change_url(unit), data).content.decode()
    row.refresh_from_db()
    assert row.value == "2"


def test_reader_sees_but_cannot_save(client, area, unit):
    client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=Function.READ))
    assert client.get(change_url(unit)).status_code == 200
    assert client.post(change_url(unit), {"name": "x"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 12])
def test_change_page_asks_as_often_for_many_inline_rows(staff, unit, rows, django_assert_max_num_queries):
    Headcount.objects.bulk_create(Headcount(unit=unit, year=2000 + n, staff_count=1) for n in range(rows))
    UnitIdentifier.objects.bulk_create(UnitIdentifier(unit=unit, scheme="Mã", value=str(n)) for n in range(rows))
    with django_assert_max_num_queries(13):
        staff.get(change_url(unit))


# -- bulk ----------------------------------------------------------------------------------------------------------


def delete(client, *records):
    return client.post(
        reverse(f"admin:{records[0]._meta.app_label}_{records[0]._meta.model_name}_changelist"),
        {"action": "delete_selected", "_selected_action": [record.pk for record in records], "post": "yes"},
    )


@pytest.fixture
def keeper(client, province):
    """An officer of the province, who alone writes the catalogues that all share."""
    PoliceOfficeFactory(jurisdiction=province, level=PoliceLevel.PROVINCE)
    keeper = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS)
    client.force_login(keeper)
    return keeper


def test_bulk_deletion_is_one_act(client, keeper):
    rows = [Grouping.objects.create(kind="sector", name=f"Ngành {n}") for n in range(3)]
    delete(client, *rows)
    event = AuditEvent.objects.get(kind=EventKind.BULK)
    assert (event.officer, event.changes.filter(action="delete").count()) == (keeper, 3)


def test_bulk_deletion_passes_foreign_rows_over(staff, officer, unit, foreign_unit):
    delete(staff, foreign_unit)
    assert Unit.objects.filter(pk=foreign_unit.pk).exists()


def test_deletion_tells_what_goes_in_numbers(client, keeper, foreign_unit):
    group = Grouping.objects.create(kind="sector", name="Y tế")
    Unit.objects.filter(pk=foreign_unit.pk).update(sector=group)
    text = client.get(reverse("admin:units_grouping_delete", args=[group.pk])).content.decode()
    assert "1 đơn vị" in text
    assert SECRET not in text


def test_django_keeps_no_second_log(staff, unit):
    staff.post(change_url(unit), form_data(staff.get(change_url(unit)), note="x"))
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("rubbish", ["abc", "a\x00b", "1.5", "99999999999999999999"])
def test_what_is_no_key_picks_nothing_and_is_no_fault(staff, unit, rubbish):
    page = staff.get(f"{UNITS}add/", {"parent": rubbish, "jurisdiction": rubbish})
    assert page.status_code == 200
    answer = staff.post(f"{UNITS}add/", form_data(page, name="Trường Bình Minh", parent=rubbish, jurisdiction=rubbish))
    assert answer.status_code == 200
    assert not Unit.objects.filter(name="Trường Bình Minh").exists()
