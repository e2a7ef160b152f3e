"""One spelling, search without accents, and the order of the alphabet."""

import functools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movement_portal.lib.vietnamese import (
    ALPHABET,
    SORT_KEY_DIGITS,
    accented_key,
    fold,
    given_sort_key,
    mid_sentence,
    nfc,
    sort_key,
    strip_accents,
)

TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VOWELS = "aăâeêioôơuưy"

syllables = st.text(ALPHABET, min_size=1, max_size=5).flatmap(
    lambda bare: st.sampled_from(TONES).map(lambda tone: toned(bare, tone))
)
names = st.lists(syllables | st.integers(0, 10**6).map(str), min_size=1, max_size=6).map(" ".join)


def toned(bare, tone):
    """The syllable with the tone on its first vowel, if it has one."""
    for index, letter in enumerate(bare):
        if letter in VOWELS:
            return bare[:index] + unicodedata.normalize("NFC", letter + tone) + bare[index + 1 :]
    return bare


def in_order(*texts, key=sort_key):
    return list(texts) == sorted(texts, key=key) and len({key(text) for text in texts}) == len(texts)


@given(st.text())
def test_nfc_of_nfc_is_itself(text):
    assert nfc(nfc(text)) == nfc(text)


def test_nfc_composes_and_takes_out_what_nobody_sees():
    assert nfc("  Tru\u031b\u01a1\u0300ng\u200b\u00a0 \n THCS\ufeff ") == unicodedata.normalize(
        "NFC", "Tru\u031b\u01a1\u0300ng THCS"
    )


def test_nfc_takes_out_characters_that_databases_refuse():
    assert nfc("Sở\x00 A\x07") == "Sở A"


@pytest.mark.parametrize("lookalike", ["Ðồng", "Ɖồng"])
def test_letters_that_look_like_d_with_stroke_become_it(lookalike):
    assert nfc(lookalike) == "Đồng"


@given(st.text())
def test_fold_of_fold_is_itself(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_fold_gives_words_of_letters_and_digits(text):
    assert all(char in "abcdefghijklmnopqrstuvwxyz0123456789 " for char in fold(text))
    assert "  " not in fold(text)


@pytest.mark.slow
@given(names)
def test_fold_is_the_same_for_both_unicode_forms(name):
    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name))


@pytest.mark.slow
@given(names)
def test_sort_key_is_the_same_for_both_unicode_forms(name):
    assert sort_key(unicodedata.normalize("NFD", name)) == sort_key(name)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đường Trần Hưng Đạo", "duong tran hung dao"),
        ("  Trường  THCS–THPT (Lê Lợi) ", "truong thcs thpt le loi"),
        ("Đắk R'Lấp", "dak rlap"),
        ("Ea H’leo", "ea hleo"),
        ("0101234567-001", "0101234567 001"),
        ("ＡＢＣ №５", "abc no5"),
        ("Ðông Hà", "dong ha"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


def test_strip_accents_keeps_case():
    assert strip_accents("Đặng Thuỳ Trâm") == "Dang Thuy Tram"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa", "hoà"),
        ("Thúy", "Thuý"),
        ("Khỏe", "khoẻ"),
        ("Ủy ban", "Uỷ ban"),
        ("Qúy", "Quý"),
        ("Nguỹên", "Nguyễn"),
        ("ngũyên", "nguyễn"),
        ("hòan", "hoàn"),
        ("qùa", "quà"),
        ("gìa", "già"),
        ("Hòa", unicodedata.normalize("NFD", "hoà")),
    ],
)
def test_tones_have_one_place(one, other):
    assert accented_key(one) == accented_key(other)


@pytest.mark.parametrize("word", ["của", "mùa", "kìa", "mưa", "gì", "giữa", "thuở", "khuya", "quý", "nguyễn", "hoàn"])
def test_a_tone_in_its_place_stays(word):
    assert accented_key(word) == word


@pytest.mark.parametrize(("one", "other"), [("hòa", "họa"), ("hoa", "hòa"), ("thúy", "thủy")])
def test_different_tones_stay_different(one, other):
    assert accented_key(one) != accented_key(other)


@pytest.mark.slow
@given(names)
def test_accented_key_of_itself_is_itself(name):
    assert accented_key(accented_key(name)) == accented_key(name)


@pytest.mark.slow
@given(names)
def test_accented_key_changes_no_letter(name):
    assert fold(accented_key(name)) == fold(name)


def test_letters_stand_in_the_order_of_the_alphabet():
    assert in_order(*ALPHABET)


def test_tones_stand_in_the_order_of_dictionaries():
    assert in_order("ma", "mà", "mả", "mã", "má", "mạ")


def test_letters_count_before_tones():
    assert in_order("An", "Ản Bình", "Anh", "Ăn", "Ân", "Ấn", "Ba", "Da", "Dạ", "Đa", "Ea")


def test_numbers_sort_by_value_and_before_letters():
    assert in_order("Trường", "Trường 2", "Trường 10", "Trường 100", "Trường A")


def test_leading_zeros_do_not_count():
    assert sort_key("Tổ 01") == sort_key("Tổ 1")


@pytest.mark.parametrize("written", ["TRƯỜNG A", "“Trường” A", "Trường - A", "trường  a"])
def test_case_quotes_and_hyphens_do_not_count(written):
    assert sort_key(written) == sort_key("Trường A")


def test_old_and_new_tone_placement_sort_alike():
    assert sort_key("Hòa Bình") == sort_key("Hoà Bình")


@pytest.mark.slow
@given(st.text(max_size=400))
def test_a_sort_key_is_digits_and_fits_its_column(text):
    for key in (sort_key(text), given_sort_key(text)):
        assert key.isascii()
        assert key.isdigit()
        assert len(key) <= SORT_KEY_DIGITS


def test_names_that_differ_late_are_still_told_apart():
    start = "Chi nhánh Công ty trách nhiệm hữu hạn một thành viên thương mại dịch vụ "
    assert in_order(start + "An Bình", start + "Ân Bình", start + "Bình An")


def compared(one, other):
    """The order of two names said another way: word by word, letters by the alphabet, then tones."""

    def levels(name):
        letters, tones = [], []
        for word in name.split(" "):
            if word.isdigit():
                letters.append([(1, int(word))])
                tones.append(0)
                continue
            marks = [TONES.index(mark) for mark in unicodedata.normalize("NFD", word) if mark in TONES[1:]]
            bare = "".join(mark for mark in unicodedata.normalize("NFD", word) if mark not in TONES[1:])
            letters.append([(2, ALPHABET.index(letter)) for letter in unicodedata.normalize("NFC", bare)])
            tones.append(marks[0] if marks else 0)
        return letters, tones

    return (levels(one) > levels(other)) - (levels(one) < levels(other))


def test_a_tone_on_the_first_letter_stays_with_its_word():
    assert in_order("à 0 ả a a", "à 0 ả à a")
    assert in_order("Ha Ấn", "Hà Ân")


@pytest.mark.slow
@given(st.lists(names, max_size=8))
def test_sorting_by_key_is_sorting_by_the_alphabet(found):
    by_key = sorted(found, key=sort_key)
    by_alphabet = sorted(found, key=functools.cmp_to_key(compared))
    assert [sort_key(name) for name in by_key] == [sort_key(name) for name in by_alphabet]


def test_people_stand_by_given_name_then_family():
    people = ["Lê Văn An", "Trần Thị An", "Bùi Thị Anh", "Nguyễn Văn Hà", "Trần Hà", "Bùi Văn Hạ"]
    assert in_order(*people, key=given_sort_key)


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Ngày hội Toàn dân bảo vệ ANTQ", "ngày hội Toàn dân bảo vệ ANTQ"),
        ("Ủy ban nhân dân", "ủy ban nhân dân"),
        ("Ở địa bàn khác", "ở địa bàn khác"),
        ("THPT công lập", "THPT công lập"),
        ("", ""),
    ],
)
def test_a_label_inside_a_sentence_keeps_its_names(label, inside):
    assert mid_sentence(label) == inside
