"""A commune's officer sees, picks and writes only what is theirs: in every corner of the admin pages."""

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse

from models_registry.models import ModelMember
from movement_portal.audit.models import AuditEvent, Change
from movement_portal.jurisdictions.enums import Function
from tests.adminpages.change_pages import change_url, form_data
from tests.factories import (
    JurisdictionFactory,
    OfficerFactory,
    SelfManagedModelFactory,
    UnitFactory,
)
from units.enums import UnitStatus
from units.models import Headcount, StatusChange, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

UNITS = "/quan-tri/units/unit/"
SECRET = "Bí Mật"


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
