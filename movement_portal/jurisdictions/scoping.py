"""Who sees which rows: every row belongs to an area, every officer is posted to one."""

from django.db import models
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from movement_portal.lib.prepared import Slot
from movement_portal.lib.tracking import TrackedModel, TrackedQuerySet

#: Digits of one id in a materialised path.
PATH_DIGITS = 6


class _PastIndex:
    """A comparison that no index serves on SQLite, whose planner takes every range for a small part of a table.

    Below a root lie nearly all rows: by the index of paths the database would walk the tree and sort what it found,
    where it had better walk the order asked for. PostgreSQL knows from its statistics.
    """

    def get_rhs_op(self, connection, rhs):
        return connection.operators[self.operator] % rhs

    def as_sqlite(self, compiler, connection):
        sql, params = self.as_sql(compiler, connection)
        return f"+{sql}", params


@models.CharField.register_lookup
class Reaches(_PastIndex, GreaterThanOrEqual):
    lookup_name, operator = "reaches", "gte"


@models.CharField.register_lookup
class ComesBefore(_PastIndex, LessThan):
    lookup_name, operator = "comes_before", "lt"


def path_range(path: str, lookup: str) -> models.Q:
    """“Here and below” as a range over digits, which every index and every collation understands."""
    lower, upper = _comparisons(is_root=is_root(path))
    first, following = path_bounds(path)
    return models.Q(**{f"{lookup}__{lower}": first, f"{lookup}__{upper}": following})


def _comparisons(*, is_root):
    return ("reaches", "comes_before") if is_root else ("gte", "lt")


def is_root(path: str) -> bool:
    """Whether the path is that of an area with none above it: the whole country."""
    return len(path) <= PATH_DIGITS


def path_bounds(path: str) -> tuple[str, str]:
    """The first path of “here and below”, and the first one after it."""
    return path, str(int(path) + 1).zfill(len(path))


def reach_of(user) -> dict[str, str]:
    """What the slots of ``visible_in_reach`` hold for an officer; without a posting they leave no row."""
    if not user.is_authenticated or user.jurisdiction is None:
        return {"reach_from": "1", "reach_before": "0"}
    return dict(zip(("reach_from", "reach_before"), path_bounds(user.jurisdiction.path), strict=True))


def bounds_of(jurisdiction) -> dict[str, str]:
    """What the slots of ``within_bounds`` hold for an area."""
    return dict(zip(("area_from", "area_before"), path_bounds(jurisdiction.path), strict=True))


class ScopedQuerySet(TrackedQuerySet):
    #: Lookup from this model to the path of its area; ``Jurisdiction`` itself says "path".
    path_lookup = "jurisdiction__path"

    def visible_to(self, user):
        """Rows in the officer's area or below it; none without a posting."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        return self.within(user.jurisdiction)

    def known_to(self, user):
        """Rows whose names the officer may read where a record or its history names them."""
        return self.visible_to(user)

    def within(self, jurisdiction):
        """Rows of the area and of everything below it."""
        return self.filter(path_range(jurisdiction.path, self.path_lookup))

    def visible_in_reach(self, *, is_root: bool = False):
        """As ``visible_to`` for a prepared query, which ``reach_of(user)`` tells whose it is.

        ``is_root`` makes it quick for officers of the whole country; it changes nothing of what is found.
        """
        return self._between("reach", is_root=is_root)

    def within_bounds(self):
        """As ``within`` for a prepared query, which ``bounds_of(area)`` tells what area."""
        return self._between("area", is_root=False)

    def _between(self, name, *, is_root):
        lower, upper = (f"{self.path_lookup}__{comparison}" for comparison in _comparisons(is_root=is_root))
        text = models.CharField()
        return self.filter(**{lower: Slot(f"{name}_from", text), upper: Slot(f"{name}_before", text)})

    def editable_by(self, user):
        """Rows that an officer with the right to write may write: all they see, but where several areas see one row."""
        return self.visible_to(user)


class SharedQuerySet(ScopedQuerySet):
    """Rows that several areas see and one writes: ``path_lookup`` leads to the one, ``within`` says who else sees."""

    def held_in(self, jurisdiction):
        """Rows of the area itself and of those below it, whoever else sees them: the way to count each once."""
        return self.filter(path_range(jurisdiction.path, self.path_lookup))

    def editable_by(self, user):
        """Of the rows an officer sees those of their own area: the others read, they do not write."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        return self.visible_to(user).held_in(user.jurisdiction)


class ReferenceQuerySet(TrackedQuerySet):
    """Rows of no area (rules, catalogues): every posted officer reads them."""

    def visible_to(self, user):
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        return self.all()

    def known_to(self, user):
        """Rows whose names the officer may read: all that are visible."""
        return self.visible_to(user)

    def editable_by(self, user):
        """Rows that an officer with the right to write may write: all they see."""
        return self.visible_to(user)


class ScopedModel(TrackedModel):
    """A record of one area, reached by the lookup that its queryset names."""

    objects = ScopedQuerySet.as_manager()

    class Meta(TrackedModel.Meta):
        abstract = True

    @classmethod
    def area_paths(cls, rows):
        first, _, rest = cls._default_manager.all().path_lookup.partition("__")
        if not rest:
            return [getattr(row, first) for row in rows]
        relation = cls._meta.get_field(first)
        known = {getattr(row, relation.attname): loaded_path(row, (first, *rest.split("__"))) for row in rows}
        asked = [key for key, path in known.items() if key is not None and path is None]
        if asked:
            known.update(relation.related_model._base_manager.filter(pk__in=asked).values_list("pk", rest))
        return [known[getattr(row, relation.attname)] or "" for row in rows]


def loaded_path(row, names):
    """The value at the end of a chain of relations that are all loaded already, else None."""
    for name in names[:-1]:
        relation = row._meta.get_field(name)
        if not relation.is_cached(row) or relation.get_cached_value(row) is None:
            return None
        row = relation.get_cached_value(row)
    return getattr(row, names[-1])


class ReferenceModel(TrackedModel):
    """A record that belongs to no area."""

    objects = ReferenceQuerySet.as_manager()

    class Meta(TrackedModel.Meta):
        abstract = True
