"""What the file of an import leaves open, in words, with what was chosen: for its pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from movement_portal.lib.numbers import written
from movement_portal.spreadsheets.models import ImportBatch
from movement_portal.spreadsheets.ways import DIVIDED, FILLED, HIDDEN, Ways


@dataclass(frozen=True)
class OpenChoice:
    """One choice of a worksheet."""

    worksheet: str
    #: Key of the way, and the header of its column where it has one.
    way: str
    column: str
    told: str
    is_chosen: bool
    #: What is done now.
    now: str
    #: The words that choose otherwise; empty where the page of the columns chooses.
    button: str = ""


def open_choices(batch: ImportBatch) -> list[OpenChoice]:
    """The choices of the worksheets that are read, and what is hidden of the file."""
    return [choice for table in batch.layout.get("sheets", ()) for choice in _of_table(batch, table)]


def _of_table(batch: ImportBatch, table: Mapping) -> Iterator[OpenChoice]:
    name = table["name"]
    if name not in batch.mapping:
        if table.get("is_hidden"):
            told = f"Trang “{name}” đang ẩn trong tệp, có {written(table['rows'])} dòng"
            yield OpenChoice(name, "", "", told, False, "không nhập; chọn ở bước ghép cột")
        return
    ways = Ways.of(batch.ways.get(name, {}))
    if hidden := table.get("hidden_rows"):
        told = f"{written(hidden['count'])} dòng đang bị ẩn trong tệp ({hidden['why']}): dòng {hidden['numbers']}"
        leaves = ways.leaves_hidden
        now, button = ("để ngoài", "Nhập cả các dòng ẩn") if leaves else ("vẫn nhập", "Để các dòng ẩn ra ngoài")
        yield OpenChoice(name, HIDDEN, "", told, leaves, now, button)
    if columns := [header for header in table.get("hidden_columns", ()) if batch.mapping[name].get(header)]:
        told = f"Cột đang ẩn trong tệp: {', '.join(f'“{header}”' for header in columns)}"
        yield OpenChoice(name, "", "", told, False, "theo bước ghép cột")
    for header, blocks in table.get("blocks", {}).items():
        if batch.mapping[name].get(header):
            is_filled = header in ways.filled
            told = f"Cột “{header}” có {written(blocks['count'])} ô trống dưới ô đã ghi"
            now, button = ("lấy theo dòng trên", "Để trống") if is_filled else ("để trống", "Lấy theo dòng trên")
            yield OpenChoice(name, FILLED, header, told, is_filled, now, button)
    if (divided := table.get("divided")) and batch.mapping[name].get(divided["header"]):
        is_divided = ways.divided == divided["header"]
        told = f"Cột “{divided['header']}” ghi tên, địa chỉ, điện thoại chung một ô"
        now, button = ("tách ra", "Không tách") if is_divided else ("không tách", "Tách ra")
        yield OpenChoice(name, DIVIDED, divided["header"], told, is_divided, now, button)


def chosen_otherwise(batch: ImportBatch, worksheet: str, way: str, column: str, *, chosen: bool) -> dict:
    """The ways of the batch with one choice made otherwise, as it keeps them; raises ``KeyError`` for one not open."""
    if (worksheet, way, column) not in {(each.worksheet, each.way, each.column) for each in open_choices(batch)}:
        raise KeyError(way)
    ways = Ways.of(batch.ways.get(worksheet, {}))
    leaves_hidden, filled, divided = ways.leaves_hidden, ways.filled, ways.divided
    match way:
        case "hidden":
            leaves_hidden = chosen
        case "filled":
            filled = filled | {column} if chosen else filled - {column}
        case "divided":
            divided = column if chosen else ""
        case _:
            raise KeyError(way)
    rest = {name: kept for name, kept in batch.ways.items() if name != worksheet}
    kept = Ways(leaves_hidden, filled, divided).kept()
    return {**rest, worksheet: kept} if kept else rest
