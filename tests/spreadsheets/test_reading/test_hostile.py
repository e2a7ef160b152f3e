"""A harmful file costs a message, never the server: each within ten seconds."""

import contextlib
import gc
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import zipfile

import pytest

from movement_portal.spreadsheets import reading
from movement_portal.spreadsheets.layout import FAR, GHOST
from movement_portal.spreadsheets.parsing import containers
from movement_portal.spreadsheets.parsing.answer import Refused
from movement_portal.spreadsheets.parsing.limits import LIMITS, MEGABYTE, Limits
from movement_portal.spreadsheets.tables import UnreadableFile
from tests.spreadsheets import hostile
from tests.spreadsheets.workbooks import from_rows

pytestmark = [pytest.mark.parser_process, pytest.mark.slow]

REFUSED = {
    "deflate bomb": (hostile.deflate_bomb, "bomb"),
    "bomb with false headers": (hostile.lying_bomb, "bomb"),
    "part that is not what it says": (lambda: hostile.patched(hostile.package(), hostile.SHEET, size=10), "corrupt"),
    "bomb in another part": (hostile.shared_strings_bomb, "bomb"),
    "only a far cell": (lambda: hostile.far_cell(rows=""), "only_far"),
    "far cell in disguise": (hostile.hidden_far_cell, "killed"),
    "external entity": (hostile.external_entity, "declaration"),
    "entity bomb": (hostile.entity_bomb, "declaration"),
    "declaration in UTF-16": (hostile.hidden_declaration, "corrupt"),
    "duplicate names": (hostile.duplicate_names, "corrupt"),
    "too many entries": (hostile.many_entries, "bomb"),
    "encrypted archive": (hostile.encrypted_zip, "password"),
    "password": (hostile.password_protected, "password"),
    "empty container": (lambda: hostile.container("Other"), "corrupt"),
    "no bytes": (lambda: b"", "no_bytes"),
    "empty sheet": (lambda: hostile.package(rows=""), "empty"),
    "blanks only": (lambda: hostile.package(rows=f'<row r="1">{hostile.text_cell("A1", " ")}</row>'), "empty"),
    "truncated": (lambda: hostile.package()[:-100], "corrupt"),
    "cut in the middle": (lambda: hostile.package()[:700], "corrupt"),
    "damaged sheet": (lambda: hostile.package("<worksheet><sheetData><row"), "corrupt"),
    "no sheet": (lambda: hostile.package().replace(b"sheet1.xml", b"sheet2.xml"), None),
    "Word": (lambda: zipped("word/document.xml"), "not_spreadsheet"),
    "PowerPoint": (lambda: zipped("ppt/presentation.xml"), "not_spreadsheet"),
    "archive": (lambda: zipped("anh.jpg"), "not_spreadsheet"),
    "binary workbook": (lambda: zipped("xl/workbook.bin"), "xlsb"),
    "old Word": (lambda: hostile.container("WordDocument"), "not_spreadsheet"),
    "PDF": (lambda: b"%PDF-1.7\n\0\0", "not_spreadsheet"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0", "not_spreadsheet"),
    "bitmap": (lambda: b"BM\0\0\0\0", "not_spreadsheet"),
    "noise": (lambda: bytes(range(256)) * 50, "not_spreadsheet"),
    "web page": (lambda: "<html><table><tr><td>Tên".encode(), "html"),
    "XML of 2003": (
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "xml_spreadsheet",
    ),
    "text with zeros": (lambda: b"a,b\nc,\0d\n", "not_spreadsheet"),
    "line of 50 MB": (lambda: b"a;b\n" + b"x" * (50 * MEGABYTE - 10), "long_line"),
    "quote without end": (lambda: b'a;b\n"' + b"x;y\n" * 60_000, "text_row"),
}


def zipped(name):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.fixture
def read(tmp_path):
    def reader(data, name="bang.xlsx", **options):
        path = tmp_path / name
        path.write_bytes(data)
        return reading.read_workbook(path, name, known_header=lambda text: text == "Tên đơn vị", **options)

    return reader


def start_of(code):
    """The part of a message in which no fact stands."""
    return reading.MESSAGES[code].split("{")[0]


@pytest.mark.parametrize("case", REFUSED)
def test_file_is_refused_with_a_message(read, case):
    make, code = REFUSED[case]
    data = make()
    began = time.monotonic()
    with pytest.raises(UnreadableFile) as refusal:
        read(data)
    assert time.monotonic() - began < 10
    if code:
        assert refusal.value.message.startswith(start_of(code))
    assert "{" not in refusal.value.message


def values(table):
    return [row.cells for row in table.sheets[0].rows]


HONEST = [["Trường A", "Xã B"], ["Trường C", "Xã D"]]


def test_far_cell_is_left_out_and_named(read):
    table = read(hostile.far_cell())
    assert values(table) == HONEST
    assert (FAR, "XFD1048576") in [(line.reason, line.text) for line in table.sheets[0].skipped]


def test_false_dimension_does_not_matter(read):
    assert values(read(hostile.false_dimension())) == HONEST


def test_ghost_rows_are_one_entry(read):
    data = hostile.ghost_rows()
    began = time.monotonic()
    table = read(data)
    assert time.monotonic() - began < 10
    assert values(table) == HONEST
    assert [(line.lines, line.reason) for line in table.sheets[0].skipped] == [("4-399999", GHOST)]


def test_merged_ranges_without_end_do_not_matter(read):
    assert len(values(read(hostile.many_merges()))) == 2


def test_macros_and_links_are_not_touched(read):
    assert values(read(hostile.macros_and_links(), "bang.xlsm")) == [*HONEST, ["Trường E", None]]


def test_file_above_the_upload_limit_is_not_opened(tmp_path, monkeypatch):
    path = tmp_path / "lon.xlsx"
    with path.open("wb") as file:
        file.truncate(100 * MEGABYTE)
    monkeypatch.setattr(subprocess, "Popen", None)
    with pytest.raises(UnreadableFile, match="100 MB, quá mức 50 MB"):
        reading.read_workbook(path, path.name, known_header=bool)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(rows=5, beside=0), "hơn 5 dòng"),
        (Limits(columns=2), "hơn 2 cột"),
        (Limits(cells=8), "hơn 8 ô"),
        (Limits(text=2), "hơn 2 ký tự"),
    ],
)
def test_limits(tmp_path, limits, message):
    path = from_rows(tmp_path / "bang.xlsx", [["Một", "Hai", "Ba"]] * 6)
    with pytest.raises(UnreadableFile, match=message):
        reading.read_workbook(path, path.name, known_header=bool, limits=limits)


def test_titles_and_headers_do_not_count_as_rows(tmp_path):
    path = from_rows(tmp_path / "bang.xlsx", [["Danh sách"], *[["Một", "Hai", "Ba"]] * 6])
    assert reading.read_workbook(path, path.name, known_header=bool, limits=Limits(rows=5))


def test_answer_is_bounded(tmp_path):
    path = from_rows(tmp_path / "bang.xlsx", [[f"{row} " + "x" * 500] for row in range(200)])
    with pytest.raises(UnreadableFile):
        reading.read_workbook(path, path.name, known_header=bool, limits=Limits(answer=10_000))


@pytest.fixture
def parser(tmp_path, monkeypatch):
    """Puts a script in the place of the parser."""

    def replace(script):
        package = tmp_path / "movement_portal" / "spreadsheets" / "parsing"
        package.mkdir(parents=True)
        (package / "__main__.py").write_text(textwrap.dedent(script))
        monkeypatch.setattr(reading.settings, "BASE_DIR", tmp_path)

    return replace


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("import os; os.abort()", "killed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "killed"),
        ("raise SystemExit(3)", "silent"),
        ("raise RuntimeError", "silent"),
        ('print(\'{"done": "csv", "encoding": ""}\'); raise SystemExit(1)', "silent"),
        ("", "silent"),
        ("print('nonsense')", "silent"),
        ("print('[1,[2]]')", "silent"),
        ('print(\'{"sheet": "", "x": 5}\'); print(\'{"done": "csv", "encoding": ""}\')', "silent"),
        ('print(\'[9]\'); print(\'{"done": "csv", "encoding": ""}\')', "silent"),
        ('import sys; sys.stdout.buffer.write(b\'\\xff\\xfe\\n{"done":"csv","encoding":""}\')', "silent"),
        ('print(\'{"refused": "unheard of"}\')', "silent"),
        ("while True: pass", "killed"),
        ("import time; time.sleep(60)", "killed"),
    ],
)
def test_every_way_of_dying_is_a_message(read, parser, script, code):
    parser(script)
    with pytest.raises(UnreadableFile) as refusal:
        read(b"a;b\n1;2\n", limits=Limits(seconds=0))
    assert refusal.value.message == reading.MESSAGES[code]


def test_what_the_parser_started_dies_with_it(read, parser, tmp_path):
    note = tmp_path / "pid"
    parser(f"""
        import subprocess, time
        child = subprocess.Popen(["sleep", "60"])
        open({str(note)!r}, "w").write(str(child.pid))
        time.sleep(60)
    """)
    with pytest.raises(UnreadableFile):
        read(b"a;b\n1;2\n", limits=Limits(seconds=0))
    assert is_gone(int(note.read_text()))


def is_gone(pid):
    for _ in range(100):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        os.sched_yield()
        time.sleep(0.02)
    return False


def test_parser_knows_nothing_of_the_server(read, parser, tmp_path, monkeypatch):
    note = tmp_path / "environment"
    monkeypatch.setenv("DJANGO_SECRET_KEY", "secret")
    parser(f"import json, os, sys; json.dump([dict(os.environ), os.getcwd()], open({str(note)!r}, 'w'))")
    with pytest.raises(UnreadableFile):
        read(b"a;b\n1;2\n")
    environment, folder = json.loads(note.read_text())
    assert not [name for name in environment if name.startswith(("DJANGO", "DATABASE"))]
    assert folder == "/"


def test_parser_binds_itself():
    script = textwrap.dedent("""
        import json, resource, signal
        from movement_portal.spreadsheets.parsing.__main__ import bind
        from movement_portal.spreadsheets.parsing.limits import Limits
        bind(Limits(memory=300 << 20, answer=5 << 20), 7)
        names = ["RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_CORE"]
        print(json.dumps([resource.getrlimit(getattr(resource, name))[0] for name in names] + [signal.alarm(0)]))
    """)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert json.loads(done.stdout) == [300 << 20, 7, 5 << 20, 0, 12]


def test_parser_imports_no_django():
    script = "import sys; import movement_portal.spreadsheets.parsing.__main__; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout == "False\n"


def test_memory_is_bounded(read):
    with pytest.raises(UnreadableFile) as refusal:
        read(b"a;b\n" * 5_000_000, limits=Limits(memory=20 * MEGABYTE))
    assert refusal.value.message == reading.MESSAGES["memory"]


def open_answers():
    """Descriptors of this process that refer to an answer of the parser."""
    links = []
    for descriptor in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):
            links.append(os.readlink(f"/proc/self/fd/{descriptor}"))
    # The file has no name: Linux shows its folder and its number.
    return [link for link in links if link.startswith(f"{tempfile.gettempdir()}/#")]


def test_no_answer_is_left_open(read):
    gc.collect()
    before = open_answers()
    for data in (hostile.package(), hostile.external_entity(), b"a;b\n1;2\n"):
        with contextlib.suppress(UnreadableFile):
            read(data)
    gc.collect()
    assert set(open_answers()) <= set(before)


def test_own_limits_stay_untouched(read):
    before = resource.getrlimit(resource.RLIMIT_AS), signal.getsignal(signal.SIGALRM)
    read(hostile.package())
    assert (resource.getrlimit(resource.RLIMIT_AS), signal.getsignal(signal.SIGALRM)) == before


@pytest.mark.parametrize("bomb", [hostile.deflate_bomb, hostile.shared_strings_bomb])
def test_a_bomb_that_says_what_it_is_is_not_inflated(tmp_path, monkeypatch, bomb):
    (tmp_path / "bang.xlsx").write_bytes(bomb())
    monkeypatch.setattr(containers, "_deflated", None)
    with pytest.raises(Refused, match="bomb"):
        containers.Package(tmp_path / "bang.xlsx", LIMITS)
