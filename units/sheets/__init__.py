"""Every sheet of the app: the engine looks for ``sheets`` in each."""

from units.sheets import activities, agreements, duties, forces, placements, rules, units

__all__ = ["activities", "agreements", "duties", "forces", "placements", "rules", "units"]
