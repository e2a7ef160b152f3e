"""Template tags and filters of the portal; built in, so no template loads them."""

import re
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.defaultfilters import date as format_date
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from movement_portal.lib import numbers
from movement_portal.lib.phones import display_phones
from movement_portal.lib.tables import option_list
from movement_portal.lib.vietnamese import mid_sentence

register = template.Library()

#: Counting stops here: beyond, a list says "hơn 10.000".
COUNT_CAP = 10_000


#: A drawing that is defined elsewhere on the page.
_DRAWN_ELSEWHERE = re.compile(r'<use href="#icon-([a-z0-9-]+)"')


@cache
def _drawing(name: str) -> str:
    """What is inside a Bootstrap icon.

    Without ``node_modules`` (a test run without front-end packages) it is empty; with it, an unknown name raises
    ``ValueError``.
    """
    folder = Path(settings.NODE_MODULES) / "bootstrap-icons" / "icons"
    file = folder / f"{name}.svg"
    if file.exists():
        drawing = file.read_text(encoding="utf-8")
        return "".join(line.strip() for line in drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")].split("\n"))
    if folder.exists():
        raise ValueError(f"There is no icon named {name!r} in bootstrap-icons.")
    return ""


@cache
def icon_svg(name: str) -> SafeString:
    """Inline drawing of a Bootstrap icon, hidden from screen readers: the word beside it speaks."""
    return mark_safe(
        f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{_drawing(name)}</svg>'
    )


@cache
def icon_use(name: str) -> SafeString:
    """As ``icon_svg`` for rows of a list: the drawing stands once on the page, where ``icon_symbols`` puts it."""
    _drawing(name)
    return mark_safe(f'<svg class="icon" aria-hidden="true" focusable="false"><use href="#icon-{name}"/></svg>')


@register.simple_tag
def icon_symbols(rows):
    """The drawings that rows made with ``icon_use`` refer to, each once."""
    names = sorted(set(_DRAWN_ELSEWHERE.findall(rows)))
    return _symbols(tuple(names))


@cache
def _symbols(names):
    symbols = [f'<symbol id="icon-{name}" viewBox="0 0 16 16">{_drawing(name)}</symbol>' for name in names]
    return mark_safe(f'<svg class="icon-symbols" aria-hidden="true" focusable="false">{"".join(symbols)}</svg>')


@register.simple_tag(name="static")
@cache
def static_address(path):
    """``{% static "css/portal.css" %}`` as Django's, looked up once a process: every page names twenty files."""
    return staticfiles_storage.url(path)


@register.simple_tag
def icon(name):
    """``{% icon "buildings" %}``: a Bootstrap icon of the size and colour of the text around it."""
    return icon_svg(name)


@register.simple_tag(takes_context=True)
def block_text(context, name):
    """What a block of the page gives, printed a second time; empty when no template of the page defines it."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks and blocks.get_block(name)
    return block.render(context) if block else ""


@register.filter
def vnumber(value, places=0):
    """1727 gives 1.727; ``{{ score|vnumber:1 }}`` gives 83,3; None and "" give a dash."""
    return numbers.written(None if value == "" else value, places)


@register.filter
def vpercent(part, whole):
    """``{{ recognised|vpercent:total }}`` gives 83,3 %."""
    return numbers.percent(part, whole)


@register.filter(expects_localtime=True)
def vdate(value, nothing=""):
    """A date as 31/12/2026, a moment as 14:05 31/12/2026 of the office's clock; without one ``nothing``."""
    if not value:
        return nothing
    return format_date(value, "DATETIME_FORMAT" if hasattr(value, "hour") else "DATE_FORMAT")


@register.filter
def phones(text):
    """Stored telephone numbers with their digits grouped: 0912 345 678."""
    return display_phones(text)


@register.filter
def in_sentence(label):
    """``{{ unit.get_kind_display|in_sentence }}``: a label inside a sentence, names and abbreviations as they are."""
    return mid_sentence(str(label))


@register.filter
def count_capped(value):
    """A count that stopped at the cap says so: hơn 10.000."""
    return f"hơn {numbers.written(COUNT_CAP)}" if value > COUNT_CAP else numbers.written(value)


@register.simple_tag
def chip(kind, icon_name, word):
    """A state as word and icon: ``{% chip "ok" "check-circle" "Đang hoạt động" %}`` (ok, warn, bad, muted)."""
    return format_html('<span class="chip chip-{}">{}{}</span>', kind, icon_svg(icon_name), word)


def row_chip(kind, icon_name, word):
    """As ``chip``, for the rows of a list."""
    return format_html('<span class="chip chip-{}">{}{}</span>', kind, icon_use(icon_name), word)


register.filter("options", option_list)
