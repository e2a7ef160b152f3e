"""The administration of accounts: who may sign in, where they are posted and as what."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from movement_portal.accounts.forms import (
    EndPostingForm,
    NewOfficerForms,
    OfficerFilterForm,
    OfficerForm,
    PostingForm,
    StepForm,
    take_errors,
)
from movement_portal.accounts.states import BY_NAME, NO_PASSWORD
from movement_portal.audit.enums import ChangeAction
from movement_portal.audit.models import Change
from movement_portal.audit.timeline import Timeline, entries_of
from movement_portal.jurisdictions.enums import Function
from movement_portal.jurisdictions.granting import GrantRefused, check_touch, refusal_to_touch
from movement_portal.jurisdictions.models import Officer, Posting
from movement_portal.jurisdictions.sign_in import locked_out_until
from movement_portal.jurisdictions.workflow import (
    END_LOCKOUT,
    STEPS,
    TransitionError,
    assign,
    create_account,
    end_posting,
    perform,
    steps_from,
)

PAGE_SIZE = 50
HISTORY_LENGTH = 30


def may(*names):
    """The view needs these permissions of ``jurisdictions``; without one the answer is 403."""
    return permission_required([f"jurisdictions.{name}" for name in names], raise_exception=True)


def sent(request):
    """What a form is bound to: the data of a POST, be it empty, or None."""
    return request.POST if request.method == "POST" else None


@require_GET
@may("view_officer")
def officer_list(request):
    form = OfficerFilterForm(request.GET, by=request.user)
    values = form.values
    page = Paginator(narrowed(request.user, values), PAGE_SIZE).get_page(request.GET.get("trang"))
    ends = locked_out_until([officer.username for officer in page.object_list])
    for officer in page.object_list:
        officer.locked_out_until = ends.get(officer.username)
    query = request.GET.copy()
    query.pop("trang", None)
    context = {
        "form": form,
        "page": page,
        "office": values.get("office"),
        "act": values.get("viec"),
        "waiting": _waiting(request.user, values),
        "is_narrowed": bool(values),
        "query": query.urlencode(),
        "end_lockout": END_LOCKOUT if request.user.has_perm("jurisdictions.change_officer") else None,
        "may_add": request.user.has_perm("jurisdictions.add_officer"),
    }
    return render(request, "accounts/officer_list.html", context)


def _waiting(user, values):
    """How many of the listed accounts wait for their first password, for whoever may issue it."""
    if not user.has_perm("jurisdictions.change_officer"):
        return 0
    return NO_PASSWORD.narrow(narrowed(user, values)).count()


def narrowed(user, values):
    """Officers in reach, narrowed by the values of the filter form."""
    officers = Officer.objects.visible_to(user).search(values.get("q", "")).with_postings()
    if office := values.get("office"):
        officers = officers.filter(home_office=office.pk)
    if function := values.get("function"):
        officers = officers.filter(pk__in=Posting.objects.in_force_today().filter(function=function).values("officer"))
    if state := values.get("state"):
        officers = BY_NAME[state].narrow(officers)
    if act := values.get("viec"):
        opened = Change.objects.filter(event=act, model=Officer._meta.label_lower, action=ChangeAction.CREATE)
        officers = officers.filter(pk__in=opened.values("object_id"))
    return officers


def officer_in_reach(request, pk):
    """The officer, or 404 where the one who asks may not know of them."""
    return get_object_or_404(Officer.objects.visible_to(request.user).with_postings(), pk=pk)


@require_GET
@may("view_officer")
def officer_detail(request, pk):
    officer = officer_in_reach(request, pk)
    refusal = refusal_to_touch(request.user, officer)
    may_change = not refusal and request.user.has_perm("jurisdictions.change_officer")
    postings = list(officer.postings.visible_to(request.user).select_related("office"))
    context = {
        "officer": officer,
        "refusal": refusal,
        "postings": postings,
        "may_change": may_change,
        "may_post": not refusal and request.user.has_perm("jurisdictions.add_posting"),
        "may_end": not refusal and request.user.has_perm("jurisdictions.change_posting"),
        "steps": steps_from(officer) if may_change else [],
        "timeline": history_of(request.user, officer, postings),
        "now": timezone.now(),
    }
    return render(request, "accounts/officer_detail.html", context)


def history_of(user, officer, postings):
    """The last changes of the account and of the postings the reader sees, act by act."""
    rows = Q(model="jurisdictions.officer", object_id=officer.pk)
    rows |= Q(model="jurisdictions.posting", object_id__in=[posting.pk for posting in postings])
    changes = Change.objects.visible_to(user).filter(rows).select_related("event").order_by("-id")
    return Timeline(entries_of(changes[:HISTORY_LENGTH], user))


@never_cache
@require_http_methods(["GET", "POST"])
@may("add_officer", "add_posting")
def officer_create(request):
    forms = NewOfficerForms(sent(request), by=request.user, cancel=reverse("accounts:officer_list"))
    if forms.is_valid():
        names = ("username", "full_name", "title", "phone")
        account = {name: forms.officer.cleaned_data[name] for name in names}
        try:
            officer, password = create_account(account, forms.posting.posting, by=request.user)
        except (ValidationError, GrantRefused) as error:
            forms.take_errors(error)
        else:
            return password_slip(request, officer, password)
    return render(request, "accounts/officer_create.html", {"forms": forms})


def password_slip(request, officer, password):
    """The only page that ever shows the password; made to be printed."""
    context = {"officer": officer, "password": password, "address": request.build_absolute_uri("/")}
    return render(request, "accounts/password_slip.html", context)


@require_http_methods(["GET", "POST"])
@may("change_officer")
def officer_edit(request, pk):
    officer = officer_in_reach(request, pk)
    check_touch(request.user, officer)
    page = reverse("accounts:officer_detail", args=[pk])
    form = OfficerForm(sent(request), instance=officer, cancel=page)
    if form.is_valid() and form.try_save():
        messages.success(request, "Đã lưu.")
        return redirect(page)
    return render(request, "accounts/officer_edit.html", {"form": form, "officer": officer})


@never_cache
@require_http_methods(["GET", "POST"])
@may("change_officer")
def officer_step(request, pk, name):
    officer = officer_in_reach(request, pk)
    check_touch(request.user, officer)
    step = next((step for step in STEPS if step.name == name), None)
    if step is None:
        raise Http404
    page = reverse("accounts:officer_detail", args=[pk])
    form = StepForm(sent(request), step=step, cancel=page)
    if form.is_valid():
        try:
            officer, password = perform(step, pk, by=request.user, reason=form.cleaned_data["reason"])
        except TransitionError as error:
            form.add_error(None, str(error))
        else:
            if step.new_password:
                return password_slip(request, officer, password)
            messages.success(request, f"{step.label}: đã xong.")
            return redirect(page)
    return render(request, "accounts/officer_step.html", {"form": form, "officer": officer, "step": step})


@require_http_methods(["GET", "POST"])
@may("change_officer", "add_posting")
def posting_create(request, pk):
    officer = officer_in_reach(request, pk)
    check_touch(request.user, officer)
    page = reverse("accounts:officer_detail", args=[pk])
    initial = {"office": officer.office, "function": Function.ENTER}
    form = PostingForm(sent(request), by=request.user, officer=officer, cancel=page, initial=initial)
    if form.is_valid():
        try:
            assign(pk, form.posting, by=request.user, moving=form.cleaned_data.get("moving", False))
        except (ValidationError, GrantRefused) as error:
            take_errors(form, error)
        else:
            messages.success(request, "Đã phân công.")
            return redirect(page)
    return render(request, "accounts/posting_create.html", {"form": form, "officer": officer})


@require_http_methods(["GET", "POST"])
@may("change_officer", "change_posting")
def posting_end(request, pk, posting_pk):
    officer = officer_in_reach(request, pk)
    posting = get_object_or_404(Posting.objects.visible_to(request.user).filter(officer=officer), pk=posting_pk)
    check_touch(request.user, officer)
    page = reverse("accounts:officer_detail", args=[pk])
    form = EndPostingForm(sent(request), cancel=page)
    if form.is_valid():
        last_day, reason = form.cleaned_data["last_day"], form.cleaned_data["reason"]
        try:
            end_posting(posting_pk, by=request.user, last_day=last_day, reason=reason)
        except TransitionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã kết thúc phân công.")
            return redirect(page)
    return render(request, "accounts/posting_end.html", {"form": form, "officer": officer, "posting": posting})
