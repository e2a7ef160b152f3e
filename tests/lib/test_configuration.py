"""A wrong word in the environment or in ``.env`` is named, and switches nothing off in silence."""

import os
import subprocess
import sys
from pathlib import Path

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from movement_portal.lib.configuration import Configuration, read_file

ROOT = Path(__file__).parents[2]
DEFAULT = "sqlite:////tmp/portal.sqlite3"


def faults(read, **variables):
    configuration = Configuration(variables)
    read(configuration)
    return [fault.split(":")[0] for fault in configuration.faults]


@pytest.mark.parametrize("word", ["yes-please", "tru", "2", "bật"])
def test_a_word_that_is_no_yes_or_no_is_refused(word):
    assert faults(lambda c: c.flag("PRODUCTION"), PRODUCTION=word) == ["PRODUCTION"]


@pytest.mark.parametrize(("word", "wanted"), [("1", True), ("True", True), (" on ", True), ("0", False), ("", False)])
def test_a_yes_or_no(word, wanted):
    configuration = Configuration({"PRODUCTION": word})
    assert (configuration.flag("PRODUCTION", default=not wanted), configuration.faults) == (wanted, [])


@pytest.mark.parametrize("word", ["abc", "", "-5", "0", "1.5", "٣", "1e3"])
def test_what_is_no_whole_number_from_one_up_is_refused(word):
    assert faults(lambda c: c.whole("MINUTES", 60, least=1), MINUTES=word) == ["MINUTES"]


@pytest.mark.parametrize(
    "address", ["foo", "mysql://a/b", "postgres://a:b@host:port/x", "postgres://a:b@host", "sqlite://", "https://x/y"]
)
def test_an_address_of_no_database_is_refused_without_being_repeated(address):
    configuration = Configuration({"DATABASE_URL": address})
    configuration.database("DATABASE_URL", DEFAULT)
    assert len(configuration.faults) == 1
    assert address not in configuration.faults[0].partition("ví dụ")[0]


def test_an_address_of_a_database_is_read():
    configuration = Configuration({"DATABASE_URL": "postgres://a:b@/portal?host=/run/postgresql"})
    found = configuration.database("DATABASE_URL", DEFAULT)
    assert (found["NAME"], configuration.faults) == ("portal", [])


def test_an_empty_address_is_the_usual_database():
    configuration = Configuration({"DATABASE_URL": ""})
    assert configuration.database("DATABASE_URL", DEFAULT)["NAME"] == "/tmp/portal.sqlite3"


def test_all_faults_are_told_at_once():
    configuration = Configuration({"A": "x", "B": "y"})
    configuration.flag("A")
    configuration.whole("B", 1)
    with pytest.raises(ImproperlyConfigured, match=r"(?s)A:.*B:"):
        configuration.settle()


def test_a_file_of_windows_is_read_from_its_first_line(tmp_path, monkeypatch):
    monkeypatch.setattr(environ.Env, "ENVIRON", variables := {"SECOND": "environment"})
    (tmp_path / "env").write_bytes("\ufeffFIRST=1\r\nSECOND=2\r\n".encode())
    read_file(tmp_path / "env")
    assert variables == {"FIRST": "1", "SECOND": "environment"}


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "env").write_text("A=1\n", encoding="utf-16")
    with pytest.raises(ImproperlyConfigured, match="UTF-8"):
        read_file(tmp_path / "env")


def test_a_line_that_cannot_be_read_is_told_by_its_number_and_name_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(environ.Env, "ENVIRON", variables := {})
    (tmp_path / "env").write_text("# khóa\n\nFIRST=1\nSECRET_KEY = mat-khau\nmat-khau\n  # hết\n", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match=r"dòng 4 \(SECRET_KEY\)\n  dòng 5$") as refusal:
        read_file(tmp_path / "env")
    assert "mat-khau" not in str(refusal.value)
    assert variables == {}


def test_comments_and_blanks_of_any_width_are_passed_over(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(environ.Env, "ENVIRON", variables := {})
    (tmp_path / "env").write_text("   \n  # lời\nexport A='một'\n", encoding="utf-8")
    read_file(tmp_path / "env")
    assert (variables, caplog.messages) == ({"A": "một"}, [])


def test_no_file_is_no_fault(tmp_path):
    read_file(tmp_path / "env")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("DJANGO_SECRT_KEY", {"DJANGO_SECRT_KEY": "DJANGO_SECRET_KEY"}),
        ("DJANG_SECRET_KEY", {"DJANG_SECRET_KEY": "DJANGO_SECRET_KEY"}),
        ("django_secret_key", {"django_secret_key": "DJANGO_SECRET_KEY"}),
        ("WEB_WORKER", {"WEB_WORKER": "WEB_WORKERS"}),
        ("DJANGO_ZZZ", {"DJANGO_ZZZ": ""}),
        ("DJANGO_SECRET_KEY", {}),
        ("WEB_WORKERS", {}),
        ("DJANGO_SUPERUSER_EMAIL", {}),
        ("PATH", {}),
    ],
)
def test_a_name_that_nobody_reads_is_found_with_the_one_that_was_meant(name, found):
    configuration = Configuration({name: "x"})
    configuration.text("DJANGO_SECRET_KEY")
    assert configuration.strange_names("WEB_WORKERS") == found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variables", "command", "said"),
    [
        ({"DJANGO_PRODUCTION": "yes-please"}, "check", "DJANGO_PRODUCTION"),
        ({"DJANGO_PRODUCTION": "1"}, "check", "DJANGO_SECRET_KEY"),
        ({"DATABASE_URL": "postgres://a:mat@127.0.0.1:1/x"}, "migrate", "Không kết nối được"),
    ],
)
def test_a_command_says_what_is_wrong_and_nothing_else(variables, command, said, tmp_path):
    environment = {"PATH": os.environ["PATH"], "DJANGO_DATA_DIR": str(tmp_path), "DJANGO_ENV_FILE": os.devnull}
    done = subprocess.run(
        [sys.executable, "manage.py", command], cwd=ROOT, env=environment | variables, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert ":mat@" not in done.stderr


@pytest.mark.slow
def test_a_check_names_the_variable_with_a_wrong_letter_and_goes_on(tmp_path):
    environment = {"PATH": os.environ["PATH"], "DJANGO_DATA_DIR": str(tmp_path), "DJANGO_ENV_FILE": os.devnull}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment | {"DJANGO_SECRT_KEY": "mat-khau"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert "DJANGO_SECRT_KEY không có tác dụng" in done.stderr
    assert "Có phải muốn đặt DJANGO_SECRET_KEY?" in done.stderr
    assert "mat-khau" not in done.stderr


@pytest.mark.slow
def test_right_variables_are_told_nothing(tmp_path):
    environment = {"PATH": os.environ["PATH"], "DJANGO_DATA_DIR": str(tmp_path), "DJANGO_ENV_FILE": os.devnull}
    wanted = {"DJANGO_SECRET_KEY": "x" * 60, "DJANGO_CONN_MAX_AGE": "5", "WEB_WORKERS": "2", "DJANGO_COLORS": "nocolor"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment | wanted, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
