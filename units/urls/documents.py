from django.urls import path

from units.views import documents

app_name = "documents"

urlpatterns = [
    path("", documents.document_list, name="document_list"),
    path("xuat/xlsx/", documents.document_export, {"form": "xlsx"}, name="document_export"),
    path("xuat/csv/", documents.document_export, {"form": "csv"}, name="document_export"),
    path("goi-y/", documents.document_options, name="document_options"),
    path("them/", documents.document_add, name="document_add"),
    path("<int:pk>/", documents.document_detail, name="document_detail"),
    path("<int:pk>/sua/", documents.document_edit, name="document_edit"),
]
