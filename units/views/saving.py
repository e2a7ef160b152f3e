"""What form pages share: a form that is saved leads on, and one that is sent twice makes one record."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import redirect

from movement_portal.audit.recording import describe


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


def save_form(
    request, form, *, heading: str, back: str, saved: Callable | None = None, again: Callable[..., str] | None = None
) -> HttpResponseRedirect | None:
    """Save a form that is right and lead to the record's page, else to ``back``; None where it could not be saved.

    ``saved`` is told of the record, in the same transaction; ``again`` gives the address of the next empty form, where
    the officer asks for it.
    """
    if not form.is_valid():
        return None
    describe(label=f"{heading}: {form.instance}"[:200])
    with transaction.atomic():
        if not form.try_save():
            return None
        messages.success(request, f"Đã lưu “{form.instance}”.")
        if saved is not None:
            saved(form.instance)
    if again is not None and "next" in request.POST:
        return redirect(again(form.instance))
    target = getattr(form.instance, "get_absolute_url", None)
    return HttpResponseRedirect(target() if target else back)
