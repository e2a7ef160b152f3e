from django.contrib import admin
from django.urls import include, path

from movement_portal.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("movement_portal.accounts.urls")),
    path("nhap-excel/", include("movement_portal.spreadsheets.urls")),
    path("nhat-ky/", include("movement_portal.audit.urls")),
    path("dia-ban/", include("movement_portal.jurisdictions.urls")),
    path("", include("movement_portal.reporting.urls")),
    path("du-lieu-ca-nhan/", include("movement_portal.persons.urls")),
    path("don-vi/trung/", include("units.duplicate_urls")),
    path("don-vi/", include("units.urls")),
    path("luc-luong/", include("units.force_urls")),
    path("hoat-dong/", include("units.activity_urls")),
    path("chap-hanh/", include("units.duty_urls")),
    path("van-ban/", include("units.document_urls")),
    path("mo-hinh/", include("models_registry.urls")),
    path("quan-tri/", admin.site.urls),
]
