from django.urls import path

from movement_portal.jurisdictions.views import territory

app_name = "jurisdictions"
urlpatterns = [
    path("", territory.area_list, name="area_list"),
    path("tim/", territory.area_search, name="area_search"),
    path("tim-co-quan/", territory.office_search, name="office_search"),
    path("<int:pk>/", territory.area_detail, name="area_detail"),
]
