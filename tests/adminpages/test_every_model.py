"""Every model has its admin pages, and every one of them opens, exports and keeps to its area."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from movement_portal.adminpages.base import PortalModelAdmin
from movement_portal.adminpages.inlines import PortalInline
from movement_portal.adminpages.registrations.spreadsheets import SeenWithImports
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.models import Officer, Posting
from movement_portal.lib.tracking import TrackedModel
from movement_portal.lib.vietnamese import sort_key
from tests.factories import OfficerFactory, UnitFactory
from units.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

#: Apps of the portal; others are libraries whose tables no officer needs to see.
OURS = [config for config in apps.get_app_configs() if not config.name.startswith(("django", "axes", "import_export"))]
MODELS = [model for config in OURS for model in config.get_models()]
IDS = [model._meta.label for model in MODELS]


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def anyone(client, area):
    """An officer of every function at once."""
    officer = OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_RECORDS)
    office = officer.postings.get().office
    for function in (Function.MANAGE_ACCOUNTS, Function.ENTER):
        officer.postings.create(office=office, function=function)
    client.force_login(officer)
    return client


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_model_is_registered_with_the_portals_admin(model):
    assert isinstance(admin.site.get_model_admin(model), PortalModelAdmin)


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_inlines_are_the_portals(model):
    assert all(issubclass(inline, PortalInline) for inline in admin.site.get_model_admin(model).inlines)


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_list_opens_is_searched_and_exported(anyone, unit, model):
    options = admin.site.get_model_admin(model)
    response = anyone.get(address(model, "changelist"), {"q": "tên gì"} if options.search_fields else {})
    assert response.status_code == 200
    for form in ("export", "export_csv"):
        exported = anyone.get(address(model, form))
        assert exported.status_code in (200, 403)
        exported.getvalue()


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_form_for_a_new_record_opens_or_is_refused(anyone, model):
    options = admin.site.get_model_admin(model)
    request = anyone.get("/quan-tri/").wsgi_request
    expected = 200 if options.has_add_permission(request) else 403
    assert anyone.get(address(model, "add")).status_code == expected


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_fields_that_the_portal_computes_are_not_typed(model, rf, officer):
    options = admin.site.get_model_admin(model)
    request = rf.get("/")
    request.user = officer
    typed = set(options.get_form(request, None).base_fields)
    assert not typed & {*getattr(model, "derived_fields", ()), *getattr(model, "untracked_fields", ()), "password"}


@pytest.mark.parametrize("model", [model for model in MODELS if not issubclass(model, TrackedModel)])
def test_logs_and_counters_are_only_read(model, rf, officer):
    request = rf.get("/")
    request.user = officer
    options = admin.site.get_model_admin(model)
    assert not any(options.get_model_perms(request)[step] for step in ("add", "change", "delete"))


def test_states_change_only_by_their_steps(rf, officer, unit):
    request = rf.get("/")
    request.user = officer
    typed = set(admin.site.get_model_admin(type(unit)).get_form(request, unit, change=True).base_fields)
    assert not typed & {"status", "status_on", "merged_into", "eligibility_override", "override_reason", "jurisdiction"}


@pytest.mark.parametrize("function", Function)
def test_index_shows_only_what_the_function_may_use(client, area, function):
    officer = OfficerFactory(jurisdiction=area, jurisdiction__function=function)
    client.force_login(officer)
    response = client.get("/quan-tri/")
    shown = {entry["model"] for app in response.context["app_list"] for entry in app["models"]}
    allowed = {model for model in MODELS if officer.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")}
    with_imports = {model for model in MODELS if isinstance(admin.site.get_model_admin(model), SeenWithImports)}
    assert shown - allowed <= with_imports
    assert shown


def test_tables_stand_in_the_order_of_the_alphabet(staff):
    apps = staff.get("/quan-tri/").context["app_list"]
    for names in ([app["name"] for app in apps], *([entry["name"] for entry in app["models"]] for app in apps)):
        assert names == sorted(names, key=sort_key)


def test_only_an_edit_asks_why(staff, unit):
    add, change = staff.get(address(Unit, "add")), staff.get(address(Unit, "change", unit.pk))
    assert ["edit_reason" in page.content.decode() for page in (add, change)] == [False, True]


def test_accounts_lead_to_the_pages_where_they_are_managed(client, area):
    manager = OfficerFactory(jurisdiction=area, jurisdiction__function=Function.MANAGE_ACCOUNTS)
    officer = OfficerFactory(jurisdiction=area)
    client.force_login(manager)
    page, posting = reverse("accounts:officer_detail", args=[officer.pk]), officer.postings.get()
    assert reverse("accounts:officer_create") in client.get(address(Officer, "changelist")).content.decode()
    assert page in client.get(address(Officer, "change", officer.pk)).content.decode()
    assert page in client.get(address(Posting, "change", posting.pk)).content.decode()


def test_officer_without_a_posting_is_refused(client):
    client.force_login(OfficerFactory(jurisdiction=False))
    assert client.get("/quan-tri/", follow=True).status_code == 403


def test_stranger_is_sent_to_the_portals_sign_in(client):
    response = client.get("/quan-tri/units/unit/")
    assert response.status_code == 302
    assert response.url.startswith(reverse("login"))


def test_password_page_is_the_portals(staff):
    assert staff.get("/quan-tri/password_change/").url == reverse("password_change")


def test_scripts_get_their_words_in_vietnamese(staff):
    text = staff.get("/quan-tri/jsi18n/").content.decode()
    assert "Th\\u00e1ng" in text or "Tháng" in text


@pytest.mark.parametrize("rows", [1, 12])
def test_unit_list_asks_as_often_for_many_rows(staff, area, rows, django_assert_max_num_queries):
    UnitFactory.create_batch(rows, jurisdiction=area, parent=UnitFactory(jurisdiction=area))
    with django_assert_max_num_queries(11):
        staff.get(address(UnitFactory._meta.model, "changelist"))
