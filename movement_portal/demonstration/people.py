"""Invented people: names drawn from common family, middle and given names, phones of a block that is not in service."""

import random

from movement_portal.demonstration.words import WORDS

FAMILY = WORDS["family_names"]
MALE_MIDDLE = WORDS["male_middle_names"]
FEMALE_MIDDLE = WORDS["female_middle_names"]
MALE_GIVEN = WORDS["male_given_names"]
FEMALE_GIVEN = WORDS["female_given_names"]


def full_name(dice: random.Random) -> str:
    """A name of three words."""
    if dice.random() < 0.5:
        return f"{dice.choice(FAMILY)} {dice.choice(MALE_MIDDLE)} {dice.choice(MALE_GIVEN)}"
    return f"{dice.choice(FAMILY)} {dice.choice(FEMALE_MIDDLE)} {dice.choice(FEMALE_GIVEN)}"


def phone(dice: random.Random) -> str:
    """Ten digits that begin with 0100: no subscriber has such a number."""
    return f"0100{dice.randrange(1_000_000):06d}"
