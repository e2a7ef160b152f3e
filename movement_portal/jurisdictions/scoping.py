"""Who sees which rows: every row belongs to an area, every officer is posted to one."""

from django.apps import apps
from django.db import models
from django.db.models.fields.related_lookups import RelatedIn

from movement_portal.lib.prepared import Slot
from movement_portal.lib.tracked_rows import TrackedQuerySet
from movement_portal.lib.tracking import TrackedModel

#: Digits of one id in a materialised path.
PATH_DIGITS = 6


@models.ForeignKey.register_lookup
class LiesIn(RelatedIn):
    """As “in” a subquery; PostgreSQL finds those first and then the rows by index, instead of weighing a join.

    Of a join over a tree it knows too little: for a province of fifty thousand units it reads all million.
    """

    lookup_name = "lies_in"

    def get_rhs_op(self, connection, rhs):
        return f"= ANY(ARRAY{rhs})" if connection.vendor == "postgresql" else super().get_rhs_op(connection, rhs)


def covers(area, other) -> bool:
    """Whether ``other`` is the area or lies below it: what ``within`` asks the database, of an area that is loaded.

    No area covers nothing.
    """
    return area is not None and path_covers(area.path, other.path)


def path_covers(path: str, other: str) -> bool:
    """As ``covers``, of the paths of two areas."""
    return other.startswith(path)


def path_range(path: str, lookup: str, *, gathered: bool = False, model: type[models.Model] | None = None) -> models.Q:
    """“Here and below” as a range over digits, which every index and every collation understands.

    ``gathered`` is for rows that are all to be found, to be counted or sorted: without it the database may as well
    walk the order asked for until it has met enough of them. With ``model``, whose rows are asked for, those of a root
    are found without joining what they belong to. All find the same.
    """
    return _between(*path_bounds(path), lookup, is_root=is_root(path), gathered=gathered, model=model)


def _between(first, following, lookup, *, is_root, gathered, model=None):
    """Rows whose area lies in the range; below a root, where nearly all do, those whose area is not one of the others.

    The few areas outside cost nothing to find; joining every row to its area to let nearly all of them pass does.
    """
    relation, _, _ = lookup.rpartition("__")
    if not relation or not (is_root or gathered):
        return models.Q(**{f"{lookup}__gte": first, f"{lookup}__lt": following})
    areas = models.QuerySet(apps.get_model("jurisdictions", "Jurisdiction"))
    if is_root:
        outside = areas.filter(models.Q(path__lt=first) | models.Q(path__gte=following)).values("pk")
        relation, outside = _from_nearest(model, relation, outside)
        return models.Q(**{f"{relation}__isnull": False}) & ~models.Q(**{f"{relation}__in": outside})
    return models.Q(**{f"{relation}__lies_in": areas.filter(path__gte=first, path__lt=following).values("pk")})


def _from_nearest(model, relation, outside):
    """What the rows themselves name, and which of those lie outside: of guards the units in the areas outside.

    Only along relations that always name something: whatever names no area lies nowhere.
    """
    nearest, *names = relation.split("__")
    if model is None or not names:
        return relation, outside
    steps, there = [], model._meta.get_field(nearest).related_model
    for name in names:
        step = there._meta.get_field(name)
        if step.null:
            return relation, outside
        steps.append(step)
        there = step.related_model
    for step in reversed(steps):
        outside = models.QuerySet(step.model).filter(**{f"{step.name}__in": outside}).values("pk")
    return nearest, outside


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

    def visible_to(self, user, *, gathered: bool = False):
        """Rows in the officer's area or below it; none without a posting. ``gathered`` as in ``path_range``."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        return self.within(user.jurisdiction, gathered=True) if gathered else self.within(user.jurisdiction)

    def known_to(self, user):
        """Rows whose names the officer may read where a record or its history names them."""
        return self.visible_to(user)

    def within(self, jurisdiction, *, gathered: bool = False):
        """Rows of the area and of everything below it. ``gathered`` as in ``path_range``."""
        return self.filter(path_range(jurisdiction.path, self.path_lookup, gathered=gathered, model=self.model))

    def visible_in_reach(self, *, is_root: bool = False, gathered: bool = False):
        """As ``visible_to`` for a prepared query, which ``reach_of(user)`` tells whose it is.

        ``is_root`` makes it quick for officers of the whole country; it changes nothing of what is found.
        """
        return self._in_slots("reach", is_root=is_root, gathered=gathered)

    def within_bounds(self, *, gathered: bool = False):
        """As ``within`` for a prepared query, which ``bounds_of(area)`` tells what area."""
        return self._in_slots("area", is_root=False, gathered=gathered)

    def _in_slots(self, name, *, is_root, gathered):
        first, following = (Slot(f"{name}_{bound}", models.CharField()) for bound in ("from", "before"))
        range_of = {"is_root": is_root, "gathered": gathered, "model": self.model}
        return self.filter(_between(first, following, self.path_lookup, **range_of))

    def editable_by(self, user):
        """Rows that an officer with the right to write may write: all they see, but where several areas see one row."""
        return self.visible_to(user)


class SharedQuerySet(ScopedQuerySet):
    """Rows that several areas see and one writes: ``path_lookup`` leads to the one, ``within`` says who else sees."""

    def held_in(self, jurisdiction, *, gathered: bool = False):
        """Rows of the area itself and of those below it, whoever else sees them: the way to count each once.

        ``gathered`` as in ``path_range``.
        """
        return self.filter(path_range(jurisdiction.path, self.path_lookup, gathered=gathered))

    def parts_visible_to(self, user, area=None):
        """What ``visible_to`` finds, within an area where one is given, as querysets that share no row.

        Rows of the officer's own and rows seen for another reason are each found by an index; in one question neither
        would be.
        """
        if not user.is_authenticated or user.jurisdiction is None:
            return [self.none()]
        if area is not None and not covers(user.jurisdiction, area):
            return [self.visible_to(user).within(area)]
        return self.parts_within(area or user.jurisdiction)

    def parts_within(self, jurisdiction):
        """As ``within``, in parts."""
        return [self.within(jurisdiction)]

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
