"""A field that names one model by typing: the browser offers matches, the server takes the code."""

import re

from django import forms
from django.urls import reverse_lazy

from models_registry.models import SelfManagedModel
from movement_portal.lib.vietnamese import fold
from units.forms.fields import SuggestingInput

_CODE = re.compile(r"^(MH\d{7,10})\b", re.IGNORECASE)


def model_option(model: SelfManagedModel) -> str:
    """A model as its suggestion reads: the code, then the name."""
    return f"{model.code} · {model.name}"


class ModelField(forms.CharField):
    """One model by its code, or by its name where only one in reach is called so; narrow it to an officer first."""

    default_error_messages = {
        "unknown": "Không có mô hình nào như vậy trong phạm vi của đồng chí. Gõ tên rồi chọn trong gợi ý.",
        "several": "Có nhiều mô hình cùng tên. Gõ tên rồi chọn trong gợi ý để lấy đúng mã.",
    }

    def __init__(self, **kwargs):
        super().__init__(widget=SuggestingInput(reverse_lazy("models:model_options")), **kwargs)
        self.queryset = SelfManagedModel.objects.none()

    def narrow(self, queryset):
        """Take only models of the queryset."""
        self.queryset = queryset

    def prepare_value(self, value):
        return model_option(value) if isinstance(value, SelfManagedModel) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        if match := _CODE.match(text):
            found = list(self.queryset.filter(code=match[1].upper())[:1])
        else:
            words = fold(text)
            candidates = self.queryset.filter(search_folded__contains=words)[:200]
            found = [model for model in candidates if fold(model.name) == words]
        if not found:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        if len(found) > 1:
            raise forms.ValidationError(self.error_messages["several"], code="several")
        return found[0]

    def has_changed(self, initial, data):
        return str(self.prepare_value(initial) or "") != str(data or "")
