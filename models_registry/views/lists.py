"""Lists of models, of their activities and of kinds, their exports, and what a box suggests while one types."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from models_registry.filters import KindFilters
from models_registry.kind_tables import KINDS, kinds_in
from models_registry.models import SelfManagedModel
from models_registry.tables import LOG, MODELS
from movement_portal.lib.vietnamese import fold, nfc
from units.forms.fields import coded_option
from units.views.record_lists import export, list_page

#: Models suggested at a time, and how many letters must be typed for it.
SUGGESTIONS, LETTERS = 12, 2


def tabs(user, current):
    """The pages about models beside one another: label, address, whether it is the one shown."""
    pages = [
        ("Danh sách mô hình", MODELS.list_url, MODELS.permission),
        ("Biến động theo kỳ", "models:model_period", MODELS.permission),
        ("Hoạt động", LOG.list_url, LOG.permission),
        ("Loại mô hình", KINDS.list_url, KINDS.permission),
    ]
    return [(label, reverse(url), url == current) for label, url, right in pages if user.has_perm(right)]


@require_GET
@vary_on_headers("HX-Request")
def model_list(request):
    return list_page(request, MODELS, tabs=tabs(request.user, MODELS.list_url))


@require_GET
def model_export(request, form):
    return export(request, MODELS, form)


@require_GET
@vary_on_headers("HX-Request")
def log_list(request):
    return list_page(request, LOG, tabs=tabs(request.user, LOG.list_url))


@require_GET
def log_export(request, form):
    return export(request, LOG, form)


@require_GET
@vary_on_headers("HX-Request")
def kind_list(request):
    return list_page(request, _kinds(request), tabs=tabs(request.user, KINDS.list_url))


@require_GET
def kind_export(request, form):
    return export(request, _kinds(request), form)


def _kinds(request):
    """The list of kinds with the figures of the area that the address names."""
    is_posted = request.user.is_authenticated and request.user.jurisdiction is not None
    return kinds_in(KindFilters(request.GET, request.user).area if is_posted else None)


@require_GET
@permission_required("models_registry.view_selfmanagedmodel", raise_exception=True)
def model_options(request):
    """Models in reach whose name, code or head holds what is typed."""
    words = fold(nfc(request.GET.get(request.GET.get("o", ""), ""))[:200]).split()
    options = []
    if sum(map(len, words)) >= LETTERS:
        models = SelfManagedModel.objects.visible_to(request.user).select_related("jurisdiction")
        for word in words:
            models = models.filter(search_folded__contains=f" {word}")
        options = [
            (coded_option(model), model.jurisdiction.full_name)
            for model in models.order_by("name_sort", "id")[:SUGGESTIONS]
        ]
    return render(request, "units/_options.html", {"options": options})
