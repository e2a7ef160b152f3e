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
    path("du-lieu-ca-nhan/het-han/", include("units.urls.retention")),
    path("du-lieu-ca-nhan/", include("movement_portal.persons.urls")),
    path("don-vi/trung/", include("units.urls.duplicates")),
    path("don-vi/", include("units.urls.units")),
    path("luc-luong/", include("units.urls.forces")),
    path("hoat-dong/", include("units.urls.activities")),
    path("chap-hanh/", include("units.urls.duties")),
    path("van-ban/", include("units.urls.documents")),
    path("mo-hinh/", include("models_registry.urls")),
    path("quan-tri/", admin.site.urls),
]
