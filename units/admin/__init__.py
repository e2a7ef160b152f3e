"""Admin pages of units and of all that is recorded of them; to import one is to register it."""

from units.admin import activities, duplicates, duties, forces, rules, units

__all__ = ["activities", "duplicates", "duties", "forces", "rules", "units"]
