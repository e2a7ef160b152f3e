"""The left navigation: by work, not by table; each officer sees what they may use."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    icon: str
    permission: str = ""


ENTRIES = (
    Entry("Việc của tôi", "home", "inbox"),
    Entry("Đơn vị", "units:unit_list", "buildings", "units.view_unit"),
)


def navigation(request):
    """Entries that the officer of the request may use."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"navigation": [entry for entry in ENTRIES if not entry.permission or user.has_perm(entry.permission)]}
