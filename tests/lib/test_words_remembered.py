"""What is remembered word by word is what the whole text gives."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from movement_portal.lib import abbreviations, phones, vietnamese

LETTERS = "aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐbchklmnqgxấầẩẫậỳýỷỹỵoàòaúyùyhoàkhỏeo\u0300\u0301\u0309 \t\n-.,’'()/0123456789"
TEXTS = st.one_of(
    st.text(alphabet=st.sampled_from(LETTERS), max_size=60),
    st.text(max_size=40),
    st.lists(st.sampled_from(["Trường", "THCS", "Hòa", "hoà", "T.N.H.H", "Q.1", "số", "01", "M'Nông", "C.ty"])).map(
        " ".join
    ),
)


@pytest.mark.slow
@given(TEXTS)
@example("´ a")
@example("x" * 100)
@example("a \u0301b")
@example("12 345 6.7")
def test_sort_keys_of_words_make_the_key_of_the_text(text):
    assert vietnamese.sort_key(text) == vietnamese._sort_key(text, vietnamese.SORT_KEY_DIGITS)


@pytest.mark.slow
@given(TEXTS)
@example("´ a")
def test_folded_words_make_the_folded_text(text):
    assert vietnamese.fold(text) == vietnamese._fold(text)


@pytest.mark.slow
@given(TEXTS)
@example("ÒÀ")
def test_words_with_their_tones_make_the_text_with_its_tones(text):
    assert vietnamese.accented_key(text) == vietnamese._accented(text)
    assert vietnamese.tone_placements(text) == list(dict.fromkeys(vietnamese._placements(vietnamese.nfc(text))))


@given(TEXTS)
def test_words_of_words_are_the_words_of_the_text(text):
    assert abbreviations.words(text) == list(abbreviations._words_in(text))


@pytest.mark.slow
@given(TEXTS)
def test_a_text_taken_for_clean_is_clean(text):
    composed = unicodedata.normalize("NFC", vietnamese._INVISIBLE.sub("", text)).translate(vietnamese._ONE_SPELLING)
    assert vietnamese.nfc(text) == vietnamese._BLANKS.sub(" ", composed).strip()


@pytest.mark.parametrize("code", [*range(0x21, 0x250), *range(0x1EA0, 0x1EFA)])
def test_every_letter_taken_for_clean_is_clean(code):
    letter = chr(code)
    if vietnamese._CLEAN.fullmatch(letter):
        assert unicodedata.normalize("NFC", letter).translate(vietnamese._ONE_SPELLING) == letter


@pytest.mark.slow
@given(st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True))
def test_a_usual_number_is_what_it_is(number):
    assert "; ".join(phones.split_phones(number)) == phones.normal_phones(number) == number
