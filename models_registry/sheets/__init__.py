"""Every sheet of the app: the engine looks for ``sheets`` in each."""

from models_registry.sheets import models, records

__all__ = ["models", "records"]
