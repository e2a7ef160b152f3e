"""Legal documents that rules and records point to, and series of numbers that are never given twice."""

import re

from django.db import connections, models, router
from django.db.models import Q
from django.urls import reverse

from movement_portal.jurisdictions.scoping import ReferenceModel, ReferenceQuerySet
from movement_portal.lib import wholes
from movement_portal.lib.dates import ends_after_start, valid_on
from movement_portal.lib.vietnamese import fold, nfc


class LegalDocumentQuerySet(ReferenceQuerySet):
    def as_of(self, date):
        """Documents in force on the date."""
        return self.filter(valid_on(date))


#: What kind of paper the letters in a number say: Nghị định 30/2020/NĐ-CP, Phụ lục III.
KINDS = {
    "NĐ": "Nghị định", "TT": "Thông tư", "TTLT": "Thông tư liên tịch", "QĐ": "Quyết định", "CT": "Chỉ thị",
    "NQ": "Nghị quyết", "KL": "Kết luận", "KH": "Kế hoạch", "HD": "Hướng dẫn", "QC": "Quy chế", "TB": "Thông báo",
}  # fmt: skip


class LegalDocument(ReferenceModel):
    """A circular, decree, directive or plan; typed in several ways in real papers, hence the aliases."""

    number = models.CharField("số, ký hiệu", max_length=60, unique=True)
    title = models.CharField("trích yếu", max_length=500)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    valid_from = models.DateField("có hiệu lực từ ngày", null=True, blank=True)
    valid_to = models.DateField("hết hiệu lực sau ngày", null=True, blank=True)
    aliases = models.TextField("cách viết khác", blank=True, help_text="Mỗi dòng một cách viết.")
    search_folded = models.TextField(editable=False)

    objects = LegalDocumentQuerySet.as_manager()

    derived_fields = {"search_folded": ("number", "title", "aliases")}

    class Meta(ReferenceModel.Meta):
        verbose_name = "văn bản"
        verbose_name_plural = "văn bản"
        ordering = ["-issued_on", "number"]
        permissions = [("export_legaldocument", "Xuất danh sách văn bản")]
        constraints = [
            ends_after_start("legaldocument_ends_after_start", message="Ngày hết hiệu lực phải sau ngày có hiệu lực."),
        ]

    def __str__(self):
        return self.number

    @property
    def cited(self) -> str:
        """The number with what it is in front, as papers cite it: “Nghị định 06/2013/NĐ-CP”."""
        kinds = (KINDS[code] for code in re.split(r"[/\-]", self.number) if code in KINDS)
        kind = next(kinds, "Luật" if self.title.startswith("Luật ") else "")
        return f"{kind} {self.number}".strip()

    def get_absolute_url(self):
        return reverse("documents:document_detail", args=[self.pk])

    def derive(self):
        self.number = nfc(self.number)
        self.search_folded = f" {fold(f'{self.number} {self.title} {self.aliases}')} "


def names_of_documents(documents: models.QuerySet) -> dict[str, list[int]]:
    """Every way the documents are written (number, title, aliases), without accents and marks, and whose it is."""
    names: dict[str, list[int]] = {}
    for pk, number, title, aliases in documents.order_by().values_list("pk", "number", "title", "aliases"):
        for name in {fold(each) for each in (number, title, *aliases.splitlines())} - {""}:
            names.setdefault(name, []).append(pk)
    return names


class NumberSeries(models.Model):
    """The last number given out under a key; numbers only grow, none is given twice."""

    key = models.CharField(max_length=100, unique=True)
    last_number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "dãy số"
        verbose_name_plural = "dãy số"
        constraints = [
            models.CheckConstraint(name="numberseries_not_negative", condition=Q(last_number__gte=0)),
        ]

    def __str__(self):
        return self.key


def take_numbers(key: str, count: int = 1) -> range:
    """The next ``count`` numbers of a series, starting at 1; the counter row is locked until the transaction ends."""
    using = router.db_for_write(NumberSeries)
    with wholes.marked(using=using), connections[using].cursor() as cursor:
        # Begun or raised in one statement, which locks the row: whoever comes next waits for what stands there then.
        cursor.execute(
            "INSERT INTO documents_numberseries (key, last_number) VALUES (%s, %s) ON CONFLICT (key) DO UPDATE "
            "SET last_number = documents_numberseries.last_number + excluded.last_number",
            [key, count],
        )
        last = NumberSeries.objects.using(using).values_list("last_number", flat=True).get(key=key)
    return range(last - count + 1, last + 1)
