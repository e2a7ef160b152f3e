"""Fields that name one row of a long list by typing: the browser offers matches, the server takes code or name."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import models
from django.urls import reverse_lazy

from movement_portal.lib.vietnamese import fold, nfc
from units.enums import GroupingKind, TrainingContent
from units.merging.codes import OLD_CODE
from units.models import Grouping, Unit
from units.search import matching

#: A unit’s code at the front of what a suggestion puts into a box.
CODE = re.compile(r"^(DV\d{7,10})\b", re.IGNORECASE)
#: Records looked at that may bear a name.
_ALIKE = 200


class SuggestingInput(forms.TextInput):
    """A text box whose suggestions the server gives while the officer types."""

    template_name = "units/widgets/suggesting_input.html"

    def __init__(self, address, kind=""):
        super().__init__(attrs={"autocomplete": "off"})
        self.address, self.kind = address, kind

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        query = urlencode({"o": name} | ({"loai": self.kind} if self.kind else {}))
        context["widget"]["address"] = f"{self.address}?{query}"
        return context


class OptionField(forms.CharField):
    """One record of a long list by what its suggestion reads, or by words that mean one record alone."""

    model: type[models.Model]
    #: Page that gives the suggestions.
    options = ""
    #: What the suggestion of a record reads.
    option: Callable[[Any], str]

    def __init__(self, **kwargs):
        super().__init__(widget=SuggestingInput(reverse_lazy(self.options)), **kwargs)
        self.queryset = self.model.objects.none()

    def narrow(self, queryset):
        """Take only records of the queryset."""
        self.queryset = queryset

    def records_called(self, text):
        """Records that a text may mean."""
        raise NotImplementedError

    def prepare_value(self, value):
        if isinstance(value, int):
            value = self.model.objects.filter(pk=value).first() or ""
        return self.option(value) if isinstance(value, self.model) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = self.records_called(text)
        if not found:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        if len(found) > 1:
            raise forms.ValidationError(self.error_messages["several"], code="several")
        return found[0]

    def has_changed(self, initial, data):
        return str(self.prepare_value(initial) or "") != str(data or "")


def coded_option(record: Any) -> str:
    """A record as its suggestion reads: the code, then the name."""
    return f"{record.code} · {record.name}"


class CodedField(OptionField):
    """One record by its code, or by its name where only one in reach is called so; narrow it to an officer first."""

    #: The code at the front of what a suggestion puts into the box.
    code: re.Pattern[str]
    option = staticmethod(coded_option)

    def records_called(self, text):
        if match := self.code.match(text):
            return self.of_code(match[1].upper())
        folded = fold(text)
        return [record for record in self.alike(text)[:_ALIKE] if fold(record.name) == folded]

    def of_code(self, code):
        """The record of a code, as a list of one; an empty one where none is in reach."""
        return list(self.queryset.filter(code=code)[:1])

    def alike(self, text):
        """Records among which those called so are."""
        return self.queryset.filter(search_folded__contains=fold(text))


class UnitField(CodedField):
    """One unit."""

    model = Unit
    options = "units:unit_options"
    code = CODE
    default_error_messages = {
        "unknown": "Không có đơn vị nào như vậy trong phạm vi của đồng chí. Gõ tên rồi chọn trong gợi ý.",
        "several": "Có nhiều đơn vị cùng tên. Gõ tên rồi chọn trong gợi ý để lấy đúng mã.",
    }

    def of_code(self, code):
        # The code of a record that went into another one names the unit that is left.
        into = self.queryset.filter(identifiers__scheme=OLD_CODE, identifiers__value=code)
        return super().of_code(code) or list(into[:1])

    def alike(self, text):
        return self.queryset.filter(matching(text))


class GroupingField(forms.CharField):
    """One group of a kind by its name; a new name makes a new group for those with the right to add one."""

    default_error_messages = {
        "unknown": "Chưa có trong danh mục. Chọn trong gợi ý, hoặc đề nghị quản trị nghiệp vụ thêm.",
    }

    def __init__(self, kind, **kwargs):
        self.kind = GroupingKind(kind)
        widget = SuggestingInput(reverse_lazy("units:grouping_options"), self.kind.value)
        super().__init__(widget=widget, max_length=200, **kwargs)
        self.can_add = False

    def narrow(self, user):
        """Let the officer add groups if they may."""
        self.can_add = user.has_perm("units.add_grouping")
        if self.can_add:
            self.help_text = "Gõ tên mới sẽ thêm vào danh mục."

    def prepare_value(self, value):
        if isinstance(value, int):
            return Grouping.objects.filter(pk=value).values_list("name", flat=True).first() or ""
        return value.name if isinstance(value, Grouping) else value

    def clean(self, value):
        name = nfc(super().clean(value))
        if not name:
            return None
        folded = fold(name)
        alike = Grouping.objects.filter(kind=self.kind, search_folded__startswith=folded)
        for grouping in alike:
            if fold(grouping.name) == folded:
                return grouping
        if not self.can_add:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        # Saved by the form once everything else is right.
        return Grouping(kind=self.kind, name=name)

    def has_changed(self, initial, data):
        return str(self.prepare_value(initial) or "") != str(data or "")


def contents_field():
    """The contents of a course as boxes to tick; empty is allowed."""
    return forms.MultipleChoiceField(
        label="Nội dung", required=False, choices=TrainingContent.choices, widget=forms.CheckboxSelectMultiple
    )
