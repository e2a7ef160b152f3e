"""What is typed comes in one spelling."""

import unicodedata

import pytest
from django.http import QueryDict

from movement_portal.lib.typed import TypedTextMiddleware, in_one_spelling


def fields(**texts):
    data = QueryDict(mutable=True)
    for name, text in texts.items():
        data[name] = text
    return data


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (unicodedata.normalize("NFD", "Nguyễn Thị Hoà"), "Nguyễn Thị Hoà"),
        ("\u202e\u200f", ""),
        ("\u2066Hoà\u2069", "Hoà"),
        ("Đường 1\r\n  Khối 2", "Đường 1\r\n  Khối 2"),
        ("a\x00b", "a\x00b"),
        ("😀", "😀"),
    ],
)
def test_a_text_is_composed_and_loses_what_nobody_sees(typed, kept):
    assert in_one_spelling(fields(name=typed))["name"] == kept


def test_several_values_of_a_field_stay_several():
    data = QueryDict(mutable=True)
    data.setlist("name", [unicodedata.normalize("NFD", "ế"), "b"])
    assert in_one_spelling(data).getlist("name") == ["ế", "b"]


def test_what_came_in_cannot_be_written_to():
    with pytest.raises(AttributeError):
        in_one_spelling(fields(name="\u200bế"))["name"] = "x"


@pytest.mark.parametrize("query", ["q=a%00b", "q=a%%0000b", "q=ab%00"])
def test_a_null_character_in_an_address_is_passed_over(rf, query):
    request = rf.get(f"/don-vi/?{query}")
    TypedTextMiddleware(lambda request: request)(request)
    assert request.GET["q"] == "ab"
