"""Pages by keyset: every row once, in order, in both directions, whatever the token."""

import datetime

import pytest
from django.core import signing

from movement_portal.jurisdictions.models import Jurisdiction
from movement_portal.lib.paging import (
    AFTER,
    BEFORE,
    DEFAULT_SIZE,
    END,
    KeysetPage,
    Segment,
    capped_count,
    keys_for,
    page_size,
)
from tests.factories import JurisdictionFactory

pytestmark = pytest.mark.django_db

ORDERINGS = [
    ("name_sort", "id"),
    ("-name_sort", "id"),
    ("valid_to", "id"),
    ("-valid_to", "-id"),
    ("parent__name_sort", "valid_to", "-id"),
    ("-id",),
]


@pytest.fixture
def areas():
    """Eleven areas, some of the same name, some without an end, some without a parent."""
    parents = [JurisdictionFactory(province=True, name=name) for name in ("Bắc", "An")]
    for number in range(9):
        JurisdictionFactory(
            name=f"Xã {number // 3}",
            parent=parents[number % 2] if number % 4 else None,
            valid_to=datetime.date(2026, 1, 1 + number // 2) if number % 3 else None,
        )
    return Jurisdiction.objects.all()


def joined(found):
    return [pk for ids in found for pk in ids]


def pages(source, names, *, size=2):
    """Ids page by page from the first to the last, by the tokens."""
    token, found = "", []
    while True:
        page = KeysetPage(source, keys_for(Jurisdiction, names), {AFTER: token}, size=size)
        found.append([row["id"] for row in page.rows])
        if not page.next_token:
            return found
        token = page.next_token


def pages_backwards(source, names, *, size=2):
    """As ``pages``, from the last to the first; the first page is always full and may share rows with the second."""
    params, found = {BEFORE: END}, []
    while True:
        page = KeysetPage(source, keys_for(Jurisdiction, names), params, size=size)
        found.append([row["id"] for row in page.rows])
        if not page.previous_token:
            first, *others = found[::-1]
            return [first, *([pk for pk in ids if pk not in first] for ids in others)]
        params = {BEFORE: page.previous_token}


def in_python(names):
    """All ids in the order asked, missing values last."""

    def value(row, path):
        for part in path.split("__"):
            row = getattr(row, part) if row is not None else None
        return row

    rows = list(Jurisdiction.objects.select_related("parent"))
    for name in reversed(names):
        path = name.lstrip("-")
        there = [row for row in rows if value(row, path) is not None]
        there.sort(key=lambda row, path=path: value(row, path), reverse=name.startswith("-"))
        rows = there + [row for row in rows if value(row, path) is None]
    return [row.pk for row in rows]


def columns(names):
    return {name.lstrip("-") for name in names} | {"id"}


@pytest.mark.parametrize("names", ORDERINGS)
def test_forwards_gives_every_row_once_in_order(areas, names):
    assert joined(pages(areas.values(*columns(names)), names)) == in_python(names)


@pytest.mark.parametrize("names", ORDERINGS)
def test_backwards_gives_every_row_once_in_order(areas, names):
    assert joined(pages_backwards(areas.values(*columns(names)), names)) == in_python(names)


@pytest.mark.parametrize("names", ORDERINGS)
def test_back_leads_to_where_one_came_from(areas, names):
    keys, rows = keys_for(Jurisdiction, names), areas.values(*columns(names))
    first = KeysetPage(rows, keys, {}, size=4)
    second = KeysetPage(rows, keys, {AFTER: first.next_token}, size=4)
    back = KeysetPage(rows, keys, {BEFORE: second.previous_token}, size=4)
    assert (back.rows, back.previous_token, back.next_token) == (first.rows, "", first.next_token)


@pytest.mark.parametrize("names", ORDERINGS)
def test_rows_picked_by_a_condition_page_alike(areas, names):
    keys, rows = keys_for(Jurisdiction, names), areas.exclude(valid_to=None).values(*columns(names))
    first = KeysetPage([Segment(rows, picked=True)], keys, {}, size=4)
    assert first.rows == KeysetPage(rows, keys, {}, size=4).rows
    params = {AFTER: first.next_token}
    assert (
        KeysetPage([Segment(rows, picked=True)], keys, params, size=4).rows
        == KeysetPage(rows, keys, params, size=4).rows
    )


@pytest.mark.parametrize("names", ORDERINGS)
def test_parts_that_share_no_row_page_as_the_whole(areas, names):
    rows = areas.values(*columns(names))
    source = [Segment(rows, parts=[rows.filter(valid_to=None), rows.exclude(valid_to=None)])]
    assert joined(pages(source, names)) == in_python(names)
    assert joined(pages_backwards(source, names)) == in_python(names)


def test_a_first_page_counts_when_asked_to(areas, django_assert_num_queries):
    keys = keys_for(Jurisdiction, ("name_sort", "id"))
    with django_assert_num_queries(1):
        first = KeysetPage(areas.values("name_sort", "id"), keys, {}, size=2, counted=True)
    assert (first.total, len(first.rows)) == (11, 2)
    assert (
        KeysetPage(areas.values("name_sort", "id"), keys, {AFTER: first.next_token}, size=2, counted=True).total is None
    )
    assert KeysetPage(areas.none().values("name_sort", "id"), keys, {}, counted=True).total in (0, None)


def test_segments_stand_one_after_the_other(areas):
    names = ("name_sort", "id")
    rows = areas.values("name_sort", "id")
    segments = [Segment(rows.filter(parent=None)), Segment(rows.exclude(parent=None))]
    expected = [row["id"] for segment in segments for row in segment.rows.order_by(*names)]
    assert joined(pages(segments, names, size=3)) == expected
    assert joined(pages_backwards(segments, names, size=3)) == expected


def test_instances_page_as_values_do(areas):
    keys = keys_for(Jurisdiction, ("parent__name_sort", "id"))
    page = KeysetPage(areas.exclude(parent=None).select_related("parent"), keys, {}, size=3)
    further = KeysetPage(areas.exclude(parent=None).select_related("parent"), keys, {AFTER: page.next_token}, size=3)
    assert len({row.pk for row in [*page.rows, *further.rows]}) == 6


def first_ids(areas, params):
    keys = keys_for(Jurisdiction, ("name_sort", "id"))
    return [row["id"] for row in KeysetPage(areas.values("name_sort", "id"), keys, params, size=2).rows]


@pytest.mark.parametrize("parameter", [AFTER, BEFORE])
@pytest.mark.parametrize("token", ["x", "é", "a:b:c", "\x00", "x" * 5000, "WzAsIjEiXQ:1t:abc"])
def test_a_token_made_elsewhere_gives_the_first_page(areas, parameter, token):
    assert first_ids(areas, {parameter: token}) == first_ids(areas, {})


def test_a_token_changed_by_one_letter_gives_the_first_page(areas):
    keys = keys_for(Jurisdiction, ("name_sort", "id"))
    token = KeysetPage(areas.values("name_sort", "id"), keys, {}, size=2).next_token
    changed = ("A" if token[0] != "A" else "B") + token[1:]
    assert first_ids(areas, {AFTER: changed}) == first_ids(areas, {})


def test_a_token_of_another_ordering_gives_the_first_page(areas):
    other = KeysetPage(areas.values("id"), keys_for(Jurisdiction, ("-id",)), {}, size=2).next_token
    assert first_ids(areas, {AFTER: other}) == first_ids(areas, {})


def test_a_signed_token_of_the_wrong_length_gives_the_first_page(areas):
    page = KeysetPage(areas.values("name_sort", "id"), keys_for(Jurisdiction, ("name_sort", "id")), {}, size=2)
    for content in ([], [0], [7, "1", 2], {}, [0, {"at": "never"}, 1], None):
        assert first_ids(areas, {AFTER: signing.dumps(content, salt=page._salt)}) == first_ids(areas, {})


def test_rows_deleted_since_lead_to_the_first_page(areas):
    keys = keys_for(Jurisdiction, ("id",))
    page = KeysetPage(areas.values("id"), keys, {BEFORE: END}, size=2)
    last = KeysetPage(areas.values("id"), keys, {}, size=9)
    Jurisdiction.objects.filter(pk__in=[row["id"] for row in page.rows]).delete()
    assert KeysetPage(areas.values("id"), keys, {AFTER: last.next_token}, size=2).previous_token == ""


def test_one_query_a_page(areas, django_assert_num_queries):
    keys = keys_for(Jurisdiction, ("name_sort", "id"))
    token = KeysetPage(areas.values("name_sort", "id"), keys, {}, size=2).next_token
    with django_assert_num_queries(1):
        KeysetPage(areas.values("name_sort", "id"), keys, {AFTER: token}, size=2)


def test_no_offset(areas, django_assert_num_queries):
    keys = keys_for(Jurisdiction, ("name_sort", "id"))
    token = KeysetPage(areas.values("name_sort", "id"), keys, {}, size=2).next_token
    with django_assert_num_queries(1) as queries:
        KeysetPage(areas.values("name_sort", "id"), keys, {AFTER: token}, size=2)
    assert "OFFSET" not in queries[0]["sql"]


def test_an_empty_list_has_an_empty_page():
    page = KeysetPage(Jurisdiction.objects.values("id"), keys_for(Jurisdiction, ("id",)), {})
    assert (page.rows, page.next_token, page.previous_token) == ([], "", "")


@pytest.mark.parametrize(
    ("asked", "size"),
    [("25", 25), ("200", 200), ("", DEFAULT_SIZE), ("1000", DEFAULT_SIZE), ("-25", DEFAULT_SIZE), ("٢٥", DEFAULT_SIZE)],
)
def test_page_size(asked, size):
    assert page_size({"so_dong": asked}) == size


@pytest.mark.parametrize(("rows", "said"), [(3, "3"), (4, "4"), (5, "hơn 4")])
def test_counts_stop_at_the_cap(rows, said):
    JurisdictionFactory.create_batch(rows)
    assert str(capped_count(Jurisdiction.objects.all(), cap=4)) == said
