"""Template tags and filters of the portal; built in, so no template loads them."""

from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.template.defaultfilters import date as format_date
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from movement_portal.lib import numbers
from movement_portal.lib.phones import display_phones
from movement_portal.lib.tables import option_list

register = template.Library()

#: Counting stops here: beyond, a list says "hơn 10.000".
COUNT_CAP = 10_000


@cache
def icon_svg(name: str) -> SafeString:
    """Inline drawing of a Bootstrap icon, hidden from screen readers: the word beside it speaks.

    Without ``node_modules`` (a test run without front-end packages) the drawing is empty; with it, an unknown name
    raises ``ValueError``.
    """
    folder = Path(settings.NODE_MODULES) / "bootstrap-icons" / "icons"
    file = folder / f"{name}.svg"
    if file.exists():
        drawing = file.read_text(encoding="utf-8")
        drawing = "".join(
            line.strip() for line in drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")].split("\n")
        )
    elif folder.exists():
        raise ValueError(f"There is no icon named {name!r} in bootstrap-icons.")
    else:
        drawing = ""
    return mark_safe(f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{drawing}</svg>')


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
def count_capped(value):
    """A count that stopped at the cap says so: hơn 10.000."""
    return f"hơn {numbers.written(COUNT_CAP)}" if value > COUNT_CAP else numbers.written(value)


@register.simple_tag
def chip(kind, icon_name, word):
    """A state as word and icon: ``{% chip "ok" "check-circle" "Đang hoạt động" %}`` (ok, warn, bad, muted)."""
    return format_html('<span class="chip chip-{}">{}{}</span>', kind, icon_svg(icon_name), word)


register.filter("options", option_list)
