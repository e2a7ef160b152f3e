"""A pasted list of units: what is put aside, what is sure, what is asked, what stays unknown."""

import pytest
from django import forms
from django.http import QueryDict
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function, PoliceLevel
from tests.factories import JurisdictionFactory, OfficerFactory, PoliceOfficeFactory, UnitFactory
from tests.spreadsheets.lists import tax_code
from units.forms.pasting import Pasted, UnitsField, mark_of
from units.models import Grouping, Unit
from units.pasting import LIMIT, find_pasted, lines_of


@pytest.fixture
def province():
    return JurisdictionFactory(province=True, name="Mẫu")


@pytest.fixture
def area(province):
    return JurisdictionFactory(parent=province, name="An Phú")


@pytest.fixture
def officer(area):
    return OfficerFactory(jurisdiction=area)


# -- lines -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "row",
    [
        "Trường THCS Mẫu",
        "1. Trường THCS Mẫu",
        "12) Trường THCS Mẫu",
        "(3) Trường THCS Mẫu",
        "- Trường THCS Mẫu",
        "• Trường THCS Mẫu;",
        "a) Trường THCS Mẫu",
        "1\tTrường THCS Mẫu\t0912345678",
        "Trường THCS Mẫu - 0912.345.678",
        "Trường THCS Mẫu (ĐT: 0912 345 678)",
        "Trường THCS Mẫu, +84912345678",
        "  “Trường THCS Mẫu”.  ",
    ],
)
def test_what_stands_around_a_name_is_put_aside(row):
    assert [line.name for line in lines_of(row)] == ["Trường THCS Mẫu"]


def test_further_columns_stand_behind_the_name():
    (line,) = lines_of("1\tTrường THCS Mẫu\tPhường An Phú\t0912345678")
    assert (line.name, line.behind) == ("Trường THCS Mẫu", "Phường An Phú")


@pytest.mark.parametrize("text", ["Sở A; Sở B; Sở C", "Sở A, Sở B, Sở C", "Sở A\n\nSở B\r\nSở C\n"])
def test_a_list_in_one_line_is_taken_apart(text):
    assert [line.name for line in lines_of(text)] == ["Sở A", "Sở B", "Sở C"]


@pytest.mark.parametrize("row", ["", " - ", "12", "0912345678"])
def test_a_line_that_names_nothing_is_none(row):
    assert all(not line.name for line in lines_of(row))


def test_numbers_within_a_name_stay():
    assert lines_of("1. Trường Mầm non 19/5\n2. Trường THCS số 2")[1].name == "Trường THCS số 2"


# -- units -------------------------------------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


def found(text, units=None):
    (each,) = find_pasted(text, Unit.objects.all() if units is None else units)
    return each.sureness, [match.name for match in each.matches]


@pytest.mark.parametrize(
    "typed",
    [
        "Trường THCS Nguyễn Du",
        "trường thcs nguyễn du",
        "truong thcs nguyen du",
        "Trường trung học cơ sở Nguyễn Du",
        "3. Trường THCS Nguyễn Du, phường An Phú - 0912345678",
        "Trường THCS Nguyên Du",
        "Trường THCS Nguyễn  Du",
    ],
)
def test_one_name_is_sure_in_whatever_writing(area, typed):
    UnitFactory(name="Trường THCS Nguyễn Du", jurisdiction=area)
    UnitFactory(name="Trường THPT Nguyễn Du", jurisdiction=area)
    sureness, names = found(typed)
    assert names[0] == "Trường THCS Nguyễn Du"
    assert sureness == ("unsure" if "Nguyên" in typed else "sure")


def test_codes_are_sure(area):
    unit = UnitFactory(name="Công ty Mẫu", jurisdiction=area, tax_code=tax_code(7))
    assert found(f"tên gì đó {unit.code}") == ("sure", ["Công ty Mẫu"])
    assert found(unit.tax_code) == ("sure", ["Công ty Mẫu"])


def test_a_telephone_number_that_is_somebodys_tax_code_is_not_taken_for_it(area):
    UnitFactory(name="Công ty Mẫu", jurisdiction=area, tax_code=tax_code(7))
    school = UnitFactory(name="Trường THCS Nguyễn Du", jurisdiction=area)
    assert found(f"Trường THCS Nguyễn Du {tax_code(7)}") == ("sure", [school.name])


@pytest.mark.parametrize("typed", ["Trường THPT Nguyễn Du", "Trường THCS Nguyễn Du 2", "Sở Nội vụ", "xyz"])
def test_another_kind_or_number_is_another_unit(area, typed):
    UnitFactory(name="Trường THCS Nguyễn Du", jurisdiction=area)
    assert found(typed) == ("unknown", [])


def test_a_name_without_its_kind_is_asked(area):
    for name in ("Trường THCS Nguyễn Du", "Trường Tiểu học Nguyễn Du"):
        UnitFactory(name=name, jurisdiction=area)
    sureness, names = found("Nguyễn Du")
    assert (sureness, sorted(names)) == ("unsure", ["Trường THCS Nguyễn Du", "Trường Tiểu học Nguyễn Du"])


def test_two_of_one_name_are_asked_unless_the_line_names_the_area(province, area):
    other = JurisdictionFactory(parent=province, name="Bình Lộc")
    for place in (area, other):
        UnitFactory(name="Trạm Y tế", jurisdiction=place)
    assert found("Trạm Y tế")[0] == "unsure"
    (each,) = find_pasted("Trạm Y tế, xã Bình Lộc", Unit.objects.all())
    assert (each.sureness, each.best.area) == ("sure", other.full_name)


def test_a_unit_named_twice_is_taken_once(area):
    UnitFactory(name="Sở Mẫu", jurisdiction=area)
    first, second = find_pasted("Sở Mẫu\nsở mẫu", Unit.objects.all())
    assert (first.is_repeat, second.is_repeat) == (False, True)


def test_units_out_of_reach_are_unknown(officer):
    UnitFactory(name="Trường THCS Xa Lạ")
    assert found("Trường THCS Xa Lạ", Unit.objects.visible_to(officer)) == ("unknown", [])


@pytest.mark.parametrize("rows", [1, 12])
def test_queries_do_not_grow_with_the_lines(area, rows, django_assert_max_num_queries):
    for number in range(rows):
        UnitFactory(name=f"Công ty Mẫu Hoa {number}", jurisdiction=area)
    text = "\n".join(f"Cty Mẫu Hoaa {number}\nCông ty Mẫu Hoa {number}" for number in range(rows))
    with django_assert_max_num_queries(8):
        find_pasted(text, Unit.objects.all())


def test_no_more_lines_are_read_than_the_limit():
    assert len(find_pasted("Sở Mẫu\n" * (LIMIT + 5), Unit.objects.all())) == LIMIT


# -- the field ---------------------------------------------------------------------------------------------------------
class PickForm(forms.Form):
    units = UnitsField(label="Đơn vị")


def sent(officer, query):
    form = PickForm(QueryDict(query, encoding="utf-8"))
    form.fields["units"].narrow(officer)
    return form


def test_sure_lines_need_no_second_look(officer, area):
    one, two = UnitFactory(name="Sở Một", jurisdiction=area), UnitFactory(name="Sở Hai", jurisdiction=area)
    form = sent(officer, "units_text=Sở Hai%0ASở Một%0ASở Hai")
    assert form.is_valid()
    assert form.cleaned_data["units"] == [two, one]


def test_open_lines_come_back_with_their_choices(officer, area):
    for name in ("Trường THCS Nguyễn Du", "Trường Tiểu học Nguyễn Du"):
        UnitFactory(name=name, jurisdiction=area)
    form = sent(officer, "units_text=Nguyễn Du")
    assert form.errors["units"] == [
        "Còn 1 dòng chưa rõ là đơn vị nào: xem ở dưới; gửi lần nữa thì các dòng ấy được bỏ qua."
    ]
    assert "Trường Tiểu học Nguyễn Du" in str(form["units"])


def test_what_was_settled_is_taken(officer, area):
    unit = UnitFactory(name="Sở Một", jurisdiction=area)
    form = sent(officer, f"units_text=gì đó&units_settled={mark_of('gì đó')}&units={unit.pk}&units=")
    assert form.is_valid()
    assert form.cleaned_data["units"] == [unit]


def test_lines_that_nobody_knows_are_counted_as_left_out(officer, area):
    unit = UnitFactory(name="Sở Một", jurisdiction=area)
    text = "Sở Một%0AChợ Ma%0ANguyễn Du"
    mark = mark_of(text.replace("%0A", "\n"))
    form = sent(officer, f"units_text={text}&units_settled={mark}&units_unknown=1&units={unit.pk}&units=")
    assert form.is_valid()
    assert form.fields["units"].left_out == 2
    assert "units_unknown" in str(form["units"])


def test_nothing_is_left_out_of_a_list_of_sure_lines(officer, area):
    UnitFactory(name="Sở Một", jurisdiction=area)
    form = sent(officer, "units_text=Sở Một")
    assert form.is_valid()
    assert form.fields["units"].left_out == 0


def test_lines_added_after_a_look_are_looked_at_again(officer, area):
    one, two = UnitFactory(name="Sở Một", jurisdiction=area), UnitFactory(name="Sở Hai", jurisdiction=area)
    form = sent(officer, f"units_text=Sở Một%0ASở Hai&units_settled={mark_of('Sở Một')}&units={one.pk}")
    assert "Danh sách đã sửa" in form.errors["units"][0]
    assert two.name in str(form["units"])


def test_what_was_chosen_stays_chosen_when_the_form_comes_back(officer, area):
    first, second = (
        UnitFactory(name=name, jurisdiction=area) for name in ("Trường THCS Nguyễn Du", "Trường Tiểu học Nguyễn Du")
    )
    sure = UnitFactory(name="Sở Một", jurisdiction=area)
    text = "Nguyễn Du%0ASở Một"
    form = sent(
        officer,
        f"units_text={text}&units_settled={mark_of('Nguyễn Du%0ASở Một'.replace('%0A', chr(10)))}&units={second.pk}",
    )
    shown = str(form["units"])
    assert f'value="{second.pk}" selected' in shown
    assert f'value="{first.pk}" selected' not in shown
    assert f'value="{sure.pk}" id="units-chac-1">' in shown


def test_units_of_a_record_are_there_to_begin_with_and_unchanged(officer, area):
    unit = UnitFactory(name="Sở Một", jurisdiction=area)
    field, begin = UnitsField().narrow(officer), Pasted.of([unit])
    assert field.clean(begin) == [unit]
    assert not field.has_changed(begin, Pasted(begin.text, begin.keys, begin.settled))
    assert field.has_changed(begin, Pasted(begin.text, (), begin.settled))
    assert field.has_changed(begin, Pasted("Sở Hai"))


def test_more_lines_than_are_read_are_refused(officer, area):
    form = sent(officer, "units_text=" + "Sở Mẫu%0A" * (LIMIT + 1))
    assert "Quá 500 dòng" in form.errors["units"][0]


def test_a_unit_out_of_reach_is_refused(officer):
    stranger = UnitFactory()
    form = sent(officer, f"units_text=x&units_settled={mark_of('x')}&units={stranger.pk}")
    assert form.errors["units"] == ["Có đơn vị không thuộc phạm vi của đồng chí."]


def test_nothing_can_be_picked_before_it_is_known_for_whom(area):
    unit = UnitFactory(jurisdiction=area)
    form = PickForm(QueryDict(f"units_text=x&units_settled={mark_of('x')}&units={unit.pk}"))
    assert not form.is_valid()


def test_the_button_only_looks(officer, area):
    UnitFactory(name="Sở Một", jurisdiction=area)
    form = sent(officer, "units_text=Sở Một&units_find=1")
    assert form.errors["units"] == ["Kiểm tra các dòng bên dưới rồi bấm lại."]


# -- pages -------------------------------------------------------------------------------------------------------------
def test_lines_are_looked_up_within_reach(client, officer, area):
    UnitFactory(name="Sở Một", jurisdiction=area)
    UnitFactory(name="Sở Lạ")
    client.force_login(officer)
    page = client.post(f"{reverse('units:unit_paste')}?o=chon", {"chon_text": "Sở Một\nSở Lạ"}).content.decode()
    assert "1 chắc chắn" in page
    assert "1 không nhận ra" in page


def test_a_pasted_list_gets_a_group(client, officer, area):
    unit = UnitFactory(name="Sở Một", jurisdiction=area)
    group = Grouping.objects.create(kind="sector", name="Dệt may")
    client.force_login(officer)
    page = client.post(f"{reverse('units:unit_pick')}?nhom=sector:{group.pk}", {"chon_text": "1. Sở Một"})
    assert f'value="sector:{group.pk}" selected' in page.content.decode()
    data = {"chon": unit.pk, "pham_vi": "chon", "group": f"sector:{group.pk}", "so_luong": 1, "xac_nhan": 1}
    client.post(f"{reverse('units:unit_bulk')}?nhom=sector:{group.pk}", data)
    unit.refresh_from_db()
    assert unit.sector == group


def test_who_may_not_change_units_picks_none(client, area):
    client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=Function.READ))
    assert client.get(reverse("units:unit_pick")).status_code == 403


def test_who_sees_no_units_looks_none_up(client, area):
    client.force_login(OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_ACCOUNTS))
    assert client.post(reverse("units:unit_paste"), {}).status_code == 403


def test_a_group_offers_to_be_filled_by_pasting(client, province):
    group = Grouping.objects.create(kind="sector", name="Dệt may")
    PoliceOfficeFactory(jurisdiction=province, level=PoliceLevel.PROVINCE)
    client.force_login(OfficerFactory(jurisdiction=province, jurisdiction__function=Function.MANAGE_RECORDS))
    page = client.get(reverse("units:grouping_edit", args=[group.pk])).content.decode()
    assert f"?nhom=sector%3A{group.pk}" in page
