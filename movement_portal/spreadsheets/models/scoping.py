"""Who sees what is kept of lists: those of the area who may see records of the kind that the list holds."""

from movement_portal.jurisdictions.scoping import ScopedQuerySet
from movement_portal.spreadsheets.sheets import sheets


def sheets_seen_by(user) -> list[str]:
    """Names of the kinds of sheets whose records the officer may view."""
    return [sheet.name for sheet in sheets() if sheet.may_view(user)]


class OfSheetQuerySet(ScopedQuerySet):
    """Rows with the name of their kind of sheet in ``sheet``.

    Whoever administers accounts sees no list of units, whoever administers records no list of accounts.
    """

    def visible_to(self, user, *, gathered=False):
        rows = super().visible_to(user, gathered=gathered)
        return rows.filter(sheet__in=sheets_seen_by(user)) if user.is_authenticated else rows
