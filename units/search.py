"""Search over units: what is stored for it, and how a typed text is looked up in it.

A search compares words, not substrings: a typed word must begin a stored one (“le” finds Lê and Lệ Thủy, not Kiều Lệ's
“ple”), a number of three and more digits may stand anywhere (the end of a phone number, the middle of a code), a
shorter one must be a whole word (“THCS số 1” is not number 10).
"""

import re

from django.db import models
from django.db.models import Case, Q, When
from django.db.models.lookups import Contains

from movement_portal.lib.abbreviations import common_words, other_words, words
from movement_portal.lib.vietnamese import accented_key, fold, fold_words, nfc

#: Typed words that are looked at; what follows them is passed over.
WORD_LIMIT = 12
#: Bytes of the search texts at most: an index of PostgreSQL holds both beside other columns in 2,704.
FOLDED_LIMIT, ACCENTED_LIMIT = 1500, 700
_INTERNAL_CODE = re.compile(r"dv\s*0*(\d{1,9})", re.IGNORECASE)
_PHONE_SPLIT = re.compile(r"[;,/\n]| - ")


@models.TextField.register_lookup
class Holds(models.Lookup):
    """“Contains” for folded columns: on PostgreSQL a pattern, which a trigram index serves; on SQLite a byte search."""

    lookup_name = "holds"

    def as_sql(self, compiler, connection):
        return compiler.compile(Contains(self.lhs, self.rhs))

    def as_sqlite(self, compiler, connection):
        return compiler.compile(HasInside(self.lhs, self.rhs))


@models.TextField.register_lookup
class HasInside(models.Lookup):
    """As ``Holds``, past every index."""

    lookup_name = "has_inside"

    def as_sql(self, compiler, connection, function="STRPOS"):
        column, column_params = self.process_lhs(compiler, connection)
        return f"{function}({column}, %s) > 0", [*column_params, self.rhs]

    def as_sqlite(self, compiler, connection):
        return self.as_sql(compiler, connection, function="INSTR")


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
    bare = fold_words(found)
    folded = [*bare[: len(name)], *map(_folded_number, numbers), *bare]
    accented = [word for word, plain in zip(found, bare, strict=True) if plain != word]
    return _joined(folded, FOLDED_LIMIT), _joined(accented, ACCENTED_LIMIT)


def _joined(found, limit):
    """The words once each, up to so many bytes."""
    kept = dict.fromkeys(filter(None, found))
    # A letter takes three bytes at most in Vietnamese, four anywhere.
    if 4 * sum(map(len, kept)) + len(kept) >= limit:
        room, whole, kept = limit - 1, kept, {}
        for word in whole:
            room -= len(word.encode()) + 1
            if room < 0:
                break
            kept[word] = None
    return f" {' '.join(kept)} "


def _folded_number(number):
    return number.lower() if number.isascii() and number.isalnum() else fold(number)


def _code_forms(code):
    """A code as it is written and without its hyphens: 0101234567-001."""
    return [code] if code.isalnum() else [code, re.sub(r"[\s.-]", "", code)]


def _phones(text):
    """Digits of each phone number of a field; 84 in front becomes 0."""
    if text.isdecimal() and text[0] == "0":
        return [text]
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


def matching(text, *, within_province=False):
    """The condition that a unit holds every typed word; an empty text matches all.

    Over the whole country every word is offered to the index of search texts. ``within_province`` offers only those
    that may be rare: for words of most names (“ủy ban nhân dân”) reading the province is quicker than the index.
    """
    patterns = {word: _pattern(word) for word in dict.fromkeys(fold(word) for word in typed_words(text)) if word}
    rare = [word for word in patterns if word not in common_words()] or [max(patterns, key=len, default="")]
    condition = Q()
    for word, pattern in patterns.items():
        lookup = "has_inside" if within_province and word not in rare else "holds"
        condition &= Q(**{f"search_folded__{lookup}": pattern})
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


def found(units, text, *, within_province=False):
    """The units that hold every word of the text or have it as their code, with ``search_rank`` if ranks differ.

    Ranks as in ``ranked``. Answers the queryset, and whether it has ranks.
    """
    condition, keys = matching(text, within_province=within_province), by_code(units, text)
    ranks = [When(pk__in=keys, then=0)] if keys else []
    if keys:
        condition |= Q(pk__in=keys)
    if accents := matching_accents(text):
        ranks.append(When(accents, then=1))
    units = units.filter(condition)
    if not ranks:
        return units, False
    return units.annotate(search_rank=Case(*ranks, default=2, output_field=models.SmallIntegerField())), True


def search(units, text):
    """The units found, ordered by rank and name."""
    units, has_ranks = found(units, text)
    return units.order_by(*(["search_rank"] if has_ranks else []), "name_sort", "id")


def best(units, text, *, limit=8):
    """The first units of a search, without looking at the others."""
    found = []
    for segment in ranked(units, text):
        found += segment.order_by("name_sort", "id")[: limit - len(found)]
        if len(found) >= limit:
            break
    return found
