"""A form on its own page: saved it leads on, sent twice it makes one record."""

from collections.abc import Callable, Sequence
from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.shortcuts import redirect, render

from movement_portal.audit.recording import describe
from movement_portal.lib.numbers import written
from movement_portal.lib.orders import oddities_of
from units.forms.pasting import UnitsField

#: Label and address of each page above.
Crumbs = Sequence[tuple[str, str]]


def made_once(model: type[models.Model]):
    """For a view that makes a new record of the model: its form, sent twice, leads to what it made the first time.

    The view saves in a transaction and lets ``IntegrityError`` out.
    """

    def decorate(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            if request.method != "POST":
                return view(request, *args, **kwargs)
            if sent := _sent_before(request, model):
                return redirect(sent)
            try:
                return view(request, *args, **kwargs)
            except IntegrityError:
                # The same form came in first; anything else that the database refuses stays an error.
                if (sent := _sent_before(request, model)) is None:
                    raise
                return redirect(sent)

        return answer

    return decorate


def _sent_before(request, model):
    """The record that this very form already made, or None."""
    key = request.POST.get("submission_key", "")
    try:
        return model.objects.visible_to(request.user).filter(submission_key=key).first() if key else None
    except (ValueError, ValidationError):
        return None


def tell_left_out(request, form) -> None:
    """Say how many pasted lines were left out because nobody knows which unit they are."""
    count = sum(field.left_out for field in form.fields.values() if isinstance(field, UnitsField))
    if count:
        messages.warning(request, f"{written(count)} dòng không rõ là đơn vị nào nên đã bỏ qua.")


def form_page(
    request,
    form,
    *,
    heading: str,
    back: str,
    crumbs: Crumbs,
    again: Callable[..., str] | None = None,
    again_label: str = "",
    saved: Callable | None = None,
    note: str = "",
    remove_url: str = "",
):
    """A form on its own page: saved it leads to the record's page, else to ``back``.

    ``again`` gives the address of the next empty form, offered as ``again_label``; ``saved`` is told of the record, in
    the same transaction; ``remove_url`` leads to the page that takes the record away.
    """
    if form.is_valid() and _save(request, form, heading, saved):
        if again is not None and "next" in request.POST:
            return redirect(again(form.instance))
        target = getattr(form.instance, "get_absolute_url", None)
        return redirect(target() if target else back)
    return show_form(
        request,
        form,
        heading=heading,
        back=back,
        crumbs=crumbs,
        again_label=again_label,
        note=note,
        remove_url=remove_url,
        remove_label="Xóa",
    )


def tell_oddities(request, record: models.Model) -> None:
    """Say what of a record just saved is odd; it is saved all the same."""
    for text in oddities_of(record):
        messages.warning(request, text)


def _save(request, form, heading, saved):
    describe(label=f"{heading}: {form.instance}"[:200])
    with transaction.atomic():
        if is_saved := form.try_save():
            messages.success(request, f"Đã lưu “{form.instance}”.")
            tell_oddities(request, form.instance)
            tell_left_out(request, form)
            if saved is not None:
                saved(form.instance)
    return is_saved


def show_form(request, form, *, heading: str, back: str, crumbs: Crumbs, button="Lưu", icon="check-lg", **more):
    """The page of a form; 422 after a refusal. ``more`` may be a ``note`` above it and an ``again_label``."""
    context = {"form": form, "heading": heading, "back": back, "crumbs": crumbs, "button": button, "icon": icon, **more}
    return render(request, "units/record_form.html", context, status=200 if request.method == "GET" else 422)
