"""The unit list, the page opened all day: first page, subtree, search, far pages, against the plain admin list."""

import random
from collections.abc import Iterator

from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from benchmarks.filling import fill_units, officers
from benchmarks.harness import Measure, median_ms
from units.models import Unit

HOST = "localhost"
WORDS = ("hoa sen", "co khi", "truong thcs", "uy ban nhan dan", "minh phat", "trinh")


def run(sizes: list[int]) -> Iterator[Measure]:
    """Measures of the list for each number of units, smallest first."""
    for size in sizes:
        fill_units(size)
        yield from _lists(size)
        yield from _far_pages(size)
        yield from _rendering(size)


def _measure(size, what, value, **more):
    return Measure(connection.vendor, size, what, value, "ms", **more)


def _open(client, **parameters):
    response = client.get(reverse("units:unit_list"), parameters, HTTP_HOST=HOST)
    assert response.status_code == 200, response.status_code
    return response


def _lists(size):
    dice = random.Random(size)
    targets = {"country": "< 300 ms", "province": "< 50 ms", "commune": ""} if size == 1_000_000 else {}
    for name, officer in officers().items():
        client = Client()
        client.force_login(officer, "movement_portal.jurisdictions.backends.PostingBackend")
        target = targets.get(name, "") if connection.vendor == "postgresql" else ""
        yield _measure(size, f"list of 50, {name}", median_ms(lambda c=client: _open(c)), target=target)
        yield _measure(
            size,
            f"list of 50 with search and total, {name}",
            median_ms(lambda c=client: _open(c, q=dice.choice(WORDS)), repeat=30),
            target=target,
        )


def _far_pages(size):
    """The page at nine tenths of the list: by keyset, and by the OFFSET that it replaces."""
    ordered = Unit.objects.order_by("name_sort", "id")
    at = size * 9 // 10
    edge = ordered.values_list("name_sort", "id")[at : at + 1][0]
    fields = ("id", "code", "name")
    after = ordered.filter(name_sort__gte=edge[0]).exclude(name_sort=edge[0], id__lte=edge[1])
    offset = median_ms(lambda: list(ordered.values_list(*fields)[at : at + 50]), repeat=5)
    keyset = median_ms(lambda: list(after.values_list(*fields)[:50]))
    yield _measure(size, "far page by OFFSET (query)", offset)
    yield _measure(size, "far page by keyset (query)", keyset, anchor="OFFSET", ratio=offset / keyset)


def _rendering(size):
    """A page of 100 rows against the plain admin list of as many, both whole requests through every middleware."""
    client = Client()
    client.force_login(officers()["country"], "movement_portal.jurisdictions.backends.PostingBackend")
    with override_settings(ROOT_URLCONF="benchmarks.plain_admin"):

        def plain():
            response = client.get("/plain/units/unit/", HTTP_HOST=HOST)
            assert response.status_code == 200, response.status_code
            return response

        assert plain().content.count(b"<tr") > 100
        anchor = median_ms(plain, repeat=9)
        ours = median_ms(lambda: _open(client, so_dong=100), repeat=15)
    yield _measure(size, "plain admin list of 100 rows", anchor)
    yield _measure(size, "page of 100 rows", ours, anchor="plain admin list", ratio=anchor / ours, target=">= 5x")
