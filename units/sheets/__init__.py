"""Every sheet of the app: the engine looks for ``sheets`` in each."""

from units.sheets import activities, duties, forces, units

__all__ = ["activities", "duties", "forces", "units"]
