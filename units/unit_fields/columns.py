"""The columns that a list of units may have: what they are called, what may stand in them."""

from units.unit_fields.identity import IDENTITY
from units.unit_fields.people import PEOPLE
from units.unit_fields.traits import TRAITS

FIELDS = (*IDENTITY, *PEOPLE, *TRAITS)
