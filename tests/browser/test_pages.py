"""Every page that links lead to, as every function: a new page joins as soon as something links to it."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from movement_portal.jurisdictions.enums import Function
from tests.factories import ActivityFactory, OfficerFactory, UnitFactory
from units.activities import set_units

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINKS = "() => [...document.querySelectorAll('a[href]:not([download])')].map((link) => link.href)"
#: Addresses that end the visit or answer with a file.
LEFT_OUT = ("logout",)


def kind_of(address):
    """What makes two addresses pages of one kind; None when no view answers there: a dead link."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    name = match.view_name
    if match.app_names == ["admin"]:
        # Two records of the admin pages differ in model, not in kind.
        name = "admin:" + match.url_name.rpartition("_")[2]
    # What follows the question mark may open another form on the same page.
    return f"{name}?" if parts.query else name


@pytest.fixture
def register(province, commune):
    """Enough records for every list to have a row."""
    units = UnitFactory.create_batch(3, jurisdiction=commune)
    set_units(ActivityFactory(jurisdiction=commune), units, by=OfficerFactory(jurisdiction=commune))


@pytest.mark.parametrize("function", list(Function))
def test_pages_stand_in_the_browser(function, signed_in_page, watch, live_server, register):
    page = signed_in_page(function)
    waiting, known, visited, faults = [live_server.url + "/"], set(), set(), []
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind is None:
            faults.append(f"dead link: {address}")
            continue
        if kind in LEFT_OUT or kind in visited:
            continue
        visited.add(kind)
        try:
            response = page.goto(address)
        except Error as error:
            # A file to keep is not a page.
            if "Download is starting" not in str(error):
                raise
            continue
        if response.status != 200:
            faults.append(f"{response.status}: {address}")
        if "text/html" not in response.headers["content-type"]:
            continue
        faults += [f"{address}: {fault}" for fault in watch.collect()]
        for link in page.evaluate(LINKS):
            link = urljoin(address, link).partition("#")[0]
            if link.startswith(live_server.url) and link not in known:
                known.add(link)
                waiting.append(link)
    assert "home" in visited
    assert not faults, "\n".join(faults)
