"""The unit list, the page opened all day: first page, subtree, search, far pages, against the plain admin list."""

import gzip
import random
import time
from collections.abc import Iterator

from django.db import connection
from django.test import override_settings
from django.urls import reverse

from benchmarks.filling import fill_units, officers
from benchmarks.harness import Measure, median_ms, side_by_side
from benchmarks.visiting import Visitor
from units.models import Unit

PLAIN = "/plain/units/unit/"
WORDS = ("hoa sen", "co khi", "truong thcs", "uy ban nhan dan", "minh phat", "trinh")


def run(sizes: list[int]) -> Iterator[Measure]:
    """Measures of the list for each number of units, smallest first."""
    for size in sizes:
        present, start = Unit.objects.count(), time.perf_counter()
        fill_units(size)
        if size - present > 0:
            seconds = time.perf_counter() - start
            yield Measure(connection.vendor, size, "filling of the register", (size - present) / seconds, "rows/s")
        yield from _lists(size)
        yield from _far_pages(size)
        yield from _rendering(size)


def _measure(size, what, value, **more):
    return Measure(connection.vendor, size, what, value, "ms", **more)


def _lists(size):
    dice = random.Random(size)
    targets = {"country": "< 300 ms", "province": "< 50 ms", "commune": ""} if size == 1_000_000 else {}
    address = reverse("units:unit_list")
    for name, officer in officers().items():
        visitor = Visitor(officer)
        target = targets.get(name, "") if connection.vendor == "postgresql" else ""
        first = median_ms(lambda v=visitor: v.get(address))
        yield _measure(size, f"list of 50, {name}", first, target=target)
        search = median_ms(lambda v=visitor: v.get(address, q=dice.choice(WORDS)), repeat=30)
        yield _measure(size, f"list of 50 with search and total, {name}", search, target=target)


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
    visitor = Visitor(officers()["country"])
    address = reverse("units:unit_list")
    with override_settings(ROOT_URLCONF="benchmarks.plain_admin"):
        pages = (lambda: visitor.get(PLAIN), lambda: visitor.get(address, so_dong=100))
        for page in pages:
            assert gzip.decompress(page()).count(b"<tr") > 100
        anchor, ours = side_by_side(*pages, repeat=9 if size > 100_000 else 25)
    yield _measure(size, "plain admin list of 100 rows", anchor)
    yield _measure(size, "page of 100 rows", ours, anchor="plain admin list", ratio=anchor / ours, target=">= 5x")
