"""The catalogue of kinds of models: what a model is called and what it is about, whoever runs it."""

from django.db import models

from models_registry.enums import ModelPlace, ModelTheme
from movement_portal.documents.models import LegalDocument
from movement_portal.jurisdictions.scoping import ReferenceModel
from movement_portal.lib.vietnamese import fold, nfc, sort_key


class ModelKind(ReferenceModel):
    """A named design (“loại”) such as “Camera an ninh”; one place where it runs is a model of that kind."""

    name = models.CharField("tên loại mô hình", max_length=200)
    other_names = models.TextField("tên khác", blank=True, help_text="Mỗi dòng một tên.")
    place = models.CharField("nơi thực hiện", max_length=20, choices=ModelPlace, default=ModelPlace.ANY)
    theme = models.CharField("lĩnh vực", max_length=20, choices=ModelTheme, default=ModelTheme.GENERAL)
    is_self_prevention = models.BooleanField("tự phòng", default=False)
    is_self_management = models.BooleanField("tự quản", default=False)
    is_self_protection = models.BooleanField("tự bảo vệ", default=False)
    is_self_reconciliation = models.BooleanField("tự hòa giải", default=False)
    legal_document = models.ForeignKey(
        LegalDocument, models.PROTECT, verbose_name="căn cứ", null=True, blank=True, related_name="+"
    )
    note = models.TextField("ghi chú", blank=True)
    is_in_use = models.BooleanField("đang dùng", default=True, help_text="Bỏ chọn để thôi đưa vào danh sách lựa chọn.")
    name_folded = models.CharField(max_length=200, editable=False)
    name_sort = models.CharField(max_length=250, editable=False)
    search_folded = models.TextField(editable=False)

    derived_fields = {
        "name_folded": ("name",),
        "name_sort": ("name",),
        "search_folded": ("name", "other_names"),
    }

    class Meta(ReferenceModel.Meta):
        verbose_name = "loại mô hình"
        verbose_name_plural = "loại mô hình"
        ordering = ["name_sort", "id"]
        constraints = [
            models.UniqueConstraint(
                name="modelkind_name_once",
                fields=["name_folded"],
                violation_error_message="Loại mô hình này đã có.",
            ),
        ]

    def __str__(self):
        return self.name

    def derive(self):
        self.name = nfc(self.name)
        self.name_folded = fold(self.name)
        self.name_sort = sort_key(self.name)
        # Between blanks, as lists look for the beginnings of words.
        self.search_folded = f" {fold(f'{self.name} {self.other_names}')} "
