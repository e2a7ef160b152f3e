"""Sheets of the apps that stand below the import engine, which looks for ``sheets`` in each app."""

from movement_portal.adminpages.sheets import officers, territory

__all__ = ["officers", "territory"]
