"""The packages' files that the portal serves, and how all static files are stored."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from movement_portal.assets import PACKAGE_FILES, PackageFinder, PortalStaticStorage

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))


def test_lock_holds_no_registry_address():
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_every_served_file_belongs_to_a_locked_package():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = tuple(name.removeprefix("node_modules/") + "/" for name in lock["packages"] if name)
    assert all(file.startswith(packages) for file in PACKAGE_FILES.values())


@pytest.fixture
def package_file(settings, tmp_path):
    settings.NODE_MODULES = tmp_path
    file = tmp_path / PACKAGE_FILES["vendor/htmx.min.js"]
    file.parent.mkdir(parents=True)
    file.write_text("htmx")
    return file


def test_finder_finds_a_chosen_file_and_no_other(package_file):
    finder = PackageFinder()
    assert finder.find("vendor/htmx.min.js") == str(package_file)
    assert finder.find("vendor/htmx.min.js", find_all=True) == [str(package_file)]
    assert finder.find("htmx.org/dist/htmx.min.js") is None
    assert finder.find("vendor/bootstrap.min.css") is None


def test_finder_opens_files_by_the_address_they_are_served_under(package_file):
    storages = dict(PackageFinder().list(None))
    with storages["vendor/htmx.min.js"].open("vendor/htmx.min.js") as opened:
        assert opened.read() == b"htmx"


def test_no_pattern_of_the_storage_looks_for_source_maps():
    assert "sourceMappingURL" not in str(PortalStaticStorage.patterns)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_static_files_named_in_templates_exist(template):
    names = re.findall(r'{% static "([^"{]+)" %}', template.read_text(encoding="utf-8"))
    assert [name for name in names if name not in PACKAGE_FILES and not finders.find(name)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_no_inline_script_or_style(template):
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:|hx-on|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_leaving_without_change_is_one_word_everywhere(template):
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<a [^>]*>\s*(Hủy|Thôi|Trở lại|Trở về|Bỏ qua|Đóng)\s*</a>", text), "say “Quay lại”"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_keys_are_written_without_grouping(template):
    """A key from 1.000 on would be sent back as “1.000”, which no form accepts."""
    text = template.read_text(encoding="utf-8")
    assert re.findall(r"\{\{ *(?!widget\.)(?:[\w.]*\.(?:pk|id)|pk|(?:[\w.]*\.)?(?!request_id)\w+_id) *\}\}", text) == []
