"""Legal documents: list, page, form, and what a box suggests while one types."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from movement_portal.documents.models import LegalDocument
from movement_portal.lib.paging import COUNT_CAP, capped_count
from movement_portal.lib.vietnamese import fold, nfc
from movement_portal.templatetags.portal import chip
from units.forms.documents import LegalDocumentForm, document_option
from units.models import Activity, Commitment
from units.tables.documents import DOCUMENTS, validity_chip
from units.tables.records import day_text
from units.views.duty_pages import detail_page
from units.views.record_lists import export, list_page
from units.views.saving import form_page

#: Documents suggested at a time.
SHOWN = 12
LIST = "documents:document_list"
#: What points to a document: the kind of record, its column, what it is called, the list that filters by it.
USES = (
    (Activity, "programme", "hoạt động", "activities:activity_list"),
    (Commitment, "legal_document", "cam kết", "duties:commitment_list"),
)


def _crumbs():
    return [("Văn bản", reverse(LIST))]


@require_GET
@vary_on_headers("HX-Request")
def document_list(request):
    return list_page(request, DOCUMENTS)


@require_GET
def document_export(request, form):
    return export(request, DOCUMENTS, form)


@require_GET
@permission_required("documents.view_legaldocument", raise_exception=True)
def document_options(request):
    """Documents that the typed words are about: their number, title, or another way of writing them."""
    typed = fold(nfc(request.GET.get(request.GET.get("o", ""), "")))
    documents = LegalDocument.objects.visible_to(request.user)
    for word in typed.split():
        documents = documents.filter(search_folded__contains=f" {word}")
    found = documents[:SHOWN] if typed else []
    options = [(document_option(document), document.issuer) for document in found]
    return render(request, "units/_options.html", {"options": options})


def document_or_404(request, pk):
    return get_object_or_404(LegalDocument.objects.visible_to(request.user), pk=pk)


@require_GET
@permission_required("documents.view_legaldocument", raise_exception=True)
def document_detail(request, pk):
    document = document_or_404(request, pk)
    actions = []
    if request.user.has_perm("documents.change_legaldocument"):
        actions = [("Sửa", reverse("documents:document_edit", args=[pk]), "pencil")]
    facts = [
        ("Trích yếu", document.title),
        ("Cơ quan ban hành", document.issuer),
        ("Ngày ban hành", day_text(document.issued_on)),
        ("Hiệu lực", validity_chip(document.valid_from, document.valid_to, chip)),
        ("Có hiệu lực từ ngày", day_text(document.valid_from)),
        ("Cách viết khác", document.aliases),
        ("Đang dùng ở", uses_of(document, request.user)),
    ]
    return detail_page(request, document, title=document.number, facts=facts, crumbs=_crumbs(), actions=actions)


def uses_of(document, user):
    """The lists of what carries the document out, within the officer's reach: how many, linked; empty for none."""
    links = []
    for model, column, noun, url in USES:
        if not user.has_perm(f"units.view_{model._meta.model_name}"):
            continue
        count = capped_count(model.objects.visible_to(user).filter(**{column: document}), cap=COUNT_CAP)
        if count.value:
            links.append((f"{reverse(url)}?{urlencode({'van_ban': document.pk})}", f"{count} {noun}"))
    return format_html_join("\n", '<a href="{}">{}</a>', links)


@require_http_methods(["GET", "POST"])
@permission_required("documents.add_legaldocument", raise_exception=True)
def document_add(request):
    form = LegalDocumentForm(request.POST or None)
    return form_page(request, form, heading="Thêm văn bản", back=reverse(LIST), crumbs=_crumbs())


@require_http_methods(["GET", "POST"])
@permission_required("documents.change_legaldocument", raise_exception=True)
def document_edit(request, pk):
    document = document_or_404(request, pk)
    form = LegalDocumentForm(request.POST or None, instance=document)
    back = document.get_absolute_url()
    return form_page(request, form, heading="Sửa văn bản", back=back, crumbs=[*_crumbs(), (document.number, back)])
