"""The list of units: who sees what, filters, order, pages, search box, export."""

import csv
import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from tests.factories import JurisdictionFactory, OfficerFactory, UnitFactory
from units.enums import UnitKind, UnitStatus
from units.models import Grouping, Headcount, Unit, UnitIdentifier
from units.tables.units import EXPORT

pytestmark = pytest.mark.django_db


def names(response):
    """Names of the page in their order."""
    assert response.status_code == 200
    text = response.content.decode()
    body = text[text.index("<tbody") : text.index("</tbody>")] if "<tbody" in text else ""
    return [part.split("</a>")[0].split(">")[-1] for part in body.split('data-label="Tên đơn vị"')[1:]]


def dissolved(**fields):
    return UnitFactory(status=UnitStatus.DISSOLVED, status_on=datetime.date(2026, 1, 1), **fields)


# -- who sees what -----------------------------------------------------------------------------------------------------


def test_an_officer_sees_the_units_of_the_area_and_below(listed, province, commune):
    UnitFactory(name="Ở tỉnh", jurisdiction=province)
    UnitFactory(name="Ở xã", jurisdiction=commune)
    UnitFactory(name="Nơi khác")
    assert names(listed()) == ["Ở tỉnh", "Ở xã"]


def test_an_area_out_of_reach_narrows_nothing_and_shows_nothing_new(listed, commune):
    UnitFactory(name="Ở xã", jurisdiction=commune)
    other = UnitFactory(name="Nơi khác")
    assert names(listed(dia_ban=other.jurisdiction.pk)) == ["Ở xã"]


def test_without_a_posting_nothing_is_open(client):
    client.force_login(OfficerFactory(jurisdiction=False))
    assert client.get(reverse("units:unit_list")).status_code == 403


@pytest.mark.parametrize("name", ["unit_list", "unit_search"])
def test_without_the_right_the_page_is_refused(client, province, name):
    accounts = OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_ACCOUNTS)
    client.force_login(accounts)
    assert client.get(reverse(f"units:{name}")).status_code == 403
    assert client.get(reverse("units:unit_export", kwargs={"form": "xlsx"})).status_code == 403
    assert client.post(reverse("units:unit_bulk")).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("params", [{}, {"q": "mẫu"}, {"doi_tuong": "unknown"}, {"sap_xep": "dia_ban"}])
def test_query_count_does_not_grow(listed, commune, params):
    def queries(rows):
        for number in range(rows):
            unit = UnitFactory(name=f"Trường Mẫu {number}", jurisdiction=commune)
            Headcount.objects.create(unit=unit, year=2026, staff_count=number)
        with CaptureQueriesContext(connection) as captured:
            assert listed(**params).status_code == 200
        return len(captured)

    # The first page of all asks the rules once for units alike.
    queries(1)
    assert queries(1) == queries(11)


# -- filters -----------------------------------------------------------------------------------------------------------


def test_units_that_ended_are_left_out_until_asked_for(listed, commune):
    UnitFactory(name="Còn", jurisdiction=commune)
    dissolved(name="Hết", jurisdiction=commune)
    assert names(listed()) == ["Còn"]
    assert names(listed(tinh_trang="dissolved")) == ["Hết"]
    assert names(listed(tinh_trang="tat_ca")) == ["Còn", "Hết"]


@pytest.mark.parametrize(
    ("params", "fields"),
    [
        ({"khoi": "school"}, {"kind": UnitKind.SCHOOL}),
        ({"loai_hinh": "enterprise__limited"}, {"kind": UnitKind.ENTERPRISE, "subkind": "enterprise__limited"}),
        ({"cap_hoc": "primary"}, {"kind": UnitKind.SCHOOL, "school_level": "primary"}),
        ({"quy_mo": "small"}, {"kind": UnitKind.ENTERPRISE, "enterprise_size": "small"}),
        ({"mst": "co"}, {"tax_code": "0101234567"}),
        ({"xac_dinh": "can"}, {"area_needs_review": True}),
        ({"doi_tuong": "eligible"}, {"eligibility_override": True, "override_reason": "Thử"}),
        ({"tinh_trang": "suspended"}, {"status": UnitStatus.SUSPENDED, "status_on": datetime.date(2026, 1, 1)}),
        ({"q": "tìm thấy"}, {}),
    ],
)
def test_a_filter_leaves_what_it_says(listed, commune, params, fields):
    UnitFactory(name="Tìm thấy", jurisdiction=commune, **fields)
    UnitFactory(name="Khác", jurisdiction=commune)
    assert names(listed(**params)) == ["Tìm thấy"]


@pytest.mark.parametrize(
    ("parameter", "kind"), [("nganh", "sector"), ("khu", "industrial_park"), ("chu_quan", "governing_body")]
)
def test_groups_filter(listed, commune, parameter, kind):
    group = Grouping.objects.create(kind=kind, name="Nhóm A")
    UnitFactory(name="Trong nhóm", jurisdiction=commune, **{kind: group})
    UnitFactory(name="Ngoài nhóm", jurisdiction=commune)
    assert names(listed(**{parameter: group.pk})) == ["Trong nhóm"]


def test_an_area_filters_with_all_below_it(listed, province, commune):
    UnitFactory(name="Ở tỉnh", jurisdiction=province)
    UnitFactory(name="Ở xã", jurisdiction=commune)
    assert names(listed(dia_ban=commune.pk)) == ["Ở xã"]


@pytest.mark.parametrize(
    "params",
    [
        {"khoi": "xyz"},
        {"dia_ban": "1e9"},
        {"dia_ban": "-1"},
        {"nganh": "x"},
        {"sap_xep": "id); drop"},
        {"q": "\x00"},
        {"sau": "x"},
    ],
)
def test_values_that_mean_nothing_are_passed_over(listed, commune, params):
    UnitFactory(name="Đơn vị", jurisdiction=commune)
    assert names(listed(**params)) == ["Đơn vị"]


def test_active_filters_are_chips_that_drop_only_themselves(listed, commune):
    UnitFactory(name="Trường A", jurisdiction=commune, kind=UnitKind.SCHOOL)
    text = listed(q="trường", khoi="school", so_dong="25").content.decode()
    assert "Tìm: “trường”" in text
    assert "?khoi=school&amp;so_dong=25" in text


def test_an_empty_register_says_what_to_do(listed):
    assert "Chưa có đơn vị nào" in listed().content.decode()


def test_a_search_without_results_says_what_to_do(listed):
    assert "Bỏ tất cả bộ lọc" in listed(q="không có").content.decode()


# -- order and pages ---------------------------------------------------------------------------------------------------


BY_NAME = ["Ẩn", "Đa", "Trường 2", "Trường 10"]
BY_CODE = ["Trường 10", "Ẩn", "Đa", "Trường 2"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", BY_NAME),
        ("ten", BY_NAME),
        ("-ten", BY_NAME[::-1]),
        ("ma", BY_CODE),
        ("-ma", BY_CODE[::-1]),
        ("sua", BY_CODE),
        ("-sua", BY_CODE[::-1]),
    ],
)
def test_order(listed, commune, sort, expected):
    for name in BY_CODE:
        UnitFactory(name=name, jurisdiction=commune)
    assert names(listed(sap_xep=sort)) == expected


def test_order_by_area_then_name(listed, province):
    for area, name in (("Bến", "A"), ("An", "B"), ("An", "A2")):
        area = province.children.filter(name=area).first() or JurisdictionFactory(name=area, parent=province)
        UnitFactory(name=name, jurisdiction=area)
    assert names(listed(sap_xep="dia_ban")) == ["A2", "B", "A"]


@pytest.mark.slow
def test_pages_follow_one_another(listed, commune):
    UnitFactory.create_batch(60, jurisdiction=commune)
    first = listed(so_dong=25)
    second = listed(so_dong=25, sau=first.context["page"].next_token)
    third = listed(so_dong=25, sau=second.context["page"].next_token)
    found = [*names(first), *names(second), *names(third)]
    assert found == list(Unit.objects.order_by("name_sort", "id").values_list("name", flat=True))
    assert names(listed(so_dong=25, truoc=second.context["page"].previous_token)) == names(first)
    assert names(listed(so_dong=25, truoc="cuoi")) == found[-25:]


@pytest.mark.slow
def test_pages_of_a_search_follow_one_another(listed, commune):
    for number in range(30):
        UnitFactory(name=f"Hoà {number}" if number % 2 else f"Hoa {number}", jurisdiction=commune)
    first = listed(q="hoà", so_dong=25)
    found = [*names(first), *names(listed(q="hoà", so_dong=25, sau=first.context["page"].next_token))]
    assert len(found) == len(set(found)) == 30
    assert all(name.startswith("Hoà") for name in found[:15])


@pytest.mark.slow
def test_a_search_of_more_than_the_cap_pages_through_all(client, commune, monkeypatch):
    ministry = OfficerFactory(jurisdiction=commune.parent.parent)
    client.force_login(ministry)

    def listed(**params):
        return client.get(reverse("units:unit_list"), params)

    monkeypatch.setattr("units.views.lists.COUNT_CAP", 5)
    for number in range(30):
        UnitFactory(name=f"Trường {number}" if number % 2 else f"Hội {number} trường", jurisdiction=commune)
    first = listed(q="trường", so_dong=25)
    found = [*names(first), *names(listed(q="trường", so_dong=25, sau=first.context["page"].next_token))]
    assert "Hơn 5 đơn vị" in first.content.decode()
    assert len(found) == len(set(found)) == 30
    assert all(name.startswith("Hội") for name in found[:15])


def test_the_area_is_told_with_the_levels_below_the_officer(listed, client, province, commune):
    UnitFactory(jurisdiction=commune)
    assert "Xã Tân Tiến<" in listed().content.decode()
    ministry = OfficerFactory(jurisdiction=province.parent)
    client.force_login(ministry)
    assert "Xã Tân Tiến, Tỉnh Mẫu<" in client.get(reverse("units:unit_list")).content.decode()


def test_people_are_those_of_the_latest_year(listed, commune):
    unit = UnitFactory(jurisdiction=commune)
    Headcount.objects.create(unit=unit, year=2025, staff_count=9)
    Headcount.objects.create(unit=unit, year=2026, staff_count=1200, learner_count=34)
    assert ">1.234<" in listed().content.decode()


def test_names_are_escaped(listed, commune):
    UnitFactory(name='<b>Cty</b> & "con"', head_name="<i>", jurisdiction=commune)
    text = listed().content.decode()
    assert "&lt;b&gt;Cty&lt;/b&gt; &amp; &quot;con&quot;" in text
    assert "<i>" not in text


def test_htmx_gets_the_list_alone_with_a_clean_address(listed, client, commune):
    UnitFactory(jurisdiction=commune)
    response = client.get(
        reverse("units:unit_list"),
        {"q": "", "khoi": "agency"},
        headers={"HX-Request": "true", "HX-Target": "unit-list"},
    )
    assert "<html" not in response.content.decode()
    assert response["HX-Push-Url"] == f"{reverse('units:unit_list')}?khoi=agency"


# -- search box --------------------------------------------------------------------------------------------------------


def search(client, text, **headers):
    return client.get(reverse("units:unit_search"), {"q": text}, headers=headers)


def test_a_code_leads_to_the_profile(listed, client, commune):
    unit = UnitFactory(jurisdiction=commune, tax_code="0101234567")
    UnitIdentifier.objects.create(unit=unit, scheme="mã cũ", value="K9")
    listed()
    for text in (unit.code, unit.code.lower(), "0101234567", "k9"):
        assert search(client, text).url == unit.get_absolute_url()


def test_a_code_out_of_reach_leads_to_the_list(listed, client):
    unit = UnitFactory()
    listed()
    assert search(client, unit.code).url.startswith(reverse("units:unit_list"))


def test_suggestions_are_the_best_eight_within_reach(listed, client, commune):
    for number in range(10):
        UnitFactory(name=f"Hoa {number}", jurisdiction=commune)
    UnitFactory(name="Hoà", jurisdiction=commune)
    UnitFactory(name="Hoà nơi khác")
    listed()
    text = search(client, "hoà", HX_Request="true").content.decode()
    assert text.count("suggestion-name") == 8
    assert text.index(">Hoà<") < text.index(">Hoa 0<")
    assert "nơi khác" not in text


def test_suggestions_for_nothing_are_empty(listed, client):
    listed()
    assert search(client, " ", HX_Request="true").content.decode().strip() == ""


# -- export ------------------------------------------------------------------------------------------------------------


def exported(client, form, **params):
    response = client.get(reverse("units:unit_export", kwargs={"form": form}), params)
    assert response.status_code == 200
    return response.getvalue()


@pytest.mark.slow
def test_a_workbook_holds_the_list_in_its_order(listed, client, commune):
    for name in ("Hoà 10", "Hoa", "Hoà 2"):
        UnitFactory(name=name, jurisdiction=commune)
    UnitFactory(name="Khác", jurisdiction=commune)
    shown = names(listed(q="hoà"))
    sheet = openpyxl.load_workbook(io.BytesIO(exported(client, "xlsx", q="hoà"))).active
    rows = list(sheet.iter_rows(values_only=True))
    header = next(index for index, row in enumerate(rows) if row[0] == "Mã đơn vị")
    assert [row[1] for row in rows[header + 1 :]] == shown == ["Hoà 2", "Hoà 10", "Hoa"]
    about = " ".join(str(row[0]) for row in rows[:header])
    assert "Tìm: “hoà”" in about
    assert "Số đơn vị: 3" in about


def test_a_text_file_holds_the_list(listed, client, commune):
    unit = UnitFactory(name="Sở A", school_code="00012", jurisdiction=commune)
    Headcount.objects.create(unit=unit, year=2026, staff_count=5)
    listed()
    lines = list(csv.DictReader(io.StringIO(exported(client, "csv").decode("utf-8-sig")), delimiter=";"))
    assert [line["Tên đơn vị"] for line in lines] == ["Sở A"]
    assert lines[0]["Địa bàn"] == "Xã Tân Tiến"
    assert (lines[0]["Năm"], lines[0]["Số cán bộ, nhân viên, người lao động"]) == ("2026", "5")
    assert len(lines[0]) == len(EXPORT)


def test_a_large_export_goes_through_a_file(listed, client, commune, monkeypatch):
    monkeypatch.setattr("movement_portal.spreadsheets.exporting.MEMORY", 100)
    UnitFactory.create_batch(3, jurisdiction=commune)
    listed()
    assert exported(client, "csv").decode("utf-8-sig").count("\r\n") == 4


@pytest.mark.slow
def test_an_export_asks_as_often_for_many_as_for_one(listed, client, commune):
    def queries(rows):
        UnitFactory.create_batch(rows, jurisdiction=commune)
        with CaptureQueriesContext(connection) as captured:
            exported(client, "csv")
        return len(captured)

    listed()
    assert queries(1) == queries(11)


@pytest.mark.parametrize("form", ["pdf", "xls"])
def test_other_forms_of_export_are_not_there(listed, client, form):
    listed()
    assert client.get(f"{reverse('units:unit_list')}xuat/{form}/").status_code == 404
