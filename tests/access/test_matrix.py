"""Every address x every function x every relation: nobody reads or writes what is out of their reach.

The officers of all functions are posted to one commune. Each address is opened, and sent what an officer with every
right would have sent, for a record of their own commune, the neighbour, the province above and another province.
"""

import contextlib
import itertools
from functools import cache

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.db import transaction
from django.urls import reverse

from movement_portal.audit.models import Change
from movement_portal.jurisdictions.enums import Function
from movement_portal.lib.tracking import TrackedModel
from tests.access.asking import PlainClient
from tests.access.forms import Form, forms_of
from tests.access.routes import Route, routes
from tests.access.subjects import BY_LABEL, KINDS, VALUES, key_of, kind_of
from tests.access.world import FOREIGN, OWN, build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ANONYMOUS = "anonymous"
#: Addresses that anybody may open; nothing of the register stands on them.
PUBLIC = {"login", "healthz", "logout"}
#: Addresses that end the session or change the one who asks, and nothing else.
OF_ONESELF = {"logout", "password_change", "admin:logout"}
ROUTES = routes()


@pytest.fixture
def client():
    return PlainClient()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once for all tests of the module; each of them rolls back what it did to it."""
    with django_db_blocker.unblock(), rolled_back():
        yield build()


@pytest.fixture(autouse=True)
def no_lockout(settings):
    settings.AXES_ENABLED = False


@pytest.fixture(scope="module")
def sent(world, django_db_blocker):
    """``sent(relation)``: what the right officer would send about the records of that place; found out once."""
    pages: dict[str, list[Form]] = {}

    @cache
    def sent(relation):
        with rolled_back():
            return payloads(PlainClient(), world, world.places[relation], pages)

    return sent


def test_every_address_is_classified():
    for route in ROUTES:
        record_arguments(route)


def record_arguments(route: Route) -> dict[str, str]:
    """Arguments of the route that name a record -> kind of record; raises for one that nothing is known of."""
    if route.name in BY_LABEL:
        return dict.fromkeys(route.arguments, "units.unit")
    return {argument: kind_of(route, argument) for argument in route.arguments if (route.name, argument) not in VALUES}


def addresses(route: Route, place) -> list[str]:
    """The addresses of a route about the records of a place; for a model of no area, about any record."""
    if route.name in BY_LABEL:
        label, key = BY_LABEL[route.name]
        keyed = {kind: record.pk for kind, record in place.records.items() if isinstance(record, TrackedModel)}
        return [route.address(**{label: kind, key: pk}) for kind, pk in keyed.items()]
    kinds = record_arguments(route)
    choices = []
    for argument in route.arguments:
        if argument not in kinds:
            choices.append(VALUES[route.name, argument])
            continue
        record = place.records.get(kinds[argument])
        if record is None:
            record = apps.get_model(kinds[argument])._base_manager.order_by("pk").first()
        choices.append([1 if record is None else key_of(kinds[argument], argument, record)])
    return [route.address(**dict(zip(route.arguments, values, strict=True))) for values in itertools.product(*choices)]


def is_scoped(route: Route, place) -> bool:
    """Whether the address names a record that lies in an area."""
    return any(kind in place.records and kind not in UNSCOPED for kind in record_arguments(route).values())


UNSCOPED = {"contenttypes.contenttype"}


def body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    # Not response.close(): it would end the request and with it the test's own connection.
    for close in response._resource_closers:
        close()
    return content.decode("utf-8", "replace")


def assert_reads_nothing(response, marks, what):
    text = body(response)
    found = [mark for mark in marks if mark in text]
    assert not found, f"{what} shows {found}"


def sign_in(client, world, function):
    """The officer of the function, signed in; None for a stranger."""
    if function == ANONYMOUS:
        return None
    officer = world.officers[function]
    client.force_login(officer, BACKEND)
    return officer


BACKEND = "movement_portal.jurisdictions.backends.PostingBackend"
EVERYBODY = [ANONYMOUS, *Function]


@pytest.mark.parametrize("function", EVERYBODY)
def test_nobody_reads_what_is_out_of_reach(client, world, function, record_property):
    """Foreign records answer 404 (or 403 where the right is missing at all), and their marks stand on no page."""
    officer = sign_in(client, world, function)
    foreign_marks = [world.places[relation].mark for relation in FOREIGN]
    size = 0
    for route in ROUTES:
        if route.name in OF_ONESELF:
            continue
        for relation, place in world.places.items():
            scoped = is_scoped(route, place)
            if not scoped and relation != OWN:
                continue
            for address in addresses(route, place):
                response = client.get(address)
                size += 1
                what = f"GET {address} ({route.name}) as {function} on {relation}: {response.status_code}"
                assert response.status_code < 500, what
                if officer is None and route.name not in PUBLIC:
                    assert response.status_code in (302, 403, 404, 405), what
                if scoped and relation in FOREIGN:
                    assert response.status_code in REFUSED if officer else True, what
                assert_reads_nothing(response, foreign_marks, what)
    record_property("access_requests", size)


REFUSED = (403, 404, 405)


@pytest.mark.parametrize("function", EVERYBODY)
def test_no_search_finds_what_is_out_of_reach(client, world, function, record_property):
    """Lists, suggestions and autocompletes asked for a foreign mark (in lower case, so that an echo is no leak)."""
    sign_in(client, world, function)
    size = 0
    asked = [(route.address(), {}) for route in ROUTES if not route.arguments and route.name not in OF_ONESELF]
    asked += [(reverse("admin:autocomplete"), query) for query in autocompletes()]
    for address, query in asked:
        for relation in FOREIGN:
            place = world.places[relation]
            term = place.mark.lower()
            response = client.get(address, {"q": term, "term": term, **query})
            size += 1
            what = f"GET {address} {query} {term} as {function}: {response.status_code}"
            assert response.status_code < 500, what
            assert_reads_nothing(response, [place.mark], what)
            if response.status_code in REFUSED:
                # Refused whatever is searched for.
                break
    record_property("access_requests", size)


def autocompletes():
    """Every relation that an admin page completes as one types."""
    for model, admin in site._registry.items():
        for name in admin.autocomplete_fields:
            yield {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}


def payloads(client, world, place, pages) -> dict[str, list[dict]]:
    """What an officer with every right would send about the records of a place, by address.

    Nothing at all is sent too; to an address that names no record only once, with those of the officers' own place.
    ``pages`` keeps the forms of each address: one that names no record is opened for the first place alone.
    """
    own = place is world.places[OWN]
    client.force_login(world.chief, BACKEND)
    found: dict[str, list[dict]] = {}

    def add(address, values):
        # Many pages carry the same form.
        if values not in found.setdefault(address, []):
            found[address].append(values)

    for route in ROUTES:
        if route.name in OF_ONESELF:
            continue
        for address in addresses(route, place):
            if own or is_scoped(route, place):
                add(address, {})
            if address not in pages:
                pages[address] = forms_at(client, address)
            for form in pages[address]:
                target = (form.action or address).partition("?")[0]
                if target.startswith("/") and target not in SELF_ADDRESSES:
                    add(target, altered(form.values, place))
    client.logout()
    return found


def forms_at(client, address) -> list[Form]:
    response = client.get(address)
    page = body(response)
    is_page = response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")
    return forms_of(page) if is_page else []


SELF_ADDRESSES = {route.address() for route in ROUTES if route.name in OF_ONESELF}


def altered(values: dict[str, list[str]], place) -> dict[str, list[str]]:
    """The values with texts changed and every relation that can be recognised pointed at the place."""
    changed = {}
    for name, sent in values.items():
        if name == "csrfmiddlewaretoken":
            # Another on every page; the test client is asked for none.
            continue
        word = name.rpartition("-")[2].removesuffix("_id")
        kind = KINDS.get(word)
        if kind in place.records:
            changed[name] = [str(getattr(place.records[kind], "pk", place.records[kind]))]
        elif word in TEXTS:
            changed[name] = [f"{sent[0]} sửa"]
        else:
            changed[name] = sent
    return changed


TEXTS = {"name", "note", "full_name", "title", "reason", "address", "label", "value"}


@contextlib.contextmanager
def rolled_back():
    """What happens inside leaves nothing behind: what one officer may change does not hide it from the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("relation", [OWN, *FOREIGN])
def test_nobody_writes_what_is_out_of_reach(world, sent, relation, record_property):
    """What the right officer would have sent changes nothing when another sends it."""
    before = last_change()
    size = 0
    for function in EVERYBODY:
        with rolled_back():
            client = PlainClient()
            officer = sign_in(client, world, function)
            seen = before
            for address, values in in_turn(sent(relation)):
                response = client.post(address, values)
                size += 1
                what = f"POST {address} {values} as {function} on {relation}: {response.status_code}"
                assert response.status_code < 500, what
                assert_reads_nothing(response, [world.places[other].mark for other in FOREIGN], what)
                changes = list(Change.objects.filter(id__gt=seen).order_by("id"))
                seen = changes[-1].id if changes else seen
                written = [change for change in changes if not may_write(world, officer, change)]
                assert not written, f"{what} wrote {[(row.model, row.label, row.path) for row in written]}"
    record_property("access_requests", size)


def last_change():
    return Change.objects.order_by("-id").values_list("id", flat=True).first()


def in_turn(sent):
    return ((address, values) for address, forms in sent.items() for values in forms)


def test_what_is_sent_is_what_the_right_officer_would_send(world, sent):
    """The matrix would prove nothing with forms that nobody could send: by the right officer they do change records."""
    client = PlainClient()
    client.force_login(world.chief, BACKEND)
    before = last_change()
    written = set()
    for address, values in in_turn(sent(OWN)):
        if not values:
            continue
        with rolled_back():
            client.post(address, values)
            written.update(Change.objects.filter(id__gt=before).values_list("model", flat=True))
    assert {"units.unit", "units.headcount", "units.unitidentifier", "jurisdictions.officer"} <= written
    assert {"models_registry.selfmanagedmodel", "models_registry.modelmember", "models_registry.modelrating"} <= written


def may_write(world, officer, change) -> bool:
    """Whether this officer may make the change: their right, and a row of their own commune or of no area."""
    if officer is None:
        return False
    if change.model == "jurisdictions.officer" and change.object_id == officer.pk and change.action == "update":
        return set(change.after) <= {"password", "must_change_password", "password_expires_at"}
    inside = change.path.startswith(world.places[OWN].area.path) or change.path == ""
    app, _, model = change.model.partition(".")
    verb = {"create": "add", "update": "change", "delete": "delete"}[change.action]
    rights = [f"{app}.{verb}_{model}", f"{app}.change_{model}", *STEPS.get(change.model, ())]
    return inside and any(officer.has_perm(right) for right in rights)


#: Rights other than Django's three under which a record changes.
STEPS = {
    "units.unit": ("units.change_unit_status", "units.override_eligibility", "spreadsheets.import_sheet"),
    "units.statuschange": ("units.change_unit_status",),
    "units.placement": ("units.change_unit", "units.add_unit", "units.decide_transferrequest"),
    "units.transferrequest": ("units.add_transferrequest", "units.decide_transferrequest"),
    "units.unitmerge": ("units.merge_unit",),
    "units.headcount": ("units.change_unit", "units.add_unit"),
    "units.unitidentifier": ("units.change_unit", "units.add_unit"),
    "models_registry.selfmanagedmodel": ("models_registry.change_model_status",),
    "models_registry.modelstep": ("models_registry.change_model_status", "models_registry.add_selfmanagedmodel"),
    "spreadsheets.importbatch": ("spreadsheets.import_sheet",),
    "spreadsheets.issuedworkbook": ("spreadsheets.import_sheet",),
}
