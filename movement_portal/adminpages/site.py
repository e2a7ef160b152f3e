"""The admin site: Django's own, in the portal's look, for every posted officer."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.views.i18n import JavaScriptCatalog

from movement_portal.lib.vietnamese import sort_key


def in_order(entry):
    """The key by which an entry of the index is sorted."""
    return sort_key(entry["name"])


class PortalAutocompleteView(AutocompleteJsonView):
    """Choices within the officer's reach, areas named with what they belong to."""

    def serialize_result(self, obj, to_field_name):
        return {**super().serialize_result(obj, to_field_name), "text": self.model_admin.choice_label(obj)}


class PortalScriptCatalog(JavaScriptCatalog):
    """Words of the admin's scripts, the portal's catalogue over Django's."""

    def get_paths(self, packages):
        return [*super().get_paths(packages), *map(str, settings.LOCALE_PATHS)]


class PortalAdminSite(AdminSite):
    site_header = "Quản trị dữ liệu"
    site_title = "Cổng phong trào"
    index_title = "Các bảng dữ liệu"
    empty_value_display = "—"
    enable_nav_sidebar = False

    def get_urls(self):
        """Django's addresses but the short cut to “view on site”: it would answer for records out of reach too."""
        return [entry for entry in super().get_urls() if getattr(entry, "name", "") != "view_on_site"]

    def login(self, request, extra_context=None):
        """Strangers never come here: the portal's own login page meets them; who does has no posting."""
        if self.has_permission(request):
            return redirect("admin:index")
        raise PermissionDenied

    def logout(self, request, extra_context=None):
        raise PermissionDenied

    def password_change(self, request, extra_context=None):
        return redirect("password_change")

    def password_change_done(self, request, extra_context=None):
        return redirect("admin:index")

    def get_app_list(self, request, app_label=None):
        """The tables by name, in the order of the Vietnamese alphabet.

        Django asks for them on every page and few show them: they are put together when they are.
        """
        return SimpleLazyObject(lambda: self._apps_in_order(request, app_label))

    def _apps_in_order(self, request, app_label):
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=in_order)
        return sorted(apps, key=in_order)

    def index(self, request, extra_context=None):
        if not self.get_app_list(request):
            raise PermissionDenied
        return super().index(request, extra_context)

    def autocomplete_view(self, request):
        return PortalAutocompleteView.as_view(admin_site=self)(request)

    def i18n_javascript(self, request, extra_context=None):
        return PortalScriptCatalog.as_view(packages=["django.contrib.admin"])(request)
