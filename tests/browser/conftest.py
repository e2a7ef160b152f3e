"""Chromium against the live server, signed in as any function; no Chromium is a failure, not a skip."""

import os

import pytest
from django.conf import settings
from django.test import Client

from movement_portal.jurisdictions.enums import JurisdictionKind
from tests.browser.watching import WIDE, Watch
from tests.factories import JurisdictionFactory, OfficerFactory

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session", autouse=True)
def _records_beside_the_browser():
    """Playwright keeps an event loop in the thread of the tests; Django would refuse to read records there."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-sync",
            "--no-first-run",
            "--lang=vi-VN",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args():
    return {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "viewport": WIDE, "accept_downloads": True}


@pytest.fixture
def province():
    return JurisdictionFactory(province=True, name="Mẫu")


@pytest.fixture
def commune(province):
    return JurisdictionFactory(parent=province, kind=JurisdictionKind.WARD, name="Tân Tiến")


@pytest.fixture
def watch(page, live_server):
    """The page with its watch; ``watch.check()`` fails with whatever the page did wrong."""
    page.set_default_timeout(15_000)
    return Watch(page, live_server.url)


@pytest.fixture
def sign_in(page, live_server):
    """``sign_in(officer)``: the page belongs to the officer from now on, without passing the login page."""

    def sign_in(officer):
        client = Client()
        client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[-1])
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.clear_cookies()
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return officer

    return sign_in


@pytest.fixture
def signed_in_page(page, watch, sign_in, province):
    """``signed_in_page(function)``: the page of an officer in that function, of the province unless said otherwise."""

    def open_as(function, area=None):
        sign_in(OfficerFactory(jurisdiction=area or province, jurisdiction__function=function))
        return page

    return open_as
