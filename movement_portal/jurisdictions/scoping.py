"""Who sees which rows: every row belongs to an area, every officer is posted to one."""

from django.db import models

from movement_portal.lib.tracking import TrackedModel, TrackedQuerySet

#: Digits of one id in a materialised path.
PATH_DIGITS = 6


def path_range(path: str, lookup: str) -> models.Q:
    """“Here and below” as a range over digits, which every index and every collation understands."""
    following = str(int(path) + 1).zfill(len(path))
    return models.Q(**{f"{lookup}__gte": path, f"{lookup}__lt": following})


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


class ReferenceQuerySet(TrackedQuerySet):
    """Rows of no area (rules, catalogues): every posted officer reads them."""

    def visible_to(self, user):
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        return self.all()

    def known_to(self, user):
        """Rows whose names the officer may read: all that are visible."""
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
