"""Fifty numbers brought in, typed and asked for by every way there is: none stands anywhere in clear.

What is looked at is what a thief would take: the file of the database with its write-ahead log, or a dump of
PostgreSQL, the fixtures that ``dumpdata`` writes, the uploads, and the log.
"""

import getpass
import io
import logging
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from movement_portal.jurisdictions.enums import Function
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.enums import BatchState
from movement_portal.spreadsheets.exporting import COLUMNS, EVERY
from movement_portal.spreadsheets.models import ImportBatch, ImportFix
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import GuardFactory, OfficerFactory, UnitFactory
from tests.spreadsheets.lists import Place, uploaded
from units.models import Guard, Unit

#: Numbers that nobody can have: no province is 000.
CANARIES = [f"00098{n:03d}4321" for n in range(50)]
HEADER = ["Họ và tên", "Ngày sinh", "Đơn vị", "Ghi chú", "Số CCCD"]


@pytest.fixture
def place(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.AXES_ENABLED = False
    return Place()


@pytest.fixture
def unit(place):
    return UnitFactory(name="Trường Mẫu", jurisdiction=place.ward)


def checked(place, sheet, *rows):
    batch = workflow.upload(sheet_for(sheet), uploaded(*rows), by=place.officer)
    assert batch.state == BatchState.READ, batch.failure
    return workflow.run_check(batch.pk, by=place.officer)


def by_lists(place, numbers):
    """A list written, one taken back, one that waits with a typed cell and an answer, one refused, one of units."""
    rows = [[f"Người {n}", "1980", "Trường Mẫu", f"số {number}", number] for n, number in enumerate(numbers[:20])]
    workflow.commit(checked(place, "guards", HEADER, *rows).pk, by=place.officer)
    undone = checked(place, "guards", HEADER, ["Người Hoàn Tác", "1980", "Trường Mẫu", "", numbers[20]])
    workflow.commit(undone.pk, by=place.officer)
    workflow.undo(undone.pk, by=place.officer)
    waiting = checked(
        place, "guards", HEADER, ["Chờ", "1980", "Trường Mẫu", numbers[21], "12345"],
        ["Sai chỗ", numbers[22], f"Nơi {numbers[23]}", "", numbers[24]],
    )  # fmt: skip
    ImportFix.objects.create(
        batch=waiting, key="citizen_id", cause="x", value=numbers[25], action="text", text=numbers[26],
        officer=place.officer,
    )  # fmt: skip
    header = ["Tên đơn vị", "Khối", "Xã, phường", "CCCD người đại diện", "Ghi chú"]
    row = ["Công ty Một", "Doanh nghiệp", "Phường An Phú", numbers[27], f"Giám đốc, số {numbers[28]}"]
    workflow.commit(checked(place, "units", header, row).pk, by=place.officer)
    return waiting


def by_pages(client, place, unit, waiting, numbers):
    """Forms, admin pages, hints, look-ups, search boxes, reasons, notes."""
    client.force_login(place.officer)
    typed = {"unit_code": unit.code, "role": "member", "kind": "full_time"}
    for number in numbers[:3]:
        sent = {**typed, "name": f"Gõ tay {number[5:8]}", "citizen_id_typed": number}
        assert client.post(reverse("forces:guard_add"), sent).status_code == 302
    refused = {**typed, "name": "", "citizen_id_typed": numbers[3]}
    assert client.post(reverse("forces:guard_add"), refused).status_code == 422
    guard = GuardFactory(unit=unit, name="Người Sửa")
    sent = {"version": guard.version, "name": guard.name, "role": "member", "kind": "full_time"}
    client.post(reverse("forces:guard_edit", args=[guard.pk]), {**sent, "citizen_id_typed": numbers[4]})
    guard.refresh_from_db()
    assert guard.citizen_id.clear == numbers[4]
    sent = {"unit": unit.pk, "name": "Quản trị", "role": "member", "kind": "full_time", "citizen_id_typed": numbers[5]}
    assert client.post(reverse("admin:units_guard_add"), sent).status_code == 302
    client.post(reverse("forces:guard_hint"), {"unit_code": unit.code, "citizen_id_typed": numbers[6]})
    client.post(reverse("forces:guard_number_search"), {"number": numbers[7]})
    client.get(reverse("forces:guard_list"), {"q": numbers[8]})
    client.get(reverse("units:unit_search"), {"q": numbers[9]})
    client.get(reverse("admin:units_guard_changelist"), {"q": numbers[10]})
    refused = client.post(reverse("forces:guard_number", args=[guard.pk]), {"reason": f"Đối chiếu số {numbers[11]}"})
    assert numbers[4] not in refused.content.decode()
    shown = client.post(reverse("forces:guard_number", args=[guard.pk]), {"reason": "Đối chiếu theo đề nghị"})
    assert numbers[4] in shown.content.decode()
    unit.refresh_from_db()
    page = client.get(reverse("units:unit_edit", args=[unit.code]))
    sent = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    sent = {name: value for name, value in sent.items() if value is not False}
    answer = client.post(reverse("units:unit_edit", args=[unit.code]), {**sent, "note": f"Bảo vệ số {numbers[12]}"})
    assert answer.status_code == 422
    # By a way that no form guards.
    unit.note = f"Bảo vệ số {numbers[12]}"
    unit.save()
    row = waiting.rows.get(number=2)
    sent = {"row": row.pk, "column": "Số CCCD", "key": "citizen_id", "text": numbers[13]}
    client.post(reverse("spreadsheets:import_edit", args=[waiting.pk]), sent)


def raw_database(tmp_path):
    """The bytes that a copy of the database holds."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")) if file.is_file())
    program = shutil.which("pg_dump") or str(sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))[-1])
    of = connection.get_connection_params()
    command = [program, f"--dbname={of['dbname']}", f"--file={tmp_path / 'dump.sql'}"]
    command += [
        f"--{name}={of[key]}" for name, key in (("username", "user"), ("host", "host"), ("port", "port")) if of.get(key)
    ]
    subprocess.run(command, check=True, env={**os.environ, "PGPASSWORD": of.get("password") or ""}, timeout=120)
    return (tmp_path / "dump.sql").read_bytes()


def in_clear(content):
    """The canaries that the content holds, also without their zeros in front or in groups of three."""
    forms = {number: (number, number.lstrip("0"), " ".join(number[at : at + 3] for at in (0, 3, 6, 9)))
             for number in CANARIES}  # fmt: skip
    return [number for number, written in forms.items() if any(form.encode() in content for form in written)]


@pytest.mark.slow
def test_fifty_canaries_are_nowhere_in_clear(place, unit, client, monkeypatch, capsys, caplog, tmp_path_factory):
    with caplog.at_level(logging.DEBUG):
        waiting = by_lists(place, CANARIES[:29])
        by_pages(client, place, unit, waiting, CANARIES[29:43])
        monkeypatch.setattr(getpass, "getpass", lambda _: CANARIES[43])
        call_command("personal_data", number=True, reason=f"Công văn của người có số {CANARIES[44]}")
        for number in CANARIES[45:]:
            guard = GuardFactory(unit=unit, citizen_id=number)
            guard.citizen_id = None
            guard.save()
            guard.delete()
    # They did come in: this would prove nothing otherwise.
    assert Guard.objects.filter(citizen_id_index__isnull=False).count() == 25
    assert Unit.objects.get(pk=unit.pk).note == "Bảo vệ số 000••••••321"

    raw = raw_database(tmp_path_factory.mktemp("dump"))
    assert "Người 7".encode() in raw
    assert in_clear(raw) == []
    media = b"".join(path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())
    assert len(media) > 1_000
    assert in_clear(media) == []
    fixture = io.StringIO()
    call_command("dumpdata", exclude=["contenttypes", "auth.permission"], stdout=fixture)
    assert "Quản trị" in fixture.getvalue()
    assert in_clear(fixture.getvalue().encode()) == []
    assert in_clear(capsys.readouterr().out.encode()) == []
    assert in_clear("\n".join(told(record) for record in caplog.records).encode()) == []
    # The list is there all the same for whoever may have it.
    with ImportBatch.objects.order_by("pk").first().file.open() as kept:
        assert CANARIES[0] in kept.read().decode("utf-8-sig")


def told(record):
    """A line of the log; what the database is asked is no line of it in use."""
    return "" if record.name.startswith("django.db") else record.getMessage()


@pytest.mark.slow
@pytest.mark.django_db
def test_no_admin_page_list_export_or_suggestion_shows_a_whole_number(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    place = Place()
    unit = UnitFactory(name="Trường Mẫu", jurisdiction=place.ward)
    guard = GuardFactory(unit=unit, name="Lê Văn Kín", citizen_id=CANARIES[0])
    guard.citizen_id = CANARIES[1]
    guard.save()
    officer = OfficerFactory(jurisdiction=place.province, jurisdiction__function=Function.MANAGE_RECORDS)
    client.force_login(officer)
    name = "admin:units_guard_"
    pages = [
        (reverse(f"{name}changelist"), {}),
        (reverse(f"{name}change", args=[guard.pk]), {}),
        (reverse(f"{name}history", args=[guard.pk]), {}),
        (reverse(f"{name}delete", args=[guard.pk]), {}),
        (reverse(f"{name}export"), {}),
        (reverse(f"{name}export_csv"), {}),
        (reverse("admin:audit_change_changelist"), {}),
        (reverse("admin:audit_change_export_csv"), {}),
        (
            reverse("admin:autocomplete"),
            {"app_label": "units", "model_name": "trainingcertificate", "field_name": "guard", "term": "kin"},
        ),
        (reverse("forces:guard_list"), {}),
        (reverse("forces:guard_export", kwargs={"form": "csv"}), {}),
        (reverse("forces:guard_export", kwargs={"form": "csv"}), {COLUMNS: EVERY}),
        (guard.get_absolute_url(), {}),
        (unit.get_absolute_url(), {}),
    ]
    for address, query in pages:
        answer = client.get(address, query, follow=True)
        assert answer.status_code in (200, 403), address
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert in_clear(content) == [], address
