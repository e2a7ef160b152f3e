"""What each function may do: the one table from which the groups of permissions are written.

A line names permissions as ``app.codename``; ``*`` stands for any run of letters. A later app joins by its own line.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from movement_portal.jurisdictions.enums import Function
from movement_portal.lib.vietnamese import mid_sentence

#: Everything of work is read by whoever works with records, inside their own area.
VIEW_WORK = (
    "jurisdictions.view_jurisdiction",
    "jurisdictions.view_succession",
    "jurisdictions.view_policeoffice",
    "documents.view_legaldocument",
    "units.view_*",
    "models_registry.view_*",
    "assessments.view_*",
    "awards.view_*",
)
EXPORT = ("units.export_*", "models_registry.export_*", "documents.export_legaldocument")
#: What an officer types in: units and what hangs on them. Status and area change by their own steps.
WRITE_RECORDS = (
    "units.add_unit",
    "units.change_unit",
    "units.*_unitidentifier",
    "units.change_duplicatepair",
    "units.add_transferrequest",
    "units.decide_transferrequest",
    "units.*_headcount",
    "units.*_securityteam",
    "units.*_teamstrength",
    "units.*_teamreview",
    "units.*_guard",
    "units.*_trainingcourse",
    "units.*_trainingattendance",
    "units.*_trainingcertificate",
    "units.reveal_citizen_id",
    "units.*_activity",
    "units.*_activityunit",
    "units.*_commitment",
    "units.*_coordinationagreement",
    "units.*_agreementparty",
    "units.*_inspection",
    "units.*_incident",
    "units.*_partrating",
    "models_registry.add_selfmanagedmodel",
    "models_registry.change_selfmanagedmodel",
    "models_registry.*_modelmember",
    "models_registry.*_modelgroup",
    "models_registry.*_modelstrength",
    "models_registry.*_modellogentry",
    "models_registry.*_modelrating",
)
#: Steps in the life of a model, and its being named an example.
DECIDE_MODELS = ("models_registry.change_model_status", "models_registry.*_modelrecognition")

PERMISSIONS: dict[Function, tuple[str, ...]] = {
    # A commune's officer types; a whole list at once is the business of the administration of records.
    Function.ENTER: (*VIEW_WORK, *EXPORT, *WRITE_RECORDS),
    Function.APPRAISE: (*VIEW_WORK, *EXPORT),
    Function.DECIDE: (
        *VIEW_WORK,
        *EXPORT,
        "units.override_eligibility",
        "units.change_unit_status",
        "units.merge_unit",
        "units.decide_transferrequest",
        *DECIDE_MODELS,
    ),
    Function.MANAGE_RECORDS: (
        *VIEW_WORK,
        *EXPORT,
        *WRITE_RECORDS,
        *DECIDE_MODELS,
        "models_registry.delete_selfmanagedmodel",
        "units.delete_unit",
        "units.change_unit_status",
        "units.merge_unit",
        "units.override_eligibility",
        "units.import_unit",
        "units.*_placement",
        "units.*_grouping",
        "units.*_eligibilityrule",
        "units.*_sizethreshold",
        "units.*_guardrule",
        "units.*_holdingperiod",
        "jurisdictions.*_jurisdiction",
        "jurisdictions.*_succession",
        "jurisdictions.*_policeoffice",
        "documents.*_legaldocument",
        "models_registry.*_modelkind",
        "assessments.*_criteriaset",
        "assessments.*_criterion",
        "awards.*_awardform",
        "documents.view_numberseries",
        "spreadsheets.view_importbatch",
        "spreadsheets.view_issuedworkbook",
        "spreadsheets.import_sheet",
        "spreadsheets.undo_import",
        "audit.view_auditevent",
        "audit.view_change",
        "audit.view_redaction",
        "persons.view_personalread",
    ),
    # Accounts and no records; an account is locked, never deleted, because the history names it.
    Function.MANAGE_ACCOUNTS: (
        "jurisdictions.view_jurisdiction",
        "jurisdictions.view_policeoffice",
        "jurisdictions.view_officer",
        "jurisdictions.add_officer",
        "jurisdictions.change_officer",
        "jurisdictions.view_posting",
        "jurisdictions.add_posting",
        "jurisdictions.change_posting",
        # Lists of officers; of other kinds they have no right to the records.
        "spreadsheets.view_importbatch",
        "spreadsheets.view_issuedworkbook",
        "spreadsheets.import_sheet",
        "spreadsheets.undo_import",
    ),
    Function.READ: (*VIEW_WORK, *EXPORT),
}

#: Models whose rows all areas share (the tree, rules, catalogues): an office below the province reads them only,
#: for what one writes there all others see. By app.
SHARED = {
    "jurisdictions": ("jurisdiction", "succession", "policeoffice"),
    "documents": ("legaldocument",),
    "units": ("grouping", "eligibilityrule", "sizethreshold", "guardrule", "holdingperiod"),
    "models_registry": ("modelkind",),
    "assessments": ("criteriaset", "criterion"),
    "awards": ("awardform",),
}


def shared_writes() -> set[str]:
    """The permissions to add, change or delete rows that all areas share."""
    verbs = ("add", "change", "delete")
    return {f"{app}.{verb}_{name}" for app, names in SHARED.items() for name in names for verb in verbs}


#: Each function in one line, for whoever gives it.
SUMMARIES: dict[Function, str] = {
    Function.ENTER: "xem, thêm và sửa hồ sơ đơn vị, xuất danh sách",
    Function.APPRAISE: "xem và xuất hồ sơ, thẩm định",
    Function.DECIDE: "xem và xuất hồ sơ, kết luận đối tượng, đổi tình trạng đơn vị, gộp hồ sơ trùng",
    Function.MANAGE_RECORDS: "toàn bộ hồ sơ, nhập Excel, danh mục, địa bàn, nhật ký",
    Function.MANAGE_ACCOUNTS: "tài khoản và phân công, nhập danh sách cán bộ; không xem hồ sơ đơn vị",
    Function.READ: "xem và xuất hồ sơ",
}


class UnknownPermission(Exception):
    """A line of the table that matches no permission of any model."""

    def __init__(self, function: Function, line: str):
        super().__init__(f"{function.value}: {line} names no permission")


def known_permissions() -> set[str]:
    """Every permission that a model has, as ``app.codename``."""
    names = set()
    for model in apps.get_models():
        options = model._meta
        codenames = [get_permission_codename(verb, options) for verb in options.default_permissions]
        codenames += [codename for codename, _ in options.permissions]
        names.update(f"{options.app_label}.{codename}" for codename in codenames)
    return names


def permissions_of(function: Function, known: Iterable[str]) -> set[str]:
    """The permissions of a function among those ``known``.

    Raises ``UnknownPermission`` for a line that matches none.
    """
    names: set[str] = set()
    for line in PERMISSIONS[function]:
        found = {name for name in known if fnmatchcase(name, line)}
        if not found:
            raise UnknownPermission(function, line)
        names |= found
    return names


@cache
def allowed(functions: frozenset[Function], writes_shared: bool) -> frozenset[str]:
    """What the functions together may do; without ``writes_shared`` rows that all areas share are only read.

    From the table itself, once a process: no request asks the database what a function is.
    """
    known = known_permissions()
    names = {name for function in functions for name in permissions_of(function, known)}
    return frozenset(names if writes_shared else names - shared_writes())


@transaction.atomic
def sync() -> dict[Function, int]:
    """Write the table into the groups, remove groups that are no function; answers the permissions of each.

    Raises ``UnknownPermission``, and then nothing is written.
    """
    known = known_permissions()
    rows = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    ids = {f"{app}.{codename}": pk for app, codename, pk in rows}
    counts = {}
    for function in Function:
        names = permissions_of(function, known)
        group, _ = Group.objects.get_or_create(name=function.value)
        group.permissions.set([ids[name] for name in names])
        counts[function] = len(names)
    Group.objects.exclude(name__in=Function.values).delete()
    return counts


#: The rights that Django knows for every model, in words and in the order of the page.
VERBS = {"view": "xem", "add": "thêm", "change": "sửa", "delete": "xóa"}


def in_words(permissions: set[str]) -> list[tuple[str, list[str]]]:
    """Permissions (``app.codename``) in words, by the kind of record: (“đơn vị”, [“xem”, “thêm”])."""
    words = []
    for model in apps.get_models():
        app, name = model._meta.app_label, model._meta.model_name
        rights = [(f"{verb}_{name}", word) for verb, word in VERBS.items()]
        rights += [(codename, mid_sentence(label)) for codename, label in model._meta.permissions]
        if held := [word for codename, word in rights if f"{app}.{codename}" in permissions]:
            words.append((str(model._meta.verbose_name), held))
    return words
