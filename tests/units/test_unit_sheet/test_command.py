"""Lists of units are brought in by command."""

import csv

import pytest
from django.core.management import CommandError, call_command

from movement_portal.spreadsheets.models import ImportBatch
from tests.spreadsheets.lists import run_import
from units.models import Unit


def list_file(tmp_path, *rows):
    path = tmp_path / "danh-sach.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def test_the_command_takes_a_mapping_and_common_values(place, tmp_path):
    path = list_file(tmp_path, ["Cột lạ", "Nơi"], ["Sở Mẫu", "An Phú"], ["Sở Khác", "Bình Lộc"])
    answer = run_import(
        path, officer=place.officer.username, map=["Cột lạ=name", "Nơi=Xã, phường"], set=["kind=Cơ quan"], commit=True
    )
    assert answer["mapping"] == {"Cột lạ": "name", "Nơi": "jurisdiction"}
    assert answer["counts"]["new"] == 2
    assert set(Unit.objects.values_list("kind", flat=True)) == {"agency"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"officer": "không-ai"}, "Không có cán bộ"),
        ({"area": "99999"}, "Không có địa bàn"),
        ({"map": ["Không có=name"]}, "Không có cột"),
        ({"map": ["Tên đơn vị=không"]}, "không có trường"),
        ({"map": ["Tên đơn vị"]}, "A=B"),
    ],
)
def test_the_command_refuses(place, tmp_path, options, message):
    path = list_file(tmp_path, ["Tên đơn vị", "Khối", "Xã, phường"], ["Sở Mẫu", "Cơ quan", "An Phú"])
    with pytest.raises(CommandError, match=message):
        call_command("import_sheet", "units", str(path), **{"officer": place.officer.username, **options})


def test_the_command_asks_for_the_right(place, tmp_path):
    path = list_file(tmp_path, ["Tên đơn vị"], ["Sở Mẫu"])
    with pytest.raises(CommandError, match="không có quyền"):
        call_command("import_sheet", "units", str(path), officer=place.clerk.username)


def test_the_command_keeps_to_the_reach_of_the_officer(place, tmp_path):
    path = list_file(tmp_path, ["Tên đơn vị", "Khối", "Xã, phường"], ["A", "Cơ quan", "Bình Lộc"])
    answer = run_import(path, officer=place.local.username)
    assert answer["counts"]["refused"] == 1
    with pytest.raises(CommandError):
        run_import(path, officer=place.local.username, area=place.commune.code)


def test_all_or_nothing_ends_with_its_own_code(place, tmp_path):
    path = list_file(
        tmp_path, ["Tên đơn vị", "Khối", "Xã, phường"], ["A", "Cơ quan", "An Phú"], ["", "Cơ quan", "An Phú"]
    )
    with pytest.raises(CommandError) as caught:
        run_import(path, officer=place.officer.username, commit=True, all_or_nothing=True)
    assert caught.value.returncode == 3
    assert not Unit.objects.exists()


def test_a_file_that_cannot_be_read_is_told(place, tmp_path):
    path = tmp_path / "sai.xlsx"
    path.write_bytes(b"%PDF-1.4")
    with pytest.raises(CommandError):
        call_command("import_sheet", "units", str(path), officer=place.officer.username)
    assert not ImportBatch.objects.exists()


def test_the_command_speaks_vietnamese(place, tmp_path, capsys):
    path = list_file(tmp_path, ["Tên đơn vị", "Khối", "Xã, phường"], ["A", "Cơ quan", "An Phú"])
    call_command("import_sheet", "units", str(path), officer=place.officer.username)
    assert "1 thêm mới" in capsys.readouterr().out
