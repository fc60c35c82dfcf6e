from django.urls import path

from progress import goal_views, history_views, views

app_name = "progress"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("days/", history_views.study_days, name="study-days"),
    path("sessions/", history_views.sessions, name="sessions"),
    path("goals/", goal_views.goal_list, name="goals"),
    path("goals/<int:pk>/change/", goal_views.goal_change, name="goal-change"),
    path("goals/<int:pk>/end/", goal_views.goal_end, name="goal-end"),
    path("target/", views.target, name="target"),
]
