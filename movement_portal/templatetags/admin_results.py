"""Rows of a list of the admin pages as cards: on a phone every cell says which column it is."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

register = template.Library()

#: The tag that opens a cell as Django writes it.
_OPENING = re.compile(r"<(td|th)(?=[ >])")


@register.simple_tag
def labelled_cells(result, headers):
    """The cells of one row, each with the text of its header as ``data-label``; the box that picks the row has none."""
    return mark_safe("".join(_labelled(cell, header) for cell, header in zip(result, headers, strict=True)))


def _labelled(cell, header):
    if "action-checkbox" in header.get("class_attrib", ""):
        return conditional_escape(cell)
    label = format_html(' data-label="{}"', capfirst(str(header["text"])))
    return _OPENING.sub(lambda tag: tag[0] + label, conditional_escape(cell), count=1)
