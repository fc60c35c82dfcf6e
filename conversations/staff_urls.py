from django.contrib import admin
from django.urls import path

from conversations import staff_views

app_name = "staff"

for_staff = admin.site.admin_view

urlpatterns = [
    path("", for_staff(staff_views.analytics), name="analytics"),
    path("check/", for_staff(staff_views.check_message), name="check-message"),
    path("<slug:name>.csv", for_staff(staff_views.table_csv), name="analytics-csv"),
]
