"""A field that names one model by typing: the browser offers matches, the server takes the code."""

import re

from models_registry.models import SelfManagedModel
from units.forms.fields import CodedField


class ModelField(CodedField):
    """One model."""

    model = SelfManagedModel
    options = "models:model_options"
    code = re.compile(r"^(MH\d{7,10})\b", re.IGNORECASE)
    default_error_messages = {
        "unknown": "Không có mô hình nào như vậy trong phạm vi của đồng chí. Gõ tên rồi chọn trong gợi ý.",
        "several": "Có nhiều mô hình cùng tên. Gõ tên rồi chọn trong gợi ý để lấy đúng mã.",
    }
