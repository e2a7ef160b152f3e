"""Records of a list by what stands in its columns, in the words that a cell of the list would have."""

from collections.abc import Iterable

from django.db import models

from movement_portal.jurisdictions.models import Jurisdiction, Officer
from movement_portal.lib.vietnamese import fold
from movement_portal.spreadsheets.fields import Field, Kind
from movement_portal.spreadsheets.naming import find_related
from movement_portal.spreadsheets.sheets import Sheet
from movement_portal.spreadsheets.values import ValueProblem

#: Kinds whose empty value may be an empty text.
TEXTS = (Kind.TEXT, Kind.LONG_TEXT, Kind.CODE, Kind.PHONE, Kind.CHOICE)


def select(
    sheet: Sheet, *, officer: Officer, area: Jurisdiction | None = None, wheres: Iterable[str] = ()
) -> tuple[models.QuerySet, list[tuple[str, str]]]:
    """The officer's records in an area for which every “field=value” holds, and these conditions in words.

    A field goes by its name or its header; an empty value means that nothing stands there. Raises ``ValueProblem`` for
    what names no field or cannot be read as its value.
    """
    records = sheet.model.objects.visible_to(officer)
    filters = []
    if area is not None:
        if not hasattr(records, "within"):
            raise ValueProblem(f"Bảng “{sheet.label}” không theo địa bàn.", "Không theo địa bàn")
        records = records.within(area)
        filters.append(("Địa bàn", area.long_name))
    for where in wheres:
        each, text = _told(sheet, where)
        records = records.filter(_condition(each, text, officer))
        filters.append((each.label, text or "(trống)"))
    return records.order_by("pk"), filters


def _told(sheet: Sheet, where: str) -> tuple[Field, str]:
    """The field and the text of “field=value”."""
    name, equals, text = (part.strip() for part in where.partition("="))
    each = sheet.by_name.get(name) or sheet.index.get(fold(name))
    if not equals or each is None or not each.column or each.child is not None or each.kind == Kind.AREA:
        named = ", ".join(one.name for one in sheet.stored_fields if one.kind != Kind.AREA)
        raise ValueProblem(f"“{where}” phải có dạng TRƯỜNG=GIÁ TRỊ; các trường: {named}.", "Không rõ điều kiện")
    return each, text


def _condition(each: Field, text: str, officer: Officer) -> models.Q:
    if not text:
        nothing = models.Q(**{f"{each.column}__isnull": True})
        return nothing | models.Q(**{each.column: ""}) if each.kind in TEXTS else nothing
    value = each.read(text).value
    if each.kind == Kind.RELATION:
        return models.Q(**{f"{each.column}__in": find_related(each.relation, {value}, officer).get(value, [])})
    return models.Q(**{each.column: value})
