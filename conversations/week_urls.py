from django.urls import path, register_converter

from conversations import week_views
from conversations.week import Week

app_name = "week"


class WeekConverter:
    """A week of ISO 8601; a name that no week has is no such page."""

    regex = "[0-9]{4}-W[0-9]{2}"

    def to_python(self, text):
        return Week.named(text)  # which raises ValueError

    def to_url(self, week):
        return week.name


register_converter(WeekConverter, "week")

urlpatterns = [
    path("", week_views.last, name="last"),
    path("<week:week>/", week_views.detail, name="detail"),
]
