"""The texts of a worksheet: cleaned, read in the encoding they were meant in, and what was done to them counted."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from movement_portal.lib.legacy_encodings import FontEncoding, Repair, Repairer, leaning
from movement_portal.lib.legacy_tables import Encoding
from movement_portal.spreadsheets.tables import COMPOSED, SPACED, clean_text

#: Rows that are looked at together before the first of them is written.
LOOKED_AT = 400
SAMPLES = 5
_LONGEST_SAMPLE = 200
#: Longer texts are notes: their words do not come again.
_LONGEST_FINE = 200
_MOST_FINE = 100_000

Fonts = Mapping[int, FontEncoding]
#: A text in parts, and what the typeface of each part says.
Parts = Sequence[tuple[str, FontEncoding | None]]


class Texts:
    """Cleans the texts of a file, sheet by sheet; ``repairs`` of a row are [column, before, how, doubtful words]."""

    def __init__(self) -> None:
        self._repairer = Repairer()
        #: Stretches between blanks that are as they should be; lists repeat themselves.
        self._fine: set[str] = set()
        self.rich: Mapping[str, Parts] = {}
        self.begin_sheet()

    def begin_sheet(self) -> None:
        """Forget what was found out about the last sheet."""
        self._leanings: dict[int, Encoding] = {}
        self._trusts_fonts = False
        self._counts: Counter[str] = Counter()
        self._samples: dict[str, list[tuple[int, str, str]]] = defaultdict(list)

    def look(self, rows: Sequence[tuple[int, Sequence[Any], Fonts | None]]) -> None:
        """Learn from the first rows in which encoding each column is written; clean sheets cost one glance."""
        texts: dict[int, list[str]] = defaultdict(list)
        in_font: list[str] = []
        for _, values, fonts in rows:
            for column, value in enumerate(values):
                if type(value) is str and not value.isascii():
                    texts[column].append(value)
                    if fonts and column in fonts:
                        in_font.append(value)
        if not any(self._repairer.repair(text) for column in texts.values() for text in column):
            return
        counts = {column: self._repairer.count(each) for column, each in texts.items()}
        whole = leaning(sum(counts.values(), Counter()))
        for column, count in counts.items():
            if found := leaning(count) or (None if count[None] else whole):
                self._leanings[column] = found
        told = self._repairer.count(in_font)
        self._trusts_fonts = told[Encoding.TCVN3] + told[Encoding.VNI] > told[None]

    def clean_row(
        self, number: int, values: Sequence[Any], fonts: Fonts | None
    ) -> tuple[list[Any], list[tuple[int, str, str, tuple[str, ...]]]]:
        """The cells of a row, the texts among them as they were meant, and the repairs made."""
        if self._leanings or fonts or self.rich:
            return self._clean_carefully(number, values, fonts, [])
        fine, cells = self._fine, []
        for value in values:
            if type(value) is str and value and not fine.issuperset(value.split(" ")):
                # Line breaks and doubled blanks too are no part of what is fine.
                if self._is_doubtful(value):
                    return self._clean_carefully(number, values, fonts, cells)
                value = self._cleaned(number, value)
            cells.append(value)
        return cells, []

    def _is_doubtful(self, text: str) -> bool:
        return ("?" in text or not text.isascii()) and self._repairer.repair(text) is not None

    def _cleaned(self, number: int, value: str) -> str:
        text = clean_text(value)
        if text is not value:
            self._count_cleaned(number, value, text)
        elif len(value) < _LONGEST_FINE:
            if len(self._fine) > _MOST_FINE:
                self._fine.clear()
            self._fine.update(value.split(" "))
        return text

    def _clean_carefully(self, number, values, fonts, cells):
        """As ``clean_row`` where something is to be repaired; ``cells`` are those of the row that are done."""
        repairs = []
        for column, value in enumerate(values[len(cells) :], start=len(cells)):
            if type(value) is str and value:
                if (repair := self._repair(value, column, fonts)) is not None:
                    after = clean_text(repair.text)
                    repairs.append((column, clean_text(value), repair.encoding.value, repair.doubtful))
                    self._count(repair.encoding.value, number, value, after)
                    value = after
                else:
                    value = self._cleaned(number, value)
            cells.append(value)
        return cells, repairs

    def summary(self) -> list[dict[str, Any]]:
        """What was done to the texts of the sheet: how often, and the first of them before and after."""
        return [
            {"how": how, "count": count, "samples": self._samples[how]} for how, count in self._counts.most_common()
        ]

    def _repair(self, text: str, column: int, fonts: Fonts | None) -> Repair | None:
        if self.rich and (parts := self.rich.get(text)):
            return self._repair_parts(text, parts)
        if fonts and self._trusts_fonts and (font := fonts.get(column)):
            return self._repairer.repair_by_font(text, font)
        return self._repairer.repair(text, self._leanings.get(column))

    def _repair_parts(self, text: str, parts: Parts) -> Repair | None:
        repairs = [
            self._repairer.repair_by_font(part, font) if font else self._repairer.repair(part) for part, font in parts
        ]
        made = [repair for repair in repairs if repair]
        if not made:
            return None
        after = "".join(repair.text if repair else part for (part, _), repair in zip(parts, repairs, strict=True))
        return Repair(after, made[0].encoding, tuple(word for repair in made for word in repair.doubtful))

    def _count_cleaned(self, number: int, before: str, after: str) -> None:
        composed = unicodedata.normalize("NFC", before)
        if composed != before:
            self._count(COMPOSED, number, before, after)
        elif composed.strip() != after and composed.strip().replace("\r\n", "\n") != after:
            # Blanks at the ends are nobody's concern.
            self._count(SPACED, number, before, after)

    def _count(self, how: str, number: int, before: str, after: str) -> None:
        self._counts[how] += 1
        samples = self._samples[how]
        if len(samples) < SAMPLES and all(sample[2] != after for sample in samples):
            samples.append((number, before[:_LONGEST_SAMPLE], after[:_LONGEST_SAMPLE]))
