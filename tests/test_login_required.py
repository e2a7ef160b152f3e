"""Every page needs a signed-in officer; the few that do not are listed here by address."""

import pytest
from django.urls import URLPattern, get_resolver

from tests.factories import OfficerFactory

OPEN_TO_STRANGERS = {"dang-nhap/", "healthz"}


def views(patterns, prefix=""):
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        else:
            yield from views(pattern.url_patterns, address)


def test_only_the_listed_pages_open_without_signing_in():
    found = views(get_resolver().url_patterns)
    assert {address for address, view in found if not getattr(view, "login_required", True)} == OPEN_TO_STRANGERS


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/quan-tri/", "/quan-tri/login/"])
def test_the_admin_pages_have_no_login_of_their_own(client, address):
    assert client.get(address).url == f"/dang-nhap/?next={address}"


@pytest.mark.django_db
def test_an_officer_without_a_posting_is_refused_the_admin_pages(client):
    client.force_login(OfficerFactory(jurisdiction=False))
    assert client.get("/quan-tri/", follow=True).status_code == 403
