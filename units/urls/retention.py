from django.urls import path

from units.views import retention

app_name = "retention"

urlpatterns = [path("", retention.overdue_list, name="overdue_list")]
