"""Whole pages, opened by officers of several levels: the median of each, and what a page may take."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from django.db import connection
from django.urls import reverse

from benchmarks.harness import Measure, median_ms
from benchmarks.visiting import Visitor
from movement_portal.jurisdictions.models import Officer

#: What a page of a list may take on PostgreSQL.
TARGET = "< 300 ms"

#: What a page is called, its URL name, the parameters of its address.
Page = tuple[str, str, Mapping[str, str]]


def measures(
    pages: Iterable[Page], officers: Mapping[str, Officer], *, rows: int, headers: Mapping[str, str] | None = None
) -> Iterator[Measure]:
    """Median milliseconds of each page for each officer, by the name of the officer's level; ``rows`` are there.

    With ``headers`` it is a part that a page asks for once it stands, which has no target.
    """
    target = TARGET if connection.vendor == "postgresql" and not headers else ""
    pages = list(pages)
    for level, officer in officers.items():
        visitor = Visitor(officer, headers=headers)
        for what, name, query in pages:
            value = median_ms(partial(visitor.get, reverse(name), **query))
            yield Measure(connection.vendor, rows, f"{what}, {level}", value, "ms", target=target)


def country_and_province(officers: Mapping[str, Officer]) -> dict[str, Officer]:
    """The officers whose lists are long."""
    return {level: officers[level] for level in ("country", "province")}
