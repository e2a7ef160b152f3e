"""What the bench asks the database does not depend on how long the list is: each page, each step on it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.spreadsheets.lists import tax_code
from tests.spreadsheets.test_correction_pages import NO_AREA

FEW, MANY = 2, 1_000
HEADER = ["Tên đơn vị", "Khối", "Mã số thuế", "Xã, phường", "Số cán bộ năm 2025"]


def rows(count, *, commune="Phường An Phú", note="", first=1):
    return [
        [f"Công ty Mẫu {note}{number}", "Doanh nghiệp", tax_code(number), commune, number]
        for number in range(first, first + count)
    ]


def new(place, count, first):
    return place.checked(HEADER, *rows(count, first=first))


def faulty(place, count, first):
    """Half of the rows name a place that nobody knows, half a value that is none."""
    unknown = rows(count // 2, commune="Thị xã A", first=first)
    wrong = [[name, f"Gì {name}", *rest] for name, _, *rest in rows(count // 2, first=first + count)]
    return place.checked(HEADER, *unknown, *wrong)


def changed(place, count, first):
    place.committed(HEADER, *rows(count, first=first))
    return place.checked(HEADER, *rows(count, first=first, note="số "))


def alike(place, count, first):
    """Rows without codes that look like units there are."""
    place.committed(HEADER, *rows(count, first=first))
    lines = [[f"{name} mới", kind, "", commune, number] for name, kind, _, commune, number in rows(count, first=first)]
    return place.checked(HEADER, *lines)


def written(place, count, first):
    return place.committed(HEADER, *rows(count, first=first))


def partly(place, count, first):
    """Written but for the rows that were refused."""
    return place.commit(faulty(place, count, first))


def get(name, query=""):
    def page(client, batch):
        return client.get(reverse(f"spreadsheets:{name}", args=[batch.pk]) + query)

    return page


def post(name, **data):
    def step(client, batch):
        return client.post(reverse(f"spreadsheets:{name}", args=[batch.pk]), data)

    return step


def put_right(client, batch):
    area = batch.default_area or batch.jurisdiction.children.first()
    return post("import_fix", **NO_AREA, area=area.pk, area_text=area.long_name, action="area")(client, batch)


#: Statements that a step may ask more of a thousand rows: Django removes records a hundred at a time.
MORE = {"run undo": 50}

LISTS = {each.__name__: each for each in (new, faulty, changed, alike, written, partly)}
PAGES = {
    **{f"check {name}": (LISTS[name], get("import_check")) for name in ("new", "faulty", "changed", "alike")},
    **{f"detail {name}": (LISTS[name], get("import_detail")) for name in LISTS},
    "columns": (new, get("import_columns")),
    "kind": (new, post("import_kind", sheet="guards")),
    "likeness": (alike, get("import_likeness")),
    "refused": (partly, get("import_refused")),
    "file": (new, get("import_file")),
    "undo": (written, get("import_undo")),
    "weigh undo": (written, post("import_undo_weigh")),
    "fix area": (faulty, put_right),
    "leave out": (faulty, post("import_fix", **NO_AREA, action="leave_out")),
    "existing": (changed, post("import_existing", existing="fill")),
    "decide": (alike, post("import_likeness_many", decision="different", score="100")),
    "commit": (new, post("import_commit")),
    "commit changes": (changed, post("import_commit")),
    "cancel": (new, post("import_cancel")),
    "run undo": (written, post("import_undo_run")),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_as_much_of_a_thousand_rows_as_of_two(client, place, name):
    make, ask = PAGES[name]
    client.force_login(place.officer)
    list(ask(client, make(place, FEW, 1)))
    asked = []
    for count, first in ((FEW, 10), (MANY, 10_000)):
        batch = make(place, count, first)
        with CaptureQueriesContext(connection) as captured:
            response = ask(client, batch)
        list(response)  # a file is closed once it has been read
        assert response.status_code in (200, 302)
        asked.append([query["sql"] for query in captured])
    assert len(asked[1]) <= len(asked[0]) + MORE.get(name, 0), told(*asked)


def told(few, many):
    """What is asked of many rows beyond what is asked of few."""
    left = [sql.split('"s1')[0][:60] for sql in few]
    beyond = []
    for sql in many:
        if sql.split('"s1')[0][:60] in left:
            left.remove(sql.split('"s1')[0][:60])
        else:
            beyond.append(sql[:300])
    return len(few), len(many), beyond[:30]
