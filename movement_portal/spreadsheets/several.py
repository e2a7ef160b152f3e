"""Cells that name several: what each item is, which are new, and records linked through rows of a third model."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from movement_portal.spreadsheets.drafts import Draft
from movement_portal.spreadsheets.fields import Elsewhere, Kind, Relation
from movement_portal.spreadsheets.naming import find_related
from movement_portal.spreadsheets.records import in_parts
from movement_portal.spreadsheets.sheets import Sheet, Written, fields_of_kind
from movement_portal.spreadsheets.values import BETWEEN, JOINT, ValueProblem


def look_up_items(sheet: Sheet, drafts: Sequence[Draft], *, officer, places) -> None:
    """Write the items of cells as they go out; one that nobody knows refuses the row."""
    for each in fields_of_kind(sheet, [Kind.SEVERAL]):
        wanted = [draft for draft in drafts if draft.get(each.name)]
        if not wanted:
            continue
        known = each.elsewhere.look_up({item for draft in wanted for item in draft.values[each.name]}, officer, places)
        for draft in wanted:
            found = []
            for item in draft.values[each.name]:
                answer = known[item]
                if isinstance(answer, ValueProblem):
                    draft.refuse(each.name, answer.reason, f"{each.label}: {answer.cause}", item)
                else:
                    found.append(answer)
            draft.values[each.name] = list(dict.fromkeys(found))


def new_items(old: Iterable[str] | None, value: Iterable[str]) -> list[str]:
    """The items of a cell that the record does not have; a list takes none away."""
    there = set(old or ())
    return [item for item in value if item not in there]


@dataclass(frozen=True, kw_only=True)
class Links:
    """Records named in one cell, each linked with the record of the row by a row of a third model."""

    #: Field of the sheet.
    name: str
    model: type[models.Model]
    #: Foreign keys of the third model: to the record, and to those that the cell names.
    parent: str
    target: str
    #: How the records named are found.
    relation: Relation
    #: Rows of the third model that an officer may read.
    rows: Callable[[Any], models.QuerySet]
    #: Columns of a record named that an item holds; by the first of them it is found again.
    columns: tuple[str, ...] = ("code", "name")

    @property
    def elsewhere(self) -> Elsewhere:
        """What a field of several tells of itself."""
        return Elsewhere(read=self.read, look_up=self.look_up)

    def read(self, keys: Collection[int], officer) -> Mapping[int, list[str]]:
        """The records linked, in words, by key of the record."""
        rows = self.rows(officer).filter(**{f"{self.parent}__in": keys, f"{self.target}__isnull": False})
        columns = (f"{self.target}__{column}" for column in self.columns)
        found: dict[int, list[str]] = defaultdict(list)
        for parent, *texts in rows.order_by("pk").values_list(self.parent, *columns):
            found[parent].append(item_of(texts))
        return found

    def look_up(self, items: Collection[str], officer, places) -> Mapping[str, str | ValueProblem]:
        """What each item names, in words; two questions for all of them."""
        found = find_related(self.relation, set(items), officer)
        words: dict[int, str] = {}
        for part in in_parts(pk for pks in found.values() for pk in pks):
            rows = self.relation.model._base_manager.filter(pk__in=part)
            words.update({pk: item_of(texts) for pk, *texts in rows.values_list("pk", *self.columns)})
        noun = self.relation.model._meta.verbose_name
        told: dict[str, str | ValueProblem] = {}
        for item in items:
            match found.get(item, ()):
                case [pk]:
                    told[item] = words[pk]
                case []:
                    told[item] = ValueProblem(f"Không tìm thấy {noun} “{item}”.", "không tìm thấy")
                case several:
                    reason = f"Có {len(several)} {noun} tên “{item}”; hãy ghi mã."
                    told[item] = ValueProblem(reason, "không rõ là ai")
        return told

    def named(self, items: Iterable[str]) -> dict[str, Any]:
        """The records that items, as they go out, name."""
        texts = {item: item.split(BETWEEN)[0] for item in items}
        column = self.columns[0]
        records: dict[str, Any] = {}
        for part in in_parts(texts.values()):
            rows = self.relation.model._base_manager.filter(**{f"{column}__in": part}).order_by()
            records.update({getattr(record, column): record for record in rows})
        return {item: records[text] for item, text in texts.items() if text in records}

    def write(self, written: Sequence[Written], officer) -> None:
        """Add the links that rows name and the records do not have; three questions however many."""
        named = {each.record.pk: each.values.get(self.name) or () for each in written}
        targets = self.named(item for items in named.values() for item in items)
        by_key = {target.pk: target for target in targets.values()}
        wanted = {(record, targets[item].pk) for record, items in named.items() for item in items if item in targets}
        there: set[tuple[int, int]] = set()
        for part in in_parts(each.record.pk for each in written if not each.created and named[each.record.pk]):
            rows = self.model._base_manager.filter(**{f"{self.parent}__in": part, f"{self.target}__isnull": False})
            there.update(rows.order_by().values_list(self.parent, self.target))
        records = {each.record.pk: each.record for each in written}
        self.model.objects.bulk_create(
            [
                self.model(**{self.parent: records[record], self.target: by_key[key]})
                for record, key in sorted(wanted - there)
            ]
        )


def item_of(texts: Sequence[str]) -> str:
    """A record as an item of a cell: its columns without the sign that stands between items."""
    return BETWEEN.join(text.replace(JOINT.strip(), ",") for text in texts)
