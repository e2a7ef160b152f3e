from django.urls import path

from movement_portal.spreadsheets.views import (
    corrections,
    imports,
    jobs,
    journal,
    kinds,
    likeness,
    samples,
    undo,
    workbooks,
)

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
    path("<int:pk>/loai-danh-sach/", kinds.import_kind, name="import_kind"),
    path("<int:pk>/kiem-tra/", imports.import_check, name="import_check"),
    path("<int:pk>/sua-loi/", corrections.import_fix, name="import_fix"),
    path("<int:pk>/rut-cach-sua/", corrections.import_unfix, name="import_unfix"),
    path("<int:pk>/sua-o/", corrections.import_edit, name="import_edit"),
    path("<int:pk>/dong/", corrections.import_row, name="import_row"),
    path("<int:pk>/ban-ghi-da-co/", corrections.import_existing, name="import_existing"),
    path("<int:pk>/gan-giong/", likeness.import_likeness, name="import_likeness"),
    path("<int:pk>/gan-giong/nhieu-dong/", likeness.import_likeness_many, name="import_likeness_many"),
    path("<int:pk>/ghi/", imports.import_commit, name="import_commit"),
    path("<int:pk>/huy/", imports.import_cancel, name="import_cancel"),
    path("<int:pk>/tien-do/", jobs.import_progress, name="import_progress"),
    path("<int:pk>/dung/", jobs.import_stop, name="import_stop"),
    path("<int:pk>/hoan-tac/", undo.import_undo, name="import_undo"),
    path("<int:pk>/hoan-tac/tinh-truoc/", undo.import_undo_weigh, name="import_undo_weigh"),
    path("<int:pk>/hoan-tac/thuc-hien/", undo.import_undo_run, name="import_undo_run"),
    path("<int:pk>/dong/<int:row>/", journal.import_line, name="import_line"),
    path("<int:pk>/tep-goc/", imports.import_file, name="import_file"),
    path("<int:pk>/dong-bi-tu-choi/", imports.import_refused, name="import_refused"),
]
