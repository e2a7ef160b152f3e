"""Workbooks to be filled in away from the portal: the template of each kind of list."""

from tempfile import SpooledTemporaryFile

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.views.decorators.http import require_GET

from movement_portal.spreadsheets.blank_workbooks import write_template
from movement_portal.spreadsheets.exporting import MEMORY, file_response
from movement_portal.spreadsheets.sheets import sheet_for

may_import = permission_required("spreadsheets.import_sheet", raise_exception=True)


def find_sheet(request, name):
    """A kind of list that the officer may bring in; 404 for one that is not there, else 403."""
    try:
        sheet = sheet_for(name)
    except KeyError:
        raise Http404 from None
    if not sheet.may_import(request.user) or request.user.jurisdiction is None:
        raise PermissionDenied
    return sheet


@require_GET
@may_import
def sheet_template(request, name):
    sheet = find_sheet(request, name)
    stream = SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115  closed by ``file_response`` or by its answer
    write_template(stream, sheet, officer=request.user)
    return file_response(stream, f"mau-{name}.xlsx")
