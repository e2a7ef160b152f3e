"""Tags and filters that every template has."""

import datetime

import pytest
from django.template import Context, Template, engines

from movement_portal.templatetags import portal
from movement_portal.templatetags.portal import icon_svg, icon_use


def render(source, **values):
    return Template(source, engine=engines["django"].engine).render(Context(values))


@pytest.fixture
def fresh_icons():
    caches = (portal._drawing, portal.icon_svg, portal.icon_use, portal._symbols)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ 1727|vnumber }}", "1.727"),
        ("{{ nothing|vnumber }}", "–"),
        ("{{ 83.25|vnumber:1 }}", "83,3"),
        ("{{ 1439|vpercent:1727 }}", "83,3 %"),
        ("{{ 1727|count_capped }}", "1.727"),
        ("{{ 10001|count_capped }}", "hơn 10.000"),
        ("{{ day|vdate }}", "31/12/2026"),
        ("{{ moment|vdate }}", "14:05 31/12/2026"),
        ("{{ nothing|vdate:'chưa rõ' }}", "chưa rõ"),
    ],
)
def test_filters_write_as_an_office_does(source, text):
    values = {
        "day": datetime.date(2026, 12, 31),
        "moment": datetime.datetime(2026, 12, 31, 7, 5, tzinfo=datetime.UTC),
        "nothing": None,
    }
    assert render(source, **values) == text


def test_a_chip_holds_icon_and_escaped_word():
    chip = render('{% chip "ok" "check-circle" word %}', word="<b>")
    assert chip.startswith('<span class="chip chip-ok"><svg class="icon"')
    assert chip.endswith("</svg>&lt;b&gt;</span>")


def test_an_icon_is_drawn_from_the_package(settings, tmp_path, fresh_icons):
    folder = tmp_path / "bootstrap-icons" / "icons"
    folder.mkdir(parents=True)
    (folder / "dot.svg").write_text('<svg xmlns="x" width="16">\n  <path d="M1 1"/>\n</svg>')
    settings.NODE_MODULES = tmp_path
    assert '<path d="M1 1"/></svg>' in icon_svg("dot")
    with pytest.raises(ValueError, match="no icon named"):
        icon_svg("unheard-of")


def test_rows_refer_to_drawings_that_stand_once_on_the_page(settings, tmp_path, fresh_icons):
    folder = tmp_path / "bootstrap-icons" / "icons"
    folder.mkdir(parents=True)
    for name in ("dot", "bar"):
        (folder / f"{name}.svg").write_text(f'<svg><path d="{name}"/></svg>')
    settings.NODE_MODULES = tmp_path
    page = render(
        "{% icon_symbols rows %}", rows=f"<td>{icon_use('dot')}</td><td>{icon_use('bar')}{icon_use('dot')}</td>"
    )
    assert page.count("<symbol") == 2
    assert '<symbol id="icon-dot" viewBox="0 0 16 16"><path d="dot"/></symbol>' in page


def test_icons_are_empty_without_front_end_packages(settings, tmp_path, fresh_icons):
    settings.NODE_MODULES = tmp_path
    assert icon_svg("buildings").endswith('focusable="false"></svg>')


def test_a_block_prints_twice():
    engine = engines["django"].engine
    base = engine.from_string(
        '<title>{% block title %}{% endblock %}</title><h1>{% block_text "title" %}</h1>{% block_text "none" %}'
    )
    page = Template("{% extends base %}{% block title %}A & {{ name }}{% endblock %}", engine=engine)
    assert page.render(Context({"base": base, "name": "<"})) == "<title>A & &lt;</title><h1>A & &lt;</h1>"


def test_a_moment_is_shown_in_local_time():
    moment = datetime.datetime(2026, 12, 31, 20, 30, tzinfo=datetime.UTC)
    assert Template("{{ moment|vdate }}").render(Context({"moment": moment})) == "03:30 01/01/2027"
