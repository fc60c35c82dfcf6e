from django.urls import path

from conversations import chart_views

app_name = "charts"

urlpatterns = [
    path("", chart_views.page, name="page"),
    path("<slug:name>.csv", chart_views.table, name="csv"),
]
