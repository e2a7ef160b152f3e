"""The dated tree of areas, and what became of each."""

from django.db import models, transaction
from django.db.models import F, Q

from movement_portal.jurisdictions.enums import JurisdictionKind, SuccessionKind
from movement_portal.jurisdictions.scoping import PATH_DIGITS, ScopedModel, ScopedQuerySet
from movement_portal.lib.dates import valid_on
from movement_portal.lib.vietnamese import fold, nfc, sort_key


class JurisdictionQuerySet(ScopedQuerySet):
    path_lookup = "path"

    def as_of(self, date):
        """Areas that exist on the date."""
        return self.filter(valid_on(date))


class Jurisdiction(ScopedModel):
    """An area as it was from one date to another; one official code may name two of them, one after the other."""

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
            models.CheckConstraint(
                name="jurisdiction_ends_after_start",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self):
        return self.full_name

    def save(self, *args, **kwargs):
        self.name = nfc(self.name)
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.path != (path := self.path_under(self.parent)):
                self.move_path(path)

    @property
    def full_name(self):
        """Name with its kind: “Phường Bến Thành”."""
        if self.kind == JurisdictionKind.COUNTRY:
            return self.name
        return f"{JurisdictionKind(self.kind).prefix} {self.name}"

    @property
    def long_name(self):
        """Name with its parents, the country left out: “Phường Bến Thành, Thành phố Hồ Chí Minh”."""
        names, node = [], self
        while node is not None and node.kind != JurisdictionKind.COUNTRY:
            names.append(node.full_name)
            node = node.parent
        return ", ".join(names) or self.full_name

    def derive(self):
        self.name_sort = sort_key(self.name)
        self.search_folded = fold(f"{JurisdictionKind(self.kind).prefix} {self.name} {self.code}")

    def path_under(self, parent):
        """The path of this node below a parent: the ids from the root down, each in six digits."""
        return (parent.path if parent else "") + str(self.pk).zfill(PATH_DIGITS)

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
