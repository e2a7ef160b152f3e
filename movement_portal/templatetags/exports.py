"""The menu of a list whose page stands below the engine of lists: areas, accounts."""

from django import template

from movement_portal.spreadsheets.exporting import export_links
from movement_portal.spreadsheets.sheets import sheet_for

register = template.Library()


@register.inclusion_tag("spreadsheets/_export_menu.html", takes_context=True)
def export_menu(context, name, query, sheet=""):
    """The menu of a list: URL name of its export, what the page is filtered by, and its sheet where it has one."""
    return {"exports": export_links(name, query, context["request"].user, sheet=sheet_for(sheet) if sheet else None)}
