"""Persons named on a record by their post: who was named before, and who is on a record that has ended."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from movement_portal.audit.models import AuditEvent, Change
from movement_portal.audit.redacting import Cut, cut, redact
from movement_portal.lib.bulk import chunks
from movement_portal.lib.changes import MASK
from movement_portal.lib.dates import beginning_of
from movement_portal.lib.tracking import TrackedModel
from movement_portal.spreadsheets.forgetting import forget_records
from units.enums import HoldingSubject, UnitStatus
from units.models import SecurityTeam, Unit, UnitMerge
from units.retention.mentions import Named, unit_paths
from units.retention.rules import Due, Erased, Retention, register


@dataclass(frozen=True)
class Posts:
    """The columns of a model that name a person by post, and the records that have ended before a day."""

    model: type[TrackedModel]
    columns: tuple[str, ...]
    ended: Callable[[datetime.date], Q]

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def filled(self) -> Q:
        """Records that name anybody."""
        named = Q()
        for column in self.columns:
            named |= ~Q(**{column: ""})
        return named


#: Of each record and column the last change by which a person named before left it.
Former = Mapping[int, Mapping[str, int]]


def ended_records(posts: Posts, before: datetime.date):
    """Records that ended before the day and still name somebody."""
    return posts.model._base_manager.filter(posts.ended(before)).filter(posts.filled)


def former_holders(posts: Posts, before: datetime.date) -> Former:
    """Whom history alone still names, their post having ended before the day: record -> column -> last such change."""
    left: dict[int, dict[str, int]] = defaultdict(dict)
    changes = Change.objects.filter(
        model=posts.label, event__at__lt=beginning_of(before), before__has_any_keys=list(posts.columns)
    )
    for pk, record, values in changes.order_by("id").values_list("id", "object_id", "before").iterator(2_000):
        for column in posts.columns:
            if values.get(column) not in (None, "", MASK):
                left[record][column] = pk
    return left


def find(every: Sequence[Posts], before: datetime.date) -> list[Due]:
    """Records, and histories, that name somebody who has left before the day."""
    found = []
    for posts in every:
        ended = ended_records(posts, before).order_by("pk")
        found += [Due(row.pk, row.history_label()) for row in ended.iterator(chunk_size=2_000)]
        former = former_holders(posts, before)
        labels = {}
        for part in chunks(list(former)):
            labels.update({row.pk: row.history_label() for row in posts.model._base_manager.filter(pk__in=part)})
        found += [Due(pk, f"{labels.get(pk, 'Bản ghi đã xóa')}: tên cũ trong lịch sử") for pk in former]
    return found


def erase(every: Sequence[Posts], before: datetime.date, event: AuditEvent) -> Erased:
    """Empty the columns of records that have ended, and mask in history whoever has left."""
    done = Erased()
    for posts in every:
        ended = list(ended_records(posts, before).values_list("pk", flat=True))
        former = former_holders(posts, before)
        for part in chunks(ended):
            rows = list(posts.model._base_manager.filter(pk__in=part))
            for row in rows:
                for column in posts.columns:
                    setattr(row, column, "")
            posts.model._base_manager.bulk_update(rows, list(posts.columns))
            whole = [cut(change, posts.columns) for change in _changes(posts, part)]
            done += Erased(len(rows), redact(whole, event=event), forget_records(posts.model, part, posts.columns))
        for part in chunks([pk for pk in former if pk not in set(ended)]):
            cuts = list(_cuts(posts, {pk: former[pk] for pk in part}))
            rows = forget_records(posts.model, part, posts.columns, before=beginning_of(before))
            done += Erased(len(part), redact(cuts, event=event), rows)
    return done


def _changes(posts: Posts, pks) -> Iterator[Change]:
    yield from Change.objects.filter(model=posts.label, object_id__in=list(pks)).order_by("id")


def _cuts(posts: Posts, former: Former) -> Iterator[Cut]:
    """Values that were there before the last change which ended a post; what that change wrote is of today."""
    for change in _changes(posts, former):
        last = former[change.object_id]
        before = frozenset(name for name, pk in last.items() if change.pk <= pk and name in change.before)
        after = frozenset(name for name, pk in last.items() if change.pk < pk and name in change.after)
        if before or after:
            yield Cut(change, before, after)


def people(every: Sequence[Posts], before: datetime.date) -> Iterator[Named]:
    """Who is named on records that have ended, and whom history alone still names, each with units of the record."""
    for posts in every:
        names = [column for column in posts.columns if column.endswith("_name")]
        told: dict[int, set[str]] = defaultdict(set)
        for pk, *values in ended_records(posts, before).values_list("pk", *names).iterator(chunk_size=2_000):
            told[pk].update(values)
        former = former_holders(posts, before)
        for part in chunks(list(former)):
            for each in _cuts(posts, {pk: former[pk] for pk in part}):
                said = {each.change.before.get(name) for name in each.before if name in names}
                said |= {each.change.after.get(name) for name in each.after if name in names}
                told[each.change.object_id].update(said)
        for part in chunks(list(told)):
            for path in unit_paths(posts.model):
                rows = posts.model._base_manager.filter(pk__in=part, **{f"{path}__isnull": False})
                for pk, unit in rows.order_by().values_list("pk", path).distinct():
                    yield from (Named(name, unit) for name in told[pk] if name and name != MASK)


def retention(subject: HoldingSubject, since: str, *every: Posts, also=None) -> Retention:
    """How the data of persons named by their posts end; ``also`` empties what else keeps them."""

    def erase_all(due, before, event):
        done = erase(every, before, event)
        return done + also(before) if also else done

    def named(due, before):
        return people(every, before)

    return Retention(subject, since, lambda before: find(every, before), erase_all, named)


TEAM_COLUMNS = ("leader_name", "leader_phone")


def _empty_set_aside(before: datetime.date) -> Erased:
    """Rows of teams that merges keep aside name leaders as well."""
    emptied = 0
    for merge in UnitMerge.objects.filter(merged_at__lt=beginning_of(before)).exclude(set_aside=[]):
        teams = [row for row in merge.set_aside if row["model"] == SecurityTeam._meta.label_lower]
        named = [row for row in teams if any(row["fields"].get(name) for name in TEAM_COLUMNS)]
        for row in named:
            row["fields"].update(dict.fromkeys(TEAM_COLUMNS, ""))
        if named:
            merge.save(update_fields=["set_aside"])
            emptied += len(named)
    return Erased(rows=emptied)


def register_holders() -> None:
    """Say how the data of heads, contacts and leaders end."""
    register(
        retention(
            HoldingSubject.TEAM_LEADER,
            "khi thôi phụ trách, hoặc lực lượng giải thể",
            Posts(SecurityTeam, TEAM_COLUMNS, lambda before: Q(ended_on__lt=before)),
            also=_empty_set_aside,
        )
    )
    register(
        retention(
            HoldingSubject.UNIT_PERSON,
            "khi thôi giữ chức vụ, hoặc đơn vị giải thể, sáp nhập",
            Posts(
                Unit,
                ("head_name", "head_phone", "contact_name", "contact_phone"),
                lambda before: Q(status__in=(UnitStatus.DISSOLVED, UnitStatus.MERGED), status_on__lt=before),
            ),
        )
    )
