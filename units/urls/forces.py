from django.urls import path

from units.views import force_removal, guards, teams, training

app_name = "forces"

urlpatterns = [
    path("", teams.team_list, name="team_list"),
    path("xuat/xlsx/", teams.team_export, {"form": "xlsx"}, name="team_export"),
    path("xuat/csv/", teams.team_export, {"form": "csv"}, name="team_export"),
    path("them/", teams.team_add, name="team_add"),
    path("<int:pk>/", teams.team_detail, name="team_detail"),
    path("<int:pk>/sua/", teams.team_edit, name="team_edit"),
    path("<int:pk>/xoa/", force_removal.force_delete, {"removal": force_removal.TEAM}, name="team_delete"),
    path("<int:pk>/quan-so/them/", teams.strength_add, name="team_strength_add"),
    path("quan-so/<int:strength_id>/sua/", teams.strength_edit, name="strength_edit"),
    path(
        "quan-so/<int:pk>/xoa/", force_removal.force_delete, {"removal": force_removal.STRENGTH}, name="strength_delete"
    ),
    path("<int:pk>/xep-loai/them/", teams.review_add, name="team_review_add"),
    path("xep-loai/<int:review_id>/sua/", teams.review_edit, name="review_edit"),
    path("xep-loai/<int:pk>/xoa/", force_removal.force_delete, {"removal": force_removal.REVIEW}, name="review_delete"),
    path("bao-ve/", guards.guard_list, name="guard_list"),
    path("bao-ve/xuat/xlsx/", guards.guard_export, {"form": "xlsx"}, name="guard_export"),
    path("bao-ve/xuat/csv/", guards.guard_export, {"form": "csv"}, name="guard_export"),
    path("bao-ve/them/", guards.guard_add, name="guard_add"),
    path("bao-ve/goi-y/", guards.guard_hint, name="guard_hint"),
    path("bao-ve/<int:pk>/goi-y/", guards.guard_hint, name="guard_hint_of"),
    path("bao-ve/tra-so/", guards.guard_number_search, name="guard_number_search"),
    path("bao-ve/<int:pk>/", guards.guard_detail, name="guard_detail"),
    path("bao-ve/<int:pk>/sua/", guards.guard_edit, name="guard_edit"),
    path("bao-ve/<int:pk>/xoa/", force_removal.force_delete, {"removal": force_removal.GUARD}, name="guard_delete"),
    path("bao-ve/<int:pk>/so-dinh-danh/", guards.guard_number, name="guard_number"),
    path("huan-luyen/", training.course_list, name="course_list"),
    path("huan-luyen/xuat/xlsx/", training.course_export, {"form": "xlsx"}, name="course_export"),
    path("huan-luyen/xuat/csv/", training.course_export, {"form": "csv"}, name="course_export"),
    path("huan-luyen/them/", training.course_add, name="course_add"),
    path("huan-luyen/co-quan/", training.office_options, name="office_options"),
    path("huan-luyen/<int:pk>/", training.course_detail, name="course_detail"),
    path("huan-luyen/<int:pk>/sua/", training.course_edit, name="course_edit"),
    path(
        "huan-luyen/<int:pk>/xoa/", force_removal.force_delete, {"removal": force_removal.COURSE}, name="course_delete"
    ),
    path("huan-luyen/<int:pk>/nguoi-hoc/", training.course_fill, name="course_fill"),
    path("huan-luyen/<int:pk>/hoc-vien/xlsx/", training.course_people, {"form": "xlsx"}, name="course_people"),
    path("huan-luyen/<int:pk>/hoc-vien/csv/", training.course_people, {"form": "csv"}, name="course_people"),
    path("huan-luyen/<int:pk>/ket-qua/", training.course_judge, name="course_judge"),
    path("huan-luyen/<int:pk>/cap-giay/", training.course_issue, name="course_issue"),
    path("giay-chung-nhan/", training.certificate_list, name="certificate_list"),
    path("giay-chung-nhan/xuat/xlsx/", training.certificate_export, {"form": "xlsx"}, name="certificate_export"),
    path("giay-chung-nhan/xuat/csv/", training.certificate_export, {"form": "csv"}, name="certificate_export"),
    path("giay-chung-nhan/<int:pk>/sua/", training.certificate_edit, name="certificate_edit"),
    path(
        "giay-chung-nhan/<int:pk>/xoa/",
        force_removal.force_delete,
        {"removal": force_removal.CERTIFICATE},
        name="certificate_delete",
    ),
    path("bao-ve/<int:guard_id>/giay-chung-nhan/", training.certificate_add, name="certificate_add"),
    path("lau-chua-huan-luyen/", training.untrained_list, name="untrained_list"),
    path("lau-chua-huan-luyen/xuat/xlsx/", training.untrained_export, {"form": "xlsx"}, name="untrained_export"),
    path("lau-chua-huan-luyen/xuat/csv/", training.untrained_export, {"form": "csv"}, name="untrained_export"),
]
