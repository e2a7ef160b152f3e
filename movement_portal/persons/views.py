"""What is held on persons, why and for how long; who has looked at what is masked elsewhere."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_GET

from movement_portal.lib.paging import KeysetPage, keys_for
from movement_portal.persons.holdings import holdings
from movement_portal.persons.models import PersonalRead


@require_GET
def personal_data(request):
    """The page for whoever asks what the portal knows of persons; every officer may open it."""
    if request.user.jurisdiction is None:
        raise PermissionDenied
    context = {"holdings": holdings(), "office": settings.OFFICE_IN_CHARGE}
    return render(request, "persons/personal_data.html", context)


@require_GET
@permission_required("persons.view_personalread", raise_exception=True)
def read_list(request):
    """Readings of persons within reach, the newest first."""
    reads = PersonalRead.objects.visible_to(request.user)
    page = KeysetPage(reads, keys_for(PersonalRead, ["-at", "-id"]), request.GET)
    return render(request, "persons/read_list.html", {"page": page})
