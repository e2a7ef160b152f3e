"""Workbooks as offices have them open: empty ones and ones that went out."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.issuing import issue
from movement_portal.spreadsheets.sheets import sheet_for

#: Header of the column in which a workbook that went out keeps the marks of its rows.
MARK = "Dấu dòng"


def header_of(table, *, first="TT"):
    """Row of the header, which begins with a word, and column by label."""
    row = next(row for row in table.iter_rows(max_row=12) if row[0].value == first)
    return row[0].row, {cell.value: cell.column for cell in row if cell.value}


def drop_down(workbook, label, *, first="TT"):
    """The entries that the cells of a column offer."""
    table = workbook.worksheets[0]
    _, columns = header_of(table, first=first)
    letter = openpyxl.utils.get_column_letter(columns[label])
    rule = next(each for each in table.data_validations.dataValidation if str(each.sqref).startswith(letter))
    assert rule.type == "list"
    name, _, cells = rule.formula1.partition("!")
    return [cell.value for (cell,) in workbook[name.strip("'")][cells.replace("$", "")]]


def counts(batch, *names):
    return [batch.counts[name] for name in names]


class Book:
    """A workbook that went out, as an office has it open."""

    def __init__(self, place, *, by=None, area=None, sheet="units"):
        self.place, self.by, self.sheet = place, by or place.officer, sheet_for(sheet)
        stream = io.BytesIO()
        self.issued = issue(stream, self.sheet, officer=self.by, area=area or self.by.jurisdiction)
        self.book = openpyxl.load_workbook(stream)
        self.table = self.book.worksheets[0]
        self.header, self.columns = header_of(self.table, first=MARK)

    def cell(self, unit, label):
        codes = self.columns[self.sheet.label_of("code")]
        row = next(
            at for at in range(self.header + 1, self.table.max_row + 1) if self.table.cell(at, codes).value == unit.code
        )
        return self.table.cell(row, self.columns[label])

    def add(self, **values):
        row = self.table.max_row + 1
        for label, value in values.items():
            self.table.cell(row, self.columns[label.replace("_", " ")]).value = value

    def data(self):
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()

    def read(self, by=None):
        file = SimpleUploadedFile("gui-lai.xlsx", self.data())
        return workflow.upload(self.sheet, file, by=by or self.by)

    def checked(self, by=None):
        return workflow.run_check(self.read(by).pk, by=by or self.by)
