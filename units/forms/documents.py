"""Legal documents: their own form, and a field that names one by its number or by any way it is written."""

from crispy_forms.layout import Fieldset
from django import forms

from movement_portal.audit.forms import VersionedModelForm
from movement_portal.documents.models import LegalDocument, names_of_documents
from movement_portal.lib.vietnamese import fold
from units.forms.fields import OptionField
from units.forms.teams import columns, fields_only

#: Between the number and the title where a document is suggested.
MARK = " · "


def document_option(document: LegalDocument) -> str:
    """A document as its suggestion reads: the number, then the title."""
    return f"{document.number}{MARK}{document.title}"


class DocumentField(OptionField):
    """One legal document by its number, or by another way of writing it where only one is written so.

    Usage, as ``UnitField``: ``document = DocumentField(required=False)``; every posted officer reads all documents.
    """

    model = LegalDocument
    options = "documents:document_options"
    option = staticmethod(document_option)
    default_error_messages = {
        "unknown": "Không có văn bản nào mang số này. Gõ số hoặc tên rồi chọn trong gợi ý.",
        "several": "Có nhiều văn bản viết như vậy. Gõ số rồi chọn trong gợi ý.",
    }

    def __init__(self, *, label="Thực hiện văn bản", **kwargs):
        kwargs.setdefault("help_text", "Gõ số, tên hay cách gọi quen (“Chỉ thị 07”) rồi chọn.")
        super().__init__(label=label, **kwargs)

    def records_called(self, text):
        number = text.partition(MARK)[0].strip()
        return list(LegalDocument.objects.filter(number=number)[:1]) or documents_called(number)


def documents_called(text: str) -> list[LegalDocument]:
    """Documents whose number, title or another way of writing it is this text, whatever the accents and marks."""
    wanted = fold(text)
    if not wanted:
        return []
    candidates = LegalDocument.objects.filter(search_folded__contains=f" {wanted} ")
    return list(LegalDocument.objects.filter(pk__in=names_of_documents(candidates).get(wanted, ())))


class LegalDocumentForm(VersionedModelForm):
    class Meta:
        model = LegalDocument
        fields = ("number", "title", "issuer", "issued_on", "valid_from", "valid_to", "aliases")
        widgets = {"title": forms.Textarea(attrs={"rows": 2}), "aliases": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[
            "aliases"
        ].help_text = "Mỗi dòng một cách viết: “Chỉ thị 07”, “07/BCA-V28”. Gõ cách nào cũng tìm ra văn bản."
        self.helper = fields_only(
            Fieldset("Văn bản", columns("number", "issued_on"), "title", "issuer"),
            Fieldset("Hiệu lực", columns("valid_from", "valid_to")),
            Fieldset("Cách gọi khác", "aliases"),
        )

    def clean_number(self):
        number = self.cleaned_data["number"]
        if other := self._other_called(number):
            raise forms.ValidationError(f"Số này đã là cách viết của văn bản {other.number}.", code="taken")
        return number

    def clean_aliases(self):
        aliases = self.cleaned_data["aliases"]
        for alias in aliases.splitlines():
            if other := self._other_called(alias):
                told = (
                    f"“{alias.strip()}” đã là cách gọi của văn bản {other.number}: ghi rõ hơn, thêm năm hoặc cơ quan."
                )
                raise forms.ValidationError(told, code="taken")
        return aliases

    def _other_called(self, text):
        """Another document that is written so already: with two of them the words would name neither."""
        return next((each for each in documents_called(text) if each.pk != self.instance.pk), None)
