"""Prints what one or more runs measured as one table: ``python -m benchmarks.table RUN.json...``."""

import json
import sys
from pathlib import Path

COLUMNS = ("database", "rows", "what", "value", "unit", "anchor", "ratio", "target")


def cell(name, value):
    """A figure as it stands in the table."""
    if value is None:
        return ""
    if name == "rows":
        return f"{value:,}"
    if name == "value":
        return f"{value:,.2f}" if value < 10 else f"{value:,.1f}"
    if name == "ratio":
        return f"{value:.2f}x"
    return str(value)


def main(paths):
    lines = [COLUMNS]
    for path in paths:
        measures = json.loads(Path(path).read_text(encoding="utf-8"))
        lines.extend(tuple(cell(name, measure[name]) for name in COLUMNS) for measure in measures)
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main(sys.argv[1:])
