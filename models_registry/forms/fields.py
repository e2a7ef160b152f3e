"""A field that names one model by typing: the browser offers matches, the server takes the code."""

import re

from models_registry.models import SelfManagedModel
from movement_portal.lib.vietnamese import fold
from units.forms.fields import OptionField

_CODE = re.compile(r"^(MH\d{7,10})\b", re.IGNORECASE)


def model_option(model: SelfManagedModel) -> str:
    """A model as its suggestion reads: the code, then the name."""
    return f"{model.code} · {model.name}"


class ModelField(OptionField):
    """One model by its code, or by its name where only one in reach is called so; narrow it to an officer first."""

    model = SelfManagedModel
    options = "models:model_options"
    option = staticmethod(model_option)
    default_error_messages = {
        "unknown": "Không có mô hình nào như vậy trong phạm vi của đồng chí. Gõ tên rồi chọn trong gợi ý.",
        "several": "Có nhiều mô hình cùng tên. Gõ tên rồi chọn trong gợi ý để lấy đúng mã.",
    }

    def records_called(self, text):
        if match := _CODE.match(text):
            return list(self.queryset.filter(code=match[1].upper())[:1])
        words = fold(text)
        candidates = self.queryset.filter(search_folded__contains=words)[:200]
        return [model for model in candidates if fold(model.name) == words]
