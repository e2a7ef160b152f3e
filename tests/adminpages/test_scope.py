"""A commune's officer sees, picks and writes only what is theirs: in every corner of the admin pages."""

import datetime
import io

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from models_registry.models import ModelMember
from movement_portal.adminpages.base import PortalModelAdmin
from movement_portal.audit.enums import EventKind
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.jurisdictions.enums import Function, PoliceLevel
from movement_portal.lib.changes import StaleRecord
from tests.factories import (
    JurisdictionFactory,
    OfficerFactory,
    PoliceOfficeFactory,
    SelfManagedModelFactory,
    UnitFactory,
)
from units.enums import UnitStatus
from units.models import Grouping, Headcount, StatusChange, Unit, UnitIdentifier

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

UNITS = "/quan-tri/units/unit/"
SECRET = "Bí Mật"


def change_url(record):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def form_data(response, **typed):
    """What the browser sends back from a change page, with some fields typed over."""
    form = response.context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    for inline in response.context["inline_admin_formsets"]:
        formset = inline.formset
        for bound in [formset.management_form, *formset.forms]:
            data |= {bound.add_prefix(name): bound[name].value() for name in bound.fields}
    return {name: value for name, value in (data | typed).items() if value is not None and value is not False}


# -- lists ---------------------------------------------------------------------------------------------------------


def test_list_shows_own_rows_only(staff, unit, foreign_unit):
    text = staff.get(UNITS).content.decode()
    assert "Ánh Dương" in text
    assert SECRET not in text


@pytest.mark.parametrize("typed", ["anh duong", "ÁNH DƯƠNG", "duong truong"])
def test_search_needs_no_accents(staff, unit, typed):
    assert [row.pk for row in staff.get(UNITS, {"q": typed}).context["cl"].result_list] == [unit.pk]


@pytest.mark.parametrize(
    "probe",
    [
        {"jurisdiction__path__startswith": "0"},
        {"parent__name__contains": "Bí"},
        {"parent__id__exact": "1"},
        {"merged_units__id__exact": "1"},
        {"headcounts__staff_count__gt": "0"},
        {"status_changes__officer__password__startswith": "a"},
        {"name__startswith": "T"},
        {"pk__in": "1,2"},
    ],
)
def test_lookups_by_address_are_refused(staff, unit, probe):
    assert staff.get(UNITS, probe).status_code == 400


def test_own_filters_still_filter(staff, unit, area):
    UnitFactory(jurisdiction=area, kind="agency")
    assert staff.get(UNITS, {"kind__exact": "school"}).context["cl"].result_count == 1


def test_area_filter_offers_and_takes_own_areas_only(staff, area, neighbour, unit, foreign_unit):
    text = staff.get(UNITS).content.decode()
    assert "Xa Lạ" not in text
    assert staff.get(UNITS, {"dia_ban": neighbour.pk}).context["cl"].result_count == 0


@pytest.mark.parametrize("typed", ["Xa Lạ", "Không có ở đâu"])
def test_area_typed_that_is_not_in_reach_shows_nothing_and_says_so(staff, neighbour, unit, foreign_unit, typed):
    response = staff.get(UNITS, {"dia_ban": "", "dia_ban_text": typed})
    assert response.context["cl"].result_count == 0
    assert f"Không tìm thấy địa bàn “{typed}”" in response.content.decode()


def test_area_filter_takes_a_typed_name(client, province, area, neighbour, unit, foreign_unit):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.READ))
    response = client.get(UNITS, {"dia_ban": "", "dia_ban_text": neighbour.full_name})
    assert [row.pk for row in response.context["cl"].result_list] == [foreign_unit.pk]


def test_area_filter_lists_the_way_to_the_area_only(client, province, area, neighbour, unit, foreign_unit):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.READ))
    (spec,) = (
        spec for spec in client.get(UNITS, {"dia_ban": area.pk}).context["cl"].filter_specs if spec.title == "địa bàn"
    )
    assert [name for _, name in spec.lookup_choices] == [area.full_name]


def test_cells_say_which_column_they_are(staff, unit):
    text = staff.get(UNITS).content.decode()
    assert 'data-label="Tên đơn vị"' in text
    assert text.count("data-label=") == 6


def test_area_filter_goes_down_the_tree(client, province, area, neighbour, unit, foreign_unit):
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.READ))
    response = client.get(UNITS, {"dia_ban": neighbour.pk})
    assert [row.pk for row in response.context["cl"].result_list] == [foreign_unit.pk]


def test_related_filters_offer_own_records_only(staff, unit, foreign_unit, rf, officer):
    response = staff.get("/quan-tri/jurisdictions/succession/")
    assert "Xa Lạ" not in response.content.decode()


def test_export_holds_own_rows_only(staff, unit, foreign_unit):
    body = staff.get(f"{UNITS}xuat/").getvalue()
    assert cells_of(body) >= {"Trường Ánh Dương", "Cơ sở giáo dục"}
    assert not any(SECRET in cell for cell in cells_of(body))


def test_export_holds_what_is_filtered(staff, unit, area):
    UnitFactory(jurisdiction=area, kind="agency", name="Sở Mẫu")
    body = staff.get(f"{UNITS}xuat/", {"kind__exact": "agency"}).getvalue()
    assert "Sở Mẫu" in cells_of(body)
    assert "Trường Ánh Dương" not in cells_of(body)


def cells_of(body):
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    return {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}


def test_export_says_what_is_filtered_and_is_logged(staff, unit, area):
    body = staff.get(f"{UNITS}xuat/", {"kind__exact": "school", "q": "anh duong"}).getvalue()
    assert "Điều kiện: Tìm: “anh duong”; Khối: Cơ sở giáo dục" in cells_of(body)
    event = AuditEvent.objects.get(kind="export")
    assert event.label == "Xuất đơn vị (Excel): 1 dòng"
    assert event.reason == "Điều kiện: Tìm: “anh duong”; Khối: Cơ sở giáo dục"


def test_export_keeps_the_order_on_screen(staff, area):
    for name in ("Bình", "An"):
        UnitFactory(jurisdiction=area, name=name)
    shown = staff.get(UNITS, {"o": "-2"}).context["cl"].result_list
    lines = staff.get(f"{UNITS}xuat-csv/", {"o": "-2"}).getvalue().decode("utf-8-sig").splitlines()
    assert [line.split(";")[1] for line in lines[1:]] == [row.name for row in shown]


def test_export_needs_its_right(client, area):
    client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_ACCOUNTS))
    assert client.get(f"{UNITS}xuat/").status_code == 403


# -- picks ---------------------------------------------------------------------------------------------------------


def pick(client, model, field, term):
    app, name = model
    return client.get(
        "/quan-tri/autocomplete/", {"app_label": app, "model_name": name, "field_name": field, "term": term}
    )


def test_autocomplete_finds_own_records_without_accents(staff, unit, foreign_unit):
    results = pick(staff, ("units", "headcount"), "unit", "anh duong").json()["results"]
    assert [result["text"] for result in results] == [f"Trường Ánh Dương ({unit.code})"]


@pytest.mark.parametrize("term", ["bi mat", "", "cong ty"])
def test_autocomplete_finds_nothing_foreign(staff, unit, foreign_unit, term):
    for field in (("units", "headcount", "unit"), ("units", "unit", "parent")):
        assert SECRET not in pick(staff, field[:2], field[2], term).content.decode()


def test_autocomplete_names_areas_with_what_they_belong_to(staff, area):
    (result,) = pick(staff, ("units", "unit"), "jurisdiction", "binh an").json()["results"]
    assert result["text"] == "Xã Bình An, Tỉnh Lâm Mẫu"


def test_autocomplete_needs_the_right_to_view(client, area):
    client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_ACCOUNTS))
    assert pick(client, ("units", "headcount"), "unit", "").status_code == 403


@pytest.mark.parametrize("rows", [1, 12])
def test_autocomplete_asks_as_often_for_many_results(client, province, rows, django_assert_max_num_queries):
    JurisdictionFactory.create_batch(rows, parent=province)
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS))
    with django_assert_max_num_queries(9):
        pick(client, ("units", "unit"), "jurisdiction", "xa")


# -- records by address --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_foreign_record_is_not_found(staff, foreign_unit, page):
    assert staff.get(reverse(f"admin:units_unit_{page}", args=[foreign_unit.pk])).status_code == 404


def test_foreign_record_is_not_written(staff, foreign_unit):
    assert staff.post(change_url(foreign_unit), {"name": "Đã sửa"}).status_code == 404
    assert Unit.objects.get(pk=foreign_unit.pk).name == foreign_unit.name


def test_history_is_the_portals(staff, unit):
    response = staff.get(reverse("admin:units_unit_history", args=[unit.pk]))
    assert response.url == reverse("audit:record_history", args=["units.unit", unit.pk])


def test_row_of_a_foreign_unit_is_not_found(staff, foreign_unit):
    row = Headcount.objects.create(unit=foreign_unit, year=2025, staff_count=3)
    assert staff.get(change_url(row)).status_code == 404


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


# -- the journal here ----------------------------------------------------------------------------------------------


def test_journal_tables_hold_own_rows_only(staff, unit, foreign_unit):
    for table in ("auditevent", "change"):
        assert SECRET not in staff.get(f"/quan-tri/audit/{table}/").content.decode()


def test_foreign_change_is_not_found(staff, foreign_unit):
    change = Change.objects.of(foreign_unit).get()
    assert staff.get(change_url(change)).status_code == 404


def test_officers_and_postings_of_others_are_not_found(client, area, neighbour):
    client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_ACCOUNTS))
    other = OfficerFactory(jurisdiction=neighbour, full_name="Người Bí Mật")
    assert client.get(change_url(other)).status_code == 404
    assert client.get(change_url(other.postings.get())).status_code == 404
    for table in ("officer", "posting"):
        assert SECRET not in client.get(f"/quan-tri/jurisdictions/{table}/").content.decode()


def test_page_of_an_officer_shows_no_password(client, area):
    client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_ACCOUNTS))
    other = OfficerFactory(jurisdiction=area, password="một mật khẩu dài")
    assert other.password not in client.get(change_url(other)).content.decode()


def test_posting_cannot_be_made_here(client, area):
    client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_ACCOUNTS))
    assert client.get("/quan-tri/jurisdictions/posting/add/").status_code == 403


def test_ended_area_is_no_choice_for_a_unit(staff, area, province, officer):
    old = JurisdictionFactory(parent=area, name="Cũ Kỹ", valid_to=datetime.date(2025, 12, 31))
    page = staff.get("/quan-tri/units/unit/add/")
    response = staff.post("/quan-tri/units/unit/add/", form_data(page, name="Sở", kind="agency", jurisdiction=old.pk))
    assert response.context["adminform"].form.has_error("jurisdiction")


# -- names that rows carry -------------------------------------------------------------------------------------------


@pytest.fixture
def shared_model(unit, foreign_unit):
    """A model that a neighbour's unit leads, with a unit of the commune and another of the neighbour's."""
    model = SelfManagedModelFactory(lead_unit=foreign_unit, lead_body="", jurisdiction=foreign_unit.jurisdiction)
    other = UnitFactory(name="Xưởng Bí Mật", jurisdiction=foreign_unit.jurisdiction)
    for member in (unit, other):
        ModelMember.objects.create(model=model, unit=member)
    return model


def test_a_shared_record_does_not_name_who_leads_it(staff, shared_model):
    text = staff.get(change_url(shared_model)).content.decode()
    assert shared_model.code in text
    assert "một đơn vị ngoài phạm vi" in text
    assert SECRET not in text


def test_a_list_of_members_names_no_unit_out_of_reach(staff, shared_model, unit):
    text = staff.get("/quan-tri/models_registry/modelmember/").content.decode()
    assert unit.name in text
    assert SECRET not in text


@pytest.mark.parametrize("of_list", [True, False])
def test_what_a_unit_went_into_is_not_named_out_of_reach(staff, unit, foreign_unit, of_list):
    step = StatusChange.objects.create(
        unit=unit,
        from_status=UnitStatus.ACTIVE,
        to_status=UnitStatus.MERGED,
        effective_on=datetime.date(2026, 3, 1),
        merged_into=foreign_unit,
        reason="Sắp xếp",
    )
    text = staff.get("/quan-tri/units/statuschange/" if of_list else change_url(step)).content.decode()
    assert "một đơn vị ngoài phạm vi" in text
    assert SECRET not in text


def test_a_form_keeps_what_is_out_of_reach_without_its_name(staff, unit, foreign_unit):
    source = SelfManagedModelFactory(
        name="Mô hình Bí Mật", lead_unit=foreign_unit, lead_body="", jurisdiction=foreign_unit.jurisdiction
    )
    copy = SelfManagedModelFactory(lead_unit=unit, lead_body="", jurisdiction=unit.jurisdiction, replicated_from=source)
    page = staff.get(change_url(copy))
    assert SECRET not in page.content.decode()
    assert staff.post(change_url(copy), form_data(page, note="Đã xem")).status_code == 302
    copy.refresh_from_db()
    assert (copy.replicated_from, copy.note) == (source, "Đã xem")


# -- how values stand ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of_list", [True, False])
def test_a_year_is_written_as_a_year(client, area, unit, of_list):
    client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=Function.READ))
    count = Headcount.objects.create(unit=unit, year=2026, staff_count=1234)
    text = client.get("/quan-tri/units/headcount/" if of_list else change_url(count)).content.decode()
    assert "2026" in text
    assert "2.026" not in text
    assert "1.234" in text


def test_a_record_whose_page_is_closed_is_named_without_a_link(staff, officer, unit):
    step = StatusChange.objects.create(
        unit=unit,
        from_status=UnitStatus.ACTIVE,
        to_status=UnitStatus.SUSPENDED,
        effective_on=datetime.date(2026, 3, 1),
        reason="Sửa chữa",
        officer=officer,
    )
    text = staff.get(change_url(step)).content.decode()
    assert officer.full_name in text
    assert "/quan-tri/jurisdictions/officer/" not in text
    assert change_url(unit) in text
