"""The frame around every page: navigation, error pages."""

import pytest
from django.http import HttpResponse
from django.template import loader
from django.test import RequestFactory
from django.urls import path, reverse

from movement_portal import navigation
from movement_portal.jurisdictions.enums import Function
from movement_portal.templatetags.portal import icon_svg
from tests.factories import OfficerFactory

pytestmark = pytest.mark.django_db

urlpatterns = [
    path("", HttpResponse, name="home"),
    path("don-vi/", HttpResponse, name="list"),
    path("don-vi/them/", HttpResponse, name="add"),
]


@pytest.fixture
def entries(settings, monkeypatch):
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(
        navigation,
        "ENTRIES",
        (
            navigation.Entry("Việc của tôi", "home", "inbox"),
            navigation.Entry("Đơn vị", "list", "buildings", "units.view_unit"),
            navigation.Entry("Thêm", "add", "plus-lg", ("units.add_unit", "units.delete_unit"), group="Quản trị"),
        ),
    )


@pytest.mark.parametrize("entry", navigation.ENTRIES, ids=lambda entry: entry.url_name)
def test_every_entry_has_its_page_and_icon(entry):
    assert reverse(entry.url_name).startswith("/")
    assert icon_svg(entry.icon)


def links(officer, address="/"):
    request = RequestFactory().get(address)
    request.user = officer
    return navigation.navigation(request)["navigation"]


def test_an_officer_is_offered_what_they_may_use(entries):
    officer = OfficerFactory(jurisdiction__function=Function.ENTER)
    assert [link.label for link in links(officer)] == ["Việc của tôi", "Đơn vị", "Thêm"]


def test_an_officer_without_posting_is_offered_what_everyone_is(entries):
    assert [link.label for link in links(OfficerFactory(jurisdiction=False))] == ["Việc của tôi"]


@pytest.mark.parametrize(
    ("address", "current"),
    [("/", ["Việc của tôi"]), ("/don-vi/7/", ["Đơn vị"]), ("/don-vi/them/", ["Thêm"]), ("/khac/", [])],
)
def test_the_closest_entry_is_the_current_one(entries, address, current):
    officer = OfficerFactory(jurisdiction__function=Function.ENTER)
    assert [link.label for link in links(officer, address) if link.is_current] == current


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "500"])
def test_error_pages_need_nothing_from_the_view(name):
    page = loader.get_template(f"{name}.html").render()
    assert '<html lang="vi"' in page
    assert "</html>" in page
