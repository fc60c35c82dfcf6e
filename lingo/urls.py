from django.contrib import admin
from django.urls import include, path

from lingo import views

urlpatterns = [
    path("", include("conversations.urls")),
    path("", include("vocabulary.urls")),
    path("progress/charts/", include("conversations.chart_urls")),
    path("progress/week/", include("conversations.week_urls")),
    path("progress/", include("progress.urls")),
    path("account/profile/", views.profile, name="profile"),
    path("account/", include("allauth.account.urls")),
    path("api/v1/", include("lingo.api.urls")),
    path("admin/analytics/", include("conversations.staff_urls")),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

handler400 = "lingo.views.bad_request"
handler403 = "lingo.views.permission_denied"
handler404 = "lingo.views.page_not_found"
handler500 = "lingo.views.server_error"
