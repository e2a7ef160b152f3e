from django.urls import path

from movement_portal.spreadsheets.views import imports, jobs, samples, workbooks

app_name = "spreadsheets"

urlpatterns = [
    path("", imports.import_list, name="import_list"),
    path("tep-mau/", samples.sample_list, name="sample_list"),
    path("moi/", imports.import_upload, name="import_upload"),
    path("mau/<slug:name>/", workbooks.sheet_template, name="sheet_template"),
    path("gui-di-nhan-lai/<slug:name>/", workbooks.sheet_workbook, name="sheet_workbook"),
    path("<int:pk>/hoi-lai/", workbooks.import_questions, name="import_questions"),
    path("<int:pk>/", imports.import_detail, name="import_detail"),
    path("<int:pk>/cot/", imports.import_columns, name="import_columns"),
    path("<int:pk>/kiem-tra/", imports.import_check, name="import_check"),
    path("<int:pk>/ghi/", imports.import_commit, name="import_commit"),
    path("<int:pk>/huy/", imports.import_cancel, name="import_cancel"),
    path("<int:pk>/tien-do/", jobs.import_progress, name="import_progress"),
    path("<int:pk>/dung/", jobs.import_stop, name="import_stop"),
    path("<int:pk>/tep-goc/", imports.import_file, name="import_file"),
    path("<int:pk>/dong-bi-tu-choi/", imports.import_refused, name="import_refused"),
]
