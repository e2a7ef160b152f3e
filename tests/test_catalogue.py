"""Every word that a package may show on our pages is Vietnamese."""

import importlib
import re
from pathlib import Path

import polib
import pytest
from django.utils import translation

from movement_portal.lib.catalogue import compile_catalogues

LOCALE = Path(__file__).resolve().parent.parent / "movement_portal" / "locale" / "vi" / "LC_MESSAGES"

PACKAGES = {
    "django": "conf/locale",
    "django.contrib.admin": "locale",
    "django.contrib.auth": "locale",
    "django.contrib.contenttypes": "locale",
    "django.contrib.sessions": "locale",
    "django.contrib.postgres": "locale",
    "django_filters": "locale",
    "import_export": "locale",
    "axes": "locale",
}

#: Patterns of messages that no page of ours can show, and why.
NEVER_SHOWN = {
    "django": {
        r"[A-Z][\w ]+( \(\w+\))?": "names of languages and of kinds of fields: the portal speaks one language",
        r"(You are seeing this message|If you have configured|If you are using the <meta|More information).*": (
            "the debug page for a failed CSRF check; templates/403_csrf.html is shown"
        ),
        r"(The install worked|View <a|You are seeing|Django (Doc|Comm)|Topics|Tutorial|Get |Connect).*": (
            "the welcome page of an empty project"
        ),
        r"Norwegian Bokmål": "a language, as above",
    },
    "django.contrib.admin": {
        r"Toggle theme.*": "the portal has one theme",
        r".*password-based authentication.*|Set password": "passwords are set on the pages of accounts",
        r"Forgotten your login credentials\?|In case you’ve forgotten, you are:": "sign-in is the portal's own page",
    },
    "django.contrib.auth": {
        r".*[Pp]assword-based authentication.*|Set password: %s|Whether the user will be able.*": (
            "passwords are set on the pages of accounts"
        ),
    },
    "django.contrib.contenttypes": {r".*": "the “view on site” redirect is switched off"},
    "django.contrib.postgres": {r".*": "no field of ours is an array, a range or a map"},
    "import_export": {r".*": "resources write files; its import and export pages are not installed"},
    "axes": {r"(?!Account locked).*": "its admin pages are switched off"},
}


def source_of(package, domain):
    """The messages of a package, from whichever language it ships as text."""
    folder = Path(importlib.import_module(package).__path__[0]) / PACKAGES[package]
    for language in ("en", "fr", "de"):
        path = folder / language / "LC_MESSAGES" / f"{domain}.po"
        if path.exists():
            return [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
    return []


def vietnamese(domain):
    """The messages that some package or our catalogue says in Vietnamese: Django merges them all into one."""
    roots = [Path(importlib.import_module(package).__path__[0]) / folder for package, folder in PACKAGES.items()]
    files = [LOCALE / f"{domain}.po", *(root / "vi" / "LC_MESSAGES" / f"{domain}.po" for root in roots)]
    return {
        (entry.msgctxt, entry.msgid)
        for path in files
        if path.exists()
        for entry in polib.pofile(str(path))
        if entry.translated()
    }


@pytest.mark.slow
@pytest.mark.parametrize("domain", ["django", "djangojs"])
@pytest.mark.parametrize("package", PACKAGES)
def test_every_message_is_translated(package, domain):
    known = vietnamese(domain)
    missing = [entry.msgid for entry in source_of(package, domain) if (entry.msgctxt, entry.msgid) not in known]
    patterns = NEVER_SHOWN.get(package, {})
    shown = [text for text in missing if not any(re.fullmatch(pattern, text, re.S) for pattern in patterns)]
    assert shown == []


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_catalogue_says_nothing_that_no_package_asks(domain):
    asked = {(entry.msgctxt, entry.msgid) for package in PACKAGES for entry in source_of(package, domain)}
    ours = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(LOCALE / f"{domain}.po"))}
    assert ours - asked == set()


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_translations_have_no_placeholder_of_their_own(domain):
    for entry in polib.pofile(str(LOCALE / f"{domain}.po")):
        said = entry.msgstr or entry.msgstr_plural[0]
        holes = re.compile(r"%\(\w+\)[sdr]|%[sd]|\{\w*\}")
        assert set(holes.findall(said)) <= set(holes.findall(entry.msgid)), entry.msgid


def test_our_words_win_over_those_of_a_package():
    with translation.override("vi"):
        assert translation.gettext("History") == "Lịch sử"
        assert translation.ngettext("%(num)d year", "%(num)d years", 3) % {"num": 3} == "3 năm"


def test_catalogue_is_compiled_once(tmp_path):
    (tmp_path / "django.po").write_text((LOCALE / "django.po").read_text(encoding="utf-8"), encoding="utf-8")
    assert [path.name for path in compile_catalogues(tmp_path)] == ["django.mo"]
    assert compile_catalogues(tmp_path) == []
