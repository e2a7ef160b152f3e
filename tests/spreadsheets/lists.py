"""Lists as offices would send them, made for tests."""

import csv
import io
import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from movement_portal.jurisdictions.enums import Function, JurisdictionKind, PoliceLevel
from movement_portal.spreadsheets import workflow
from movement_portal.spreadsheets.sheets import sheet_for
from tests.factories import JurisdictionFactory, OfficerFactory, PoliceOfficeFactory


def as_csv(*rows):
    """Rows of cells as the bytes of a text file."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def uploaded(*rows, name="danh-sach.csv"):
    return SimpleUploadedFile(name, as_csv(*rows))


def tax_code(number):
    """The nth tax code, with its check digit."""
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    while True:
        front = f"{number:09d}"
        digit = 10 - sum(int(char) * weight for char, weight in zip(front, weights, strict=True)) % 11
        if digit < 10:
            return f"{front}{digit}"
        number += 400_000_000


class Place:
    """A country with one province, two communes, and a second province; officers who manage records in each."""

    def __init__(self):
        self.country = JurisdictionFactory(country=True)
        self.province = JurisdictionFactory(province=True, name="Mẫu Sơn", parent=self.country)
        self.elsewhere = JurisdictionFactory(province=True, name="Mẫu Hải", parent=self.country)
        self.ward = JurisdictionFactory(name="An Phú", kind=JurisdictionKind.WARD, parent=self.province)
        self.commune = JurisdictionFactory(name="Bình Lộc", parent=self.province)
        self.far = JurisdictionFactory(name="Cẩm Khê", parent=self.elsewhere)
        PoliceOfficeFactory(jurisdiction=self.country, level=PoliceLevel.MINISTRY)
        PoliceOfficeFactory(jurisdiction=self.province, level=PoliceLevel.PROVINCE)
        self.officer = OfficerFactory(jurisdiction=self.province, jurisdiction__function=Function.MANAGE_RECORDS)
        self.above = OfficerFactory(jurisdiction=self.country, jurisdiction__function=Function.MANAGE_RECORDS)
        self.local = OfficerFactory(jurisdiction=self.ward, jurisdiction__function=Function.MANAGE_RECORDS)
        self.clerk = OfficerFactory(jurisdiction=self.province, jurisdiction__function=Function.ENTER)

    def read(self, *rows, sheet="units", by=None, area=None):
        """A batch of these rows, read."""
        return workflow.upload(sheet_for(sheet), uploaded(*rows), by=by or self.officer, default_area=area)

    def checked(self, *rows, sheet="units", by=None, area=None, constants=None):
        """A batch of these rows, checked."""
        by = by or self.officer
        return self.check(self.read(*rows, sheet=sheet, by=by, area=area), constants=constants)

    def check(self, batch, *, constants=None):
        """The batch with its columns as they are proposed, checked by its officer."""
        choice = {"mapping": batch.mapping, "constants": constants or {}, "default_area": batch.default_area}
        return workflow.choose(batch.pk, by=batch.officer, **choice)

    def commit(self, batch, *, mode="good_rows"):
        """The batch, written by its officer."""
        return workflow.commit(batch.pk, by=batch.officer, mode=mode)

    def committed(self, *rows, sheet="units", by=None, area=None, constants=None):
        """A batch of these rows, its good rows written."""
        by = by or self.officer
        batch = self.checked(*rows, sheet=sheet, by=by, area=area, constants=constants)
        return workflow.commit(batch.pk, by=by, mode="good_rows")


def run_import(path, *arguments, **options):
    """The JSON that the command prints."""
    out = io.StringIO()
    call_command("import_sheet", "units", str(path), *arguments, json=True, stdout=out, **options)
    return json.loads(out.getvalue())
