"""The left navigation: by work, not by table; each officer sees what they may use."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, reverse


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    icon: str
    #: Permission or permissions, any of which opens the entry; empty is for every officer.
    permission: str | tuple[str, ...] = ""
    #: Heading under which the entry stands; entries without one come first.
    group: str = ""

    def is_open_with(self, permissions):
        wanted = (self.permission,) if isinstance(self.permission, str) else self.permission
        return any(not permission or permission in permissions for permission in wanted)


@dataclass(frozen=True)
class Link:
    """An entry as one page shows it."""

    label: str
    url: str
    icon: str
    group: str
    is_current: bool


ADMINISTRATION = "Quản trị"

ENTRIES = (
    Entry("Việc của tôi", "home", "inbox"),
    Entry("Đơn vị", "units:unit_list", "buildings", "units.view_unit"),
    Entry("Lực lượng bảo vệ", "forces:team_list", "shield-check", "units.view_securityteam"),
    Entry("Mô hình", "models:model_list", "diagram-3", "models_registry.view_selfmanagedmodel"),
    Entry("Hoạt động", "activities:activity_list", "calendar-event", "units.view_activity"),
    Entry("Cam kết, kiểm tra", "duties:commitment_list", "file-earmark-check", "units.view_commitment"),
    Entry("Nghi trùng", "duplicates:pair_list", "intersect", "units.change_duplicatepair"),
    Entry("Nhập Excel", "spreadsheets:import_list", "file-earmark-arrow-up", "spreadsheets.import_sheet"),
    Entry("Văn bản", "documents:document_list", "journal-text", "documents.view_legaldocument", ADMINISTRATION),
    Entry("Nhóm đơn vị", "units:grouping_list", "collection", "units.change_grouping", ADMINISTRATION),
    Entry("Địa bàn", "jurisdictions:area_list", "geo-alt", "jurisdictions.view_jurisdiction", ADMINISTRATION),
    Entry("Tài khoản", "accounts:officer_list", "people", "jurisdictions.view_officer", ADMINISTRATION),
    Entry(
        "Nhật ký tài khoản", "accounts:account_journal", "clock-history", "jurisdictions.change_officer", ADMINISTRATION
    ),
    Entry("Nhật ký", "audit:event_list", "clock-history", "audit.view_auditevent", ADMINISTRATION),
    Entry("Dữ liệu cá nhân", "persons:personal_data", "person-lock", "units.view_guard", ADMINISTRATION),
    Entry("Bảng dữ liệu", "admin:index", "table", "jurisdictions.view_jurisdiction", ADMINISTRATION),
)


def navigation(request):
    """Entries that the officer of the request may use; the longest address that begins the page's is current."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    addresses = _addresses(frozenset(user.get_all_permissions()), get_urlconf() or settings.ROOT_URLCONF)
    current = max((url for _, url in addresses if request.path.startswith(url)), key=len, default="")
    return {
        "navigation": [
            Link(entry.label, url, entry.icon, entry.group, url == current and (url != "/" or request.path == "/"))
            for entry, url in addresses
        ]
    }


@lru_cache(maxsize=200)
def _addresses(permissions, urlconf):
    """The entries that the permissions open, each with its address."""
    addresses = []
    for entry in ENTRIES:
        if entry.is_open_with(permissions):
            try:
                addresses.append((entry, reverse(entry.url_name, urlconf)))
            except NoReverseMatch:
                # The pages of a test stand alone; that the portal has every entry's page is tested.
                continue
    return addresses
