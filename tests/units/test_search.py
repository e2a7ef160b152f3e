"""What finds a unit, and which unit comes first."""

import importlib
import types
import unicodedata

import pytest
from django.apps import apps
from django.db import connection, models

from tests.factories import UnitFactory
from units.models import Unit, UnitIdentifier
from units.search import FOLDED_LIMIT, best, by_code, matching, ranked, search

pytestmark = pytest.mark.django_db


def names(text):
    return [unit.name for unit in search(Unit.objects.all(), text)]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Trường THCS Hoà Bình", "hoa binh"),
        ("Trường THCS Hoà Bình", "Hòa Bình"),
        ("Trường THCS Hòa Bình", "hoà"),
        ("Trường THCS Hoà Bình", unicodedata.normalize("NFD", "Hoà Bình")),
        ("Trường THCS Hoà Bình", "binh thcs"),
        ("Trường THCS Hoà Bình", "trường trung học cơ sở hoà"),
        ("Trường Trung học cơ sở Lê Lợi", "thcs le loi"),
        ("Trường TH&THCS Lê Lợi", "tieu hoc le loi"),
        ("Trường THPT Lê Lợi", "trung hoc pho thong"),
        ("Trường Mầm non Hoa Sen", "mn hoa sen"),
        ("Công ty TNHH MTV Đại Phát", "trach nhiem huu han mot thanh vien dai phat"),
        ("Công ty trách nhiệm hữu hạn một thành viên Đại Phát", "cty tnhh mtv dai phat"),
        ("CÔNG TY CỔ PHẦN AN BÌNH", "ctcp an binh"),
        ("CÔNG TY CỔ PHẦN AN BÌNH", "cty cp an binh"),
        ("CTCP An Bình", "công ty cổ phần an bình"),
        ("C.ty CP An Bình", "cong ty an binh"),
        ("Cty T.N.H.H An Bình", "tnhh an binh"),
        ("UBND xã Tân Tiến", "uỷ ban nhân dân xã"),
        ("Ủy ban nhân dân phường Bến Thành", "ubnd p ben thanh"),
        ("Trung tâm Y tế", "tt y te"),
        ("BVĐK tỉnh", "bệnh viện đa khoa"),
        ("Sở GD&ĐT", "giao duc dao tao"),
        ("Đội Đăng kiểm", "doi dang kiem"),
        ("Ðội Đăng kiểm", "đội"),
        ("Trường PTDTBT Đắk R'Lấp", "dak rlap"),
        ("Trường THCS số 1", "so 1"),
    ],
)
def test_a_name_is_found(name, typed):
    UnitFactory(name=name)
    UnitFactory(name="Kho bạc khác")
    assert names(typed) == [unicodedata.normalize("NFC", name).replace("Ð", "Đ")]


@pytest.mark.parametrize(
    ("field", "value", "typed"),
    [
        ("other_names", "Trường cấp hai Tân An\nTrường Nguyễn Du", "nguyen du"),
        ("head_name", "Lò Thị Mẫu", "lo thi mau"),
        ("contact_name", "Hoàng Văn Thí", "hoàng thí"),
        ("head_phone", "0912 345 678", "0912345678"),
        ("head_phone", "0912345678", "0912.345.678"),
        ("head_phone", "0912345678", "+84 912 345 678"),
        ("head_phone", "0912345678", "5678"),
        ("contact_phone", "0281234567; 0912345678", "0912 345 678"),
        ("tax_code", "0101234567-001", "0101234567-001"),
        ("tax_code", "0101234567-001", "0101234567001"),
        ("tax_code", "0101234567", "1234567"),
        ("school_code", "00012345", "00012345"),
    ],
)
def test_a_unit_is_found_by_what_else_is_known(field, value, typed):
    found = UnitFactory(name="Cơ quan A", **{field: value})
    UnitFactory(name="Cơ quan B")
    assert list(search(Unit.objects.all(), typed)) == [found]


@pytest.mark.parametrize("typed", ["le loi thpt", "hoc loi nam", "ieu", "so 1"])
def test_every_word_must_be_found_where_a_word_begins(typed):
    UnitFactory(name="Trường Tiểu học Lê Lợi số 10")
    assert names(typed) == []


@pytest.mark.parametrize("typed", ["loi%", "l_", "lợi?"])
def test_signs_mean_nothing(typed):
    UnitFactory(name="Trường Tiểu học Lê Lợi")
    assert names(typed) == ["Trường Tiểu học Lê Lợi"]


@pytest.mark.parametrize("typed", ["", "  ", "%", "!?", "_"])
def test_a_text_without_words_finds_all(typed):
    UnitFactory.create_batch(2)
    assert len(names(typed)) == 2


def test_accents_as_typed_come_first():
    for name in ("Trường Hoa", "Trường Hoá", "Trường Hoà", "Trường Hòa An"):
        UnitFactory(name=name)
    assert names("hoà") == ["Trường Hoà", "Trường Hòa An", "Trường Hoa", "Trường Hoá"]
    assert names("hoa") == ["Trường Hoa", "Trường Hoà", "Trường Hoá", "Trường Hòa An"]


def test_d_with_stroke_comes_first_when_typed():
    for name in ("Dông", "Đông"):
        UnitFactory(name=name)
    assert names("đông") == ["Đông", "Dông"]
    assert names("dong") == ["Dông", "Đông"]


def test_an_exact_code_comes_first():
    other = UnitFactory(name="A", head_phone="0101234567")
    own = UnitFactory(name="B", tax_code="0101234567")
    assert list(search(Unit.objects.all(), "0101234567")) == [own, other]


def test_names_stand_in_vietnamese_order():
    for name in ("Trường 10", "Trường Ẩn", "Trường 2", "Trường An", "Trường Đa", "Trường Da"):
        UnitFactory(name=name)
    assert names("truong") == ["Trường 2", "Trường 10", "Trường An", "Trường Ẩn", "Trường Da", "Trường Đa"]


def test_ranks_are_the_order_of_the_search():
    for name in ("Hoà", "Hoa", "Hoá Hoà", "Hoạ"):
        UnitFactory(name=name)
    in_ranks = [unit for segment in ranked(Unit.objects.all(), "hoà") for unit in segment.order_by("name_sort", "id")]
    assert in_ranks == list(search(Unit.objects.all(), "hoà"))
    assert best(Unit.objects.all(), "hoà", limit=3) == in_ranks[:3]


def test_offering_one_word_to_the_index_finds_the_same():
    for name in ("Trường THCS Lê Lợi", "Trường THPT Lê Lợi", "Lê Lợi THCS"):
        UnitFactory(name=name)
    units = Unit.objects.all()
    assert set(units.filter(matching("le loi thcs", within_province=True))) == set(
        units.filter(matching("le loi thcs"))
    )


@pytest.mark.parametrize("typed", ["DV{:07d}", "dv{:07d}", "dv{}", "DV {}"])
def test_own_codes_are_known_however_they_are_typed(typed):
    unit = UnitFactory()
    assert by_code(Unit.objects.all(), typed.format(int(unit.code[2:]))) == [unit.pk]


def test_other_official_codes_are_known():
    unit = UnitFactory()
    UnitIdentifier.objects.create(unit=unit, scheme="mã cũ", value="K12-345")
    assert by_code(Unit.objects.all(), "k12-345") == [unit.pk]
    assert list(search(Unit.objects.all(), "K12-345")) == [unit]


def test_a_bulk_change_keeps_the_search_right():
    unit = UnitFactory(name="Trường Cũ")
    unit.name = "Trường Mới Đẹp"
    Unit.objects.bulk_update([unit], ["name"])
    assert names("moi dep") == ["Trường Mới Đẹp"]
    assert names("cu") == []


def test_a_very_long_text_fits_the_index():
    unit = UnitFactory(
        name="Trường A", tax_code="0101234567", other_names="\n".join(f"tên{n}" for n in range(2000)), head_name="Xuân"
    )
    assert len(unit.search_folded) <= FOLDED_LIMIT
    assert names("0101234567") == ["Trường A"]


def test_many_words_are_no_error():
    UnitFactory(name="Một")
    assert names(" ".join(f"w{n}" for n in range(5000))) == []


def test_schools_entered_before_are_found_by_short_and_long_words():
    unit = UnitFactory(name="Trường THCS Hoa Ban")
    stored = Unit.objects.filter(pk=unit.pk).values_list("search_folded", "search_accented").get()
    models.QuerySet(Unit).filter(pk=unit.pk).update(search_folded=" truong thcs hoa ban ")
    importlib.import_module("units.migrations.0029_school_words").fill(
        apps, types.SimpleNamespace(connection=connection)
    )
    assert Unit.objects.filter(pk=unit.pk).values_list("search_folded", "search_accented").get() == stored
