"""Search over units: what is stored for it, and how a typed text is looked up in it.

A search compares words, not substrings: a typed word must begin a stored one (“le” finds Lê and Lệ Thủy, not Kiều Lệ's
“ple”), a number of three and more digits may stand anywhere (the end of a phone number, the middle of a code), a
shorter one must be a whole word (“THCS số 1” is not number 10).
"""

import re

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.lookups import Contains

from movement_portal.lib.abbreviations import other_words, words
from movement_portal.lib.vietnamese import accented_key, fold, nfc

#: Typed words that are looked at; what follows them is passed over.
WORD_LIMIT = 12
#: Characters of a search text at most: an index of PostgreSQL holds it beside other columns in 2,704 bytes.
TEXT_LIMIT = 2000
_INTERNAL_CODE = re.compile(r"dv\s*0*(\d{1,9})", re.IGNORECASE)
_PHONE_SPLIT = re.compile(r"[;,/\n]| - ")


@models.TextField.register_lookup
class Holds(models.Lookup):
    """“Contains” for folded columns: on PostgreSQL a pattern, which a trigram index serves; on SQLite a byte search."""

    lookup_name = "holds"

    def as_sql(self, compiler, connection):
        return compiler.compile(Contains(self.lhs, self.rhs))

    def as_sqlite(self, compiler, connection):
        column, column_params = self.process_lhs(compiler, connection)
        return f"INSTR({column}, %s) > 0", [*column_params, self.rhs]


def search_texts(unit):
    """The unit's names, codes, people and phones as (folded, accented): words once each, blanks around each.

    The folded text holds every word without accents, abbreviations written out and the other way round; the accented
    one only the words that have accents, with every tone in one place.
    """
    name = words(unit.name)
    found = [*name, *other_words(name)]
    for other in unit.other_names.splitlines():
        own = words(other)
        found += [*own, *other_words(own)]
    found += [*words(unit.head_name), *words(unit.contact_name)]
    numbers = [unit.code, *_code_forms(unit.tax_code), *_code_forms(unit.school_code)]
    numbers += [*_phones(unit.head_phone), *_phones(unit.contact_phone)]
    # The name first, for what begins with it; then numbers, which are never cut off.
    folded = [*map(fold, name), *map(fold, numbers), *map(fold, found)]
    accented = [word for word in found if fold(word) != word]
    return _joined(folded), _joined(accented)


def _joined(found):
    text = f" {' '.join(dict.fromkeys(word for word in found if word))} "
    return text if len(text) <= TEXT_LIMIT else text[: text.rindex(" ", 0, TEXT_LIMIT) + 1]


def _code_forms(code):
    """A code as it is written and without its hyphens: 0101234567-001."""
    return [code, re.sub(r"[\s.-]", "", code)]


def _phones(text):
    """Digits of each phone number of a field; 84 in front becomes 0."""
    digits = [re.sub(r"\D", "", part) for part in _PHONE_SPLIT.split(text)]
    return [re.sub(r"^84(?=\d{9}$)", "0", number) for number in digits]


def typed_words(text):
    """The words to look for, accents kept, without repeats."""
    compact = re.sub(r"^\+?84(?=\d{9}$)", "0", re.sub(r"[\s.-]", "", text))
    if re.fullmatch(r"0\d{8,10}", compact):
        return [compact]
    return list(dict.fromkeys(words(nfc(text))))[:WORD_LIMIT]


def _pattern(word):
    """What the stored text must hold for a typed word, in blanks where a word must begin or end."""
    if not word.isdecimal():
        return f" {word}"
    return word if len(word) > 2 else f" {word} "


def matching(text):
    """The condition that a unit holds every typed word; an empty text matches all."""
    condition = Q()
    for word in dict.fromkeys(fold(word) for word in typed_words(text)):
        if word:
            condition &= Q(search_folded__holds=_pattern(word))
    return condition


def matching_accents(text):
    """The condition that a unit holds the typed words that have accents as they were typed; None where none has."""
    accented = [word for word in typed_words(text) if fold(word) != word]
    if not accented:
        return None
    condition = Q()
    for word in accented:
        condition &= Q(search_accented__holds=_pattern(accented_key(word)))
    return condition


def by_code(units, text):
    """The ids of those of the units whose code is exactly the text: ours, the tax code, the school's, or another."""
    code = nfc(text).upper()
    if not any(char.isdigit() for char in code) or len(code) > 60:
        return []
    own = Q(code=code) | Q(tax_code=code) | Q(school_code=code)
    if found := _INTERNAL_CODE.fullmatch(code):
        own |= Q(code=f"DV{int(found[1]):07d}")
    others = Q(identifiers__value__in={code, nfc(text)})
    keys = [
        *units.filter(own).values_list("pk", flat=True)[:10],
        *units.filter(others).values_list("pk", flat=True)[:10],
    ]
    return list(dict.fromkeys(keys))


def ranked(units, text):
    """The units found, best first, as querysets that share no unit.

    An exact code stands before accents as typed, those before the rest; each is to be ordered by name.
    """
    condition = matching(text)
    segments = []
    if keys := by_code(units, text):
        segments.append(units.filter(pk__in=keys))
        condition &= ~Q(pk__in=keys)
    if accents := matching_accents(text):
        return [*segments, units.filter(condition, accents), units.filter(condition & ~accents)]
    return [*segments, units.filter(condition)]


def search(units, text):
    """The units found, ordered by rank and name; ``search_rank`` says which rank a unit has."""
    keys = by_code(units, text)
    ranks = [When(pk__in=keys, then=0)] if keys else []
    if accents := matching_accents(text):
        ranks.append(When(accents, then=1))
    found = units.filter(matching(text) | Q(pk__in=keys) if keys else matching(text))
    rank = Case(*ranks, default=2, output_field=models.SmallIntegerField()) if ranks else Value(2)
    return found.annotate(search_rank=rank).order_by("search_rank", "name_sort", "id")


def best(units, text, *, limit=8):
    """The first units of a search, without looking at the others."""
    found = []
    for segment in ranked(units, text):
        found += segment.order_by("name_sort", "id")[: limit - len(found)]
        if len(found) >= limit:
            break
    return found
