"""The form field for one area: what is chosen, what is typed, what is refused."""

import datetime

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms

from movement_portal.jurisdictions.enums import COMMUNE_KINDS, JurisdictionKind
from movement_portal.jurisdictions.fields import AreaField
from tests.factories import JurisdictionFactory, OfficerFactory

pytestmark = pytest.mark.django_db

LAST_DAY = datetime.date(2025, 6, 30)


class PlaceForm(forms.Form):
    area = AreaField(label="địa bàn")
    other = AreaField(label="nơi khác", required=False)


@pytest.fixture
def province():
    return JurisdictionFactory(province=True, name="Lạng Sơn", code="20")


@pytest.fixture
def commune(province):
    return JurisdictionFactory(parent=province, name="Tân Hòa", code="05983")


def form(officer, initial=None, **data):
    form = PlaceForm(data or None, initial=initial)
    for field in form.fields.values():
        field.narrow(officer)
    return form


def area_of(officer, **data):
    bound = form(officer, **data)
    assert bound.is_valid(), bound.errors
    return bound.cleaned_data["area"]


def error_of(officer, **data):
    bound = form(officer, **data)
    assert not bound.is_valid()
    return bound.errors["area"][0]


def test_nothing_can_be_chosen_before_it_is_said_whose_field_it_is(commune):
    bound = PlaceForm({"area": commune.pk})
    assert not bound.is_valid()


@pytest.mark.parametrize("text", [None, "Xã Tân Hòa, Tỉnh Lạng Sơn", "xã tân hoà, tỉnh lạng sơn"])
def test_the_area_chosen_is_taken(province, commune, text):
    data = {"area": str(commune.pk)} | ({} if text is None else {"area_text": text})
    assert area_of(OfficerFactory(jurisdiction=province), **data) == commune


@pytest.mark.parametrize(
    "text",
    [
        "05983",
        "Tân Hòa",
        "Xã Tân Hoà",
        "Xã Tân Hòa, Tỉnh Lạng Sơn",
        "XÃ TÂN HÒA, LẠNG SƠN",
        "tân hòa, tỉnh lạng sơn",
    ],
)
def test_a_typed_code_or_name_is_understood(province, commune, text):
    JurisdictionFactory(parent=province, name="Tân Hóa")
    assert area_of(OfficerFactory(jurisdiction=province), area_text=text) == commune


def test_a_text_that_names_several_lists_them(province, commune):
    JurisdictionFactory(parent=province, name="Tân Hóa")
    assert error_of(OfficerFactory(jurisdiction=province), area_text="tan hoa") == (
        "Có nhiều địa bàn khớp với “tan hoa”: Xã Tân Hòa, Tỉnh Lạng Sơn; Xã Tân Hóa, Tỉnh Lạng Sơn. "
        "Ghi thêm tên tỉnh, thành phố hoặc gõ mã."
    )


def test_a_text_changed_after_the_choice_counts(province, commune):
    other = JurisdictionFactory(parent=province, name="Khác", code="05999")
    officer = OfficerFactory(jurisdiction=province)
    assert area_of(officer, area=str(commune.pk), area_text="Xã Khác") == other


def test_an_emptied_text_is_no_area(province, commune):
    assert error_of(OfficerFactory(jurisdiction=province), area=str(commune.pk), area_text="") == "Chọn địa bàn."


def test_an_unknown_text_is_named(province):
    assert "“Xã Lạ”" in error_of(OfficerFactory(jurisdiction=province), area_text="Xã Lạ")


@pytest.mark.parametrize("key", ["999999", "abc", "-1"])
def test_a_key_that_is_none_is_refused(province, key):
    assert "phạm vi" in error_of(OfficerFactory(jurisdiction=province), area=key)


def test_an_area_out_of_reach_is_refused_by_key_and_by_name(province, commune):
    outside = JurisdictionFactory(province=True, name="Bắc Ninh")
    officer = OfficerFactory(jurisdiction=province)
    assert "phạm vi" in error_of(officer, area=str(outside.pk))
    assert "Không tìm thấy" in error_of(officer, area_text="Tỉnh Bắc Ninh")


def test_an_area_that_ended_is_offered_only_for_its_day(province):
    officer = OfficerFactory(jurisdiction=province)
    old = JurisdictionFactory(
        kind=JurisdictionKind.PROVINCE, parent=province, code="99", name="Cũ", valid_from=None, valid_to=LAST_DAY
    )
    field = AreaField()
    field.narrow(officer)
    assert old not in field.queryset
    field.narrow(officer, on=LAST_DAY)
    assert old in field.queryset


def test_the_kinds_can_be_narrowed(province, commune):
    field = AreaField().narrow(OfficerFactory(jurisdiction=province), kinds=COMMUNE_KINDS)
    assert list(field.queryset) == [commune]


def test_the_page_shows_the_name_of_the_area_and_what_was_typed(province, commune):
    officer = OfficerFactory(jurisdiction=province)
    shown = render_crispy_form(form(officer, initial={"area": commune}))
    assert f'name="area" value="{commune.pk}"' in shown
    assert 'name="area_text" value="Xã Tân Hòa, Tỉnh Lạng Sơn"' in shown
    again = render_crispy_form(form(officer, area_text="Xã Lạ", other_text=""))
    assert 'name="area_text" value="Xã Lạ"' in again
    assert "is-invalid" in again


def test_the_label_points_at_the_text(province):
    shown = render_crispy_form(form(OfficerFactory(jurisdiction=province)))
    assert 'for="id_area"' in shown
    assert 'id="id_area"' in shown
    assert 'id="id_other"' in shown


def test_a_link_with_the_key_alone_shows_the_name(province, commune):
    shown = str(form(OfficerFactory(jurisdiction=province), area=str(commune.pk))["area"])
    assert 'value="Xã Tân Hòa, Tỉnh Lạng Sơn"' in shown


def test_only_another_area_is_a_change(province, commune):
    officer = OfficerFactory(jurisdiction=province)
    same = form(officer, initial={"area": commune.pk}, area=str(commune.pk), area_text="Xã Tân Hòa, Tỉnh Lạng Sơn")
    other = form(officer, initial={"area": commune.pk}, area="", area_text="Tỉnh Lạng Sơn")
    assert (same.changed_data, other.changed_data) == ([], ["area"])


@pytest.mark.parametrize("key", ["9" * 5000, "9" * 30, "-1", "NaN"])
def test_what_is_no_key_is_refused_and_shown_again(province, commune, key):
    bound = form(OfficerFactory(jurisdiction=province), area=key, area_text="không có nơi này")
    assert not bound.is_valid()
    assert "không có nơi này" in str(bound["area"])
    assert 'name="area"' in str(form(OfficerFactory(jurisdiction=province), initial={"area": key})["area"])
