"""Lists to try the import with, on a portal of demonstration data."""

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from movement_portal.spreadsheets import samples
from movement_portal.spreadsheets.sheets import importable_sheets

#: Parameter that asks for one of the files.
FILE = "tep"


@require_GET
@permission_required("spreadsheets.import_sheet", raise_exception=True)
def sample_list(request):
    if name := request.GET.get(FILE):
        path = samples.path_of(name)
        if path is None:
            raise Http404
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
    kinds = {sheet.name for sheet in importable_sheets(request.user)}
    return render(request, "spreadsheets/sample_list.html", {"samples": samples.offered(kinds)})
