"""The dated tree of areas, and what became of each."""

from django.core.exceptions import ValidationError
from django.db import models, router
from django.db.models import F, Q
from django.urls import reverse

from movement_portal.jurisdictions.enums import JurisdictionKind, SuccessionKind
from movement_portal.jurisdictions.scoping import (
    PATH_DIGITS,
    ScopedModel,
    ScopedQuerySet,
    covers,
    path_covers,
    path_range,
)
from movement_portal.lib import bulk, wholes
from movement_portal.lib.dates import day_before, ends_after_start, overlapping, period_text, valid_on, within_period
from movement_portal.lib.vietnamese import fold, nfc, sort_key


class JurisdictionQuerySet(ScopedQuerySet):
    path_lookup = "path"

    def as_of(self, date):
        """Areas that exist on the date."""
        return self.filter(valid_on(date))

    def with_parents(self):
        """Areas with the areas above them, as ``long_name`` needs them, in one query."""
        return self.select_related("parent__parent__parent")

    def visible_with_history(self, user):
        """As ``visible_to``, and what the areas in reach came from: the old areas with all that was below them."""
        if not user.is_authenticated or user.jurisdiction is None:
            return self.none()
        return self.filter(ranges(self.model.objects.origin_paths(user.jurisdiction.path)))

    def known_to(self, user):
        """Areas an officer may read the names of: those of ``visible_with_history`` and all that lie above them."""
        return self.filter(known_paths(user, "path"))

    def origin_paths(self, path):
        """The path, and the paths of the areas that it and everything below it came from, however long ago."""
        paths, unseen = {path}, [path]
        while unseen:
            origins = Succession.objects.filter(ranges(unseen, "successor__path"))
            origins = origins.exclude(ranges(paths, "predecessor__path"))
            found = topmost(origins.values_list("predecessor__path", flat=True))
            unseen = [new for new in found if not any(path_covers(known, new) for known in paths)]
            paths.update(unseen)
        return topmost(paths)

    def bulk_create(self, objs, **kwargs):
        """As every tracked model's; parents are there already, so that each row gets its path."""
        with wholes.marked(using=self.db):
            objs = super().bulk_create(objs, **kwargs)
            for obj, path in zip(objs, Jurisdiction.area_paths(objs), strict=True):
                obj.path = path
            if objs:
                paths = [obj.path for obj in objs]
                column = Jurisdiction._meta.get_field("path")
                bulk.update_columns(Jurisdiction, [column], [obj.pk for obj in objs], [paths], using=self.db)
        return objs

    bulk_create.alters_data = True

    def bulk_update(self, objs, fields, *args, **kwargs):
        """As every tracked model's; an area that has come below another takes all that lies below it along."""
        objs = list(objs)
        with wholes.marked(using=self.db):
            changed = super().bulk_update(objs, fields, *args, **kwargs)
            if {"parent", "parent_id"} & set(fields):
                # One at a time: an area above may have moved just before.
                for obj in objs:
                    obj.follow_parent()
        return changed

    bulk_update.alters_data = True


def ranges(paths, lookup="path"):
    """“Here and below” of any of the paths."""
    reach = Q(pk__in=[])
    for path in paths:
        reach |= path_range(path, lookup)
    return reach


def known_paths(user, lookup):
    """Areas in reach with their history, and those above them: whom an officer works for is no secret."""
    if not user.is_authenticated or user.jurisdiction is None:
        return Q(pk__in=[])
    paths = user.origin_paths
    above = {path[:end] for path in paths for end in range(PATH_DIGITS, len(path), PATH_DIGITS)}
    return ranges(paths, lookup) | Q(**{f"{lookup}__in": above})


def topmost(paths):
    """The paths that do not lie below another of them, in order."""
    found = []
    for path in sorted(set(paths)):
        if not found or not path_covers(found[-1], path):
            found.append(path)
    return found


class Jurisdiction(ScopedModel):
    """An area as it was from one date to another; one official code may name two of them, one after the other.

    An area keeps its kind, name and parent for as long as it lasts: what changes becomes another area and a succession.
    """

    kind = models.CharField("loại", max_length=20, choices=JurisdictionKind)
    code = models.CharField("mã", max_length=10, help_text="Mã đơn vị hành chính, giữ nguyên số 0 ở đầu.")
    name = models.CharField("tên", max_length=100, help_text="Không kèm chữ “Tỉnh”, “Phường”, “Xã”.")
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="thuộc", null=True, blank=True, related_name="children"
    )
    valid_from = models.DateField("có từ ngày", null=True, blank=True, help_text="Để trống nếu có từ trước khi ghi sổ.")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True, help_text="Để trống nếu đang tồn tại.")
    path = models.CharField("đường dẫn", max_length=60, editable=False, db_index=True)
    name_sort = models.CharField(max_length=250, editable=False)
    search_folded = models.CharField(max_length=250, editable=False)

    objects = JurisdictionQuerySet.as_manager()

    derived_fields = {"name_sort": ("name",), "search_folded": ("name", "kind", "code")}
    untracked_fields = ("path",)

    class Meta(ScopedModel.Meta):
        verbose_name = "địa bàn"
        verbose_name_plural = "địa bàn"
        ordering = ["name_sort", "id"]
        constraints = [
            models.UniqueConstraint(
                name="jurisdiction_code_once_at_a_time",
                fields=["code", "valid_from"],
                violation_error_message="Mã này đã dùng cho một địa bàn khác có cùng ngày bắt đầu.",
            ),
            models.UniqueConstraint(
                name="jurisdiction_code_once_from_before",
                fields=["code"],
                condition=Q(valid_from__isnull=True),
                violation_error_message="Mã này đã dùng cho một địa bàn khác có từ trước.",
            ),
            models.UniqueConstraint(
                name="jurisdiction_code_open_once",
                fields=["code"],
                condition=Q(valid_to__isnull=True),
                violation_error_message="Mã này đang dùng cho một địa bàn khác.",
            ),
            ends_after_start("jurisdiction_ends_after_start"),
            models.CheckConstraint(
                name="jurisdiction_not_below_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message="Địa bàn không thể thuộc chính nó.",
            ),
        ]

    def __str__(self):
        return self.full_name

    def save(self, *args, **kwargs):
        with wholes.marked(using=router.db_for_write(type(self), instance=self)):
            super().save(*args, **kwargs)
            self.follow_parent()

    def get_absolute_url(self):
        return reverse("jurisdictions:area_detail", args=[self.pk])

    def clean(self):
        super().clean()
        if self.parent is not None:
            self._check_parent(self.parent)
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            return
        same_code = Jurisdiction.objects.filter(overlapping(self.valid_from, self.valid_to), code=self.code)
        if other := same_code.exclude(pk=self.pk).with_parents().first():
            raise ValidationError({"code": f"Trong thời gian này, mã {self.code} là của {other.long_name}."})
        if self.pk:
            self._check_children()

    def _check_parent(self, parent):
        """Refuse a parent that does not exist all the time, lies below this area, or stands no higher than it."""
        if parent.pk == self.pk or (self.path and covers(self, parent)):
            raise ValidationError({"parent": "Địa bàn không thể thuộc chính nó hoặc địa bàn bên dưới nó."})
        if self.kind and JurisdictionKind(parent.kind).level >= JurisdictionKind(self.kind).level:
            raise ValidationError({"parent": f"{parent} không phải là cấp trên của {self.full_name}."})
        if not within_period(self.valid_from, self.valid_to, parent.valid_from, parent.valid_to):
            raise ValidationError({"parent": f"{parent} không tồn tại suốt thời gian của địa bàn này."})

    def _check_children(self):
        """Refuse dates that leave an area below without its parent."""
        for child in self.children.all():
            if not within_period(child.valid_from, child.valid_to, self.valid_from, self.valid_to):
                raise ValidationError({"valid_to": f"{child} bên dưới còn tồn tại ngoài thời gian này."})

    @property
    def full_name(self):
        """Name with its kind: “Phường Bến Thành”."""
        if self.kind == JurisdictionKind.COUNTRY:
            return self.name
        return f"{JurisdictionKind(self.kind).prefix} {self.name}"

    @property
    def long_name(self):
        """Name with its parents, the country left out: “Phường Bến Thành, Thành phố Hồ Chí Minh”."""
        return ", ".join(filter(None, [self.full_name, self.parent_names]))

    @property
    def parent_names(self):
        """Names of the parents from the nearest up, the country left out: “Quận 1, Thành phố Hồ Chí Minh”."""
        names, node = [], self.parent
        while node is not None and node.kind != JurisdictionKind.COUNTRY:
            names.append(node.full_name)
            node = node.parent
        return ", ".join(names)

    def exists_on(self, date):
        """Whether the area exists on the date; open ends are open."""
        return within_period(date, date, self.valid_from, self.valid_to)

    @property
    def period(self):
        """The time of its existence in words."""
        return period_text(self.valid_from, self.valid_to)

    def derive(self):
        self.name = nfc(self.name)
        self.name_sort = sort_key(self.name)
        self.search_folded = fold(f"{JurisdictionKind(self.kind).prefix} {self.name} {self.code}")

    @classmethod
    def area_paths(cls, rows):
        above = {row.parent_id for row in rows} - {None}
        paths = dict(models.QuerySet(cls).filter(pk__in=above).values_list("pk", "path"))
        return [paths.get(row.parent_id, "") + own_step(row.pk) for row in rows]

    def path_under(self, parent):
        """The path of this node below a parent: the ids from the root down, each in six digits."""
        return (parent.path if parent else "") + own_step(self.pk)

    def follow_parent(self):
        """Take the path that the parent gives, with everything below."""
        if self.path != (path := self.path_under(self.parent)):
            self.move_path(path)

    def move_path(self, path):
        """Give this node and everything below it their new paths."""
        old, self.path = self.path, path
        rows = models.QuerySet(Jurisdiction)
        if old:
            below = Jurisdiction.objects.filter(path__startswith=old).exclude(pk=self.pk)
            for pk, below_path in list(below.values_list("pk", "path")):
                rows.filter(pk=pk).update(path=path + below_path[len(old) :])
        rows.filter(pk=self.pk).update(path=path)

    def ancestors(self):
        """The areas above this one, from the root down."""
        ids = [int(self.path[at : at + PATH_DIGITS]) for at in range(0, len(self.path) - PATH_DIGITS, PATH_DIGITS)]
        return Jurisdiction.objects.filter(pk__in=ids).order_by("path")

    def descendants(self):
        """The areas below this one, itself left out."""
        return Jurisdiction.objects.within(self).exclude(pk=self.pk)


def own_step(pk):
    """The last step of a path: the id in six digits."""
    return str(pk).zfill(PATH_DIGITS)


class SuccessionQuerySet(ScopedQuerySet):
    path_lookup = "successor__path"


class Succession(ScopedModel):
    """What an area became: the whole or a part of it went into another on a date, under a legal document."""

    predecessor = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn cũ", related_name="successions")
    successor = models.ForeignKey(Jurisdiction, models.PROTECT, verbose_name="địa bàn mới", related_name="origins")
    kind = models.CharField("cách chuyển", max_length=20, choices=SuccessionKind)
    effective_on = models.DateField("có hiệu lực từ ngày")
    legal_basis = models.CharField("văn bản", max_length=200, blank=True)

    objects = SuccessionQuerySet.as_manager()

    label_relations = ("predecessor", "successor")

    class Meta(ScopedModel.Meta):
        verbose_name = "kế thừa địa bàn"
        verbose_name_plural = "kế thừa địa bàn"
        ordering = ["effective_on", "id"]
        constraints = [
            models.UniqueConstraint(
                name="succession_once",
                fields=["predecessor", "successor", "effective_on"],
                violation_error_message="Việc kế thừa này đã được ghi.",
            ),
            models.CheckConstraint(
                name="succession_between_two",
                condition=~Q(predecessor=F("successor")),
                violation_error_message="Địa bàn không thể kế thừa chính nó.",
            ),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"

    def clean(self):
        super().clean()
        if self.effective_on is None or self.predecessor_id is None or self.successor_id is None:
            return
        before, after = day_before(self.effective_on), self.effective_on
        if not within_period(before, before, self.predecessor.valid_from, self.predecessor.valid_to):
            raise ValidationError({"predecessor": f"{self.predecessor} không còn tồn tại ngay trước ngày có hiệu lực."})
        if not within_period(after, after, self.successor.valid_from, self.successor.valid_to):
            raise ValidationError({"successor": f"{self.successor} chưa tồn tại vào ngày có hiệu lực."})
        if self.kind != SuccessionKind.PART_OF and self.predecessor.valid_to != before:
            raise ValidationError({"predecessor": f"{self.predecessor} phải kết thúc ngay trước ngày có hiệu lực."})
