"""How much of a file is read before it is refused."""

from dataclasses import asdict, dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file and of the process that parses it."""

    #: Rows of a list, over all worksheets; a province's largest has a third of it.
    rows: int = 300_000
    #: Lines that stand beside the rows: titles, headers, groups, totals, notes, signatures.
    beside: int = 5_000
    columns: int = 200
    cells: int = 6_000_000
    #: Characters of one cell; Excel itself holds 32,767.
    text: int = 100_000
    sheets: int = 500
    merged_ranges: int = 50_000
    #: Rows of a hidden worksheet that is read all the same; what is larger is stock, not a list.
    hidden_rows: int = 50_000
    #: Bytes of all XML parts of a workbook once inflated.
    inflated: int = 600 * MEGABYTE
    #: A part that inflates to more than this many times its size is a bomb, once it is above ``ratio_from``.
    ratio: int = 200
    ratio_from: int = 20 * MEGABYTE
    entries: int = 5_000
    #: Address space of the parsing process: a full list of 300,000 rows of 15 columns takes 700 MB.
    memory: int = 1024 * MEGABYTE
    #: What the parsing process may write: its answer.
    answer: int = 1024 * MEGABYTE
    #: Seconds for a small file, and what each further megabyte adds.
    seconds: float = 8
    seconds_per_megabyte: float = 2

    @property
    def lines(self) -> int:
        """Lines with content that a file may have."""
        return self.rows + self.beside

    def seconds_for(self, file_bytes: int) -> int:
        """Seconds of processor time, and of the clock, that a file of this size may take."""
        return round(self.seconds + self.seconds_per_megabyte * file_bytes / MEGABYTE)

    def as_dict(self) -> dict[str, float]:
        """The bounds as plain values for the parsing process."""
        return asdict(self)


LIMITS = Limits()
