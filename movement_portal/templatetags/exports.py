"""The menu of a list whose page stands below the engine of lists: areas, accounts."""

from django import template

from movement_portal.spreadsheets.exporting import export_links

register = template.Library()


@register.inclusion_tag("spreadsheets/_export_menu.html", takes_context=True)
def export_menu(context, name, query):
    """The menu of a list as on screen: URL name of its export, and what the page is filtered by."""
    return {"exports": export_links(name, query, context["request"].user)}
