"""What a search over units compares: two texts a unit, one without accents, one with."""

from movement_portal.lib.vietnamese import fold, nfc


def search_texts(unit):
    """The unit's names, codes, people and phones as (folded, accented) texts."""
    names = [unit.name, *unit.other_names.splitlines(), unit.head_name, unit.contact_name]
    codes = [unit.code, unit.tax_code, unit.school_code, unit.head_phone, unit.contact_phone]
    folded = " | ".join(fold(text) for text in [*names, *codes] if text)
    accented = " | ".join(nfc(text).lower() for text in names if text)
    return folded, accented
