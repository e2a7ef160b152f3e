from django.urls import path

from units.views import commitments

app_name = "duties"

urlpatterns = [
    path("cam-ket/", commitments.commitment_list, name="commitment_list"),
    path("cam-ket/xuat/xlsx/", commitments.commitment_export, {"form": "xlsx"}, name="commitment_export"),
    path("cam-ket/xuat/csv/", commitments.commitment_export, {"form": "csv"}, name="commitment_export"),
    path("cam-ket/them/", commitments.commitment_add, name="commitment_add"),
    path("cam-ket/nhieu-don-vi/", commitments.commitment_many, name="commitment_many"),
    path("cam-ket/<int:pk>/", commitments.commitment_detail, name="commitment_detail"),
    path("cam-ket/<int:pk>/sua/", commitments.commitment_edit, name="commitment_edit"),
    path("cam-ket/<int:pk>/ban-quet/", commitments.commitment_scan, name="commitment_scan"),
]
